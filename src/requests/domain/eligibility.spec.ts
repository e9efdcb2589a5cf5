import {
  eligibilityFindings,
  type HeldMachine,
  type Holdings,
  type RuledLine,
  type RuledProduct,
} from './eligibility.js';
import { proposedReturn } from './replaced-machine.js';

const LAPTOP: RuledProduct = {
  id: 1,
  name: 'Laptop',
  kind: 'laptop',
  mostEach: null,
  reasonNeeded: false,
  replacesKind: true,
  offered: true,
};
const SCREEN: RuledProduct = { ...LAPTOP, id: 2, name: 'Screen', kind: 'screen', replacesKind: false, mostEach: 2 };
const READER: RuledProduct = {
  ...SCREEN,
  id: 3,
  name: 'Screen reader',
  kind: 'assistive_technology',
  reasonNeeded: true,
};

const line = (product: RuledProduct, more: Partial<RuledLine> = {}): RuledLine => ({
  id: product.id,
  beneficiaryEntraId: 'ann',
  product,
  quantity: 1,
  exceptionReason: null,
  privateReason: null,
  replacesDeviceId: null,
  ...more,
});
const machine = (deviceId: number, more: Partial<HeldMachine> = {}): HeldMachine => ({
  deviceId,
  productId: null,
  isPortable: true,
  isReturnable: true,
  label: `Machine ${deviceId}`,
  ...more,
});
const holds = (more: Partial<Holdings> = {}): ReadonlyMap<string, Holdings> =>
  new Map([['ann', { machines: [], held: new Map<number, number>(), awaited: [], ...more }]]);
const rules = (lines: readonly RuledLine[], holdings = holds()) =>
  eligibilityFindings(lines, holdings).map(({ rule, remedy }) => `${rule}: ${remedy}`);

describe('what keeps lines from being submitted', () => {
  it('is nothing for what everybody gets', () => {
    expect(rules([line(LAPTOP), line(SCREEN, { quantity: 2 })])).toEqual([]);
    expect(rules([line(LAPTOP), line(LAPTOP, { id: 9, beneficiaryEntraId: 'bob' })])).toEqual([]);
  });

  it('is a machine that is not given back, unless there is a reason', () => {
    const has = holds({ machines: [machine(7, { isPortable: false })] });
    expect(rules([line(LAPTOP)], has)).toEqual(['return-machine: machine']);
    expect(rules([line(LAPTOP, { replacesDeviceId: 7 })], has)).toEqual([]);
    expect(rules([line(LAPTOP, { exceptionReason: 'Two sites' })], has)).toEqual([]);
    expect(rules([line(LAPTOP, { replacesDeviceId: 8 })], has)).toEqual(['not-theirs: machine']);
    expect(rules([line(LAPTOP, { replacesDeviceId: 8 })])).toEqual(['not-theirs: machine']);
  });

  it('is a machine whose return is awaited already, or that is given back twice', () => {
    const due = holds({ machines: [machine(7, { isReturnable: false, isPortable: false })] });
    expect(rules([line(LAPTOP, { replacesDeviceId: 7 })], due)).toEqual(['not-theirs: machine']);
    expect(rules([line(LAPTOP)], due)).toEqual([]);
    const twice = [
      line(LAPTOP, { replacesDeviceId: 7 }),
      line(LAPTOP, { id: 9, replacesDeviceId: 7, exceptionReason: 'Spare' }),
    ];
    expect(rules(twice, holds({ machines: [machine(7)] }))).toEqual([
      'returned-twice: machine',
      'returned-twice: machine',
    ]);
  });

  it('is a second laptop: held, awaited, or asked for at once', () => {
    const keeps = holds({ machines: [machine(7), machine(8, { isPortable: false })] });
    expect(rules([line(LAPTOP, { replacesDeviceId: 8 })], keeps)).toEqual(['second-laptop: reason']);
    expect(rules([line(LAPTOP, { replacesDeviceId: 7 })], keeps)).toEqual([]);
    const waits = holds({ awaited: [{ productId: 5, kind: 'laptop', quantity: 1 }] });
    expect(rules([line(LAPTOP)], waits)).toEqual(['second-laptop: reason']);
    expect(rules([line(LAPTOP, { quantity: 2 })])).toEqual(['second-laptop: reason']);
    expect(rules([line(LAPTOP), line(LAPTOP, { id: 9, exceptionReason: 'Site office' })])).toEqual([]);
  });

  it('is more of a product than its limit, with what is held and awaited', () => {
    expect(rules([line(SCREEN, { quantity: 3 })])).toEqual(['most-each: reason']);
    expect(rules([line(SCREEN)], holds({ held: new Map([[2, 2]]) }))).toEqual(['most-each: reason']);
    expect(rules([line(SCREEN)], holds({ awaited: [{ productId: 2, kind: 'screen', quantity: 2 }] }))).toEqual([
      'most-each: reason',
    ]);
    expect(rules([line(SCREEN, { quantity: 3, exceptionReason: 'Control room' })])).toEqual([]);
    const limited = { ...LAPTOP, mostEach: 1 };
    const has = holds({ machines: [machine(7, { productId: 1 })] });
    expect(rules([line(limited, { replacesDeviceId: 7 })], has)).toEqual([]);
  });

  it('is a missing reason, a private one for assistive technology', () => {
    expect(rules([line({ ...SCREEN, reasonNeeded: true })])).toEqual(['reason-needed: reason']);
    expect(rules([line(READER, { exceptionReason: 'seen by others' })])).toEqual([
      'private-reason-needed: private-reason',
    ]);
    expect(rules([line(READER, { privateReason: 'kept' })])).toEqual([]);
  });

  it('is a product that is not offered any more', () => {
    expect(rules([line({ ...SCREEN, offered: false })])).toEqual(['not-offered: line']);
  });
});

describe('the machine that is proposed to be given back', () => {
  it('is the only one of its kind, or the only one there is', () => {
    const desktop = machine(1, { isPortable: false });
    expect(proposedReturn([desktop, machine(2)], true)).toBe(2);
    expect(proposedReturn([desktop], true)).toBe(1);
    expect(proposedReturn([machine(2), machine(3)], true)).toBeNull();
    expect(proposedReturn([desktop, machine(2, { isReturnable: false })], true)).toBe(1);
    expect(proposedReturn([], true)).toBeNull();
  });
});
