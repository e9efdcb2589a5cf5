import { flag, text, type FieldValue } from './field-conversion.js';
import { convertPage, type RecordShape } from './record-conversion.js';

const shape: RecordShape = {
  idProperty: 'id',
  properties: [
    { property: 'displayName', column: 'name', convert: text(20) },
    { property: 'enabled', column: 'enabled', convert: flag },
    { property: 'trustType', convert: text() },
    { property: 'tag', convert: text() },
  ],
  derivedFrom: ['raw'],
  derive: (record): Record<string, FieldValue> =>
    record['raw'] === undefined ? {} : { attributes: { derived: true } },
};

const page = (...items: unknown[]) => convertPage(items, shape, 'full');
const fieldsOf = (id: string, ...items: unknown[]) => page(...items).records.get(id)?.fields;

describe('the conversion of a page', () => {
  it('puts properties into columns and the others into attributes, derived ones included', () => {
    expect(fieldsOf('1', { id: '1', displayName: 'PC', enabled: true, trustType: 'Workplace', raw: [] })).toEqual({
      name: 'PC',
      enabled: true,
      attributes: { trustType: 'Workplace', derived: true },
    });
  });

  it('F-28 leaves out what the record does not speak of and clears what is null', () => {
    expect(fieldsOf('1', { id: '1' })).toEqual({ attributes: {} });
    expect(fieldsOf('1', { id: '1', displayName: null, trustType: null })).toEqual({
      name: null,
      attributes: { trustType: null },
    });
  });

  it('F-20 counts a record that comes twice once; what comes later wins, property by property', () => {
    const { records } = page(
      { id: '1', displayName: 'old', enabled: true, trustType: 'Workplace', tag: 'kept' },
      { id: '2', displayName: 'between' },
      { id: '1', displayName: 'new', trustType: null },
    );
    expect([...records.keys()]).toEqual(['1', '2']);
    expect(records.get('1')).toEqual({
      externalId: '1',
      removal: null,
      fields: { name: 'new', enabled: true, attributes: { trustType: null, tag: 'kept' } },
    });
  });

  it('F-20 gives the same for equal duplicates in any order', () => {
    const items = [
      { id: '1', displayName: 'a' },
      { id: '2', displayName: 'b' },
      { id: '1', displayName: 'a' },
    ];
    const sorted = (list: unknown[]) => [...page(...list).records].sort();
    expect(sorted(items.toReversed())).toEqual(sorted(items));
  });

  it('F-22 takes the last word about a record that is removed and comes again, and the other way round', () => {
    const removed = { id: '1', '@removed': { reason: 'changed' } };
    const shown = { id: '1', displayName: 'back' };
    expect(page(removed, shown).records.get('1')).toMatchObject({ removal: null, fields: { name: 'back' } });
    expect(page(shown, removed).records.get('1')).toEqual({ externalId: '1', removal: 'changed', fields: {} });
  });

  it('brings nothing of the time before a removal back into a record that comes again', () => {
    const before = { id: '1', displayName: 'before', tag: 'before' };
    expect(
      fieldsOf('1', before, { id: '1', '@removed': { reason: 'changed' } }, { id: '1', displayName: 'after' }),
    ).toEqual({ name: 'after', attributes: {} });
  });

  it.each([
    [{ reason: 'deleted' }, 'deleted'],
    [{ reason: 'changed' }, 'changed'],
    [{ reason: 'something new' }, 'changed'],
    [{}, 'changed'],
    [null, 'changed'],
  ])('reads @removed %j as %s, the milder one when in doubt', (removed, expected) => {
    expect(page({ id: '1', '@removed': removed }).records.get('1')?.removal).toBe(expected);
  });

  it('F-51 counts the properties that nobody reads, annotations aside', () => {
    const converted = page(
      { id: '1', displayName: 'a', '@odata.type': '#x', 'tag@odata.type': '#y', raw: [], surprise: 1, another: null },
      { id: '2', surprise: 2 },
    );
    expect(converted.unknownProperties).toBe(3);
    expect(converted.quarantined).toEqual([]);
  });

  it('F-52 quarantines a bad record under its id and field, and takes the others', () => {
    const converted = page({ id: '1', enabled: 'true' }, { id: '2', displayName: 'fine' });
    expect(converted.quarantined).toEqual([{ externalId: '1', field: 'enabled', reason: 'is not true or false' }]);
    expect([...converted.records.keys()]).toEqual(['2']);
  });

  it.each<[string, unknown, string]>([
    ['no id', { displayName: 'a' }, 'id'],
    ['a null id', { id: null }, 'id'],
    ['a number for an id', { id: 7 }, 'id'],
    ['an empty id', { id: '' }, 'id'],
    ['an id with a control character', { id: 'a\u0000b' }, 'id'],
    ['an id of 257 characters', { id: 'x'.repeat(257) }, 'id'],
    ['an id with half a surrogate pair', { id: 'a\uD800' }, 'id'],
    ['null', null, 'record'],
    ['a text', 'record', 'record'],
    ['a list', [], 'record'],
  ])('F-52 quarantines %s without an id', (_title, item, field) => {
    const converted = page(item);
    expect(converted.quarantined).toEqual([{ externalId: null, field, reason: expect.any(String) as string }]);
    expect(converted.records.size).toBe(0);
  });

  it('keeps what an earlier, good copy of a record said when a later one is bad', () => {
    const converted = page({ id: '1', displayName: 'good' }, { id: '1', enabled: 'no' });
    expect(converted.records.get('1')?.fields).toMatchObject({ name: 'good' });
    expect(converted.quarantined).toHaveLength(1);
  });

  it('lets a fault in a rule surface rather than calling it a bad record', () => {
    const broken: RecordShape = { ...shape, derive: () => Object.fromEntries(null as never) };
    expect(() => convertPage([{ id: '1' }], broken, 'full')).toThrow(TypeError);
  });

  it('is not fooled by names that every object has', () => {
    const item = JSON.parse('{"id":"1","__proto__":{"enabled":"x"},"constructor":1}') as unknown;
    const converted = page(item);
    expect(converted.quarantined).toEqual([]);
    expect(converted.records.get('1')?.fields).toEqual({ attributes: {} });
  });
});
