import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { Transactor } from '../../database/transactor.js';
import { MoveDerivationService } from '../move-derivation.service.js';
import { moveConditions, type MoveFilter } from '../move-filter.queries.js';
import { ProgrammeQueries } from '../programme.queries.js';
import type { BookingActor } from './booking-actor.js';
import { lockProgramme } from './slots.service.js';

/** A wave as it is planned. */
export interface WavePlan {
  readonly name: string;
  readonly startsOn: string;
  readonly endsOn: string;
  /** The question whose answers are its members; null for members chosen by hand. */
  readonly filter: MoveFilter | null;
}

/** Whom to take in: all who match the wave's query and are in no wave, or these, wherever they are. */
export type NewMembers = 'query' | readonly number[];

/** Members that one command takes in by hand. */
const MOST_BY_HAND = 1_000;

/** Plans waves and who moves in them. */
@Injectable()
export class WavesService {
  constructor(
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
    private readonly derivation: MoveDerivationService,
  ) {}

  /** Plans a wave; with a query, everybody who matches it and is in no wave becomes a member at once. */
  make(
    plan: WavePlan,
    key: string | null,
    by: BookingActor,
    now = new Date(),
  ): Promise<{ waveId: number; added: number }> {
    return this.transactor.run((tx) => {
      const work = async (): Promise<{ waveId: number; added: number }> => {
        checkDays(plan);
        const programmeId = await lockProgramme(tx, this.programmes);
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into wave (programme_id, name, starts_on, ends_on, filter, created_by)
             values ($1, $2, $3, $4, $5, $6) returning id`,
            [programmeId, plan.name, plan.startsOn, plan.endsOn, jsonOf(plan.filter), by.actor],
          )
          .catch(nameTaken);
        const waveId = row?.id ?? 0;
        const added = plan.filter === null ? 0 : await this.#add(tx, programmeId, waveId, 'query', by, now);
        await this.#audit(tx, 'wave.made', waveId, by, { members: added });
        return { waveId, added };
      };
      return key === null ? work() : once(tx, { actor: by.actor, key, request: plan }, work);
    });
  }

  /**
   * Changes name, days and query; its members stay until they are taken in or out.
   * @throws NotFoundError for an unknown wave; ConflictError when somebody changed it meanwhile
   */
  change(waveId: number, plan: WavePlan, version: string, by: BookingActor): Promise<void> {
    return this.transactor.run(async (tx) => {
      checkDays(plan);
      await programmeOf(tx, waveId);
      const [, changed] = await tx
        .query<[unknown[], number]>(
          `update wave set name = $2, starts_on = $3, ends_on = $4, filter = $5, version = nextval('rollout_version_sequence')
           where id = $1 and version = $6::bigint`,
          [waveId, plan.name, plan.startsOn, plan.endsOn, jsonOf(plan.filter), version],
        )
        .catch(nameTaken);
      if (changed === 0) throw new ConflictError('Somebody changed this wave meanwhile. Look at it and send it again.');
      await this.#audit(tx, 'wave.changed', waveId, by, {});
    });
  }

  /** Takes members in. @returns how many are new in this wave */
  addMembers(
    waveId: number,
    members: NewMembers,
    key: string | null,
    by: BookingActor,
    now = new Date(),
  ): Promise<{ readonly added: number }> {
    return this.transactor.run((tx) => {
      const work = async (): Promise<{ readonly added: number }> => {
        const added = await this.#add(tx, await programmeOf(tx, waveId), waveId, members, by, now);
        await this.#audit(tx, 'wave.members-added', waveId, by, { members: added });
        return { added };
      };
      return key === null ? work() : once(tx, { actor: by.actor, key, request: { waveId, members } }, work);
    });
  }

  /** Takes members out; they are in no wave then. @returns how many were in it */
  removeMembers(
    waveId: number,
    moveIds: readonly number[],
    by: BookingActor,
    now = new Date(),
  ): Promise<{ readonly removed: number }> {
    return this.transactor.run(async (tx) => {
      const programmeId = await programmeOf(tx, waveId);
      const [rows] = await tx.query<[{ id: number }[], number]>(
        'delete from wave_member where wave_id = $1 and move_id = any($2::integer[]) returning move_id as id',
        [waveId, moveIds],
      );
      const ids = rows.map(({ id }) => id);
      await this.#tellMoves(tx, programmeId, ids, null, now);
      await this.#audit(tx, 'wave.members-removed', waveId, by, { members: ids.length });
      return { removed: ids.length };
    });
  }

  async #add(
    tx: EntityManager,
    programmeId: number,
    waveId: number,
    members: NewMembers,
    by: BookingActor,
    now: Date,
  ): Promise<number> {
    const ids =
      members === 'query' ? await matching(tx, programmeId, waveId) : await existing(tx, programmeId, members);
    const rows = await tx.query<{ id: number }[]>(
      `insert into wave_member (move_id, wave_id, source, added_by, added_at)
       select id, $1, $2, $3, $4 from unnest($5::integer[]) as id order by id
       on conflict on constraint wave_member_pkey do update
         set wave_id = excluded.wave_id, source = excluded.source, added_by = excluded.added_by, added_at = excluded.added_at
         where wave_member.wave_id <> excluded.wave_id and excluded.source = 'hand'
       returning move_id as id`,
      [waveId, members === 'query' ? 'query' : 'hand', by.actor, now, ids],
    );
    const added = rows.map(({ id }) => id);
    await this.#tellMoves(tx, programmeId, added, waveId, now);
    return added.length;
  }

  /** The move says its wave too, and so does its history from now on. */
  async #tellMoves(
    tx: EntityManager,
    programmeId: number,
    ids: number[],
    waveId: number | null,
    now: Date,
  ): Promise<void> {
    if (ids.length === 0) return;
    ids.sort((a, b) => a - b);
    await tx.query('select from move where id = any($1::integer[]) order by id for no key update', [ids]);
    await tx.query(
      `update move set wave_id = $2, version = nextval('rollout_version_sequence') where id = any($1::integer[])`,
      [ids, waveId],
    );
    await this.derivation.derive(tx, programmeId, ids, now);
  }

  #audit(
    tx: EntityManager,
    event: AuditEventName,
    id: number,
    by: BookingActor,
    details: Readonly<Record<string, number>>,
  ): Promise<void> {
    return appendToAudit(tx, { event, actor: by.actor, subject: { kind: 'wave', id }, details });
  }
}

async function matching(tx: EntityManager, programmeId: number, waveId: number): Promise<number[]> {
  const [wave] = await tx.query<{ filter: MoveFilter | null }[]>('select filter from wave where id = $1', [waveId]);
  if (!wave?.filter) throw new ConflictError('This wave has no query. Choose its members by hand.');
  const conditions = moveConditions(programmeId, wave.filter).always(
    `move.wave_id is null and move.state not in ('closed', 'left', 'exempt', 'out_of_scope', 'already_mobile')`,
  );
  const rows = await tx.query<{ id: number }[]>(
    `select move.id from move where ${conditions.toSql()} order by move.id`,
    conditions.parameters,
  );
  return rows.map(({ id }) => id);
}

async function existing(tx: EntityManager, programmeId: number, ids: readonly number[]): Promise<number[]> {
  if (ids.length > MOST_BY_HAND) {
    const message = `Choose at most ${MOST_BY_HAND} at once.`;
    throw new InputError(message, [{ field: 'moves', message }]);
  }
  const rows = await tx.query<{ id: number }[]>(
    'select id from move where programme_id = $1 and id = any($2::integer[]) order by id',
    [programmeId, ids],
  );
  if (rows.length < new Set(ids).size) {
    const message = 'Some of these moves are not in this programme. Nobody was added.';
    throw new InputError(message, [{ field: 'moves', message }]);
  }
  return rows.map(({ id }) => id);
}

/** Locks the wave. */
async function programmeOf(tx: EntityManager, waveId: number): Promise<number> {
  const [wave] = await tx.query<{ id: number }[]>(
    'select programme_id as id from wave where id = $1 for no key update',
    [waveId],
  );
  if (!wave) throw new NotFoundError('There is no such wave.');
  return wave.id;
}

function checkDays({ startsOn, endsOn }: Pick<WavePlan, 'startsOn' | 'endsOn'>): void {
  if (endsOn >= startsOn) return;
  const message = 'Enter a last day that is not before the first.';
  throw new InputError(message, [{ field: 'endsOn', message }]);
}

function jsonOf(filter: MoveFilter | null): string | null {
  return filter === null ? null : JSON.stringify(filter);
}

function nameTaken(error: unknown): never {
  if (sqlstateOf(error) !== SQLSTATE.uniqueViolation) throw error;
  const message = 'There is a wave of this name already. Choose another name.';
  throw new InputError(message, [{ field: 'name', message }]);
}
