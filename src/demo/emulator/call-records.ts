import type { Call, CallBook } from '../tenant/call-book.js';
import { GraphFailure, notEmulated } from './graph-failure.js';
import { contextUrl, type GraphContext, type ServiceCall, type ServiceResult } from './service-call.js';

/** Rows of a page of calls and of sessions (microsoft-graph-docs-contrib, callRecord list and get). */
const PAGE_SIZE = 60;
/** Call records are kept for 30 days (microsoft-graph-docs-contrib concepts/callrecords-api-faq.md). */
const KEPT_MS = 30 * 86_400_000;
const EXPANSION = /^sessions\(\$expand=segments\)$/i;
const CONDITION = /^startDateTime (ge|gt|le|lt) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)$/i;
const LIST_CONTEXT = 'communications/callRecords';

/** Answers `GET /communications/callRecords` with one page: of each call its record without sessions. */
export function listCalls(call: ServiceCall, context: GraphContext): ServiceResult {
  const book = bookOf(context);
  refuseOptionsOtherThan(call, 'filter');
  const now = context.clock();
  const wanted = readWindow(call.options.values.get('filter'), now);
  const { skipToken, fingerprint, carried } = call.options;
  const token = skipToken === undefined ? null : context.tokens.openCalls(skipToken, fingerprint);
  const rows: string[] = [];
  let last: string | null = null;
  for (const one of book.between(wanted.from, wanted.until, token?.after ?? null)) {
    const version = book.versionAt(one, now);
    if (version === 0) continue;
    if (rows.length === pageSize(context)) {
      const next = { kind: 'calls' as const, query: fingerprint, after: last, index: 0 };
      const sealed = context.tokens.seal({ ...next, page: (token?.page ?? 1) + 1, at: now });
      return page(
        contextUrl(call, LIST_CONTEXT),
        rows,
        `${addressOf(call)}?${carried}${carried && '&'}$skiptoken=${sealed}`,
      );
    }
    rows.push(JSON.stringify(book.record(one, version)));
    last = one.id;
  }
  return page(contextUrl(call, LIST_CONTEXT), rows, null);
}

/** Answers `GET /communications/callRecords/{id}`, with the first sessions when they are expanded. */
export function readCallRecord(id: string, call: ServiceCall, context: GraphContext): ServiceResult {
  const book = bookOf(context);
  refuseOptionsOtherThan(call, 'expand');
  const expand = call.options.values.get('expand');
  if (expand !== undefined && !EXPANSION.test(expand)) throw notEmulated(`$expand=${expand} of a call record`);
  const { found, version } = readable(book, id, context);
  const record = book.record(found, version);
  if (expand === undefined) {
    return { body: JSON.stringify({ '@odata.context': contextUrl(call, `${LIST_CONTEXT}/$entity`), ...record }) };
  }
  const sessions = book.sessions(found, version);
  const next = nextSessions(sessions.length, 0, found, call, context);
  const body = {
    '@odata.context': contextUrl(call, `${LIST_CONTEXT}(sessions(segments()))/$entity`),
    ...record,
    sessions: sessions.slice(0, pageSize(context)),
    ...(next !== null && { 'sessions@odata.nextLink': next }),
  };
  return { body: JSON.stringify(body) };
}

/** Answers `GET /communications/callRecords/{id}/sessions?$expand=segments` with one page. */
export function listSessions(id: string, call: ServiceCall, context: GraphContext): ServiceResult {
  const book = bookOf(context);
  refuseOptionsOtherThan(call, 'expand');
  if (call.options.values.get('expand')?.toLowerCase() !== 'segments') throw notEmulated('sessions without segments');
  const { found, version } = readable(book, id, context);
  const sessions = book.sessions(found, version);
  const { skipToken } = call.options;
  const start = skipToken === undefined ? 0 : context.tokens.openCalls(skipToken, found.id).index;
  const rows = sessions.slice(start, start + pageSize(context)).map((session) => JSON.stringify(session));
  const metadata = contextUrl(call, `${LIST_CONTEXT}('${found.id}')/sessions`);
  return page(metadata, rows, nextSessions(sessions.length, start, found, call, context));
}

function nextSessions(
  count: number,
  start: number,
  found: Call,
  call: ServiceCall,
  context: GraphContext,
): string | null {
  const index = start + pageSize(context);
  if (index >= count) return null;
  const token = { kind: 'calls' as const, query: found.id, after: null, index, page: 2, at: context.clock() };
  const path = `/v1.0/${LIST_CONTEXT}('${found.id}')/sessions`;
  return `${call.request.origin}${path}?$expand=segments&$skiptoken=${context.tokens.seal(token)}`;
}

function bookOf(context: GraphContext): CallBook {
  if (context.calls === undefined) throw notEmulated('call records of this tenant');
  return context.calls;
}

/** @throws GraphFailure 404 for calls that nobody knows, that are too fresh or too old */
function readable(book: CallBook, id: string, context: GraphContext): { found: Call; version: number } {
  const now = context.clock();
  const found = book.find(id.toLowerCase());
  const version = found === undefined ? 0 : book.versionAt(found, now);
  if (found === undefined || version === 0 || !book.isReadable(found, now) || found.startedAt < now - KEPT_MS) {
    throw new GraphFailure(404, 'NotFound', 'The call record was not found.');
  }
  return { found, version };
}

function readWindow(filter: string | undefined, now: number): { from: number; until: number } {
  let [from, until] = [now - KEPT_MS, now];
  for (const part of filter?.split(/ and /i) ?? []) {
    const [, operator, instant = ''] = CONDITION.exec(part.trim()) ?? [];
    const time = Date.parse(instant);
    if (operator === undefined || Number.isNaN(time)) {
      throw new GraphFailure(400, 'BadRequest', 'The filter of call records is not supported.');
    }
    if (/^g/i.test(operator)) from = Math.max(from, operator.toLowerCase() === 'gt' ? time + 1 : time);
    else until = Math.min(until, operator.toLowerCase() === 'le' ? time + 1 : time);
  }
  return { from, until };
}

function refuseOptionsOtherThan(call: ServiceCall, allowed: string): void {
  const refused = [...call.options.values.keys()].find((option) => option !== allowed);
  if (refused !== undefined)
    throw new GraphFailure(400, 'BadRequest', `'$${refused}' is not supported by the service.`);
}

function page(context: string, rows: readonly string[], nextLink: string | null): ServiceResult {
  const link = nextLink === null ? '' : `,"@odata.nextLink":${JSON.stringify(nextLink)}`;
  return { body: `{"@odata.context":${JSON.stringify(context)},"value":[${rows.join(',')}]${link}}` };
}

function addressOf(call: ServiceCall): string {
  return `${call.request.origin}${call.request.path}`;
}

function pageSize(context: GraphContext): number {
  return Math.min(PAGE_SIZE, context.pageSizeLimit ?? PAGE_SIZE);
}
