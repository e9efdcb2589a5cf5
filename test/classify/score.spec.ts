import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { classifyModel } from '../../src/devices/domain/form-factor/classify.js';
import { loadFormFactorCatalogue } from '../../src/devices/form-factor-catalogue.js';
import { failures, namedPlaceholders, score, type Answer, type LabelledRow } from './scoring.mjs';

const MODELS = path.resolve(import.meta.dirname, '../../../shared/models');
const LABELLED = path.join(MODELS, 'labelled-models.csv');

const catalogue = loadFormFactorCatalogue();
const classify = (manufacturer: string, model: string): Answer => classifyModel(catalogue, manufacturer, model);

function read(file: string): readonly LabelledRow[] {
  return parse(readFileSync(file), { columns: true, bom: true });
}

describe('the floors of the classifier', () => {
  it('holds on our own fixture', () => {
    const fixture = read(path.join(import.meta.dirname, 'fixture.csv'));
    expect(fixture.length).toBeGreaterThan(30);
    expect(failures(score(fixture, classify))).toEqual([]);
  });

  if (existsSync(LABELLED)) {
    it('holds on the labelled models', () => {
      expect(failures(score(read(LABELLED), classify))).toEqual([]);
    });

    it('leaves every placeholder unknown', () => {
      expect(namedPlaceholders(read(path.join(MODELS, 'placeholders.csv')), classify)).toEqual([]);
    });
  } else {
    process.stderr.write('The labelled models are not there: only our own fixture is scored\n');
  }
});

describe('scoring', () => {
  const row = (superclass: string, form_factor: string, count: string, business_line = '1'): LabelledRow => ({
    manufacturer: 'Maker',
    model: form_factor,
    form_factor,
    superclass,
    count,
    business_line,
    fine_ok: '1',
    group_split: 'holdout',
  });
  const answer = (superclass: Answer['superclass'], formFactor: Answer['class']): Answer => {
    return { class: formFactor, superclass, rule: 'test', confidence: 0.9 };
  };

  it('counts machines and rows apart, and unknown apart from wrong', () => {
    const rows = [row('portable', 'laptop', '97'), row('fixed', 'desktop', '2'), row('fixed', 'all_in_one', '1')];
    const { sections } = score(rows, (_, model) => {
      return model === 'all_in_one' ? answer('unknown', 'unknown') : answer('portable', 'laptop');
    });
    expect(sections.business.total.machines).toEqual({ all: 100, decided: 99, right: 97, wrong: 2, unknown: 1 });
    expect(sections.business.total.rows).toEqual({ all: 3, decided: 2, right: 1, wrong: 1, unknown: 1 });
  });

  it('names every floor that is missed', () => {
    const missed = failures(score([row('fixed', 'desktop', '5')], () => answer('portable', 'laptop')));
    expect(missed).toHaveLength(4);
    expect(missed[0]).toContain('business: 0.00 % of machines right, the floor is 99.50 %');
  });

  it('fails if too little is decided', () => {
    const missed = failures(score([row('fixed', 'desktop', '5')], () => answer('unknown', 'unknown')));
    expect(missed).toContain('business: 0.00 % of machines decided, the floor is 97.00 %');
  });

  it('lists confident errors on business lines only', () => {
    const rows = [row('fixed', 'desktop', '5'), row('fixed', 'desktop', '5', '0')];
    expect(score(rows, () => answer('portable', 'laptop')).confidentErrors).toHaveLength(1);
  });

  it('takes servers and telephones as other', () => {
    const { sections } = score([row('server', 'server', '3'), row('phone', 'phone', '1')], (_, model) => {
      return answer('other', model === 'server' ? 'server' : 'phone');
    });
    expect(sections.all.total.machines.right).toBe(4);
    expect(sections.business.total.machines.all).toBe(0);
  });

  it('does not punish a workstation that the label calls a desktop', () => {
    const { sections } = score([row('fixed', 'desktop', '3')], () => answer('fixed', 'workstation_fixed'));
    expect(sections.fine.total.machines.right).toBe(3);
  });
});
