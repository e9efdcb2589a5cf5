import fc from 'fast-check';
import { lookalike, searchCompact } from '../../src/reports/domain/search-key.js';
import { SearchQueries } from '../../src/reports/search.queries.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const DEVICES = 400;
const PEOPLE = 300;

interface StoredDevice {
  readonly id: number;
  readonly name: string;
  readonly serial_number: string;
  readonly asset_tag: string;
}
interface StoredPerson {
  readonly id: number;
  readonly display_name: string;
  readonly user_principal_name: string;
}

describe('the one box', () => {
  let database: TestDatabase;
  let search: SearchQueries;
  let devices: StoredDevice[];
  let people: StoredPerson[];

  beforeAll(async () => {
    database = await createTestDatabase();
    const { dataSource } = database;
    search = new SearchQueries(dataSource);
    // Numbers without order, as makers give them; every call takes a few records over as it commits.
    await dataSource.query(
      `insert into person (entra_id, user_principal_name, display_name, given_name, surname, mail, office_location, account_enabled)
       select 'person-' || n, lower(given) || '.' || n || lower(word) || '@council.example', given || ' ' || initcap(word), given,
              initcap(word), 'mail' || n || '@post.example', (array['Wexcombe', 'Depot'])[n % 2 + 1], true
       from generate_series(1, $1::integer) as n
       cross join lateral (select (array['Asha','Ben','Chloe','Dev','Farah','Gwen','Rhys'])[n % 7 + 1] as given,
                                  translate(md5('name' || n), '0123456789', 'ghjkmnprst') as hash) as made
       cross join lateral (select substr(hash, 1, 7) as word) as named`,
      [PEOPLE],
    );
    await dataSource.query(
      `insert into device (name, serial_number, manufacturer, model, user_entra_id)
       select 'WX-' || upper(substr(md5('host' || n), 1, 7)), upper(translate(substr(md5('serial' || n), 1, 9), 'abcdef', 'OILGHK')),
              'Dell Inc.', 'Latitude ' || 5000 + n % 20 * 10, 'person-' || n
       from generate_series(1, $1::integer) as n`,
      [DEVICES],
    );
    await dataSource.query(`
      insert into device_register (device_id, asset_tag, asset_tag_key, changed_by)
      select id, 'WC-' || upper(translate(substr(md5('tag' || id), 1, 8), 'abcdef', 'OILXYZ')), 'k' || id, 'test' from device`);
    await dataSource.query('select refresh_search_entries(100000)');
    devices = await dataSource.query(
      'select device.id, name, device.serial_number, asset_tag from device join device_register on device_id = device.id',
    );
    people = await dataSource.query('select id, display_name, user_principal_name from person');
  }, 60_000);
  afterAll(() => database?.drop());

  const anyDevice = fc.nat({ max: DEVICES - 1 });
  const anyPerson = fc.nat({ max: PEOPLE - 1 });
  const checked = async (property: fc.IAsyncProperty<unknown>, numRuns = 60): Promise<void> =>
    fc.assert(property, { numRuns });

  /** Ways in which people type what stands on a label. */
  const retyped: readonly (readonly [name: string, retype: (text: string, chance: number) => string])[] = [
    ['as it stands', (text) => text],
    ['in lower case', (text) => text.toLowerCase()],
    ['with spaces', (text, chance) => `${text.slice(0, chance % text.length)} ${text.slice(chance % text.length)}`],
    ['with dashes', (text) => text.replace(/(...)/g, '$1-')],
    ['without its dashes', (text) => text.replaceAll('-', '')],
    ['with O for 0 and I for 1', (text) => text.replaceAll('0', 'O').replaceAll('1', 'I')],
    ['with 0 for O and 1 for I and L', (text) => text.replaceAll('O', '0').replace(/[IL]/g, '1')],
    ['with L for 1', (text) => text.replaceAll('1', 'l')],
    ['from a scanner', (text) => `${text}\r\n`],
    ['from another scanner', (text) => `\u001d${text}\u0004`],
    ['with its label', (text) => `S/N: ${text}`],
    ['pasted with what cannot be seen', (text) => `\ufeff\u200b${text}\u00a0`],
  ];

  it.each(retyped)('finds every serial number, tag and hostname first, typed %s', async (_name, retype) => {
    await checked(
      fc.asyncProperty(
        anyDevice,
        fc.constantFrom('serial_number', 'asset_tag', 'name'),
        fc.nat(),
        async (at, field, chance) => {
          const device = devices[at];
          const text = retype(device?.[field as 'name'] ?? '', chance);
          const { devices: found } = await search.find(text, 10);
          expect([text, found.items[0]?.id]).toEqual([text, device?.id]);
        },
      ),
    );
  });

  it('finds every person first by user name and among the first by name, in any order of the words', async () => {
    await checked(
      fc.asyncProperty(anyPerson, async (at) => {
        const person = people[at];
        const upn = person?.user_principal_name ?? '';
        for (const text of [upn, upn.toUpperCase(), ` ${upn}\n`, upn.slice(0, upn.indexOf('@') + 3)]) {
          expect([text, (await search.find(text, 10)).people.items[0]?.id]).toEqual([text, person?.id]);
        }
        const [given = '', surname = ''] = person?.display_name.split(' ') ?? [];
        for (const text of [
          `${given} ${surname}`,
          `${surname} ${given}`,
          `${surname}, ${given.slice(0, 2)}`,
          surname,
        ]) {
          expect([text, (await search.find(text, 10)).people.items.map(({ id }) => id)]).toEqual([
            text,
            expect.arrayContaining([person?.id]),
          ]);
        }
      }),
    );
  });

  const edit = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('insert', 'delete', 'replace', 'swap'),
    character: fc.constantFrom(...'abcdefghjkmnpqrstuvwxyz23456789'),
  });
  const edited = (text: string, { at, kind, character }: { at: number; kind: string; character: string }): string => {
    const place = at % text.length;
    const [before, here = '', after] = [text.slice(0, place), text[place], text.slice(place + 1)];
    if (kind === 'insert') return before + character + here + after;
    if (kind === 'delete') return before + after;
    if (kind === 'replace') return before + character + after;
    return before + after.slice(0, 1) + here + after.slice(1);
  };

  it('finds every serial number, tag and hostname among the first ten with one typing error', async () => {
    await checked(
      fc.asyncProperty(
        anyDevice,
        fc.constantFrom('serial_number', 'asset_tag', 'name'),
        edit,
        async (at, field, change) => {
          const device = devices[at];
          const text = edited(device?.[field as 'name'] ?? '', change);
          const { devices: found } = await search.find(text, 10);
          expect([text, found.items.map(({ id }) => id)]).toEqual([text, expect.arrayContaining([device?.id])]);
        },
      ),
      200,
    );
  });

  it('finds every surname and user name among the first ten with one typing error', async () => {
    await checked(
      fc.asyncProperty(anyPerson, fc.boolean(), edit, async (at, byName, change) => {
        const person = people[at];
        const surname = person?.display_name.split(' ')[1] ?? '';
        const text = edited(byName ? surname : (person?.user_principal_name.split('@')[0] ?? ''), change);
        const { people: found } = await search.find(text, 10);
        expect([text, found.items.map(({ id }) => id)]).toEqual([text, expect.arrayContaining([person?.id])]);
      }),
      150,
    );
  });

  it('forgives two errors in a long text', async () => {
    const device = devices[7];
    const serial = device?.serial_number ?? '';
    const text = `${serial.slice(0, 2)}${serial.slice(3, 6)}Z${serial.slice(6)}`;
    expect((await search.find(text, 10)).devices.items.map(({ id }) => id)).toContain(device?.id);
  });

  it('finds a machine by its person, its model and its place, in any order, and says why', async () => {
    const person = people[1];
    const surname = person?.display_name.split(' ')[1] ?? '';
    for (const text of [
      `${surname} latitude`,
      `latitude ${surname}`,
      `wexcombe ${surname} lat 50`,
      `${surname} dell`,
    ]) {
      const { devices: found } = await search.find(text, 10);
      expect([text, found.items.length, found.items[0]?.person?.id]).toEqual([text, 1, person?.id]);
      expect(found.items[0]?.match.how).toBe('words');
    }
    const byName = await search.find(surname, 10);
    expect(byName.devices.items[0]?.match).toMatchObject({ field: 'name', role: 'primary-user', how: 'exact' });
    expect((await search.find(`${surname} depot`, 10)).devices.items).toEqual([]);
  });

  it('finds several words with a typing error in one of them', async () => {
    const person = people[3];
    const surname = person?.display_name.split(' ')[1] ?? '';
    const { devices: found } = await search.find(`latitude ${surname.slice(0, 3)}${surname.slice(4)}`, 10);
    expect(found.items.map((item) => item.person?.id)).toContain(person?.id);
    expect(found.items[0]?.match.how).toBe('spelling');
  });

  it('counts honestly', async () => {
    const latitude = await search.find('latitude', 20);
    expect(latitude.devices).toMatchObject({ count: 200, more: true });
    expect(latitude.devices.items).toHaveLength(20);
    const one = await search.find('latitude 5000', 100);
    expect(one.devices).toMatchObject({ count: DEVICES / 20, more: false });
    expect(one.devices.items).toHaveLength(DEVICES / 20);
    const asha = await search.find('asha', 5);
    const stored = people.filter(({ display_name: name }) => name.startsWith('Asha'));
    expect(asha.people).toMatchObject({ count: stored.length, more: false });
  });

  it('finds people who have left the directory while they hold something, and nobody after that', async () => {
    const { dataSource } = database;
    const person = people[10];
    const surname = person?.display_name.split(' ')[1] ?? '';
    await dataSource.query(`update person set presence = 'gone' where id = $1`, [person?.id]);
    expect((await search.find(surname, 5)).people.items[0]).toMatchObject({ id: person?.id, presence: 'gone' });
    await dataSource.query(
      `update device set user_entra_id = null where user_entra_id = (select entra_id from person where id = $1)`,
      [person?.id],
    );
    expect((await search.find(surname, 5)).people.items.map(({ id }) => id)).not.toContain(person?.id);
    await dataSource.query(`update person set presence = 'present' where id = $1`, [person?.id]);
    expect((await search.find(surname, 5)).people.items[0]?.id).toBe(person?.id);
  });

  const hostile = [
    `'; drop table device; --`,
    '%',
    '___',
    '%%%%%%',
    '\\\\',
    '\\',
    `"" or 1=1`,
    '(.*)+$',
    '[a-z]{1,99}',
    'a\0b',
    '\0',
    'x'.repeat(10_000),
    '😀😀😀',
    '\u202emoc\u202d',
    'ﷺ'.repeat(50),
    '\ud800',
    'שלום عربى',
    ' '.repeat(300),
    '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
    'a b c d e f g h i j k l m n o p q r s t u v w x y z',
    '&|!():*<->',
    'null',
    '-1',
    '1e309',
  ];
  it.each(hostile.map((text) => [JSON.stringify(text).slice(0, 40), text] as const))(
    'takes %s for a text like any other',
    async (_name, text) => {
      const found = await search.find(text, 10);
      expect(found.devices.items.length).toBeLessThanOrEqual(10);
      expect(found.people.items.length).toBeLessThanOrEqual(10);
    },
  );

  it('takes any text', async () => {
    await checked(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        expect((await search.find(text, 3)).devices.items.length).toBeLessThanOrEqual(3);
      }),
      100,
    );
  });

  it('tells lookalikes apart only where it has to', async () => {
    const { dataSource } = database;
    await dataSource.query(
      `insert into device (name, serial_number) values ('twin-a', 'QQO0I1AAZ'), ('twin-b', 'QQ0OI1AAZ')`,
    );
    const ids = (await search.find('QQO0I1AAZ', 5)).devices.items;
    expect(ids.map(({ name }) => name)).toEqual(['twin-a', 'twin-b']);
    expect(ids.map(({ match }) => match.how)).toEqual(['exact', 'alike']);
    expect(lookalike(searchCompact('QQO0I1AAZ'))).toBe(lookalike(searchCompact('QQ0OI1AAZ')));
  });
});
