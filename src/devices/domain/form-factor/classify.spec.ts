import { loadFormFactorCatalogue } from '../../form-factor-catalogue.js';
import type { FormFactorOverride } from './classification.js';
import { classifyDevice, classifyModel, type ClassifiedDevice } from './classify.js';

const catalogue = loadFormFactorCatalogue();
const LATITUDE = { manufacturer: 'Dell Inc.', model: 'Latitude 5420' };
const UNHEARD = { manufacturer: 'Unheard Maker', model: 'QZ 1' };

const override = (formFactor: FormFactorOverride['formFactor'], reason = 'Seen on the desk'): FormFactorOverride => {
  return { formFactor, decidedBy: 'person-7', reason, decidedAt: new Date('2026-03-04T05:06:07Z') };
};

describe('classifyModel', () => {
  it('gives class, superclass, rule, reason, confidence and evidence', () => {
    expect(classifyModel(catalogue, 'Dell Inc.', 'Latitude 5420')).toEqual({
      class: 'laptop',
      superclass: 'portable',
      rule: 'dell-latitude',
      reason: "Latitude is Dell's business notebook line",
      confidence: 0.99,
      decidedBy: 'catalogue',
      evidence: [
        {
          kind: 'catalogue',
          value: 'dell-latitude',
          formFactor: 'laptop',
          weight: 0.99,
          reason: "Latitude is Dell's business notebook line",
        },
      ],
      contradictions: [],
    });
  });

  it('says unknown with its reason where nothing fits', () => {
    expect(classifyModel(catalogue, UNHEARD.manufacturer, UNHEARD.model)).toMatchObject({
      class: 'unknown',
      superclass: 'unknown',
      rule: 'no-rule',
      confidence: 0,
      decidedBy: 'none',
    });
  });

  it('trusts a brand in the model less if the manufacturer is not known', () => {
    const known = classifyModel(catalogue, 'Dell Inc.', 'OptiPlex 7010');
    const odd = classifyModel(catalogue, '.ell Inc.', 'OptiPlex 7010');
    expect(odd.class).toBe('desktop');
    expect(odd.confidence).toBeLessThan(known.confidence);
  });
});

describe('overrides', () => {
  it('decides by device before model before catalogue', () => {
    const both: ClassifiedDevice = {
      ...LATITUDE,
      deviceOverride: override('tablet'),
      modelOverride: override('desktop'),
    };
    expect(classifyDevice(catalogue, both)).toMatchObject({
      class: 'tablet',
      decidedBy: 'device_override',
      confidence: 1,
    });
    expect(classifyDevice(catalogue, { ...LATITUDE, modelOverride: override('desktop') })).toMatchObject({
      class: 'desktop',
      superclass: 'fixed',
      decidedBy: 'model_override',
      rule: 'override-of-model',
    });
  });

  it('keeps who, why and when, and the contradiction with the catalogue', () => {
    const result = classifyDevice(catalogue, { ...LATITUDE, deviceOverride: override('desktop') });
    expect(result.reason).toBe('Seen on the desk (decided by person-7 on 2026-03-04T05:06:07.000Z)');
    expect(result.contradictions).toEqual([
      { kind: 'catalogue', value: 'dell-latitude', formFactor: 'laptop', superclass: 'portable' },
    ]);
  });

  it('lets a person say unknown', () => {
    expect(classifyDevice(catalogue, { ...LATITUDE, modelOverride: override('unknown') })).toMatchObject({
      class: 'unknown',
      decidedBy: 'model_override',
    });
  });

  it('decides for a placeholder model', () => {
    const device = { manufacturer: 'To Be Filled By O.E.M.', model: 'To Be Filled By O.E.M.' };
    expect(classifyDevice(catalogue, { ...device, deviceOverride: override('desktop') }).class).toBe('desktop');
  });
});

describe('weak signals', () => {
  it('never outvotes the catalogue, but is listed as a contradiction', () => {
    const result = classifyDevice(catalogue, {
      manufacturer: 'Dell Inc.',
      model: 'OptiPlex 7010',
      signals: { batteryCount: 1 },
    });
    expect(result).toMatchObject({ class: 'desktop', decidedBy: 'catalogue' });
    expect(result.contradictions).toMatchObject([{ kind: 'battery', superclass: 'portable' }]);
  });

  it('is no contradiction if it is on the same side', () => {
    const result = classifyDevice(catalogue, {
      manufacturer: 'HP',
      model: 'Elite x2 G8',
      signals: { batteryCount: 1 },
    });
    expect(result).toMatchObject({ class: 'tablet', contradictions: [] });
  });

  it('decides where the catalogue is silent', () => {
    expect(classifyDevice(catalogue, { ...UNHEARD, signals: { batteryCount: 1 } })).toMatchObject({
      class: 'laptop',
      decidedBy: 'signal',
      rule: 'signal-battery',
      confidence: 0.7,
    });
  });

  it('uses the naming convention of the configuration', () => {
    const naming = [{ pattern: /^DT-/, formFactor: 'desktop' as const }];
    const result = classifyDevice(catalogue, { ...UNHEARD, signals: { deviceName: 'DT-0042' } }, naming);
    expect(result).toMatchObject({ class: 'desktop', decidedBy: 'signal', rule: 'signal-naming-convention' });
  });

  it('decides nothing if two equal signals point to different sides', () => {
    const naming = [{ pattern: /^DT-/, formFactor: 'desktop' as const }];
    const signals = { deviceName: 'DT-0042', batteryCount: 1 };
    const result = classifyDevice(catalogue, { ...UNHEARD, signals }, naming);
    expect(result).toMatchObject({ class: 'unknown', rule: 'signals-disagree', decidedBy: 'none' });
    expect(result.evidence.map(({ kind }) => kind)).toEqual(['catalogue', 'battery', 'naming_convention']);
  });

  it('is worth less if a weaker one contradicts it', () => {
    const signals = { isCloudPc: true, chassisType: 'desktop' };
    const result = classifyDevice(catalogue, { ...UNHEARD, signals });
    expect(result).toMatchObject({ class: 'virtual', decidedBy: 'signal' });
    expect(result.confidence).toBeCloseTo(0.57);
    expect(result.contradictions).toHaveLength(1);
  });

  it('never becomes a desktop by default', () => {
    expect(
      classifyDevice(catalogue, { ...UNHEARD, signals: { operatingSystem: 'Windows', batteryCount: 0 } }).class,
    ).toBe('unknown');
  });
});
