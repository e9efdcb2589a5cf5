import { supplyWords } from './catalogue-words.js';
import { planLines, type DraftLine } from './line-plan.js';
import { nextStepWords, progressOf, standingWords } from './request-progress.js';
import { compareRevisions } from './revision-comparison.js';

const machine = { deviceId: 7, productId: null, isPortable: false, isReturnable: true, label: 'Desktop' };
const CATALOGUE = {
  products: [
    { id: 1, kind: 'laptop', replacesKind: true },
    { id: 2, kind: 'screen', replacesKind: false },
  ],
  bundles: [
    {
      id: 5,
      workStyle: 'home',
      items: [
        { productId: 1, quantity: 1 },
        { productId: 2, quantity: 1 },
      ],
    },
    { id: 6, workStyle: 'field', items: [{ productId: 1, quantity: 1 }] },
  ],
} as const;
const ann = { entraId: 'ann', workStyle: 'home', machines: [machine] };
const bob = { entraId: 'bob', workStyle: null, machines: [] };

describe('the lines of a request', () => {
  it('are those of a bundle for each person, with single items added and the machine to give back proposed', () => {
    const { lines } = planLines([ann, bob], { bundle: 5, items: [{ productId: 2, quantity: 2 }] }, CATALOGUE);
    expect(
      lines.map(({ beneficiaryEntraId, productId, quantity, bundleId, replacesDeviceId }) => [
        beneficiaryEntraId,
        productId,
        quantity,
        bundleId,
        replacesDeviceId,
      ]),
    ).toEqual([
      ['ann', 1, 1, 5, 7],
      ['ann', 2, 3, 5, null],
      ['bob', 1, 1, 5, null],
      ['bob', 2, 3, 5, null],
    ]);
  });

  it('are those of each work style, and tell whose has no bundle', () => {
    const plan = planLines([ann, bob], { bundle: 'by-work-style', items: [] }, CATALOGUE);
    expect(plan.withoutBundle).toEqual(['bob']);
    expect(plan.lines).toHaveLength(2);
  });

  it('are what each had before and single items besides', () => {
    const had = { productId: 1, quantity: 1, bundleId: 6, exceptionReason: null, privateReason: null };
    const before: DraftLine[] = [{ ...had, beneficiaryEntraId: 'bob', replacesDeviceId: null }];
    const { lines } = planLines(
      [ann, bob],
      { bundle: 'as-it-is', items: [{ productId: 2, quantity: 1 }] },
      CATALOGUE,
      before,
    );
    expect(
      lines.map(({ beneficiaryEntraId, productId, bundleId }) => [beneficiaryEntraId, productId, bundleId]),
    ).toEqual([
      ['ann', 2, null],
      ['bob', 1, 6],
      ['bob', 2, null],
    ]);
  });

  it('keep what was said of the same person and product before', () => {
    const before: DraftLine = {
      beneficiaryEntraId: 'ann',
      productId: 1,
      quantity: 1,
      bundleId: null,
      exceptionReason: 'Two sites',
      privateReason: 'kept',
      replacesDeviceId: 9,
    };
    const { lines } = planLines([ann], { bundle: 6, items: [] }, CATALOGUE, [before]);
    expect(lines).toEqual([{ ...before, bundleId: 6 }]);
  });
});

describe('what there is of a product', () => {
  const none = { available: 0, onOrder: 0, expectedOn: null, usualDays: null };
  it.each([
    [none, 1, 'None in stock.'],
    [{ ...none, available: 3, usualDays: 1 }, 3, '3 in stock. Usually a day from asking to hand-over.'],
    [{ ...none, available: 3 }, 40, '3 in stock. 37 of 40 will wait.'],
    [
      { ...none, onOrder: 9, expectedOn: '2026-12-04', usualDays: 12 },
      2,
      'None in stock, 9 on order, expected Friday 4 December 2026. 2 of 2 will wait. Usually 12 days from asking to hand-over.',
    ],
  ])('%o, of which %i are wanted: %s', (supply, wanted, words) => {
    expect(supplyWords(supply, wanted)).toBe(words);
  });
});

describe('the progress of a request', () => {
  it.each([
    ['submitted', { open: 2 }, null],
    ['approved', { reserved: 2 }, 'reserved'],
    ['approved', { reserved: 1, back_ordered: 1 }, 'partly_waiting'],
    ['approved', { back_ordered: 2, cancelled: 1 }, 'waiting'],
    ['approved', { picking: 1, reserved: 1 }, 'picking'],
    ['approved', { fulfilled: 1, back_ordered: 1 }, 'partly_handed_over'],
    ['approved', { fulfilled: 1, received: 1 }, 'handed_over'],
    ['closed', { received: 2, cancelled: 1 }, 'received'],
    ['approved', { cancelled: 1 }, null],
  ] as const)('%s with %o is %s', (state, counts, progress) => {
    expect(progressOf(state, counts)).toBe(progress);
    expect(standingWords(state, counts)).not.toBe('');
    expect(nextStepWords(state, counts)).toMatch(/\.$/);
  });
});

describe('two revisions', () => {
  it('are compared field by field and line by line', () => {
    const line = {
      beneficiaryEntraId: 'ann',
      productId: 1,
      quantity: 1,
      exceptionReason: null,
      replacesDeviceId: null,
    };
    const before = {
      neededBy: null,
      delivery: 'site',
      site: 'Civic',
      reason: null,
      costCentreCode: null,
      lines: [line, { ...line, productId: 2 }],
    };
    const after = {
      ...before,
      site: 'Library',
      lines: [
        { ...line, quantity: 2 },
        { ...line, productId: 3 },
      ],
    };
    expect(compareRevisions(before, after)).toEqual({
      fields: [{ field: 'site', from: 'Civic', to: 'Library' }],
      added: [{ ...line, productId: 3 }],
      removed: [{ ...line, productId: 2 }],
      changed: [{ from: line, to: { ...line, quantity: 2 } }],
    });
    expect(compareRevisions(before, before)).toEqual({ fields: [], added: [], removed: [], changed: [] });
  });
});
