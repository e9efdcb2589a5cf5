import type { Change, GraphRecord } from '../tenant/tenant-store.js';
import { propertiesOf, type ServedCollection } from './collections.js';
import { draw } from './faults/fault.js';
import { effectNamed } from './faults/fault-set.js';
import { alterPage, type Page, pageText } from './faults/pages.js';
import { alterationKey, alterRecords, shuffled } from './faults/records.js';
import { GraphFailure, notEmulated } from './graph-failure.js';
import { placeAfter } from './listing.js';
import type { DeltaToken } from './page-tokens.js';
import { mayReadUserProperties } from './permissions.js';
import { parseSelect } from './projection.js';
import {
  contextUrl,
  type GraphContext,
  ownUrl,
  type ServiceCall,
  type ServiceResult,
  visibilityDelay,
} from './service-call.js';

const MAXIMUM_AGE_MS = 7 * 86_400_000;
const MINIMAL = /(^|[,; ])return=minimal($|[,; ])/i;

/** Which properties a delta query follows. */
interface Tracking {
  /** As the caller wrote it. */
  readonly select: string | undefined;
  readonly properties: readonly string[];
  readonly manager: boolean;
}

/** One entry of a delta round: a record to show, or the news that one is gone. */
interface Entry {
  readonly id: string;
  /** The record to show; the tenant's present one when absent. */
  readonly record?: GraphRecord;
  readonly removed?: 'changed' | 'deleted';
  /** Properties that changed; absent when the whole record is new. */
  readonly changed?: ReadonlySet<string>;
}

/** Answers `GET /{collection}/delta` with one page of a round. */
export function deltaPage(collection: ServedCollection, call: ServiceCall, context: GraphContext): ServiceResult {
  refuseOptions(call);
  const token = openToken(collection, call, context);
  const tracking = readTracking(
    collection,
    token === undefined ? call.options.values.get('select') : token.select,
    call,
  );
  const round = startRound(collection, token, call, context);
  const size = effectNamed(call.effects, 'short-pages')?.fault.count ?? context.deltaPageSize;
  const minimal = MINIMAL.test(call.request.headers['prefer'] ?? '');

  const items =
    round.since === undefined
      ? initialRecords(collection, call, context)
      : changedEntries(collection, round, tracking, call, context);
  const start = placeAfter(items, round);
  const end = Math.min(start + size, items.length);
  const texts = (from: number, to: number): string[] =>
    items.slice(from, to).flatMap((item) => {
      const entry = round.since === undefined ? { id: item.id, record: item as GraphRecord } : item;
      return entryText(entry, collection, tracking, round, minimal, context) ?? [];
    });
  const link = (index: number, page = round.page + 1): string => {
    const next = { ...round, page, index, after: items[index - 1]?.id ?? null, at: context.clock() };
    return `${call.request.origin}${call.request.path}?$skiptoken=${context.tokens.seal(next)}`;
  };

  const page: Page = {
    context: contextUrl(
      call,
      `${collection.contextPath}${tracking.select === undefined ? '' : `(${tracking.select})`}`,
    ),
    rows: texts(start, end),
    ...(end < items.length ? { nextLink: link(end) } : { deltaLink: deltaLink(round, call, context) }),
  };
  const altered = alterPage(
    page,
    {
      number: round.page,
      ownUrl: ownUrl(call),
      firstUrl: link(0, 1),
      linkToSameRows: () => link(start),
      linkToStart: () => link(0),
      linkToEnd: () => link(items.length),
      rowsBefore: () => texts(Math.max(0, start - size), start),
    },
    call.effects,
  );
  return { body: pageText(altered), headers: minimal ? { 'Preference-Applied': 'return=minimal' } : {} };
}

/** Where a client starts again when its token is gone: the first request of the round, with an empty token. */
export function restartUrl(origin: string, path: string, select: string | undefined): string {
  const selected = select === undefined ? '' : `$select=${encodeURIComponent(select)}&`;
  return `${origin}${path}?${selected}$deltatoken=`;
}

function refuseOptions(call: ServiceCall): void {
  for (const [option, value] of call.options.values) {
    if (option === 'filter' && /^\s*id eq /i.test(value)) throw notEmulated('$filter by id in a delta query');
    if (option !== 'select')
      throw new GraphFailure(400, 'Request_BadRequest', `'$${option}' is not supported in a delta query.`);
    const continues = call.options.skipToken !== undefined || (call.options.deltaToken ?? 'latest') !== 'latest';
    const restarts = call.options.deltaToken === '';
    if (continues && !restarts)
      throw new GraphFailure(400, 'Request_BadRequest', "'$select' cannot be added to a link with a token.");
  }
}

function openToken(collection: ServedCollection, call: ServiceCall, context: GraphContext): DeltaToken | undefined {
  const { skipToken, deltaToken } = call.options;
  if (skipToken !== undefined && deltaToken !== undefined)
    throw new GraphFailure(400, 'Request_BadRequest', 'Badly formed token.');
  if (skipToken !== undefined) return context.tokens.openDelta(skipToken, collection.name, true);
  if (deltaToken === undefined || deltaToken === '' || deltaToken === 'latest') return undefined;
  const token = context.tokens.openDelta(deltaToken, collection.name, false);
  if (Date.parse(context.view.tenant.today) - token.simulatedAt > MAXIMUM_AGE_MS) {
    throw new GraphFailure(
      400,
      'syncStateNotFound',
      'The sync state generation is not found; continue with a full synchronisation.',
    );
  }
  return token;
}

function readTracking(collection: ServedCollection, select: string | undefined, call: ServiceCall): Tracking {
  const names = (select ?? '').split(',').map((name) => name.trim());
  const manager = collection.name === 'users' && names.includes('manager');
  const rest = names.filter((name) => name !== '' && !(manager && name === 'manager'));
  const own = rest.length === 0 && manager ? 'id' : rest.join(',');
  const { properties } = parseSelect(select === undefined ? undefined : own, collection, true);
  if (collection.name === 'users' && !mayReadUserProperties(properties, call.grant.roles)) {
    throw new GraphFailure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
  return {
    select,
    properties:
      select === undefined && collection.defaultProperties === undefined ? propertiesOf(collection.type) : properties,
    manager,
  };
}

// The round that a request belongs to: the one its page token names, or a new one from its delta token on.
function startRound(
  collection: ServedCollection,
  token: DeltaToken | undefined,
  call: ServiceCall,
  context: GraphContext,
): DeltaToken {
  if (token?.until !== undefined) return token;
  const { values, deltaToken } = call.options;
  const replayed = effectNamed(call.effects, 'replay') === undefined ? token?.since : (token?.before ?? token?.since);
  const select = token === undefined ? values.get('select') : token.select;
  return {
    kind: 'delta',
    collection: collection.name,
    ...(select !== undefined && { select }),
    ...(token !== undefined && { since: replayed, before: token.since }),
    ...(deltaToken === 'latest' && { since: context.view.sequence(visibilityDelay(call)) }),
    until: context.view.sequence(visibilityDelay(call)),
    index: 0,
    after: null,
    page: 1,
    at: context.clock(),
    simulatedAt: Date.parse(context.view.tenant.today),
  };
}

function deltaLink(round: DeltaToken, call: ServiceCall, context: GraphContext): string {
  const { until, select } = round;
  const token = context.tokens.seal({
    kind: 'delta',
    collection: round.collection,
    ...(select !== undefined && { select }),
    since: until,
    before: round.since,
    index: 0,
    after: null,
    page: 1,
    at: context.clock(),
    simulatedAt: Date.parse(context.view.tenant.today),
  });
  return `${call.request.origin}${call.request.path}?$deltatoken=${token}`;
}

function initialRecords(
  collection: ServedCollection,
  call: ServiceCall,
  context: GraphContext,
): readonly GraphRecord[] {
  const records = context.view.list(collection.name, visibilityDelay(call));
  const alteration = alterationKey(call.effects);
  if (alteration === '') return records;
  return context.view.derive(records, alteration, () => alterRecords(records, call.effects) ?? records);
}

function changedEntries(
  collection: ServedCollection,
  round: DeltaToken,
  tracking: Tracking,
  call: ServiceCall,
  context: GraphContext,
): readonly Entry[] {
  const until = round.until ?? Infinity;
  const entries = new Map<string, Entry>();
  for (const change of context.view.tenant.changesAfter(collection.name, round.since ?? 0)) {
    if (change.sequence > until) break;
    const entry = merge(entries.get(change.id), change, tracking);
    if (entry === undefined) continue;
    // Taken out first, so that an entry stands where its latest change was.
    entries.delete(change.id);
    entries.set(change.id, entry);
  }
  const ordered = [...entries.values()];
  const shuffle = effectNamed(call.effects, 'shuffle');
  return shuffle === undefined ? ordered : shuffled(ordered, ({ id }) => draw(shuffle.seed, 'shuffle', id));
}

function merge(before: Entry | undefined, change: Change, tracking: Tracking): Entry | undefined {
  if (change.kind === 'removed') return { id: change.id, removed: change.reason ?? 'changed' };
  if (change.kind === 'created') return { id: change.id };
  if (before !== undefined && before.changed === undefined && before.removed === undefined) return before;
  const tracked = (change.properties ?? []).filter(
    (property) => tracking.properties.includes(property) || (tracking.manager && property === 'manager'),
  );
  if (tracked.length === 0) return undefined;
  return { id: change.id, changed: new Set([...(before?.changed ?? []), ...tracked]) };
}

function entryText(
  entry: Entry,
  collection: ServedCollection,
  tracking: Tracking,
  round: DeltaToken,
  minimal: boolean,
  context: GraphContext,
): string | undefined {
  if (entry.removed !== undefined) return JSON.stringify({ id: entry.id, '@removed': { reason: entry.removed } });
  const record = entry.record ?? context.view.tenant.get(collection.name, entry.id);
  // Removed since the round began: the next round says so.
  if (record === undefined) return undefined;
  const shown: Record<string, unknown> = {};
  for (const property of tracking.properties) {
    if (property === 'id') continue;
    const changed = entry.changed?.has(property) === true;
    if (minimal && entry.changed !== undefined && !changed) continue;
    const value = record[property] ?? null;
    // A property that was never set is left out; one that was cleared is shown as null.
    if (value !== null || changed) shown[property] = value;
  }
  shown['id'] = entry.id;
  if (tracking.manager) {
    const links = managerDelta(entry, round, context);
    if (links.length > 0) shown['manager@delta'] = links;
  }
  return JSON.stringify(shown);
}

function managerDelta(entry: Entry, round: DeltaToken, context: GraphContext): readonly object[] {
  if (entry.changed !== undefined && !entry.changed.has('manager')) return [];
  const type = { '@odata.type': '#microsoft.graph.user' };
  const links: object[] = [];
  const former = entry.changed === undefined ? undefined : context.view.formerManager(entry.id, round.since ?? 0);
  const current = context.view.tenant.managerOf(entry.id);
  if (former !== undefined && former !== current)
    links.push({ ...type, id: former, '@removed': { reason: 'deleted' } });
  if (current !== null) links.push({ ...type, id: current });
  return links;
}
