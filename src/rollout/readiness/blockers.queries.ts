import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  DEFAULT_LIMIT,
  decodeCursor,
  encodeCursor,
  invalidCursor,
  type Page,
  type PageRequest,
} from '../../common/paging.js';
import { boundedCountOf, type Count } from '../../database/bounded-count.js';
import { asOf } from '../../database/keyset-page.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';
import type { ReadinessOutcome } from '../domain/move-words.js';
import { readinessSettingsOf } from '../domain/readiness/settings.js';
import type { ReadinessRule, ReasonCode } from '../domain/readiness/rules.js';
import { RESULT_OWNER } from '../move-filter.queries.js';
import type { CurrentProgramme } from '../programme.queries.js';
import { freeStock, type FreeStock } from './free-laptops.queries.js';
import { WAITING_LIST } from './readiness-facts.queries.js';

/** One thing that, once it is cleared, is out of the way of everybody who waits for it. */
export interface Blocker {
  readonly rule: ReadinessRule;
  readonly outcome: ReadinessOutcome;
  readonly reason: ReasonCode;
  /** The site or application; empty for rules about people themselves. */
  readonly subject: string;
  /** `person:` and an object id, a role or queue, or `self` where each person clears it for themselves. */
  readonly owner: string;
  /** The owner's present name, where it is a person whom the directory knows. */
  readonly ownerName: string | null;
  /** Since when the first of them has waited for it. */
  readonly since: string;
  /** People who become ready when it is cleared, as nothing else stands in their way. */
  readonly unlocks: number;
  /** Everybody who waits for it. */
  readonly people: number;
}

export interface BlockerFilter {
  readonly rule?: ReadinessRule | undefined;
  /** As `Blocker.owner` has it. */
  readonly owner?: string | undefined;
}

const SORT = 'unlocks';
type Key = readonly [unlocks: number, people: number, rule: string, reason: string, subject: string, owner: string];

/** Reads what stands in people's way, grouped by what would clear it. */
@Injectable()
export class BlockersQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the blockers, those first that unlock most, then those for which most wait. */
  async page(programmeId: number, filter: BlockerFilter, request: PageRequest): Promise<Page<Blocker>> {
    const conditions = matching(filter);
    const grouped = groupedBy(conditions.parameter(programmeId));
    if (request.cursor !== undefined) {
      const [unlocks, people, ...texts] = keyOf(request.cursor);
      const bound = [-unlocks, -people].map((value) => `${conditions.parameter(value)}::bigint`);
      bound.push(...texts.map((value) => `${conditions.parameter(value)}::text`));
      conditions.always(`(-unlocks, -people, rule, reason, subject, owner) > (${bound.join(', ')})`);
    }
    const size = request.limit ?? DEFAULT_LIMIT;
    const sources = conditions.parameter(['users', 'managed-devices']);
    const rows = await this.dataSource.query<(Blocker & { readonly as_of: string | null })[]>(
      `select rule, outcome, reason, subject, owner, ${utc('since')} as since, unlocks, people, ${asOf(sources)} as as_of,
              (select display_name from person where entra_id = substring(owner from '^person:(.*)$')) as "ownerName"
       from (${grouped}) as blocker where ${conditions.toSql()}
       order by -unlocks, -people, rule, reason, subject, owner limit ${size + 1}`,
      conditions.parameters,
    );
    const items = rows.slice(0, size).map(blockerOf);
    const last = items.at(-1);
    const next = rows.length > size && last !== undefined ? cursorOf(last) : null;
    return { items, next, asOf: rows[0]?.as_of ?? null };
  }

  /** How many there are. */
  count(programmeId: number, filter: BlockerFilter): Promise<Count> {
    const conditions = matching(filter);
    const grouped = groupedBy(conditions.parameter(programmeId));
    return boundedCountOf(
      this.dataSource,
      `select from (${grouped}) as blocker where ${conditions.toSql()}`,
      conditions.parameters,
    );
  }

  /** Laptops that could be given out now, by model and place; they are shared out in the order of the queue. */
  stock({ settings }: CurrentProgramme): Promise<FreeStock[]> {
    return freeStock(this.dataSource.manager, readinessSettingsOf(settings).approvedModels);
  }
}

/** A row without what is the page's. */
function blockerOf(row: Blocker): Blocker {
  const { rule, outcome, reason, subject, owner, ownerName, since, unlocks, people } = row;
  return { rule, outcome, reason, subject, owner, ownerName, since, unlocks, people };
}

function matching({ rule, owner }: BlockerFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(rule, (value) => `rule = ${value}`)
    .addGiven(owner, (value) => `owner = ${value}`);
}

/** What each clears for themselves is one blocker, however many they are. */
function groupedBy(programmeId: string): string {
  return `
    select rule, outcome, reason, subject, owner, min(since) as since,
           (count(*) filter (where obstacles = 1))::integer as unlocks, count(*)::integer as people
    from (select result.rule, result.outcome, result.reason, result.subject, result.since,
                 ${RESULT_OWNER} as owner,
                 count(*) over (partition by result.move_id) as obstacles
          from readiness_result as result join move on move.id = result.move_id
          where result.blocks and move.programme_id = ${programmeId} and move.state in ${WAITING_LIST}) as obstacle
    group by rule, outcome, reason, subject, owner`;
}

function cursorOf({ unlocks, people, rule, reason, subject, owner }: Blocker): string {
  return encodeCursor(SORT, { value: JSON.stringify([people, rule, reason, subject, owner]), id: unlocks });
}

/** @throws InputError 400 for a cursor that this list has not given out. */
function keyOf(cursor: string): Key {
  const { value, id } = decodeCursor(SORT, cursor);
  let parts: unknown;
  try {
    parts = JSON.parse(value ?? '');
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(parts) || parts.length !== 5) throw invalidCursor();
  const [people, ...texts] = parts as unknown[];
  if (!Number.isSafeInteger(people) || !texts.every((each) => typeof each === 'string')) throw invalidCursor();
  const [rule = '', reason = '', subject = '', owner = ''] = texts;
  return [id, people as number, rule, reason, subject, owner];
}
