import { optionsOf, yesOrNo, type Cell, type ListDefinition, type ListOption } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { PeopleParameters } from '../../directory/api/people.parameters.js';
import { PEOPLE_COLUMNS } from '../../directory/people.columns.js';
import type { PersonSummary } from '../../directory/people.queries.js';

const PRESENCES = { present: 'In the directory', missing: 'Missing', gone: 'Gone' } as const;

/** The list of people. @param products the licences that somebody may have, by id. */
export function peopleList(products: readonly ListOption[]): ListDefinition<PersonSummary, PeopleParameters> {
  return {
    name: 'people',
    title: 'People',
    section: 'people',
    path: paths.people(),
    one: 'person',
    many: 'people',
    parameters: PeopleParameters,
    fields: [
      { name: 'search', label: 'Name or email address', hint: 'The beginning is enough.', kind: 'search' },
      { name: 'department', label: 'Department', kind: 'text' },
      { name: 'officeLocation', label: 'Site', kind: 'text' },
      { name: 'manager', label: 'Line manager', hint: 'The beginning of the name is enough.', kind: 'text' },
      { name: 'enabled', label: 'Account', kind: 'choice', options: yesOrNo('Enabled', 'Disabled') },
      { name: 'holdsEquipment', label: 'Has a machine', kind: 'choice', options: yesOrNo() },
      { name: 'skuId', label: 'Licence', kind: 'choice', options: products },
      {
        name: 'userType',
        label: 'Kind of account',
        kind: 'choice',
        options: optionsOf({ Member: 'Staff', Guest: 'Guest' }),
      },
      { name: 'presence', label: 'Presence', kind: 'choice', options: optionsOf(PRESENCES) },
      { name: 'managerId', label: 'Number of the line manager', kind: 'hidden' },
    ],
    columns: PEOPLE_COLUMNS,
    shown: ['displayName', 'userPrincipalName', 'jobTitle', 'department', 'officeLocation', 'accountEnabled'],
    sorts: { displayName: 'name', id: 'id' },
    defaultSort: 'name',
    cells: {
      id: ({ id }) => ({ text: String(id), href: paths.person(id) }),
      displayName: nameCell,
      accountEnabled: accountCell,
      presence: ({ presence }) => ({ text: PRESENCES[presence] }),
    },
    file: { path: '/api/v1/people.csv', permission: 'estate:export' },
    nothing: 'There are no people yet. They appear when the directory has been read.',
  };
}

function nameCell({ id, displayName, presence }: PersonSummary): Cell {
  const link = { text: displayName ?? 'Without a name', href: paths.person(id) };
  return presence === 'present' ? link : { parts: [link, { text: PRESENCES[presence], tag: 'govuk-tag--orange' }] };
}

function accountCell({ accountEnabled }: PersonSummary): Cell {
  if (accountEnabled === null) return { text: '' };
  return accountEnabled ? { text: 'Enabled' } : { text: 'Disabled', tag: 'govuk-tag--grey' };
}
