import type { FormFactor } from './form-factor.js';

/** A maker and the names under which firmware reports it. */
export interface Maker {
  /** Our key for the maker, the `vendor` of its rules. */
  readonly vendor: string;
  /** Leading words of the manufacturer string; `=` in front means the whole string. The first is the usual one. */
  readonly names: readonly string[];
  /** Leading words of a model that only this maker uses: they tell the maker when its own name is not known. */
  readonly brands: readonly string[];
}

/** One reviewed statement about a family of models. The order of rules is their precedence: the first that fits decides. */
export interface FormFactorRule {
  readonly id: string;
  /** A maker's key, or `any`. */
  readonly vendor: string;
  /** Patterns in the language of `compileNamePattern`, of which one must fit. None: whatever else of this maker. */
  readonly patterns: readonly string[];
  /** Phrases of which one must stand in the name, unless there are none. */
  readonly words: readonly string[];
  /** Phrases of which none may stand in the name. */
  readonly without: readonly string[];
  readonly formFactor: FormFactor;
  /** 0 to 1: how sure a reviewer may be that a machine of this name has this form. */
  readonly confidence: number;
  readonly reason: string;
  /** Key into the list of sources. */
  readonly source: string;
  /** Names that this rule, and no other, decides: `model`, or `manufacturer > model`. */
  readonly examples: readonly string[];
}

/** What is known of the first four characters of a Lenovo model. */
export interface LenovoMachineType {
  readonly machineType: string;
  readonly formFactor: FormFactor;
  readonly friendlyName: string;
  /** Number of real machines behind the record; 0 if it is from the maker's manuals. */
  readonly devices: number;
  /** Why we differ from the record, if we do. */
  readonly correction: string | undefined;
  /** Key into the list of sources. */
  readonly source: string;
}

/** Strings that firmware carries where nobody filled in a name, compared without spaces and punctuation. */
export interface PlaceholderNames {
  readonly whole: readonly string[];
  readonly parts: readonly string[];
}

/** Everything the classifier knows, as read from the data files. */
export interface CatalogueData {
  readonly makers: readonly Maker[];
  readonly rules: readonly FormFactorRule[];
  readonly machineTypes: readonly LenovoMachineType[];
  readonly placeholders: PlaceholderNames;
}
