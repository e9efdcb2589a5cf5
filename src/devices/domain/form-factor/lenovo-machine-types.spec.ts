import type { LenovoMachineType } from './catalogue-data.js';
import type { FormFactor } from './form-factor.js';
import { machineTypeOf, MachineTypeRuns } from './lenovo-machine-types.js';

const type = (machineType: string, formFactor: FormFactor): LenovoMachineType => {
  return { machineType, formFactor, friendlyName: '', devices: 1, correction: undefined, source: 'test' };
};

describe('machineTypeOf', () => {
  it.each([
    ['20XW00AAUK', '20XW'],
    ['20XW', '20XW'],
    ['7663WMS', '7663'],
    ['1S20XW00AAUKPF1ABCDE', '20XW'],
    ['THINKPAD X1 CARBON', undefined],
    ['20238', undefined],
    ['IDEACENTRE 510S', undefined],
  ])('finds in %s the type %s', (words, machineType) => {
    expect(machineTypeOf(words)).toBe(machineType);
  });
});

describe('MachineTypeRuns', () => {
  const runs = new MachineTypeRuns([
    type('4286', 'convertible'),
    type('4270', 'laptop'),
    type('4299', 'unknown'),
    type('4400', 'laptop'),
    type('7033', 'desktop'),
    type('7052', 'all_in_one'),
    type('7060', 'laptop'),
  ]);

  it('takes the side on which both neighbours are', () => {
    expect(runs.around('4280')).toMatchObject({ formFactor: 'laptop', below: { machineType: '4270' } });
    expect(runs.around('7040')).toMatchObject({ formFactor: 'desktop', above: { machineType: '7052' } });
  });

  it.each(['4350', '7055', '0001', '9999', '42X0'])('is silent about %s', (machineType) => {
    expect(runs.around(machineType)).toBeUndefined();
  });
});
