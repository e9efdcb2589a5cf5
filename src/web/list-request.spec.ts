import { ChoiceField, DayField, FlagField, PageParameters, TextField } from './query-fields.js';
import { columnsOf } from '../common/csv-columns.js';
import { InputError } from '../common/errors.js';
import type { ListDefinition } from './list-definition.js';
import { listAddress, readListRequest, tidied } from './list-request.js';
import { listView } from './list-view.js';

interface Row {
  readonly id: number;
  readonly name: string | null;
  readonly at: string | null;
}

class Parameters extends PageParameters {
  @TextField('A text.', 'x')
  search?: string;

  @ChoiceField('A choice.', ['a', 'b'])
  kind?: 'a' | 'b';

  @FlagField('A flag.')
  flag?: boolean;

  @DayField('A day.')
  from?: string;

  @ChoiceField('Order.', ['name', '-name', 'id'])
  sort?: string;
}

const LIST: ListDefinition<Row, Parameters> = {
  name: 'devices',
  title: 'Things',
  section: 'things',
  path: '/things',
  one: 'thing',
  many: 'things',
  parameters: Parameters,
  fields: [
    { name: 'search', label: 'Search', kind: 'search' },
    { name: 'kind', label: 'Kind', kind: 'choice', options: [{ value: 'a', text: 'The A' }] },
    { name: 'flag', label: 'Flag', kind: 'choice' },
    { name: 'from', label: 'From', kind: 'day' },
  ],
  columns: columnsOf<Row>({ id: 'Number', name: 'Name', at: 'At' }),
  shown: ['name', 'at'],
  sorts: { name: 'name' },
  defaultSort: 'name',
  cells: {},
  file: { path: '/api/v1/things.csv', permission: 'estate:export' },
  nothing: 'Nothing yet.',
};

/** What a browser makes of an address, as the server gets it. */
function queryOf(address: string): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  const search = new URLSearchParams(address.split('?')[1] ?? '');
  for (const name of search.keys()) {
    const values = search.getAll(name);
    query[name] = values.length > 1 ? values : values[0];
  }
  return query;
}

const refusal = async (query: Record<string, unknown>): Promise<unknown> =>
  readListRequest(LIST, query).then(
    () => null,
    (error: unknown) => (error instanceof InputError ? [error.status, error.fields.map(({ field }) => field)] : error),
  );

describe('what is asked of a list', () => {
  it('comes back from the address that its links are made of', async () => {
    const given = {
      search: 'Ünder & <b>"x"</b> 100%+1',
      kind: 'b',
      flag: 'false',
      from: '2026-11-23',
      sort: '-name',
      columns: 'at,id',
    };
    const request = await readListRequest(LIST, given);
    expect(request.query).toEqual(given);
    expect(request.parameters).toEqual({
      search: given.search,
      kind: 'b',
      flag: false,
      from: given.from,
      sort: '-name',
    });
    expect(request.columns.map(({ name }) => name)).toEqual(['at', 'id']);
    const again = await readListRequest(LIST, queryOf(listAddress(LIST.path, request.query)));
    expect(again).toEqual(request);
  });

  it('may leave everything out, also by sending it empty', async () => {
    const request = await readListRequest(LIST, { search: '', kind: '', columns: '' });
    expect(request).toMatchObject({ query: {}, errors: [], isFirstPage: true });
    expect(request.columns.map(({ name }) => name)).toEqual(LIST.shown);
  });

  it('takes days as people in the UK write them', async () => {
    expect((await readListRequest(LIST, { from: '3/2/2026' })).parameters).toMatchObject({ from: '2026-02-03' });
    for (const from of ['30/2/2026', '2026-13-01', '1/1/26', '0000-01-01', "2026-01-01'; drop table device"]) {
      expect((await readListRequest(LIST, { from })).errors).toEqual([expect.objectContaining({ field: 'from' })]);
    }
  });

  it.each([
    ['kind', 'c'],
    ['kind', ['a', 'b']],
    ['search', ['<script>', 'x']],
    ['flag', 'yes'],
    ['search', 'x\u0000y'],
    ['search', 'x'.repeat(201)],
  ])('tells on the field %s what is wrong with %j, and keeps what was typed', async (field, value) => {
    const request = await readListRequest(LIST, { [field]: value });
    expect(request.parameters).toBeNull();
    expect(request.errors.map((error) => error.field)).toEqual([field]);
    const view = listView(LIST, request, null, new Set(), new Date());
    const shown = view.fields.find(({ name }) => name === field);
    expect(shown?.value).toBe(typeof value === 'string' ? value : '');
    expect(shown?.error).not.toBeNull();
    expect(view.rows).toEqual([]);
  });

  it.each([
    [{ sort: 'name; drop table device' }, 'sort'],
    [{ sort: ['name', 'id'] }, 'sort'],
    [{ sort: '`id`' }, 'sort'],
    [{ sort: 'name desc, (select 1)' }, 'sort'],
    [{ order_key: 'id' }, 'order_key'],
    [{ columns: 'name,password' }, 'columns'],
    [{ columns: 'name,name' }, 'columns'],
    [{ columns: ['name', 'at'] }, 'columns'],
    [{ columns: 'constructor' }, 'columns'],
    [{ 'column-password': 'on' }, 'column-password'],
    [{ limit: '1e3' }, 'limit'],
    [{ cursor: "' or 1=1" }, 'cursor'],
    [{ cursor: ['a', 'b'] }, 'cursor'],
    [{ unknown: '1' }, 'unknown'],
    [{ ['__proto__x']: '1' }, '__proto__x'],
    [{ constructor: '1' }, 'constructor'],
  ])('refuses %j, which no form sends', async (query, field) => {
    expect(await refusal(query)).toEqual([400, [field]]);
  });

  it('is tidied when a form sends what is empty, and its boxes put into words', () => {
    expect(tidied(LIST, { search: 'x', kind: 'a' })).toBeNull();
    expect(tidied(LIST, { search: 'x', kind: '', flag: '' })).toEqual({ search: 'x' });
    expect(tidied(LIST, { search: '', 'column-name': 'on', 'column-at': 'on' })).toEqual({});
    expect(tidied(LIST, { 'column-at': 'on', 'column-id': 'on' })).toEqual({ columns: 'id,at' });
    expect(tidied(LIST, { search: ['', ''] })).toBeNull();
  });

  it('has an address that does not mean the view with which somebody begins', () => {
    expect(listAddress('/things', {})).toBe('/things?view=all');
    expect(listAddress('/things', { kind: 'a', sort: undefined })).toBe('/things?kind=a');
  });
});

describe('a list', () => {
  const now = new Date('2026-11-23T10:00:00Z');
  const show = async (query: Record<string, unknown>, permissions: readonly 'estate:export'[] = ['estate:export']) =>
    listView(
      LIST,
      await readListRequest(LIST, query),
      {
        page: { items: [{ id: 1, name: null, at: 'x' }], next: 'NEXT', asOf: '2026-11-23T09:30:00Z' },
        count: { rows: 10_000, more: true },
      },
      new Set(permissions),
      now,
    );

  it('shows its filters as tags that go away alone', async () => {
    const view = await show({ search: 'x', kind: 'a', sort: '-name', columns: 'id,name', cursor: 'abc' });
    expect(view.applied).toEqual([
      { label: 'Search', value: 'x', href: '/things?kind=a&sort=-name&columns=id%2Cname' },
      { label: 'Kind', value: 'The A', href: '/things?search=x&sort=-name&columns=id%2Cname' },
    ]);
    expect(view.next).toBe('/things?search=x&kind=a&sort=-name&columns=id%2Cname&cursor=NEXT');
    expect(view.first).toBe('/things?search=x&kind=a&sort=-name&columns=id%2Cname');
    expect(view.count).toBe('More than 10,000 things');
    expect(view.age?.age).toBe('30 minutes ago');
  });

  it('says by which column it is sorted and turns it around', async () => {
    expect((await show({})).headings[0]?.sort).toEqual({ state: 'ascending', href: '/things?sort=-name' });
    expect((await show({ sort: '-name' })).headings[0]?.sort).toEqual({
      state: 'descending',
      href: '/things?sort=name',
    });
    expect((await show({ sort: 'id' })).headings[0]?.sort?.state).toBe('none');
    expect((await show({})).headings[1]?.sort).toBeNull();
  });

  it('has a file of what it shows and of everything, for those who may have it', async () => {
    expect((await show({ search: 'x y', sort: 'id', columns: 'id,name' })).files.map(({ href }) => href)).toEqual([
      '/api/v1/things.csv?search=x+y&columns=id%2Cname',
      '/api/v1/things.csv?search=x+y',
    ]);
    expect((await show({}, [])).files).toEqual([]);
  });
});
