import { columnType } from './domain/import-field.js';
import { IMPORT_KINDS } from './domain/import-kinds.js';
import type { ImportedKind } from './domain/import-words.js';

/** A column that rows of a kind write. */
export interface TargetColumn {
  readonly name: string;
  /** Its Postgres type. */
  readonly type: string;
  /** Name of the field under which a change is shown. */
  readonly field: string;
  /** SQL of a value in words, from SQL of the value. */
  readonly shown: (value: string) => string;
}

/** What a row cannot do although each of its cells is right. */
export interface TargetProblem {
  /** SQL over `entry`, the record as it is, `said`, as it would be, and `difference.changes`. */
  readonly when: string;
  /** The field that is to blame. */
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}

/** Where rows of a kind go. */
export interface ImportTarget {
  readonly table: string;
  readonly columns: readonly TargetColumn[];
  /** Columns by which a row finds the record that it is about; two rows of a file with the same are one too many. */
  readonly key: readonly { readonly column: string; readonly caseMatters: boolean; readonly type: string }[];
  /** SQL over `entry` for records that rows may be about; most may all be. */
  readonly among: string;
  /** What a record keeps of where it comes from. */
  readonly stamp: 'person' | 'import';
  readonly problem: TargetProblem | null;
  /** Whether sites are judged by what the rows say. */
  readonly judgesSites: boolean;
}

const plain = (value: string): string => value;
const REFERENCES: Readonly<Record<string, { readonly column: string; readonly table: string }>> = {
  site: { column: 'site_id', table: 'network_site' },
  remote_access: { column: 'remote_access_id', table: 'remote_access' },
};

const key = (column: string, type = 'text', caseMatters = true): ImportTarget['key'][number] => ({
  column,
  type,
  caseMatters,
});
const SITE_KEY = key('site_id', 'integer');
const AREA_KEY = [key('area_kind'), key('area_code'), key('snapshot', 'date')];

function columnsOf(kind: ImportedKind): readonly TargetColumn[] {
  return IMPORT_KINDS[kind].fields
    .filter(({ reading }) => reading.kind !== 'postcode')
    .map(({ name, reading }) => {
      const reference = REFERENCES[name];
      if (!reference) return { name, type: columnType(reading), field: name, shown: plain };
      const shown = (value: string): string =>
        `(select shown.name from ${reference.table} as shown where shown.id = ${value})`;
      return { name: reference.column, type: 'integer', field: name, shown };
    });
}

const own = (name: string, type: string): TargetColumn => ({ name, type, field: name, shown: plain });
const COVERAGE = {
  table: 'area_coverage',
  key: AREA_KEY,
  among: 'true',
  stamp: 'import',
  problem: null,
  judgesSites: false,
} as const;
const ENTERED = { among: 'true', stamp: 'person', problem: null, judgesSites: true } as const;

/** Where rows of each kind go. */
export const IMPORT_TARGETS: Readonly<Record<ImportedKind, ImportTarget>> = {
  sites: { ...ENTERED, table: 'network_site', columns: columnsOf('sites'), key: [key('name', 'text', false)] },
  links: {
    ...ENTERED,
    table: 'network_link',
    columns: columnsOf('links'),
    key: [SITE_KEY, key('name')],
    problem: {
      when: 'said.live_until < said.live_from',
      field: 'live_until',
      message: 'The link would end before it begins.',
      fix: 'Correct one of the two days.',
    },
  },
  // Ranges tell where measurements to come are made; no verdict changes by them.
  ranges: {
    ...ENTERED,
    table: 'network_range',
    columns: columnsOf('ranges'),
    key: [key('kind'), key('network', 'cidr')],
    judgesSites: false,
  },
  surveys: {
    ...ENTERED,
    table: 'wifi_survey',
    columns: columnsOf('surveys'),
    key: [SITE_KEY, key('surveyed_on', 'date'), key('floors')],
    among: 'entry.withdrawn_at is null',
    problem: {
      when: `entry.id is not null and difference.changes <> '{}'`,
      field: 'result',
      message: 'A survey of this day is entered already, and what a survey found is never changed.',
      fix: 'If that one is wrong, withdraw it on the page of the site and send the file again.',
    },
  },
  site_tests: {
    ...ENTERED,
    table: 'site_test',
    columns: columnsOf('site_tests'),
    key: [SITE_KEY, key('tested_at', 'timestamptz'), key('source')],
    stamp: 'import',
  },
  authority_coverage: {
    ...COVERAGE,
    columns: [own('area_kind', 'text'), own('snapshot', 'date'), ...columnsOf('authority_coverage')],
  },
  postcode_coverage: {
    ...COVERAGE,
    columns: [
      own('area_kind', 'text'),
      own('snapshot', 'date'),
      own('area_code', 'text'),
      own('postcodes', 'integer'),
      ...columnsOf('postcode_coverage'),
    ],
  },
};

/** What rows of a kind refer to by name. */
export function referencesOf(kind: ImportedKind): readonly { field: string; column: string; table: string }[] {
  return Object.entries(REFERENCES)
    .filter(([field]) => IMPORT_KINDS[kind].fields.some(({ name }) => name === field))
    .map(([field, reference]) => ({ field, ...reference }));
}
