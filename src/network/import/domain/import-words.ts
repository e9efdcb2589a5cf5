/** What a file about networks is about; of one kind each. */
export const IMPORTED_KINDS = [
  'sites',
  'links',
  'ranges',
  'surveys',
  'site_tests',
  'authority_coverage',
  'postcode_coverage',
] as const;
export type ImportedKind = (typeof IMPORTED_KINDS)[number];

export const IMPORTED_KIND_WORDS: Readonly<Record<ImportedKind, string>> = {
  sites: 'Sites',
  links: 'Links',
  ranges: 'Ranges of addresses',
  surveys: 'Wi-Fi surveys',
  site_tests: 'Tests at sites',
  authority_coverage: 'Coverage by local authority',
  postcode_coverage: 'Coverage by postcode',
};

/** Where an import stands: being read, checked and shown as a dry run, applied. */
export const NETWORK_IMPORT_STATES = ['reading', 'checked', 'applied'] as const;
export type NetworkImportState = (typeof NETWORK_IMPORT_STATES)[number];

/** What applying does with a row. */
export const SHOWN_OUTCOMES = ['new', 'changed', 'unchanged', 'refused'] as const;
export type ShownOutcome = (typeof SHOWN_OUTCOMES)[number];

/** The same; `read` only until the row was compared with what is known. */
export const NETWORK_ROW_OUTCOMES = ['read', ...SHOWN_OUTCOMES] as const;
export type NetworkRowOutcome = (typeof NETWORK_ROW_OUTCOMES)[number];

/** What a cell says once it is read. */
export type FieldValue = string | number;

/** Areas for which coverage is published. */
export const AREA_KINDS = ['authority', 'postcode_district'] as const;
export type AreaKind = (typeof AREA_KINDS)[number];

export const AREA_KIND_WORDS: Readonly<Record<AreaKind, string>> = {
  authority: 'Local authority',
  postcode_district: 'Postcode district',
};
