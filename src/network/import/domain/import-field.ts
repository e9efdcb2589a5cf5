/** How the text of a field is read and checked. */
export type FieldReading =
  | { readonly kind: 'text'; readonly longest: number }
  /** A whole number; of a column in another unit, the nearest one. */
  | { readonly kind: 'whole'; readonly least: number; readonly most: number }
  | { readonly kind: 'figure'; readonly least: number; readonly most: number }
  /** The words of a closed list, by how people write them, as `headerKey` has it. */
  | { readonly kind: 'choice'; readonly choices: Readonly<Record<string, string>> }
  | { readonly kind: 'day' }
  /** A time of day in the UK unless its offset says otherwise. */
  | { readonly kind: 'time' }
  | { readonly kind: 'addresses' }
  | { readonly kind: 'postcode' }
  /** Code of a local authority (Office for National Statistics, names and codes of administrative geography). */
  | { readonly kind: 'authority' };

/** One field that files of a kind can bring. */
export interface ImportField {
  /** The column that it goes into; `site` and `remote_access` stand for the names of what their ids point to. */
  readonly name: string;
  /** The header that the template has. */
  readonly header: string;
  readonly label: string;
  readonly reading: FieldReading;
  /** Whether every row has to say it. */
  readonly required: boolean;
  /** Headers that are known to mean it, as `headerKey` has them, with what a figure below them is multiplied by. */
  readonly headers: Readonly<Record<string, number>>;
  /** Whether of several such columns the first is read; otherwise they are a mistake. */
  readonly firstOfSeveral: boolean;
}

interface FieldOptions {
  readonly required?: boolean;
  readonly headers?: readonly string[];
  readonly scaled?: Readonly<Record<string, number>>;
  readonly firstOfSeveral?: boolean;
}

/** The Postgres type of what is read. */
export function columnType({ kind }: FieldReading): 'text' | 'integer' | 'real' | 'date' | 'timestamptz' | 'cidr' {
  switch (kind) {
    case 'whole':
      return 'integer';
    case 'figure':
      return 'real';
    case 'day':
      return 'date';
    case 'time':
      return 'timestamptz';
    case 'addresses':
      return 'cidr';
    case 'text':
    case 'choice':
    case 'postcode':
    case 'authority':
      return 'text';
  }
}

/** @param options.scaled headers in another unit, with what their figures are multiplied by */
export function field(
  name: string,
  header: string,
  label: string,
  reading: FieldReading,
  { required = false, headers = [], scaled = {}, firstOfSeveral = false }: FieldOptions = {},
): ImportField {
  const known = Object.fromEntries(headers.map((each) => [each, 1]));
  return { name, header, label, reading, required, headers: { ...known, ...scaled }, firstOfSeveral };
}
