import type { CatalogueData, FormFactorRule, LenovoMachineType, Maker } from './catalogue-data.js';
import { isFormFactor, type FormFactor } from './form-factor.js';
import { machineTypeOf, MachineTypeRuns, type Neighbours } from './lenovo-machine-types.js';
import { MakerIndex } from './makers.js';
import { toWords } from './name-text.js';
import { PlaceholderTest } from './placeholder.js';
import { RuleIndex } from './rule-index.js';

/** What the catalogue says about one manufacturer and model; `formFactor` is `unknown` where it is silent. */
export interface CatalogueFinding {
  readonly formFactor: FormFactor;
  /** Id of the rule, also where the catalogue is silent: `no-rule`, `placeholder-model`, `placeholder-manufacturer`. */
  readonly rule: string;
  readonly reason: string;
  readonly confidence: number;
  readonly vendor: string | undefined;
  readonly source: string | undefined;
  readonly machineType: LenovoMachineType | undefined;
}

/** One name for one model, however its machines spell it. */
export interface ModelKey {
  readonly manufacturer: string;
  /** Of a Lenovo the machine type: the rest of the number is only the configuration. */
  readonly model: string;
  /** True where nobody filled in a name, so that machines with this key have nothing in common. */
  readonly isPlaceholder: boolean;
}

const ANY = 'any';
const LENOVO = 'lenovo';
// The brand in the model is as good as the maker's name, less the doubt why that name is missing.
const TRUST_IN_BRAND = 0.9;
// One recorded machine can carry a wrong type; many of them cannot all.
const LEAST_TRUST_IN_TABLE = 0.9;
const MOST_TRUST_IN_TABLE = 0.99;
const TRUST_IN_MANUALS = 0.85;
const TRUST_IN_NEIGHBOURS = 0.75;

/** The reviewed catalogue, indexed. Pure: the same names always give the same finding. */
export class FormFactorCatalogue {
  readonly #makers: MakerIndex;
  readonly #placeholders: PlaceholderTest;
  readonly #rules = new Map<string, RuleIndex>();
  readonly #any: RuleIndex;
  readonly #machineTypes: ReadonlyMap<string, CatalogueFinding>;
  readonly #runs: MachineTypeRuns;

  /** @throws Error naming the first entry of the data that is malformed */
  constructor(data: CatalogueData) {
    checkRules(data);
    this.#makers = new MakerIndex(data.makers);
    this.#placeholders = new PlaceholderTest(data.placeholders);
    for (const vendor of new Set(data.rules.map((rule) => rule.vendor))) {
      this.#rules.set(vendor, new RuleIndex(data.rules.filter((rule) => rule.vendor === vendor)));
    }
    this.#any = this.#rules.get(ANY) ?? new RuleIndex([]);
    const lenovo = this.#rules.get(LENOVO);
    this.#machineTypes = new Map(data.machineTypes.map((entry) => [entry.machineType, findingOf(entry, lenovo)]));
    this.#runs = new MachineTypeRuns(data.machineTypes);
  }

  find(manufacturer: string, model: string): CatalogueFinding {
    const makerWords = toWords(manufacturer);
    if (this.#placeholders.isPlaceholder(makerWords)) return PLACEHOLDER_MANUFACTURER;
    const modelWords = toWords(model);
    if (this.#placeholders.isPlaceholder(modelWords)) return PLACEHOLDER_MODEL;
    const named = this.#makers.byManufacturer(makerWords);
    const maker = named ?? this.#makers.byModel(modelWords);
    if (maker === undefined) return this.#byRule(this.#any.find(modelWords), undefined, 1);
    return this.#ofMaker(
      maker,
      this.#makers.withoutOwnName(modelWords, maker),
      named === undefined ? TRUST_IN_BRAND : 1,
    );
  }

  /** The key under which people's decisions about a model are kept and machines are counted. */
  keyOf(manufacturer: string, model: string): ModelKey {
    const makerWords = toWords(manufacturer);
    const modelWords = toWords(model);
    if (this.#placeholders.isPlaceholder(makerWords) || this.#placeholders.isPlaceholder(modelWords)) {
      return { manufacturer: this.manufacturerKey(manufacturer), model: modelWords, isPlaceholder: true };
    }
    const maker = this.#makers.byManufacturer(makerWords) ?? this.#makers.byModel(modelWords);
    if (maker === undefined) return { manufacturer: makerWords, model: modelWords, isPlaceholder: false };
    const words = this.#makers.withoutOwnName(modelWords, maker);
    const machineType = maker.vendor === LENOVO ? machineTypeOf(words) : undefined;
    return { manufacturer: maker.vendor.toUpperCase(), model: machineType ?? words, isPlaceholder: false };
  }

  /** The first half of `keyOf` where the manufacturer is all that is known. */
  manufacturerKey(manufacturer: string): string {
    const words = toWords(manufacturer);
    return this.#makers.byManufacturer(words)?.vendor.toUpperCase() ?? words;
  }

  #ofMaker(maker: Maker, words: string, trust: number): CatalogueFinding {
    const recorded = maker.vendor === LENOVO ? this.#byMachineType(words) : undefined;
    if (recorded !== undefined) return recorded;
    const rules = this.#rules.get(maker.vendor);
    return this.#byRule(rules?.find(words) ?? this.#any.find(words) ?? rules?.fallback, maker, trust);
  }

  #byMachineType(words: string): CatalogueFinding | undefined {
    const machineType = machineTypeOf(words);
    if (machineType === undefined) return undefined;
    const recorded = this.#machineTypes.get(machineType);
    if (recorded !== undefined) return recorded;
    const neighbours = this.#runs.around(machineType);
    return neighbours === undefined ? undefined : findingBetween(neighbours);
  }

  #byRule(rule: FormFactorRule | undefined, maker: Maker | undefined, trust: number): CatalogueFinding {
    if (rule === undefined) return maker === undefined ? NO_RULE : { ...NO_RULE, vendor: maker.vendor };
    return {
      formFactor: rule.formFactor,
      rule: rule.id,
      reason: rule.reason,
      confidence: rule.confidence * trust,
      vendor: maker?.vendor,
      source: rule.source,
      machineType: undefined,
    };
  }
}

const SILENT = {
  formFactor: 'unknown',
  confidence: 0,
  vendor: undefined,
  source: undefined,
  machineType: undefined,
} as const;
const NO_RULE: CatalogueFinding = { ...SILENT, rule: 'no-rule', reason: 'No rule of the catalogue fits this model' };
const PLACEHOLDER_MODEL: CatalogueFinding = {
  ...SILENT,
  rule: 'placeholder-model',
  reason: 'The model is a placeholder that firmware carries where nobody entered a name',
};
const PLACEHOLDER_MANUFACTURER: CatalogueFinding = {
  ...SILENT,
  rule: 'placeholder-manufacturer',
  reason: 'The manufacturer is a placeholder, so the model cannot be trusted to name a product',
};

/** The table knows laptop from desktop; the family name knows which of them are workstations. */
function findingOf(entry: LenovoMachineType, rules: RuleIndex | undefined): CatalogueFinding {
  const family = rules?.find(toWords(entry.friendlyName).replace(/^LENOVO /, ''))?.formFactor;
  const isWorkstation =
    (entry.formFactor === 'laptop' && family === 'workstation_mobile') ||
    (entry.formFactor === 'desktop' && family === 'workstation_fixed');
  const named = entry.friendlyName === '' ? '' : ` (${entry.friendlyName})`;
  const formFactor = isWorkstation ? family : entry.formFactor;
  return {
    formFactor,
    rule: 'lenovo-machine-type',
    reason: entry.correction ?? `Lenovo machine type ${entry.machineType}${named} is recorded as ${formFactor}`,
    confidence:
      entry.devices === 0
        ? TRUST_IN_MANUALS
        : MOST_TRUST_IN_TABLE - (MOST_TRUST_IN_TABLE - LEAST_TRUST_IN_TABLE) / entry.devices,
    vendor: LENOVO,
    source: entry.source,
    machineType: entry,
  };
}

function findingBetween({ machineType, below, above, formFactor }: Neighbours): CatalogueFinding {
  const run = `${below.machineType} and ${above.machineType}`;
  return {
    formFactor,
    rule: 'lenovo-machine-type-run',
    reason: `Lenovo machine type ${machineType} is not recorded, but it lies between ${run}, both a ${formFactor}`,
    confidence: TRUST_IN_NEIGHBOURS,
    vendor: LENOVO,
    source: 'linuxhw-dmi',
    machineType: undefined,
  };
}

function checkRules(data: CatalogueData): void {
  const vendors = new Set([ANY, ...data.makers.map((maker) => maker.vendor)]);
  const ids = new Set<string>();
  for (const rule of data.rules) {
    if (ids.has(rule.id)) throw new Error(`Two rules are called ${rule.id}`);
    ids.add(rule.id);
    if (!vendors.has(rule.vendor)) throw new Error(`Rule ${rule.id} belongs to the unknown maker ${rule.vendor}`);
    if (!isFormFactor(rule.formFactor))
      throw new Error(`Rule ${rule.id} gives the unknown class ${String(rule.formFactor)}`);
    if (!(rule.confidence > 0 && rule.confidence <= 1))
      throw new Error(`Rule ${rule.id} needs a confidence from 0 to 1`);
  }
}
