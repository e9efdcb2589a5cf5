/** What a text by which something is found is, as the search names it. */
export const SEARCH_FIELDS = [
  'serial-number',
  'asset-tag',
  'hostname',
  'former-hostname',
  'name',
  'user-principal-name',
  'mail',
  'model',
] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];
