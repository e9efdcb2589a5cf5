import type { DataSource } from 'typeorm';
import { Xoshiro128 } from '../../src/rollout/domain/burndown/random.js';
import { DESKTOP_STATES, MOVE_STATES, SCOPE_REASONS } from '../../src/rollout/domain/move-words.js';
import type { RolloutFixture } from './rollout-fixture.js';

/** A stretch of the history as it was written. */
export interface WrittenStretch {
  /** Move or desktop. */
  readonly id: number;
  readonly from: Date;
  readonly until: Date | null;
  readonly state: string;
  readonly reason: string;
  readonly atRisk: boolean;
  readonly team: string | null;
}

const TEAMS = ['Care', 'Planning', null] as const;
/** Hours, so that some stretches begin and end on one day and some at midnight in the UK. */
const HOURS = [0, 1, 5, 23, 24, 47, 48, 240, 900, 2000];

/** Writes a history at random in place of what the programme has: any state after any other, also within one day. */
export async function writeRandomHistory(
  dataSource: DataSource,
  { programmeId, moves, desktops, people }: RolloutFixture,
  { seed, begin, end }: { readonly seed: number; readonly begin: Date; readonly end: Date },
): Promise<{ readonly moves: readonly WrittenStretch[]; readonly desktops: readonly WrittenStretch[] }> {
  const random = new Xoshiro128(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  const historyOf = (id: number, states: readonly string[]): WrittenStretch[] => {
    const stretches: WrittenStretch[] = [];
    let from = begin;
    while (from < end) {
      const until = new Date(from.getTime() + (pick(HOURS) + random.next()) * 3_600_000);
      const state = pick(states);
      stretches.push({
        id,
        from,
        until: until >= end ? null : until,
        state,
        reason: pick(SCOPE_REASONS),
        atRisk: state === 'scheduled' && random.next() < 0.5,
        team: pick(TEAMS),
      });
      from = until;
    }
    return stretches;
  };
  const ofMoves = moves.flatMap((id) => historyOf(id, MOVE_STATES));
  const ofDesktops = desktops.flatMap((id) => historyOf(id, DESKTOP_STATES));
  await dataSource.query(`
    alter table move_state disable trigger user; alter table rollout_desktop_state disable trigger user;
    delete from move_state; delete from rollout_desktop_state;
    alter table move_state enable trigger user; alter table rollout_desktop_state enable trigger user`);
  const columns = `row(id integer, "from" timestamptz, until timestamptz, state text, reason text, "atRisk" boolean, team text)`;
  await dataSource.query(
    `insert into move_state (move_id, from_at, until_at, state, scope_reason, at_risk, team)
     select id, "from", until, state, reason, "atRisk", team from jsonb_to_recordset($1::jsonb) as ${columns}`,
    [JSON.stringify(ofMoves)],
  );
  await dataSource.query(
    `insert into rollout_desktop_state (programme_id, device_id, from_at, until_at, state, scope_reason, team)
     select $2, id, "from", until, state, reason, team from jsonb_to_recordset($1::jsonb) as ${columns}`,
    [JSON.stringify(ofDesktops), programmeId],
  );
  // Half of them were there when it began.
  await dataSource.query(
    `insert into baseline_person (programme_id, person_entra_id) select $1, unnest($2::text[]) on conflict do nothing`,
    [programmeId, people.filter((_, index) => index % 2 === 0)],
  );
  await dataSource.query(
    `insert into baseline_desktop (programme_id, device_id) select $1, unnest($2::integer[]) on conflict do nothing`,
    [programmeId, desktops.filter((_, index) => index % 2 === 0)],
  );
  return { moves: ofMoves, desktops: ofDesktops };
}
