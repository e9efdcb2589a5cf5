import { FORM_FACTORS } from '../devices/domain/form-factor/form-factor.js';
import { loadConfig } from './config.js';
import { NAMED_CLASSES } from './naming-convention.js';

describe('NAMING_CONVENTION', () => {
  it('knows the classes of machines, every one but the lack of one', () => {
    expect([...NAMED_CLASSES].sort()).toEqual(FORM_FACTORS.filter((name) => name !== 'unknown').sort());
  });

  it('is a list of beginnings with their class', () => {
    expect(loadConfig({ NAMING_CONVENTION: 'LT-=laptop, DT-=desktop' }).namingConvention).toEqual([
      { prefix: 'LT-', formFactor: 'laptop' },
      { prefix: 'DT-', formFactor: 'desktop' },
    ]);
    expect(loadConfig({}).namingConvention).toEqual([]);
  });

  it.each(['LT-', 'LT-=notebook', 'LT-=laptop,', '(a+)+=laptop', '=laptop', 'LT-=laptop;DT-=desktop'])(
    'refuses %j with the fix',
    (value) => {
      expect(() => loadConfig({ NAMING_CONVENTION: value })).toThrow(
        /NAMING_CONVENTION: is not a list .* Give one such as/,
      );
    },
  );
});
