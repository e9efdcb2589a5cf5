import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type {
  CatalogueData,
  FormFactorRule,
  LenovoMachineType,
  Maker,
  PlaceholderNames,
} from './domain/form-factor/catalogue-data.js';
import { FormFactorCatalogue } from './domain/form-factor/catalogue.js';
import { isFormFactor, type FormFactor } from './domain/form-factor/form-factor.js';

const DATA = path.join(import.meta.dirname, 'data');
const CODE = path.join(import.meta.dirname, 'domain', 'form-factor');
const COUNTED = /(?<!\.spec|\.d)\.(?:csv|json|js|ts)$/;

let loaded: FormFactorCatalogue | undefined;

/**
 * The catalogue that ships with the product: manufacturer names, rules by maker, Lenovo machine types and placeholders.
 * Machine types are from linuxhw/DMI (CC BY 4.0), see `data/form-factor-sources.csv`. The files are read once.
 *
 * @throws Error naming the entry if a data file is malformed
 */
export function loadFormFactorCatalogue(): FormFactorCatalogue {
  loaded ??= new FormFactorCatalogue(readCatalogueData());
  return loaded;
}

/**
 * Version of what classifies: a digest of the data files and of the code that reads them. Machines that were classified
 * under another one are classified again.
 */
export function formFactorCatalogueVersion(): string {
  const digest = createHash('sha256');
  for (const folder of [DATA, CODE]) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => COUNTED.test(name));
    for (const name of files.sort()) digest.update(`${name}\0`).update(readFileSync(path.join(folder, name)));
  }
  return digest.digest('hex');
}

/** The data files as they are, for the catalogue and for whoever reviews it. */
export function readCatalogueData(): CatalogueData {
  return {
    makers: readJson('manufacturers.json') as readonly Maker[],
    rules: readRules(),
    machineTypes: readMachineTypes(),
    placeholders: readJson('placeholder-names.json') as PlaceholderNames,
  };
}

/** Ids of the sources that rules may name. */
export function readSourceIds(): ReadonlySet<string> {
  return new Set(readCsv('form-factor-sources.csv').map((row) => column(row, 'id')));
}

function readRules(): readonly FormFactorRule[] {
  const files = readdirSync(path.join(DATA, 'form-factor-rules')).filter((name) => name.endsWith('.csv'));
  return files.sort().flatMap((name) => readCsv(path.join('form-factor-rules', name)).map(toRule));
}

function toRule(row: Row): FormFactorRule {
  return {
    id: column(row, 'id'),
    vendor: column(row, 'vendor'),
    patterns: list(column(row, 'patterns')),
    words: list(column(row, 'words')),
    without: list(column(row, 'without')),
    formFactor: toFormFactor(column(row, 'class')),
    confidence: Number(column(row, 'confidence')),
    reason: column(row, 'reason'),
    source: column(row, 'source'),
    examples: list(column(row, 'examples')),
  };
}

function readMachineTypes(): readonly LenovoMachineType[] {
  const corrections = new Map(
    readCsv('lenovo-machine-type-corrections.csv').map((row) => [column(row, 'machine_type'), row]),
  );
  const recorded = readCsv('lenovo-machine-types.csv').map((row) => toMachineType(row, corrections));
  return [...recorded, ...readCsv('lenovo-further-machine-types.csv').map(toFurtherMachineType)];
}

function toMachineType(row: Row, corrections: ReadonlyMap<string, Row>): LenovoMachineType {
  const machineType = column(row, 'machine_type');
  const correction = corrections.get(machineType);
  return {
    machineType,
    formFactor: toFormFactor(column(correction ?? row, 'form_factor')),
    friendlyName: column(row, 'friendly_name'),
    devices: Number(column(row, 'devices')),
    correction: correction === undefined ? undefined : column(correction, 'reason'),
    source: correction === undefined ? 'linuxhw-dmi' : 'lenovo-psref',
  };
}

/** Types that linuxhw/DMI does not record: of before 2013, and folding, all-in-one and small ones since. */
function toFurtherMachineType(row: Row): LenovoMachineType {
  return {
    machineType: column(row, 'machine_type'),
    formFactor: toFormFactor(column(row, 'form_factor')),
    friendlyName: '',
    devices: 0,
    correction: undefined,
    source: 'lenovo-manuals',
  };
}

type Row = Readonly<Record<string, string>>;

function readCsv(name: string): readonly Row[] {
  return parse(readFileSync(path.join(DATA, name)), { columns: true, bom: true });
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(path.join(DATA, name), 'utf8'));
}

function column(row: Row, name: string): string {
  const value = row[name];
  if (value === undefined) throw new Error(`The catalogue data lack the column ${name}`);
  return value;
}

function list(value: string): readonly string[] {
  return value === '' ? [] : value.split('; ');
}

function toFormFactor(value: string): FormFactor {
  if (!isFormFactor(value)) throw new Error(`"${value}" in the catalogue data is not a class of machine`);
  return value;
}
