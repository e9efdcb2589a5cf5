import { WORK_STYLE_WORDS, type WorkStyle } from '../../../rollout/domain/move-words.js';
import { supplyWords } from '../../domain/catalogue-words.js';
import type { Holdings } from '../../domain/eligibility.js';
import type { DraftLine } from '../../domain/line-plan.js';
import { shownPounds } from '../../domain/money.js';
import { PRODUCT_KIND_WORDS } from '../../domain/product-words.js';
import type { Beneficiary } from '../beneficiaries.queries.js';
import type { Catalogue } from '../catalogue.queries.js';

interface Option {
  readonly value: string;
  readonly text: string;
  readonly hint?: string;
}

/** People to tick, each with what they have and how they work. */
export function peopleOptions(
  people: readonly Beneficiary[],
  holdings: ReadonlyMap<string, Holdings>,
  self: string,
): Option[] {
  return people.map(({ id, entraId, displayName, jobTitle, site, workStyle }) => {
    const machines = holdings.get(entraId)?.machines ?? [];
    const has =
      machines.length === 0 ? 'has no laptop or desktop' : `has ${machines.map(({ label }) => label).join('; ')}`;
    const style = workStyle === null ? null : WORK_STYLE_WORDS[workStyle as WorkStyle];
    return {
      value: String(id),
      text: `${displayName ?? 'Without a name'}${entraId === self ? ' (you)' : ''}`,
      hint: [jobTitle, site, style, has].filter((part) => part !== null && part !== '').join(', '),
    };
  });
}

/** Leaves what each of a draft’s people gets. */
export const AS_IT_IS: Option = {
  value: 'as-it-is',
  text: 'What each of them gets now',
  hint: 'Nothing is taken away. Single items that you enter below are added for each person.',
};

/** Bundles to choose from, each with what is in it. */
export function bundleOptions({ bundles, products }: Catalogue): Option[] {
  const nameOf = new Map(products.map(({ id, name }) => [id, name]));
  const options = bundles.map(({ id, name, pricePence, description, items }) => {
    const contents = items
      .map(({ productId, quantity }) => `${quantity > 1 ? `${quantity} × ` : ''}${nameOf.get(productId) ?? ''}`)
      .join(', ');
    return {
      value: String(id),
      text: `${name}, ${shownPounds(pricePence)}`,
      hint: description === null ? contents : `${description} ${contents}`,
    };
  });
  const byStyle = bundles.some(({ workStyle }) => workStyle !== null)
    ? [
        {
          value: 'by-work-style',
          text: 'Each person’s bundle by their work style',
          hint: 'As their move says how they work.',
        },
      ]
    : [];
  return [...byStyle, ...options, { value: 'none', text: 'No bundle, single items only' }];
}

/** One product of the catalogue with the box for how many. */
export interface ProductRow {
  readonly field: string;
  readonly name: string;
  readonly kind: string;
  readonly note: string;
  readonly price: string;
  readonly supply: string;
  readonly value: string;
}

/** Single items, each with price, stock and rules. */
export function productRows({ products }: Catalogue, chosen: ReadonlyMap<number, number>): ProductRow[] {
  return products.map((product) => {
    const { id, name, kind, description, mostEach, reasonNeeded, replacesKind, pricePence } = product;
    const rules = [
      description,
      mostEach === null ? null : `At most ${mostEach} for each person without a reason.`,
      reasonNeeded
        ? kind === 'assistive_technology'
          ? 'Needs a reason, which stays private.'
          : 'Needs a reason.'
        : null,
      replacesKind ? 'The machine that it replaces is given back.' : null,
    ];
    return {
      field: `quantity-${id}`,
      name,
      kind: PRODUCT_KIND_WORDS[kind],
      note: rules.filter((rule) => rule !== null && rule !== '').join(' '),
      price: shownPounds(pricePence),
      supply: supplyWords(product),
      value: chosen.has(id) ? String(chosen.get(id)) : '',
    };
  });
}

/**
 * What a draft chose, when everybody in it gets the same, all of a bundle, and nothing that is not offered any more; null
 * when the form could not say it.
 */
export function sharedChoices(
  lines: readonly DraftLine[],
  { bundles, products }: Catalogue,
): { readonly bundle: string; readonly items: ReadonlyMap<number, number> } | null {
  const people = [...new Set(lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId))];
  const [first, ...others] = people.map((person) =>
    lines
      .filter(({ beneficiaryEntraId }) => beneficiaryEntraId === person)
      .map(({ productId, quantity, bundleId }) => ({ productId, quantity, bundleId }))
      .sort((one, other) => one.productId - other.productId),
  );
  if (first === undefined || others.some((each) => JSON.stringify(each) !== JSON.stringify(first))) return null;
  const offered = new Set(products.map(({ id }) => id));
  if (first.some(({ productId }) => !offered.has(productId))) return null;
  const bundleId = first.find((line) => line.bundleId !== null)?.bundleId ?? null;
  const inBundle = new Map(
    bundles.find(({ id }) => id === bundleId)?.items.map(({ productId, quantity }) => [productId, quantity]),
  );
  const quantityOf = new Map(first.map(({ productId, quantity }) => [productId, quantity]));
  if ([...inBundle].some(([productId, quantity]) => (quantityOf.get(productId) ?? 0) < quantity)) return null;
  const items = first.flatMap(({ productId, quantity }): [number, number][] => {
    const more = quantity - (inBundle.get(productId) ?? 0);
    return more > 0 ? [[productId, more]] : [];
  });
  return { bundle: bundleId === null ? 'none' : String(bundleId), items: new Map(items) };
}
