/** What a kind of fault does, and how it behaves when the fault itself does not say. */
export interface FaultKind {
  /**
   * Where it takes effect: `token` at the token endpoint, `answer` instead of the true answer, `content` inside it, `damage`
   * to its transfer, of which a request suffers one at most, `wire` on the way to the client otherwise.
   */
  readonly stage: 'token' | 'answer' | 'content' | 'damage' | 'wire';
  readonly description: string;
  /** A pattern that the request must match besides the fault's own. */
  readonly only?: string;
  readonly defaults?: Readonly<Record<string, number | string>>;
}

const WITH_SKIP_TOKEN = '[?&]\\$?skiptoken=';
const WITH_DELTA_TOKEN = '/delta.*[?&]\\$?deltatoken=(?!latest)[^&]';
const DELTA = '/delta(\\?|$)';

/** Every fault that the emulator can show. */
export const FAULT_CATALOGUE = {
  'token-lifetime': { stage: 'token', description: 'Access tokens live for `seconds`.', defaults: { seconds: 2 } },
  'token-refused': {
    stage: 'token',
    description: 'The sign-in service refuses the client secret as expired (AADSTS7000222).',
  },

  throttled: {
    stage: 'answer',
    description:
      'Status 429 as the directory sends it, with Retry-After of `seconds` (or the text in `value`); early retries prolong it.',
    defaults: { seconds: 10 },
  },
  'throttled-documented': {
    stage: 'answer',
    description: 'Status 429 as in the documented sample, with a decimal Retry-After and codes inside innerError.',
    defaults: { seconds: 2.128 },
  },
  'throttled-intune': {
    stage: 'answer',
    description: 'Status 429 as Intune sends it: without Retry-After.',
    defaults: { seconds: 0 },
  },
  'throttled-date': {
    stage: 'answer',
    description: 'Status 429 whose Retry-After is an HTTP date `seconds` ahead.',
    defaults: { seconds: 10 },
  },
  unavailable: { stage: 'answer', description: 'Status 503 with Retry-After of `seconds`.', defaults: { seconds: 5 } },
  'gateway-timeout': { stage: 'answer', description: 'Status 504 with an error in JSON and no Retry-After.' },
  'gateway-timeout-html': { stage: 'answer', description: 'Status 504 with a page of HTML from a gateway.' },
  'bad-gateway': { stage: 'answer', description: 'Status 502 without a body.' },
  'server-error': { stage: 'answer', description: 'Status 500 with the code UnknownError.' },
  'html-page': {
    stage: 'answer',
    description: 'Status 200 with a page of HTML, as from a proxy that wants a sign-in.',
  },
  'no-content': { stage: 'answer', description: 'Status 204 without a body.' },
  status: {
    stage: 'answer',
    description: 'The error status in `status` with the code in `value`.',
    defaults: { status: 400, value: 'BadRequest' },
  },
  unauthorised: { stage: 'answer', description: 'Status 401: the access token has expired.' },
  forbidden: { stage: 'answer', description: 'Status 403: the application role was not granted or was taken away.' },
  'forbidden-intune': {
    stage: 'answer',
    description: 'Status 403 as Intune sends it, with JSON text inside the message.',
  },
  'unlicensed-premium': { stage: 'answer', description: 'Status 403: the tenant has no Entra ID P1 or P2 licence.' },
  'unlicensed-intune': { stage: 'answer', description: 'Status 400: the tenant has no Intune.' },
  'expired-page-token': {
    stage: 'answer',
    description: 'Status 400 Directory_ExpiredPageToken on a following page.',
    only: WITH_SKIP_TOKEN,
  },
  gone: {
    stage: 'answer',
    description: 'Status 410 on a delta token, with the Location of a full read.',
    only: WITH_DELTA_TOKEN,
  },
  'sync-state-not-found': {
    stage: 'answer',
    description: 'Status `status` (40x) with the code syncStateNotFound on a delta token.',
    only: WITH_DELTA_TOKEN,
    defaults: { status: 400 },
  },
  'batch-envelope-424': {
    stage: 'content',
    description: 'A $batch whose item was throttled answers 424 as a whole.',
    only: '/\\$batch',
  },

  'empty-tenant': { stage: 'content', description: 'Collections are complete and empty.' },
  'missing-records': {
    stage: 'content',
    description: 'A fixed `share` of the records is absent from every read, which looks complete.',
    defaults: { share: 0.5 },
  },
  'not-onboarded': {
    stage: 'content',
    description: 'Endpoint analytics was never switched on: its list is empty.',
    only: 'metricDevices',
  },
  'new-ids': { stage: 'content', description: 'Every record has another id than before.' },
  shuffle: { stage: 'content', description: 'Records come in a random order.' },
  'short-pages': {
    stage: 'content',
    description: 'Pages hold at most `count` rows whatever was asked for.',
    defaults: { count: 3 },
  },
  'empty-pages': { stage: 'content', description: 'A page without rows, which leads on.', defaults: { rate: 0.3 } },
  duplicates: {
    stage: 'content',
    description: 'A `share` of the rows comes twice, within a page and across pages.',
    defaults: { share: 0.2 },
  },
  replay: { stage: 'content', description: 'Rows of the page before, or changes of the round before, come once more.' },
  'next-link-loop': {
    stage: 'content',
    description: 'The link of page number `count` leads back: 1 to itself, more to the first page.',
    defaults: { count: 1 },
  },
  'next-link-elsewhere': {
    stage: 'content',
    description: 'The next link names the origin in `value`.',
    defaults: { value: 'https://graph.example.invalid' },
  },
  'endless-paging': {
    stage: 'content',
    description: 'The last page leads on to the first, without end and with ever new links.',
  },
  'early-end': { stage: 'content', description: 'A page that should lead on has no next link.' },
  'both-links': {
    stage: 'content',
    description: 'The last page of a delta round has a next link and a delta link.',
    only: DELTA,
  },
  'no-links': { stage: 'content', description: 'The last page of a delta round has neither link.', only: DELTA },
  'value-missing': { stage: 'content', description: 'The page has no `value`.' },
  'duplicate-value': { stage: 'content', description: 'The page has two `value` keys, the second one empty.' },
  'count-mismatch': {
    stage: 'content',
    description: '@odata.count promises `count` rows more than there are.',
    defaults: { count: 7 },
  },
  'broken-records': {
    stage: 'content',
    description:
      'The first `count` rows of a page (or a `share` of them) are broken in the form in `value`: missing-id, wrong-type, null, ' +
      'huge-string, nul-character, lone-surrogate, duplicate-key, large-integer or unknown-property.',
    defaults: { count: 1, value: 'missing-id' },
  },
  'propagation-delay': {
    stage: 'content',
    description: 'Writes become visible `seconds` later.',
    defaults: { seconds: 60 },
  },

  'connection-reset': { stage: 'damage', description: 'The connection is reset in the middle of the body.' },
  'truncated-json': { stage: 'damage', description: 'The JSON stops in the middle; the transfer itself is sound.' },
  'short-body': { stage: 'damage', description: 'The body is shorter than its Content-Length.' },
  'missing-last-chunk': { stage: 'damage', description: 'A chunked body ends without its final chunk.' },
  'slow-body': { stage: 'damage', description: 'The body drips, `count` bytes every 100 ms.', defaults: { count: 1 } },
  'no-answer': { stage: 'damage', description: 'The request is accepted and never answered.' },
  latency: { stage: 'wire', description: 'The answer waits for `seconds`.', defaults: { seconds: 1 } },
  'wrong-content-type': { stage: 'wire', description: 'The JSON is labelled text/plain.' },
  'clock-skew': { stage: 'wire', description: 'The Date header is `seconds` ahead.', defaults: { seconds: 600 } },
} as const satisfies Readonly<Record<string, FaultKind>>;

/** Name of a fault. */
export type FaultName = keyof typeof FAULT_CATALOGUE;

/** Names of the faults at one stage. */
export type FaultNameAt<Stage extends FaultKind['stage']> = {
  [Name in FaultName]: (typeof FAULT_CATALOGUE)[Name]['stage'] extends Stage ? Name : never;
}[FaultName];

/** The catalogue's entry of a fault. */
export function faultKind(name: FaultName): FaultKind {
  return FAULT_CATALOGUE[name];
}
