import type { NamedColumn } from '../common/csv-columns.js';
import { columnsNamed } from '../common/csv-columns.js';
import { InputError, type FieldError } from '../common/errors.js';
import type { ListDefinition } from './list-definition.js';
import { ParametersPipe } from './parameters.pipe.js';

/** What an address brings after its question mark, as the server parsed it: a name given twice has a list. */
export type RawQuery = Readonly<Record<string, unknown>>;

/** What is asked of a list, checked. */
export interface ListRequest<Row, Parameters> {
  /** What to read; null when something given is not valid. */
  readonly parameters: Parameters | null;
  /** Filters, order and columns as they were given, for links; the place in the list is not part of it. */
  readonly query: Readonly<Record<string, string>>;
  readonly columns: readonly NamedColumn<Row>[];
  readonly errors: readonly FieldError[];
  /** Whether it begins at the beginning of the list. */
  readonly isFirstPage: boolean;
}

/** Boxes of the form that chooses columns are called this and the name of the column. */
export const COLUMN_BOX = 'column-';
const COLUMNS = 'columns';
const CURSOR = 'cursor';

const pipe = new ParametersPipe();

/**
 * Checks what is asked of a list against the class of its parameters. What is wrong with a filter is told on its field.
 * @throws InputError 400 for everything else that is wrong: no form of this site sends it.
 */
export async function readListRequest<Row, Parameters extends object>(
  list: ListDefinition<Row, Parameters>,
  raw: RawQuery,
): Promise<ListRequest<Row, Parameters>> {
  const { [COLUMNS]: chosen, ...given } = withoutEmpty(raw);
  const shown = list.shown.join(',');
  const columns = columnsNamed(list.columns, typeof chosen === 'string' ? chosen : shown);
  if (columns === null || !(chosen === undefined || typeof chosen === 'string')) {
    const known = list.columns.map(({ name }) => name).join(', ');
    const message = `give names with commas between them, each once; known are ${known}`;
    throw new InputError(`Put these parameters right: ${COLUMNS}.`, [{ field: COLUMNS, message }], 400);
  }
  let parameters: Parameters | null = null;
  let errors: readonly FieldError[] = [];
  try {
    parameters = (await pipe.transform(given, { type: 'query', metatype: list.parameters })) as Parameters;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const isOnForm = error.fields.every(({ field }) => list.fields.some(({ name }) => name === field));
    if (!isOnForm) throw error;
    errors = error.fields;
  }
  const { [CURSOR]: cursor, ...rest } = given;
  const query = Object.entries({ ...rest, ...(chosen === undefined || chosen === shown ? {} : { [COLUMNS]: chosen }) });
  return {
    parameters,
    query: Object.fromEntries(query.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    columns,
    errors,
    isFirstPage: cursor === undefined,
  };
}

/**
 * The query of a form that was sent without what was left empty, its boxes for columns put into words; null for one that
 * is in this form already. It makes addresses that people can read and pass on.
 */
export function tidied<Row>(
  list: Pick<ListDefinition<Row, object>, 'columns' | 'shown'>,
  raw: RawQuery,
): Readonly<Record<string, string>> | null {
  const entries = Object.entries(raw);
  const boxes = list.columns.filter(({ name }) => raw[COLUMN_BOX + name] !== undefined);
  if (boxes.length === 0 && entries.every(([, value]) => value !== '')) return null;
  // A name that came twice is no form's doing; it is answered by what checks the parameters.
  if (entries.some(([, value]) => typeof value !== 'string')) return null;
  const kept = (entries as [string, string][]).filter(
    ([name, value]) => value !== '' && !boxes.some((box) => COLUMN_BOX + box.name === name),
  );
  const columns = boxes.map(({ name }) => name).join(',');
  const isChosen = columns !== '' && columns !== list.shown.join(',');
  return Object.fromEntries(isChosen ? [...kept, [COLUMNS, columns]] : kept);
}

function withoutEmpty(raw: RawQuery): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== ''));
}

/**
 * The address of a list with a query. One that asks for nothing says so, as without a word it means the view with which
 * somebody wants to begin.
 */
export function listAddress(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(given.length === 0 ? [['view', 'all']] : given).toString();
  return `${path}?${text}`;
}
