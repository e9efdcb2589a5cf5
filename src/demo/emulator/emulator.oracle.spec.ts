import { EmulatorFixture } from '../../../test/support/emulator-fixture.js';
import { createTenant } from '../tenant/demonstration-tenant.js';
import type { Fault } from './faults/fault.js';

interface ManagerLink {
  readonly id: string;
  readonly '@removed'?: unknown;
}

/** A client's own copy of the users, kept by delta rounds alone. */
class Copy {
  readonly users = new Map<string, Record<string, unknown>>();
  readonly managers = new Map<string, string>();
  private link: string;

  constructor(
    private readonly fixture: EmulatorFixture,
    start: string,
    private readonly headers: Record<string, string> = {},
  ) {
    this.link = start;
  }

  async readRound(): Promise<void> {
    const pages = await this.fixture.pages(this.link, this.headers, 1000);
    for (const row of pages.flatMap((page) => page.value ?? [])) this.apply(row);
    this.link = pages.at(-1)?.['@odata.deltaLink'] ?? '';
  }

  private apply({ id, 'manager@delta': links, ...rest }: Readonly<Record<string, unknown>>): void {
    const key = String(id);
    if ('@removed' in rest) {
      this.users.delete(key);
      this.managers.delete(key);
      return;
    }
    this.users.set(key, { ...this.users.get(key), ...rest });
    for (const link of (links ?? []) as readonly ManagerLink[]) {
      if (link['@removed'] === undefined) this.managers.set(key, link.id);
      else this.managers.delete(key);
    }
  }
}

const PROPERTIES = ['displayName', 'userPrincipalName', 'department', 'accountEnabled', 'jobTitle', 'assignedLicenses'];
const START = `/users/delta?$select=id,${PROPERTIES.join(',')},manager`;
const DISTURBANCES: readonly (readonly Fault[])[] = [
  [],
  [
    { name: 'duplicates', share: 0.3 },
    { name: 'empty-pages', rate: 0.3 },
    { name: 'short-pages', count: 7 },
  ],
  [{ name: 'shuffle' }, { name: 'replay', rate: 0.5 }],
];

test.each([
  ['every selected property', {}],
  ['changed properties only', { Prefer: 'return=minimal' }],
])(
  'a copy kept by delta rounds with %s equals the tenant, day after day, whatever the pages do',
  async (_, headers) => {
    for (const faults of DISTURBANCES) {
      const tenant = createTenant({ seed: 21, people: 150 });
      const fixture = await new EmulatorFixture().start(tenant, { deltaPageSize: 20, faults });
      try {
        const copy = new Copy(fixture, START, headers);
        for (let round = 0; round < 6; round += 1) {
          await copy.readRound();
          expect([...copy.users.keys()].sort()).toEqual(
            tenant
              .list('users')
              .map(({ id }) => id)
              .sort(),
          );
          for (const user of tenant.list('users')) {
            const held = Object.fromEntries(PROPERTIES.map((name) => [name, copy.users.get(user.id)?.[name] ?? null]));
            expect({ id: user.id, ...held }).toEqual({
              id: user.id,
              ...Object.fromEntries(PROPERTIES.map((name) => [name, user[name] ?? null])),
            });
            expect([user.id, copy.managers.get(user.id) ?? null]).toEqual([user.id, tenant.managerOf(user.id)]);
          }
          tenant.advance(5);
        }
      } finally {
        await fixture.stop();
      }
    }
  },
);

test('a full read shows the same as the tenant', async () => {
  const tenant = createTenant({ seed: 21, people: 150 });
  const fixture = await new EmulatorFixture().start(tenant);
  try {
    for (const collection of ['users', 'devices'] as const) {
      const rows = await fixture.rows(`/${collection}?$select=id,displayName`);
      expect(rows).toEqual(
        tenant.list(collection).map(({ id, displayName }) => ({ id, displayName: displayName ?? null })),
      );
    }
    const managed = await fixture.rows('/deviceManagement/managedDevices?$select=id,serialNumber');
    expect(managed).toEqual(
      tenant.list('managedDevices').map(({ id, serialNumber }) => ({ id, serialNumber: serialNumber ?? null })),
    );
  } finally {
    await fixture.stop();
  }
});
