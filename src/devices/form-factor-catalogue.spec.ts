import { FormFactorCatalogue } from './domain/form-factor/catalogue.js';
import type { FormFactorRule } from './domain/form-factor/catalogue-data.js';
import { loadFormFactorCatalogue, readCatalogueData, readSourceIds } from './form-factor-catalogue.js';

const data = readCatalogueData();
const catalogue = loadFormFactorCatalogue();
const usualName = new Map(data.makers.map(({ vendor, names }) => [vendor, names[0]?.replace(/^=/, '') ?? '']));

function decidingRule(rule: FormFactorRule, example: string): string {
  const [maker, model] = example.includes(' > ') ? example.split(' > ') : [usualName.get(rule.vendor), example];
  return catalogue.find(maker ?? '', model ?? '').rule;
}

describe('the rules of the catalogue', () => {
  it('are many, and each is reached by its own examples', () => {
    expect(data.rules.length).toBeGreaterThan(250);
    const unreached = data.rules.flatMap((rule) => {
      const missed = rule.examples.filter((example) => decidingRule(rule, example) !== rule.id);
      if (rule.examples.length === 0) return [`${rule.id} has no example`];
      return missed.map((example) => `${rule.id}: ${example} is decided by ${decidingRule(rule, example)}`);
    });
    expect(unreached).toEqual([]);
  });

  it('state a reason and a listed source', () => {
    const sources = readSourceIds();
    const lacking = data.rules.filter(({ reason, source }) => reason.length < 10 || !sources.has(source));
    expect(lacking.map(({ id }) => id)).toEqual([]);
    expect(data.machineTypes.filter(({ source }) => !sources.has(source))).toEqual([]);
  });

  it("are never certain, and a general word is worth less than a maker's own line", () => {
    expect(data.rules.filter(({ confidence }) => confidence >= 1)).toEqual([]);
    const general = data.rules.filter(({ vendor }) => vendor === 'any');
    expect(Math.max(...general.map(({ confidence }) => confidence))).toBeLessThan(0.95);
  });

  it('are refused if two share an id, a maker is unknown or a pattern is malformed', () => {
    const [first] = data.rules;
    if (first === undefined) throw new Error('There is no rule');
    expect(() => new FormFactorCatalogue({ ...data, rules: [first, first] })).toThrow(
      `Two rules are called ${first.id}`,
    );
    expect(() => new FormFactorCatalogue({ ...data, rules: [{ ...first, vendor: 'nobody' }] })).toThrow(
      'unknown maker nobody',
    );
    expect(() => new FormFactorCatalogue({ ...data, rules: [{ ...first, patterns: ['X+'] }] })).toThrow('"X+"');
    expect(() => new FormFactorCatalogue({ ...data, rules: [{ ...first, confidence: 2 }] })).toThrow('confidence');
  });
});

describe('Lenovo machine types', () => {
  it('reads the type from the model number and names what it is', () => {
    expect(catalogue.find('LENOVO', '20N2CTO1WW')).toMatchObject({
      formFactor: 'laptop',
      rule: 'lenovo-machine-type',
      reason: 'Lenovo machine type 20N2 (ThinkPad T490) is recorded as laptop',
    });
  });

  it('calls ThinkStation and ThinkPad P workstations', () => {
    expect(catalogue.find('LENOVO', '30E0S0AA00').formFactor).toBe('workstation_fixed');
    expect(catalogue.find('LENOVO', '20M9S0AA00').formFactor).toBe('workstation_mobile');
  });

  it('trusts many machines more than one', () => {
    const many = catalogue.find('LENOVO', '20N2CTO1WW').confidence;
    const one = catalogue.find('LENOVO', '10A8CTO1WW').confidence;
    expect(many).toBeGreaterThan(one);
  });

  it('says which correction it made', () => {
    expect(catalogue.find('LENOVO', '30BDS0N700')).toMatchObject({
      formFactor: 'workstation_fixed',
      source: 'lenovo-psref',
    });
    expect(catalogue.find('LENOVO', 'QQQQ').formFactor).toBe('unknown');
  });

  it('lists no type twice', () => {
    const types = data.machineTypes.map(({ machineType }) => machineType);
    expect(new Set(types).size).toBe(types.length);
  });

  it('never takes a model name for a machine type', () => {
    for (const name of ['Yoga', 'Flex', 'V15 G4', 'IdeaPad 3']) {
      expect(catalogue.find('LENOVO', name).rule).not.toContain('machine-type');
    }
  });

  it('never takes a machine type that is not recorded for the name of a family', () => {
    const letters = [...'ABCDEFGHJKLMNPQRSTUVWXYZ'];
    const models = ['10', '11', '12', '20', '21', '22', '30', '80', '81', '82', '83', '90', '91', 'F0'].flatMap(
      (start) =>
        letters.flatMap((third) =>
          [...letters, '0', '5', '9'].flatMap((fourth) => [
            `${start}${third}${fourth}`,
            `${start}${third}${fourth}CTO1WW`,
          ]),
        ),
    );
    const byName = models.filter((model) => !/^lenovo-(machine-type|mt)/.test(catalogue.find('LENOVO', model).rule));
    expect(byName).toEqual([]);
  });
});
