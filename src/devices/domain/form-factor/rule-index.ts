import type { FormFactorRule } from './catalogue-data.js';
import { compileNamePattern, type NamePattern } from './name-pattern.js';
import { containsPhrase } from './name-text.js';

interface CompiledRule {
  readonly rule: FormFactorRule;
  readonly patterns: readonly NamePattern[];
  /** All patterns in one; fits everything if there are none. */
  readonly expression: RegExp;
}

/** The rules of one maker, in order of precedence, found by the first character of the model. */
export class RuleIndex {
  readonly #byFirstCharacter = new Map<string, readonly CompiledRule[]>();
  readonly #open: readonly CompiledRule[];
  readonly #fallback: FormFactorRule | undefined;

  /** @throws Error if a pattern is malformed or the maker has two rules for "whatever else" */
  constructor(rules: readonly FormFactorRule[]) {
    const fallbacks = rules.filter((rule) => rule.patterns.length === 0 && rule.words.length === 0);
    if (fallbacks.length > 1)
      throw new Error(`More than one rule for whatever else: ${fallbacks.map((r) => r.id).join(', ')}`);
    this.#fallback = fallbacks[0];
    const compiled = rules.filter((rule) => rule !== this.#fallback).map(compileRule);
    this.#open = compiled.filter(({ patterns }) => startsAnywhere(patterns));
    const characters = new Set(
      compiled.flatMap(({ patterns }) => patterns.flatMap((p) => [...(p.firstCharacters ?? [])])),
    );
    for (const character of characters) {
      const fitting = compiled.filter(({ patterns }) => startsAnywhere(patterns) || startsWith(patterns, character));
      this.#byFirstCharacter.set(character, fitting);
    }
  }

  /** The first rule that fits, or undefined. */
  find(words: string): FormFactorRule | undefined {
    const candidates = this.#byFirstCharacter.get(words.charAt(0)) ?? this.#open;
    for (const candidate of candidates) {
      if (fits(candidate, words)) return candidate.rule;
    }
    return undefined;
  }

  /** The rule for whatever else this maker makes, or undefined. */
  get fallback(): FormFactorRule | undefined {
    return this.#fallback;
  }
}

function compileRule(rule: FormFactorRule): CompiledRule {
  const patterns = rule.patterns.map(compileNamePattern);
  return { rule, patterns, expression: new RegExp(patterns.map(({ expression }) => expression).join('|')) };
}

function startsAnywhere(patterns: readonly NamePattern[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => pattern.firstCharacters === undefined);
}

function startsWith(patterns: readonly NamePattern[], character: string): boolean {
  return patterns.some((pattern) => pattern.firstCharacters?.has(character));
}

function fits({ rule, expression }: CompiledRule, words: string): boolean {
  if (!expression.test(words)) return false;
  if (rule.words.length > 0 && !rule.words.some((phrase) => containsPhrase(words, phrase))) return false;
  return !rule.without.some((phrase) => containsPhrase(words, phrase));
}
