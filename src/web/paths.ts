/** Every address of the site that a page links to. */
export const paths = {
  status: (): string => '/',
  search: (text?: string): string => (text === undefined ? '/search' : `/search?q=${encodeURIComponent(text)}`),
  runs: (cursor?: string): string => (cursor === undefined ? '/sync' : `/sync?cursor=${encodeURIComponent(cursor)}`),
  runsFile: (): string => '/api/v1/sync/runs.csv',
  run: (id: number): string => `/sync/runs/${id}`,
  apiDocumentation: (): string => '/api/docs',
  apiDescription: (): string => '/api/openapi.json',
} as const;
