import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { Transactor } from '../database/transactor.js';
import {
  DESKTOPS_ENTERING,
  DESKTOPS_GONE,
  DESKTOPS_RECLASSIFIED,
  DESKTOPS_SEEN,
  LAPTOPS_NOT_OBSERVED,
  LAPTOPS_OBSERVED,
  MACHINES_ASSIGNED,
  MACHINES_RELEASED,
  REMEMBER_KEEPERS,
  SCOPE_OF_DESKTOPS,
} from './collection-of-machines.js';
import { JOINERS, LEAVERS, RETURNERS, SCOPE_OF_PEOPLE, WORK_STYLES_PROPOSED } from './collection-of-people.js';
import { collectCustody } from './custody-collection.service.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { workStyleRulesOf } from './work-style-rules.js';

const COLLECTOR: Actor = 'system:fact-collection';

/** What a collection found. */
export interface CollectionOutcome {
  /** Facts that were new. */
  readonly facts: number;
  /** Moves that came out differently. */
  readonly changed: number;
}

interface Collected {
  readonly id: number;
  readonly lastCustodyEventId: number;
  /** From when on facts are ours: since the baseline, or the end of what was taken over. */
  readonly since: Date;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Turns what the directory, the sources and custody say differently than before into facts of the programme that runs.
 * Every fact has a key: collecting twice adds nothing.
 */
@Injectable()
export class FactCollectionService {
  constructor(
    private readonly transactor: Transactor,
    private readonly derivation: MoveDerivationService,
  ) {}

  /** Collects, and has derived what it touches and what time alone may have changed. @returns null while nothing runs */
  async collect(now: Date = new Date()): Promise<CollectionOutcome | null> {
    return this.transactor.run(async (tx) => {
      const programme = await lockRunning(tx);
      if (programme === null) return null;
      const before = await lastFact(tx);
      await collectPeople(tx, programme.id, now);
      await collectMachines(tx, programme, now, before);
      const found = await this.#deriveTouched(tx, programme.id, before, now);
      // These look at what was derived: at states of desktops, and at the machines that people have.
      const middle = await lastFact(tx);
      for (const statement of [DESKTOPS_GONE, DESKTOPS_SEEN, LAPTOPS_OBSERVED, LAPTOPS_NOT_OBSERVED]) {
        await tx.query(statement, [programme.id, now, COLLECTOR]);
      }
      const rules = JSON.stringify(workStyleRulesOf(programme.settings));
      await tx.query(WORK_STYLES_PROPOSED, [programme.id, now, COLLECTOR, rules]);
      const seen = await this.#deriveTouched(tx, programme.id, middle, now);
      const due = await this.derivation.derive(tx, programme.id, 'due', now);
      return { facts: await factsAfter(tx, programme.id, before), changed: found + seen + due.changed };
    });
  }

  async #deriveTouched(tx: EntityManager, programmeId: number, after: string, now: Date): Promise<number> {
    const moves = await tx.query<{ id: number }[]>(TOUCHED_MOVES, [programmeId, after]);
    const devices = await tx.query<{ id: number }[]>(TOUCHED_DESKTOPS, [programmeId, after]);
    if (moves.length === 0 && devices.length === 0) return 0;
    const derived = await this.derivation.derive(
      tx,
      programmeId,
      moves.map(({ id }) => id),
      now,
      devices.map(({ id }) => id),
    );
    return derived.changed;
  }
}

/** One collection at a time: the second waits, and finds nothing new. */
async function lockRunning(tx: EntityManager): Promise<Collected | null> {
  const [programme] = await tx.query<Collected[]>(
    `select id, last_custody_event_id::integer as "lastCustodyEventId", coalesce(backfilled_until, baseline_at) as since,
            coalesce((select settings from rollout_settings where programme_id = rollout_programme.id
                      order by version desc limit 1), '{}') as settings
     from rollout_programme where state = 'running' for no key update`,
  );
  return programme ?? null;
}

async function collectPeople(tx: EntityManager, programmeId: number, now: Date): Promise<void> {
  for (const statement of [LEAVERS, RETURNERS, JOINERS, SCOPE_OF_PEOPLE]) {
    await tx.query(statement, [programmeId, now, COLLECTOR]);
  }
}

async function collectMachines(tx: EntityManager, programme: Collected, now: Date, before: string): Promise<void> {
  const parameters = [programme.id, now, COLLECTOR];
  for (const statement of [DESKTOPS_ENTERING, DESKTOPS_RECLASSIFIED, SCOPE_OF_DESKTOPS]) {
    await tx.query(statement, parameters);
  }
  await collectCustody(tx, programme, COLLECTOR, now);
  await tx.query(MACHINES_ASSIGNED, [...parameters, before]);
  await tx.query(MACHINES_RELEASED, [...parameters, before]);
  for (const statement of REMEMBER_KEEPERS) await tx.query(statement, [programme.id]);
}

async function lastFact(tx: EntityManager): Promise<string> {
  const [row] = await tx.query<{ id: string }[]>('select coalesce(max(id), 0) as id from move_fact');
  return row?.id ?? '0';
}

async function factsAfter(tx: EntityManager, programmeId: number, id: string): Promise<number> {
  const [row] = await tx.query<{ count: number }[]>(
    'select count(*)::integer as count from move_fact where programme_id = $1 and id > $2',
    [programmeId, id],
  );
  return row?.count ?? 0;
}

/** Moves with new facts, that the directory has elsewhere now, or whose laptop turned out to be another machine. */
const TOUCHED_MOVES = `
  select move_id as id from move_fact where programme_id = $1 and id > $2 and move_id is not null
  union
  select move.id from move join person on person.entra_id = move.person_entra_id
  where move.programme_id = $1 and (move.directorate, move.team, move.site, move.manager_entra_id)
    is distinct from (person.division, person.department, person.office_location, person.manager_entra_id)
  union
  select move.id from move join device on device.id = move.laptop_id
  where move.programme_id = $1 and device.merged_into_id is not null
  order by id`;

/** Desktops with new facts, and those that turned out to be another machine or are one of their own again. */
const TOUCHED_DESKTOPS = `
  select device_id as id from move_fact where programme_id = $1 and id > $2 and move_id is null
  union
  select desktop.device_id from rollout_desktop as desktop join device on device.id = desktop.device_id
  where desktop.programme_id = $1 and desktop.state <> 'out_of_scope' and device.merged_into_id is not null
  union
  select desktop.device_id from rollout_desktop as desktop join device on device.id = desktop.device_id
  where desktop.programme_id = $1 and desktop.state = 'out_of_scope' and desktop.scope_reason = 'reclassified'
    and device.merged_into_id is null and device.form_factor_superclass = 'fixed'
  order by id`;
