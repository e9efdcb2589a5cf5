import { homeOf, moveRows, type CustodyRow } from './custody-rows.js';

function row(id: number, facts: Partial<CustodyRow>): CustodyRow {
  const { recordedFor = id } = facts;
  return {
    id,
    deviceId: recordedFor,
    recordedFor,
    machineId: recordedFor,
    live: true,
    contested: false,
    standing: 'in_use',
    holder: 'asha',
    ...facts,
  };
}

describe('custody of devices that are one machine', () => {
  it('stays where it is while nothing changes', () => {
    expect(moveRows([row(1, {}), row(2, {})])).toEqual([]);
  });

  it('goes along with its device, and back', () => {
    expect(moveRows([row(2, { machineId: 1 })])).toEqual([{ id: 2, from: 2, to: 1, live: true, contested: false }]);
    expect(moveRows([row(2, { deviceId: 1 })])).toEqual([{ id: 2, from: 1, to: 2, live: true, contested: false }]);
  });

  it('keeps the one that counted, sets the other aside, and asks only if it says something else', () => {
    const same = [row(1, {}), row(2, { machineId: 1 })];
    expect(moveRows(same)).toEqual([{ id: 2, from: 2, to: 1, live: false, contested: false }]);
    const other = [row(1, {}), row(2, { machineId: 1, holder: 'ben' })];
    expect(moveRows(other)).toEqual([{ id: 2, from: 2, to: 1, live: false, contested: true }]);
  });

  it('keeps what people have settled until the machines come apart', () => {
    const settled = [row(1, { live: false }), row(2, { deviceId: 1, machineId: 1, holder: 'ben' })];
    expect(moveRows(settled)).toEqual([]);
    const apart = [row(1, { live: false }), row(2, { deviceId: 1, machineId: 2, holder: 'ben' })];
    expect(moveRows(apart)).toEqual([
      { id: 1, from: 1, to: 1, live: true, contested: false },
      { id: 2, from: 1, to: 2, live: true, contested: false },
    ]);
  });

  it('takes a question back with the machine that it was about', () => {
    const apart = [row(1, {}), row(2, { deviceId: 1, live: false, contested: true, holder: 'ben' })];
    expect(moveRows(apart)).toEqual([{ id: 2, from: 1, to: 2, live: true, contested: false }]);
  });
});

describe('the machine that a boxed one is', () => {
  const hp = (deviceId: number): { deviceId: number; makerKey: string } => ({ deviceId, makerKey: 'hp' });

  it.each([
    ['nothing that fits', null, [], null],
    ['the only one that fits', null, [hp(5)], 5],
    ['another maker does not fit', null, [{ deviceId: 5, makerKey: 'dell' }], null],
    ['an unknown maker does', null, [{ deviceId: 5, makerKey: null }], 5],
    ['several: none', null, [hp(5), hp(6)], null],
    ['several: it stays', 6, [hp(5), hp(6)], 6],
    ['its own does not fit any more, and nothing else does', 6, [], 6],
    ['its own does not fit any more, but another does', 6, [hp(5)], 5],
  ] as const)('%s', (_, home, candidates, expected) => {
    expect(homeOf({ makerKey: 'hp', home }, candidates)).toBe(expected);
  });
});
