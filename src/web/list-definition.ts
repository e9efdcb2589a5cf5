import type { Type } from '@nestjs/common';
import type { NamedColumn } from '../common/csv-columns.js';
import type { ShownTime } from '../common/uk-time.js';
import type { Permission } from '../auth/permissions.js';
import type { ListName } from './lists.js';

/** What one cell of a list shows: text, a link, a time, a tag, or several of these one below the other. */
export interface Cell {
  readonly text?: string;
  readonly href?: string;
  /** Modifier of GOV.UK's tag, such as `govuk-tag--orange`; the text is then shown as a tag. */
  readonly tag?: string;
  /** A sign before the text of a tag that says the same as its colour; nobody who listens hears it. */
  readonly shape?: string;
  readonly time?: ShownTime | null;
  readonly parts?: readonly Cell[];
}

/** One filter of a list; its name is that of the parameter which it fills. */
export interface ListField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** `hidden` for what links narrow a list to and nobody types. */
  readonly kind: 'search' | 'text' | 'day' | 'choice' | 'hidden';
  /** What can be chosen, by value; for `choice` only. */
  readonly options?: readonly ListOption[];
  /** What leaving a choice open is called; `Any` unless it means something else. */
  readonly open?: string;
  /** What is often typed; the browser offers it. */
  readonly suggestions?: readonly string[];
}

export interface ListOption {
  readonly value: string;
  readonly text: string;
}

/** A list as pages show it. The class of its parameters is the API's own, so that both accept exactly the same. */
export interface ListDefinition<Row, Parameters extends object> {
  /** Under which views of it are kept; null for a list that is part of something else. */
  readonly name: ListName | null;
  readonly title: string;
  /** What of the navigation is current. */
  readonly section: string;
  readonly path: string;
  /** What its rows are called, in lower case. */
  readonly one: string;
  readonly many: string;
  readonly parameters: Type<Parameters>;
  readonly fields: readonly ListField[];
  /** Columns of the page and of its file. */
  readonly columns: readonly NamedColumn<Row>[];
  /** Names of the columns that are shown unless others are chosen; the first heads its row. */
  readonly shown: readonly string[];
  /** Names of ascending orders by the column that they sort by; a leading minus reverses one. */
  readonly sorts: Readonly<Record<string, string>>;
  readonly defaultSort: string | null;
  /** How columns are shown, by name, where plain text does not do. */
  readonly cells: Readonly<Record<string, (row: Row, now: Date) => Cell>>;
  /** Columns whose values are numbers to compare. */
  readonly numeric?: readonly string[];
  /** Address of its file, and what it takes to get it; null when there is none. */
  readonly file: { readonly path: string; readonly permission: Permission } | null;
  /** What to do when there is nothing at all. */
  readonly nothing: string;
}

/** `Yes` and `No` for a parameter that is `true` or `false`. */
export function yesOrNo(yes = 'Yes', no = 'No'): readonly ListOption[] {
  return [
    { value: 'true', text: yes },
    { value: 'false', text: no },
  ];
}

/** Options that are called what `names` says, in its order. */
export function optionsOf(names: Readonly<Record<string, string>>): readonly ListOption[] {
  return Object.entries(names).map(([value, text]) => ({ value, text }));
}
