import type { StoryCast } from '../tenant/requests-records.js';
import type { GraphRecord, TenantStore } from '../tenant/tenant-store.js';

/** Somebody as whom a visitor of the demonstration can sign in. */
export interface Persona {
  /** In the form, such as `service-desk`. */
  readonly key: string;
  /** What the person is to the council. */
  readonly title: string;
  /** What signing in as this person shows. */
  readonly about: string;
  /** App roles, as Entra ID would state them. */
  readonly roles: readonly string[];
  /** Object id of the person's account. */
  readonly userId: string;
  readonly name: string;
  readonly userPrincipalName: string;
}

type Part = Pick<Persona, 'key' | 'title' | 'about' | 'roles'> & {
  /** The job that suits the part best. */
  readonly job: RegExp;
  readonly leads?: true;
};

const PARTS: readonly Part[] = [
  {
    key: 'service-desk',
    title: 'Service desk',
    about: 'Finds any machine or person and hands machines over.',
    roles: ['service-desk'],
    job: /^Service Desk Analyst$/,
  },
  {
    key: 'stock-holder',
    title: 'Stock holder',
    about: 'Receives, allocates and takes back machines.',
    roles: ['stock-holder'],
    job: /^(Infrastructure|Desktop) Engineer$/,
  },
  {
    key: 'engineer',
    title: 'Engineer',
    about: 'Hands machines over, repairs and wipes them.',
    roles: ['engineer'],
    job: /^Desktop Engineer$/,
  },
  {
    key: 'rollout-manager',
    title: 'Rollout manager',
    about: 'Sees the whole estate and decides what counts as a desktop or laptop.',
    roles: ['rollout-manager'],
    job: /Rollout|^Applications Analyst$/,
  },
  {
    key: 'approver',
    title: 'Approver',
    about: 'Decides on requests.',
    roles: ['approver'],
    job: /^Head of /,
    leads: true,
  },
  {
    key: 'reviewer',
    title: 'Reviewer',
    about: 'Reads everything, with the audit trail, and changes nothing.',
    roles: ['reviewer'],
    job: /Auditor/,
  },
  {
    key: 'administrator',
    title: 'Administrator',
    about: 'Runs the synchronisation, access tokens and decisions about records.',
    roles: ['administrator'],
    job: /^Infrastructure Engineer$/,
  },
  {
    key: 'line-manager',
    title: 'Line manager',
    about: 'Has no role: sees the people who report to them, and their machines.',
    roles: [],
    job: /^Team Leader, /,
    leads: true,
  },
  {
    key: 'staff',
    title: 'Member of staff',
    about: 'Has no role: sees what they have themselves.',
    roles: [],
    job: /Officer/,
  },
];

/** Nobody's: a version 4 GUID that the tenant's own random numbers do not make. */
const STRANGER_ID = '5f0d2c1e-7a54-4b8e-9d36-000000000000';

/**
 * The people of a tenant as whom visitors can sign in. The same tenant gives the same people, so take them from its first
 * day: whoever leaves later has lost their access, as they should.
 */
export function choosePersonas(tenant: TenantStore): Persona[] {
  const users = tenant.list('users');
  const withMachine = new Set(tenant.list('managedDevices').map((machine) => machine['userId']));
  const reports = new Map<string, number>();
  for (const { id } of users) {
    const manager = tenant.managerOf(id);
    if (manager !== null && manager !== id) reports.set(manager, (reports.get(manager) ?? 0) + 1);
  }
  const staff = users.filter(
    (user) => user['accountEnabled'] === true && user['userType'] === 'Member' && typeof user['jobTitle'] === 'string',
  );
  const taken = new Set<string>();
  const personas: Persona[] = [];
  for (const { job, leads = false, ...part } of PARTS) {
    // From who suits best to anybody at all, which a tenant of three people needs.
    const wishes: readonly ((user: GraphRecord) => boolean)[] = [
      (user) => job.test(String(user['jobTitle'])),
      (user) => withMachine.has(user.id),
      (user) => (reports.get(user.id) ?? 0) > 0 === leads,
      (user) => !taken.has(user.id),
    ];
    const person = firstThatSuits(staff, wishes);
    if (person === undefined) continue;
    taken.add(person.id);
    personas.push({ ...part, ...identityOf(person) });
  }
  const leaver = firstThatSuits(
    users.filter(
      (user) => user['accountEnabled'] === false && user['userType'] === 'Member' && user['jobTitle'] !== null,
    ),
    [(user) => withMachine.has(user.id)],
  );
  personas.push({
    key: 'unknown',
    title: 'Somebody whom the directory does not know',
    about: 'Proves who they are and still gets no access.',
    roles: [],
    userId: STRANGER_ID,
    name: 'Sam Stranger',
    userPrincipalName: 'sam.stranger@elsewhere.example',
  });
  if (leaver !== undefined) {
    personas.push({
      key: 'leaver',
      title: 'Leaver',
      about: 'Has a role and a disabled account, and gets no access.',
      roles: ['service-desk'],
      ...identityOf(leaver),
    });
  }
  return personas;
}

/** Those of the personas who have something to do with requests for equipment. */
export function castOf(personas: readonly Persona[]): StoryCast {
  const id = (key: string): string => personas.find((persona) => persona.key === key)?.userId ?? STRANGER_ID;
  return {
    approver: id('approver'),
    stockHolder: id('stock-holder'),
    rolloutManager: id('rollout-manager'),
    lineManager: id('line-manager'),
    staff: id('staff'),
  };
}

/** The first user with all wishes; failing that, with all but the first, and so on. */
function firstThatSuits(
  users: readonly GraphRecord[],
  wishes: readonly ((user: GraphRecord) => boolean)[],
): GraphRecord | undefined {
  for (let from = 0; from <= wishes.length; from++) {
    const found = users.find((user) => wishes.slice(from).every((wish) => wish(user)));
    if (found !== undefined) return found;
  }
  return undefined;
}

function identityOf(user: GraphRecord): Pick<Persona, 'userId' | 'name' | 'userPrincipalName'> {
  return {
    userId: user.id,
    name: String(user['displayName']),
    userPrincipalName: String(user['userPrincipalName']),
  };
}
