import type { CountedMachine } from '../counts.queries.js';
import { CUSTODY_STATES } from '../../../devices/domain/lifecycle/standing.js';
import { missingMachine, unexpectedMachine } from './counted-machines.view.js';
import { bundleOf, productOf, type NewProductForm } from './catalogue-forms.js';
import { devicesIn, figuresOf, type FiguresForm } from './stock-forms.js';
import { workOf } from './work.view.js';

const MACHINE: CountedMachine = {
  deviceId: 7,
  label: 'HP EliteBook',
  serialNumber: 'SER1',
  product: null,
  state: 'in_use',
  substate: null,
  place: null,
};

describe('machines of a count', () => {
  it('have a next step in each state of custody, but what is to be disposed of', () => {
    const commands = [null, ...CUSTODY_STATES].map((state) => {
      const substate = state === 'in_stock' ? 'available' : null;
      return [
        state,
        unexpectedMachine({ ...MACHINE, state, substate })
          .action?.href.split('/')
          .at(-1) ?? null,
      ];
    });
    expect(Object.fromEntries(commands)).toEqual({
      null: 'receive',
      on_order: 'receive',
      in_stock: 'move',
      allocated: 'release',
      in_use: 'take-back',
      return_due: 'take-back',
      recovered: 'wipe',
      wiped: 'restock',
      awaiting_disposal: null,
      disposed: null,
      missing: 'find',
      stolen: 'find',
      written_off: 'find',
    });
    expect(unexpectedMachine({ ...MACHINE, state: 'in_stock', substate: 'held' }).action?.href).toBe(
      '/devices/7/release',
    );
    expect(unexpectedMachine({ ...MACHINE, deviceId: null, state: null })).toMatchObject({
      href: null,
      standing: 'No custody recorded',
      action: { href: '/stock/receive' },
    });
    expect(missingMachine({ ...MACHINE, state: 'in_stock', substate: 'available', place: 'Stores' })).toMatchObject({
      standing: 'In stock, available, Stores',
      action: { href: '/devices/7/report-missing' },
    });
  });
});

describe('forms of stock', () => {
  const figures = (form: Partial<FiguresForm>): FiguresForm => ({
    version: '1',
    product: [],
    counted: [],
    reason: [],
    ...form,
  });

  it('read figures row by row', () => {
    const rows = { product: ['3', '4'], counted: [' 7 ', ''], reason: ['', ' Lost '] };
    expect(figuresOf(figures({ ...rows, otherProduct: 9, otherCounted: 1 }), [])).toEqual([
      { productId: 3, counted: 7, reason: null },
      { productId: 4, counted: null, reason: 'Lost' },
      { productId: 9, counted: 1, reason: null },
    ]);
    for (const counted of ['-1', '1e3', '1.5', '1000000', '٣']) {
      expect(() => figuresOf(figures({ product: ['3'], counted: [counted], reason: [''] }), [])).toThrow('Row 1');
    }
    expect(() => figuresOf(figures({ product: ['3; drop'], counted: ['1'], reason: [''] }), [])).toThrow(
      'Load the page',
    );
    expect(() => figuresOf(figures({ product: ['3'], counted: ['1'], reason: ['a\u0007'] }), [])).toThrow('Row 1');
    expect(() => devicesIn([], 'x')).toThrow('Tick at least one');
    expect(() => devicesIn(['1', 'x'], 'x')).toThrow('Load the page');
  });

  it('read figures that were pasted, which go before those in the rows', () => {
    const products = [
      { id: 3, name: 'Dock' },
      { id: 4, name: 'Bag; small' },
    ];
    const rows = { product: ['3'], counted: ['7'], reason: ['One is lent'] };
    const paste = (pasted: string): unknown => figuresOf(figures({ ...rows, pasted }), products);
    expect(paste('dock; 6\n\nBag; small\t2\tNever entered')).toEqual([
      { productId: 3, counted: 6, reason: 'One is lent' },
      { productId: 4, counted: 2, reason: 'Never entered' },
    ]);
    expect(paste('Dock;6; Two; not one')).toMatchObject([{ counted: 6, reason: 'Two; not one' }]);
    expect(() => paste('Laptop\t1')).toThrow('Line 1: there is no accessory called “Laptop”');
    expect(() => paste('\nDock\t-1')).toThrow('Line 2: after the product, enter a whole number');
    expect(() => paste('Dock')).toThrow('whole number');
    expect(() => paste('Dock;1\nDOCK;2')).toThrow('Line 2: “DOCK” is there twice');
  });

  it('read bundles row by row, and alternatives by name', () => {
    const bundle = { name: 'B', workStyle: 'any' as const, offered: true, product: ['1', '2'], quantity: ['', '3'] };
    expect(bundleOf(bundle)).toMatchObject({ workStyle: null, lines: [{ productId: 2, quantity: 3 }] });
    expect(() => bundleOf({ ...bundle, quantity: ['', ''] })).toThrow('at least one product');
    expect(() => bundleOf({ ...bundle, quantity: ['21', ''] })).toThrow('from 1 to 20');
    expect(() => bundleOf({ ...bundle, product: ['x', '2'], quantity: ['1', ''] })).toThrow('Load the page');
    const product: NewProductForm = {
      name: 'P',
      kind: 'dock',
      counting: 'number',
      price: 100,
      reasonNeeded: false,
      replacesKind: false,
      offered: true,
      alternatives: 'Dock: small\nDOCK: large: for two screens',
    };
    const named = [
      { id: 1, name: 'Dock' },
      { id: 2, name: 'Dock: small' },
    ];
    expect(productOf(product, named).alternatives).toEqual([
      { productId: 2, note: null },
      { productId: 1, note: 'large: for two screens' },
    ]);
  });

  it('say what there is to do, and nothing else', () => {
    const nothing = { toReceive: 0, late: 0, toPick: 0, onTheWay: 0, counting: 0, low: 0, waiting: 0, uncounted: 0 };
    expect(workOf(nothing)).toEqual([]);
    expect(workOf({ ...nothing, toPick: 1, toReceive: 2, late: 1 }).map(({ text }) => text)).toEqual([
      '1 thing to pick',
      '2 lines of orders to receive, 1 late',
    ]);
  });
});
