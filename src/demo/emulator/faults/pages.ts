import type { FaultName } from './catalogue.js';
import { draw } from './fault.js';
import type { Effect } from './fault-set.js';
import { breakRecord } from './records.js';

/** One page of a listing or a delta round before it becomes text. */
export interface Page {
  readonly context: string;
  readonly count?: number;
  /** JSON texts of the records. */
  readonly rows: readonly string[];
  readonly nextLink?: string;
  readonly deltaLink?: string;
  /** How the array of rows is shown; faults damage it. */
  readonly valueForm?: 'missing' | 'twice';
}

/** What page faults may need to know and to make. */
export interface PageSurroundings {
  readonly number: number;
  /** URL of this page as it was asked for. */
  readonly ownUrl: string;
  /** A link that leads to this page's rows again, as the following page. */
  readonly linkToSameRows: () => string;
  /** A link to the first rows, as the following page. */
  readonly linkToStart: () => string;
  /** A link behind the last row. */
  readonly linkToEnd: () => string;
  /** URL of the first page. */
  readonly firstUrl: string;
  /** JSON texts of the rows of the page before. */
  readonly rowsBefore: () => readonly string[];
}

type PageFault = (page: Page, around: PageSurroundings, effect: Effect) => Page;

/** What the faults inside pages make of a page. */
export function alterPage(page: Page, surroundings: PageSurroundings, effects: readonly Effect[]): Page {
  return effects.reduce(
    (altered, effect) => PAGE_FAULTS[effect.fault.name]?.(altered, surroundings, effect) ?? altered,
    page,
  );
}

const PAGE_FAULTS: Partial<Readonly<Record<FaultName, PageFault>>> = {
  'empty-pages': (page, around) => leadingTo({ ...page, rows: [] }, around.linkToSameRows()),
  duplicates: (page, around, { fault, seed, hit }) => {
    const again = page.rows.filter((_, index) => draw(seed, 'duplicates', hit, index) < (fault.share ?? 0));
    return { ...page, rows: [...around.rowsBefore().slice(-1), ...page.rows, ...again] };
  },
  replay: (page, around) => ({ ...page, rows: [...around.rowsBefore(), ...page.rows] }),
  'next-link-loop': (page, around, { fault }) => {
    const length = fault.count ?? 1;
    if (length <= 1) return leadingTo(page, around.ownUrl);
    return leadingTo(page, around.number % length === 0 ? around.firstUrl : (page.nextLink ?? around.linkToStart()));
  },
  'next-link-elsewhere': (page, around, { fault }) =>
    leadingTo(page, elsewhere(page.nextLink ?? around.linkToStart(), fault.value ?? '')),
  'endless-paging': (page, around) => (page.nextLink === undefined ? leadingTo(page, around.linkToStart()) : page),
  'early-end': (page) => ({ ...page, nextLink: undefined }),
  // The page behind the link is empty and has a delta link alone, so that a client which follows it comes to an end.
  'both-links': (page, around) =>
    page.deltaLink === undefined || page.rows.length === 0 ? page : { ...page, nextLink: around.linkToEnd() },
  'no-links': (page) => ({ ...page, deltaLink: undefined }),
  'value-missing': (page) => ({ ...page, valueForm: 'missing' }),
  'duplicate-value': (page) => ({ ...page, valueForm: 'twice' }),
  'count-mismatch': (page, _, { fault }) =>
    page.count === undefined ? page : { ...page, count: page.count + (fault.count ?? 0) },
  'broken-records': (page, around, { fault, seed }) => {
    const isBroken = (index: number): boolean =>
      fault.share === undefined ? index < (fault.count ?? 1) : draw(seed, 'broken', around.number, index) < fault.share;
    return {
      ...page,
      rows: page.rows.map((row, index) => (isBroken(index) ? breakRecord(row, fault.value ?? 'missing-id') : row)),
    };
  },
};

function leadingTo(page: Page, nextLink: string): Page {
  return { ...page, nextLink, deltaLink: undefined };
}

// Replaced as text: the other origin may be one that no URL parser accepts, or one with a user name in it.
function elsewhere(link: string, origin: string): string {
  return link.replace(/^https:\/\/[^/]+/, origin);
}

/** The page as JSON text. */
export function pageText(page: Page): string {
  let text = `{"@odata.context":${JSON.stringify(page.context)}`;
  if (page.count !== undefined) text += `,"@odata.count":${page.count}`;
  if (page.nextLink !== undefined) text += `,"@odata.nextLink":${JSON.stringify(page.nextLink)}`;
  if (page.deltaLink !== undefined) text += `,"@odata.deltaLink":${JSON.stringify(page.deltaLink)}`;
  if (page.valueForm !== 'missing') text += `,"value":[${page.rows.join(',')}]`;
  if (page.valueForm === 'twice') text += ',"value":[]';
  return `${text}}`;
}
