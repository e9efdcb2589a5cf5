import type { GraphRecord } from '../tenant/tenant-store.js';
import { type ServedCollection, SIGN_IN_ACTIVITY_PAGE_SIZE } from './collections.js';
import { alterPage, type Page, pageText } from './faults/pages.js';
import { alterationKey, alterRecords } from './faults/records.js';
import { effectNamed } from './faults/fault-set.js';
import { type Filter, parseFilter } from './filter.js';
import { GraphFailure, notEmulated } from './graph-failure.js';
import { expiredPageToken, type ListToken } from './page-tokens.js';
import { mayCall, mayReadUserProperties } from './permissions.js';
import { badRequestCode, parseManagerExpand, parseSelect, type Projection } from './projection.js';
import { parseCount, parseTop } from './query-options.js';
import {
  contextUrl,
  type GraphContext,
  ownUrl,
  type ServiceCall,
  type ServiceResult,
  visibilityDelay,
  wantsEventualConsistency,
} from './service-call.js';

const SORTABLE: Readonly<Record<string, readonly string[]>> = {
  users: ['displayName', 'userPrincipalName'],
  devices: ['displayName'],
  managedDevices: ['deviceName'],
  metricDevices: ['osVersion', 'deviceName'],
};

interface ListQuery {
  readonly projection: Projection;
  readonly managers: Projection | undefined;
  readonly pageSize: number;
  readonly filter: Filter | undefined;
  readonly counted: boolean;
}

/** Answers `GET` of a collection with one page. */
export function listPage(collection: ServedCollection, call: ServiceCall, context: GraphContext): ServiceResult {
  const query = readListQuery(collection, call, context);
  const records = selectRecords(collection, query.filter, call, context);
  const token =
    call.options.skipToken === undefined
      ? undefined
      : context.tokens.openList(call.options.skipToken, collection.name, call.options.fingerprint);
  const skipped = Number(call.options.values.get('skip') ?? 0) > 0;
  const number = token?.page ?? 1;
  const start = token === undefined ? 0 : placeAfter(records, token);
  // Intune answers $skip with an empty page (msgraph-beta-sdk-dotnet issue 681).
  const shown = skipped ? [] : records.slice(start, start + query.pageSize);
  const end = start + shown.length;
  const link = (index: number): string =>
    nextLink(collection, call, context, records, { index, previous: start, page: number + 1 });
  const firstUrl = `${call.request.origin}${call.request.path}${call.options.carried === '' ? '' : `?${call.options.carried}`}`;

  const page: Page = {
    context: contextUrl(call, collection.contextPath + contextProjection(query)),
    ...((collection.family === 'intune' || query.counted) && { count: records.length }),
    rows: rowTexts(shown, query, context),
    ...(!skipped && end < records.length && { nextLink: link(end) }),
  };
  const altered = alterPage(
    page,
    {
      number,
      ownUrl: ownUrl(call),
      firstUrl,
      linkToSameRows: () => link(start),
      linkToStart: () => link(0),
      linkToEnd: () => link(records.length),
      rowsBefore: () => rowTexts(records.slice(token?.previous ?? 0, start), query, context),
    },
    call.effects,
  );
  return { body: pageText(altered) };
}

/** Answers `GET` of a collection's `$count` segment: a number as plain text, read from the index. */
export function countRecords(collection: ServedCollection, call: ServiceCall, context: GraphContext): ServiceResult {
  for (const option of call.options.values.keys()) {
    if (option !== 'filter')
      throw new GraphFailure(400, 'Request_BadRequest', `'$${option}' is not supported with $count.`);
  }
  if (!wantsEventualConsistency(call)) throw advancedQueryRefused();
  const filterText = call.options.values.get('filter');
  const filter = filterText === undefined ? undefined : parseFilter(filterText, collection);
  const count = selectRecords(collection, filter, call, context).length;
  return { body: String(count), headers: { 'Content-Type': 'text/plain' } };
}

function readListQuery(collection: ServedCollection, call: ServiceCall, context: GraphContext): ListQuery {
  const { values, skipToken, deltaToken } = call.options;
  for (const option of values.keys()) {
    if (collection.options.includes(option)) continue;
    throw new GraphFailure(400, badRequestCode(collection), `'$${option}' is not supported by the service.`);
  }
  if (deltaToken !== undefined)
    throw new GraphFailure(400, badRequestCode(collection), "'$deltatoken' is not supported by the service.");
  const eventual = wantsEventualConsistency(call);
  if (values.has('search')) throw eventual ? notEmulated('$search') : advancedQueryRefused();

  const managers = parseManagerExpand(call.options, collection);
  if (managers !== undefined && collection.name !== 'users') throw notEmulated('$expand on this collection');
  const projection = permittedProjection(parseSelect(values.get('select'), collection, true), managers, call);
  const filterText = values.get('filter');
  const filter = filterText === undefined ? undefined : parseFilter(filterText, collection);
  const counted = parseCount(call.options);
  if (collection.family === 'directory') {
    const advanced = filter?.advanced === true || counted || (filter !== undefined && values.has('orderby'));
    if (advanced && !(eventual && counted)) throw skipToken === undefined ? advancedQueryRefused() : expiredPageToken();
    if (filter?.headerFromSecondPage === true && skipToken !== undefined && !eventual) throw expiredPageToken();
    if (advanced && managers !== undefined)
      throw new GraphFailure(400, 'Request_UnsupportedQuery', 'Expand is not supported with advanced queries.');
  }
  const maximum = projection.properties.includes('signInActivity')
    ? SIGN_IN_ACTIVITY_PAGE_SIZE
    : collection.maximumPageSize;
  const top = parseTop(call.options, maximum);
  const short = effectNamed(call.effects, 'short-pages')?.fault.count ?? Infinity;
  const pageSize = Math.max(
    1,
    Math.min(top ?? Math.min(collection.defaultPageSize, maximum), context.pageSizeLimit ?? Infinity, short),
  );
  return { projection, managers, pageSize, filter, counted };
}

function permittedProjection(projection: Projection, managers: Projection | undefined, call: ServiceCall): Projection {
  if (projection.type !== 'user') return projection;
  const { roles } = call.grant;
  const refused =
    (projection.explicit && !mayReadUserProperties(projection.properties, roles)) ||
    (managers !== undefined && !mayCall('/users/{id}/manager', roles));
  if (refused)
    throw new GraphFailure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  if (projection.explicit) return projection;
  return {
    ...projection,
    properties: projection.properties.filter((property) => mayReadUserProperties([property], roles)),
  };
}

function selectRecords(
  collection: ServedCollection,
  filter: Filter | undefined,
  call: ServiceCall,
  context: GraphContext,
): readonly GraphRecord[] {
  const { view } = context;
  let records = view.list(collection.name, visibilityDelay(call));
  const alteration = alterationKey(call.effects);
  if (alteration !== '') {
    const source = records;
    records = view.derive(source, alteration, () => alterRecords(source, call.effects) ?? source);
  }
  if (filter !== undefined) {
    const source = records;
    records = view.derive(source, `filter ${call.options.values.get('filter') ?? ''}`, () =>
      source.filter((record) => filter.matches(record)),
    );
  }
  const order = call.options.values.get('orderby');
  if (order !== undefined) {
    const source = records;
    const compare = parseOrder(order, collection);
    records = view.derive(source, `order ${order}`, () => [...source].sort(compare));
  }
  return records;
}

function parseOrder(text: string, collection: ServedCollection): (left: GraphRecord, right: GraphRecord) => number {
  const [, property, direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
  if (property === undefined || !SORTABLE[collection.name]?.includes(property)) throw notEmulated(`$orderby=${text}`);
  const sign = direction?.toLowerCase() === 'desc' ? -1 : 1;
  const shown = (record: GraphRecord): string => (typeof record[property] === 'string' ? record[property] : '');
  return (left, right) => sign * shown(left).localeCompare(shown(right), 'en');
}

function rowTexts(records: readonly GraphRecord[], query: ListQuery, context: GraphContext): readonly string[] {
  const texts = context.serialiser.serialiseAll(records, query.projection);
  const { managers } = query;
  if (managers === undefined) return texts;
  const { tenant } = context.view;
  return texts.map((text, index) => {
    const managerId = tenant.managerOf(records[index]?.id ?? '');
    const manager = managerId === null ? undefined : tenant.get('users', managerId);
    if (manager === undefined) return text;
    const shown = context.serialiser.serialise(manager, managers);
    return `${text.slice(0, -1)},"manager":{"@odata.type":"#microsoft.graph.user",${shown.slice(1)}}`;
  });
}

function contextProjection({ projection, managers }: ListQuery): string {
  if (managers === undefined) return projection.context;
  const selected = projection.context === '' ? '' : `${projection.context.slice(1, -1)},`;
  return `(${selected}manager${managers.context === '' ? '()' : managers.context})`;
}

function nextLink(
  collection: ServedCollection,
  call: ServiceCall,
  context: GraphContext,
  records: readonly GraphRecord[],
  place: Pick<ListToken, 'index' | 'previous' | 'page'>,
): string {
  const { origin, path } = call.request;
  const token = context.tokens.seal({
    kind: 'list',
    collection: collection.name,
    query: call.options.fingerprint,
    after: records[place.index - 1]?.id ?? null,
    at: context.clock(),
    ...place,
  });
  const carried = call.options.carried === '' ? '' : `${call.options.carried}&`;
  return `${origin}${path}?${carried}$skiptoken=${token}`;
}

/** The index at which a listing goes on, also after records came or went in front of it. */
export function placeAfter(
  records: readonly { readonly id: string }[],
  token: { readonly index: number; readonly after: string | null },
): number {
  if (token.after === null) return 0;
  if (records[token.index - 1]?.id === token.after) return token.index;
  const found = records.findIndex((record) => record.id === token.after);
  return found >= 0 ? found + 1 : Math.min(token.index, records.length);
}

function advancedQueryRefused(): GraphFailure {
  const message = "The request uses a query that needs the header 'ConsistencyLevel: eventual' and $count=true.";
  return new GraphFailure(400, 'Request_UnsupportedQuery', message);
}
