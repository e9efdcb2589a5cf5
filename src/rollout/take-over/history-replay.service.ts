import type { EntityManager } from 'typeorm';
import { factsOf } from '../derivation-facts.queries.js';
import type { DerivationSettings } from '../domain/derivation-settings.js';
import type { DesktopStanding } from '../domain/derive-desktop.js';
import type { RecordedMoveFact } from '../domain/move-fact.js';
import type { MoveStanding } from '../domain/move-standing.js';
import { replayDesktop, replayMove, type Stretch } from '../domain/replay-history.js';

/** Moves or desktops that are replayed at once: memory stays flat however many there are. */
const AT_ONCE = 500;

/**
 * Writes the history of all moves and desktops of a programme that has none yet, as their facts tell it: for each a row for
 * every stretch of time in which nothing about it changed, the last one open. Who works where is what was known when the
 * programme began.
 */
export async function writeReplayedHistory(
  tx: EntityManager,
  programmeId: number,
  settings: DerivationSettings,
  until: Date,
): Promise<void> {
  const moves = await idsOf(tx, 'select id from move where programme_id = $1 order by id', programmeId);
  for (const some of inChunks(moves)) {
    const { ofMoves, ofDesktops } = await factsOf(tx, programmeId, some, []);
    const rows = [...ofMoves].flatMap(([id, facts]) =>
      rowsOf(id, replayMove(facts, desktopsOf(facts, ofDesktops), settings, until), rowOfMove),
    );
    await tx.query(INSERT_MOVE_STATES, [JSON.stringify(rows)]);
  }
  const desktops = await idsOf(
    tx,
    'select device_id as id from rollout_desktop where programme_id = $1 order by device_id',
    programmeId,
  );
  for (const some of inChunks(desktops)) {
    const { ofDesktops } = await factsOf(tx, programmeId, [], some);
    const asked = new Set(some);
    const rows = [...ofDesktops].flatMap(([id, facts]) =>
      asked.has(id) ? rowsOf(id, replayDesktop(facts, until), (standing) => rowOfDesktop(standing, facts)) : [],
    );
    await tx.query(INSERT_DESKTOP_STATES, [programmeId, JSON.stringify(rows)]);
  }
}

function desktopsOf(
  facts: readonly RecordedMoveFact[],
  all: ReadonlyMap<number, readonly RecordedMoveFact[]>,
): ReadonlyMap<number, readonly RecordedMoveFact[]> {
  const named = new Set(facts.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId])));
  return new Map([...all].filter(([id]) => named.has(id)));
}

interface Row {
  readonly id: number;
  readonly from_at: Date;
  readonly until_at: Date | null;
}

/** Stretches that differ in what is counted; those that follow each other without that are one. */
function rowsOf<Standing>(
  id: number,
  stretches: readonly Stretch<Standing>[],
  columns: (standing: Standing) => object,
): Row[] {
  const rows: { from: Date; columns: object; text: string }[] = [];
  for (const { from, standing } of stretches) {
    const row = columns(standing);
    const text = JSON.stringify(row);
    if (rows.at(-1)?.text !== text) rows.push({ from, columns: row, text });
  }
  return rows.map((row, index) => ({
    id,
    from_at: row.from,
    until_at: rows[index + 1]?.from ?? null,
    ...row.columns,
  }));
}

function rowOfMove({ state, scopeReason, readiness, atRisk, workStyle, desktops }: MoveStanding): object {
  const counted = desktops.filter(({ counts }) => counts).map(({ deviceId }) => deviceId);
  return { state, scope_reason: scopeReason, readiness, at_risk: atRisk, work_style: workStyle, desktops: counted };
}

function rowOfDesktop({ state, scopeReason }: DesktopStanding, facts: readonly RecordedMoveFact[]): object {
  const first = facts
    .filter(({ kind, moveId }) => kind === 'desktop-assigned' && moveId !== null)
    .sort((one, other) => one.at.getTime() - other.at.getTime() || (one.key < other.key ? -1 : 1))[0];
  return { state, scope_reason: scopeReason, first_user: first?.moveId ?? null };
}

function* inChunks(ids: readonly number[]): Generator<readonly number[]> {
  for (let start = 0; start < ids.length; start += AT_ONCE) yield ids.slice(start, start + AT_ONCE);
}

async function idsOf(tx: EntityManager, statement: string, programmeId: number): Promise<readonly number[]> {
  const rows = await tx.query<{ id: number }[]>(statement, [programmeId]);
  return rows.map(({ id }) => id);
}

const INSERT_MOVE_STATES = `
  insert into move_state (move_id, from_at, until_at, state, scope_reason, readiness, at_risk, work_style, directorate,
    team, site, manager_entra_id, wave_id, oldest_desktop_at)
  select row.id, row.from_at, row.until_at, row.state, row.scope_reason, row.readiness, row.at_risk, row.work_style,
         move.directorate, move.team, move.site, move.manager_entra_id, move.wave_id,
         (select min(device.enrolled_at) from device where device.id = any(row.desktops))
  from jsonb_to_recordset($1::jsonb) as row(id integer, from_at timestamptz, until_at timestamptz, state text,
    scope_reason text, readiness text, at_risk boolean, work_style text, desktops integer[])
  join move on move.id = row.id`;

/**
 * A desktop is where its first user is, and else where the baseline has it. A stretch in which its first user came to work
 * in another way is two.
 */
const INSERT_DESKTOP_STATES = `
  with stretch as (
    select * from jsonb_to_recordset($2::jsonb) as row(id integer, from_at timestamptz, until_at timestamptz, state text,
      scope_reason text, first_user integer)
  ), work_style as (
    select move_id, from_at, work_style from (
      select move_id, from_at, work_style, lag(work_style) over (partition by move_id order by from_at) as before
      from move_state where move_id in (select first_user from stretch)) as each
    where work_style is distinct from before
  ), piece as (
    select stretch.*, begins.at as begins_at,
           coalesce(lead(begins.at) over (partition by stretch.id, stretch.from_at order by begins.at), stretch.until_at) as ends_at
    from stretch
    cross join lateral (
      select stretch.from_at as at
      union
      select work_style.from_at from work_style
      where work_style.move_id = stretch.first_user and work_style.from_at > stretch.from_at
        and (stretch.until_at is null or work_style.from_at < stretch.until_at)
    ) as begins
  )
  insert into rollout_desktop_state (programme_id, device_id, from_at, until_at, state, scope_reason, work_style,
    directorate, team, site, enrolled_at)
  select $1, piece.id, piece.begins_at, piece.ends_at, piece.state, piece.scope_reason,
         (select work_style.work_style from work_style
          where work_style.move_id = piece.first_user and work_style.from_at <= piece.begins_at
          order by work_style.from_at desc limit 1),
         coalesce(move.directorate, baseline.directorate), coalesce(move.team, baseline.team),
         coalesce(move.site, baseline.site, custody.place), device.enrolled_at
  from piece
  join device on device.id = piece.id
  left join move on move.id = piece.first_user
  left join baseline_desktop as baseline on baseline.programme_id = $1 and baseline.device_id = piece.id
  left join device_custody as custody on custody.device_id = piece.id and custody.set_aside_at is null`;
