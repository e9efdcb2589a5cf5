import { createHash } from 'node:crypto';

import type { QueryOption } from './collections.js';
import { GraphFailure } from './graph-failure.js';

/** A request's system query options, by lower-case name without the dollar sign, decoded. */
export interface QueryOptions {
  readonly values: ReadonlyMap<QueryOption, string>;
  readonly skipToken?: string;
  readonly deltaToken?: string;
  /** The options other than the tokens as they were sent, for links that carry them on. */
  readonly carried: string;
  /** Names the query regardless of the order of its options; tokens are bound to it. */
  readonly fingerprint: string;
}

const OPTIONS: readonly QueryOption[] = ['select', 'filter', 'expand', 'top', 'skip', 'orderby', 'count', 'search'];

function badRequest(message: string): GraphFailure {
  return new GraphFailure(400, 'Request_BadRequest', message);
}

/**
 * Reads a query. Graph takes system options with or without their dollar sign and in any case, and lets custom options
 * pass; an unknown option with a dollar sign, a repeated one and a badly encoded one are refused.
 */
export function parseQuery(query: string): QueryOptions {
  const values = new Map<QueryOption, string>();
  const tokens: { skiptoken?: string; deltatoken?: string } = {};
  const carried: string[] = [];
  const normalised: string[] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = decode(at < 0 ? part : part.slice(0, at)).toLowerCase();
    const value = at < 0 ? '' : decode(part.slice(at + 1));
    const bare = name.startsWith('$') ? name.slice(1) : name;
    const option = OPTIONS.find((known) => known === bare);
    if (bare === 'skiptoken' || bare === 'deltatoken') {
      if (tokens[bare] !== undefined) throw badRequest(`Query option '$${bare}' was specified more than once.`);
      tokens[bare] = value;
      continue;
    }
    if (option === undefined && name.startsWith('$')) {
      throw badRequest(`The query parameter '${name}' is not supported.`);
    }
    if (option !== undefined) {
      if (values.has(option)) throw badRequest(`Query option '$${option}' was specified more than once.`);
      values.set(option, value);
    }
    carried.push(part);
    normalised.push(`${option === undefined ? name : `$${option}`}=${value}`);
  }
  const fingerprint = createHash('sha256').update(normalised.sort().join('&')).digest('base64url').slice(0, 16);
  return {
    values,
    ...(tokens.skiptoken !== undefined && { skipToken: tokens.skiptoken }),
    ...(tokens.deltatoken !== undefined && { deltaToken: tokens.deltatoken }),
    carried: carried.join('&'),
    fingerprint,
  };
}

/** A whole number of rows from `$top`, or undefined when it is not there. */
export function parseTop(options: QueryOptions, maximum: number): number | undefined {
  const text = options.values.get('top');
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < 1) {
    throw badRequest(
      `Invalid value '${text}' for $top query option found. The $top query option requires a positive integer value.`,
    );
  }
  if (Number(text) > maximum) {
    throw badRequest(`Invalid page size specified: '${text}'. Must be between 1 and ${maximum} inclusive.`);
  }
  return Number(text);
}

/** `$count=true` or `false`; anything else is refused. */
export function parseCount(options: QueryOptions): boolean {
  const text = options.values.get('count');
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw badRequest(`Invalid value '${text}' for $count query option found. Valid values are 'true' and 'false'.`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest('The query is not properly URL-encoded.');
  }
}
