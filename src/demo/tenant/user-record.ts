import type { Holding } from './licences.js';
import { licenceProperties } from './licences.js';
import { COMPANY_NAME, DOMAIN } from './organisation.js';
import type { PersonName } from './person-names.js';
import { mailName } from './person-names.js';
import type { Properties } from './record-store.js';
import type { GraphRecord } from './tenant-store.js';
import type { Person } from './world.js';

const EXTENSION_NAMES = Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`);

const sharedAttributes = new Map<string, Properties>();

/** All fifteen attributes: the first holds the team, the second how the person works, the others nothing. */
export function extensionAttributes(team: string | null, workStyle: string | null): Properties {
  // Thousands of people have equal attributes: they share one object, which nobody changes.
  const key = `${team}|${workStyle}`;
  const known = sharedAttributes.get(key);
  if (known !== undefined) return known;
  const attributes: Properties = {};
  for (const name of EXTENSION_NAMES) attributes[name] = null;
  attributes['extensionAttribute1'] = team;
  attributes['extensionAttribute2'] = workStyle;
  sharedAttributes.set(key, Object.freeze(attributes));
  return attributes;
}

/** A name before the @ that nobody has or had: the plain one, or with the lowest free number from 2. Takes it. */
export function takeMailName(taken: Set<string>, name: PersonName): string {
  const plain = mailName(name);
  let free = plain;
  for (let number = 2; taken.has(free); number++) free = `${plain}${number}`;
  taken.add(free);
  return free;
}

/** The properties that carry a person's name. */
export function nameProperties(name: PersonName, taken: Set<string>): Properties {
  const address = `${takeMailName(taken, name)}@${DOMAIN}`;
  return {
    userPrincipalName: address,
    displayName: `${name.given} ${name.surname}`,
    mail: address,
    givenName: name.given,
    surname: name.surname,
  };
}

/** The properties that follow from where in the council a person works. */
export function placeProperties(person: Person): Properties {
  return {
    department: person.service?.name ?? person.directorate?.name ?? null,
    officeLocation: person.site.name,
    city: person.site.town,
    employeeOrgData:
      person.directorate === null
        ? { division: 'Chief Executive', costCenter: 'X0-CEX' }
        : {
            division: person.directorate.name,
            costCenter: `${person.directorate.costCentre}-${person.service?.code ?? 'DIR'}`,
          },
  };
}

/** A user with every property that the demonstration serves; what is not given is as Microsoft Entra ID leaves it empty. */
export function userRecord(id: string, properties: Properties, holdings: readonly Holding[]): GraphRecord {
  return {
    id,
    userPrincipalName: null,
    displayName: null,
    mail: null,
    givenName: null,
    surname: null,
    jobTitle: null,
    department: null,
    companyName: COMPANY_NAME,
    officeLocation: null,
    city: null,
    country: 'United Kingdom',
    usageLocation: 'GB',
    preferredLanguage: null,
    businessPhones: [],
    mobilePhone: null,
    employeeId: null,
    employeeType: null,
    employeeOrgData: null,
    employeeHireDate: null,
    accountEnabled: true,
    userType: 'Member',
    createdDateTime: null,
    deletedDateTime: null,
    onPremisesSyncEnabled: null,
    onPremisesExtensionAttributes: extensionAttributes(null, null),
    ...properties,
    ...licenceProperties(holdings),
  };
}
