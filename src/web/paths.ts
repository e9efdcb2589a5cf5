/** Every address of the site that a page links to. */
export const paths = {
  home: (): string => '/',
  status: (): string => '/status',
  search: (text?: string): string => (text === undefined ? '/search' : `/search?q=${encodeURIComponent(text)}`),
  runs: (cursor?: string): string => (cursor === undefined ? '/sync' : `/sync?cursor=${encodeURIComponent(cursor)}`),
  runsFile: (): string => '/api/v1/sync/runs.csv',
  progress: (): string => '/sync/progress',
  run: (id: number): string => `/sync/runs/${id}`,
  source: (source: string): string => `/sync/sources/${source}`,
  readSource: (source: string): string => `/sync/sources/${source}/read`,
  pauseSource: (source: string): string => `/sync/sources/${source}/pause`,
  resumeSource: (source: string): string => `/sync/sources/${source}/resume`,
  devices: (): string => '/devices',
  device: (id: number, before?: string): string =>
    before === undefined ? `/devices/${id}` : `/devices/${id}?before=${encodeURIComponent(before)}`,
  custodyCommand: (id: number, command: string): string => `/devices/${id}/${command}`,
  deviceLabel: (id: number): string => `/devices/${id}/label`,
  deviceHistory: (id: number, cursor?: string): string =>
    cursor === undefined ? `/devices/${id}/custody` : `/devices/${id}/custody?cursor=${encodeURIComponent(cursor)}`,
  deviceEvidence: (id: number): string => `/devices/${id}/evidence`,
  evidenceFile: (id: number, evidenceId: number): string => `/devices/${id}/evidence/${evidenceId}`,
  settleCustody: (id: number): string => `/devices/${id}/settle`,
  bulkCustody: (command?: string, devices: readonly number[] = []): string => {
    const query = new URLSearchParams([
      ...(command === undefined ? [] : [['command', command]]),
      ...devices.map((id) => ['device', String(id)]),
    ]).toString();
    return query === '' ? '/devices/bulk' : `/devices/bulk?${query}`;
  },
  bulkAction: (id: number): string => `/devices/bulk/${id}`,
  bulkFile: (id: number): string => `/api/v1/custody/bulk/${id}/lines.csv`,
  receiveStock: (): string => '/stock/receive',
  people: (): string => '/people',
  person: (id: number): string => `/people/${id}`,
  licences: (): string => '/licences',
  licence: (skuId: string): string => `/licences/${skuId}`,
  models: (): string => '/models',
  modelDecision: (manufacturer: string, model: string): string =>
    `/models/decision?${new URLSearchParams({ manufacturer, model }).toString()}`,
  modelWithdrawal: (manufacturer: string, model: string): string =>
    `/models/withdrawal?${new URLSearchParams({ manufacturer, model }).toString()}`,
  reviews: (): string => '/reviews',
  review: (id: number): string => `/reviews/${id}`,
  decisions: (): string => '/decisions',
  decision: (id: number): string => `/decisions/${id}`,
  leavers: (): string => '/leavers',
  held: (): string => '/held',
  hold: (id: number): string => `/held/${id}`,
  releaseHold: (id: number): string => `/held/${id}/release`,
  imports: (): string => '/imports',
  newImport: (): string => '/imports/new',
  import: (id: number): string => `/imports/${id}`,
  importRow: (id: number, line: number): string => `/imports/${id}/rows/${line}`,
  savedViews: (): string => '/saved-views',
  newSavedView: (list: string, query: string): string =>
    `/saved-views/new?${new URLSearchParams({ list, query }).toString()}`,
  savedView: (id: number): string => `/saved-views/${id}`,
  me: (): string => '/me',
  audit: (): string => '/audit',
  tokens: (): string => '/tokens',
  newToken: (): string => '/tokens/new',
  revokeToken: (id: number): string => `/tokens/${id}/revoke`,
  signIn: (returnTo?: string): string =>
    returnTo === undefined || returnTo === '/'
      ? '/sign-in'
      : `/sign-in?${new URLSearchParams({ returnTo }).toString()}`,
  signInAsAnother: (): string => '/sign-in?account=another',
  signInCallback: (): string => '/sign-in/callback',
  signOut: (): string => '/sign-out',
  accessibility: (): string => '/accessibility',
  cookies: (): string => '/cookies',
  apiDocumentation: (): string => '/api/docs',
  apiDescription: (): string => '/api/openapi.json',
} as const;
