import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { factsOf, lockForDerivation } from './derivation-facts.queries.js';
import { firstUserOf, writeDesktops, writeMoves } from './derivation-writing.service.js';
import { derivationSettingsIn, type DerivationSettings } from './domain/derivation-settings.js';
import { deriveDesktop } from './domain/derive-desktop.js';
import { deriveMove } from './domain/derive-move.js';

/** Which moves are to be worked out: these, all of the programme, or those that time alone may change. */
export type MovesToDerive = readonly number[] | 'all' | 'due';

/** Moves, and desktops without a user, that are worked out at once: memory stays flat however many there are. */
const AT_ONCE = 1_000;

/** Brings moves, desktops and their history up to what the facts say. */
@Injectable()
export class MoveDerivationService {
  /**
   * Works these moves out anew from their facts, and the desktops that they touch with everybody who shares these; writes
   * only what differs. Call it in the transaction that recorded the facts.
   * @param devices desktops of which something is known, whoever has them
   * @returns how many moves came out differently
   */
  async derive(
    tx: EntityManager,
    programmeId: number,
    moves: MovesToDerive,
    now: Date,
    devices: readonly number[] = [],
  ): Promise<{ readonly changed: number }> {
    const settings = await derivationSettings(tx, programmeId);
    let changed = 0;
    const work = async (some: readonly number[], someDevices: readonly number[]): Promise<void> => {
      changed += await deriveSome(tx, { programmeId, settings, now, moves: some, devices: someDevices });
    };
    if (moves === 'all') {
      for await (const some of chunksOf(tx, NEXT_MOVES, programmeId)) await work(some, []);
      for await (const some of chunksOf(tx, NEXT_UNUSED_DESKTOPS, programmeId)) await work([], some);
    } else {
      const ids = moves === 'due' ? await dueMoves(tx, programmeId, now) : [...new Set(moves)].sort((a, b) => a - b);
      for (let start = 0; start < Math.max(ids.length, devices.length); start += AT_ONCE) {
        await work(ids.slice(start, start + AT_ONCE), devices.slice(start, start + AT_ONCE));
      }
    }
    return { changed };
  }
}

interface Work {
  readonly programmeId: number;
  readonly settings: DerivationSettings;
  readonly now: Date;
  readonly moves: readonly number[];
  readonly devices: readonly number[];
}

async function deriveSome(tx: EntityManager, { programmeId, settings, now, moves, devices }: Work): Promise<number> {
  const locked = await lockForDerivation(tx, programmeId, moves, devices);
  const facts = await factsOf(tx, programmeId, locked.moves, devices);
  const desktops = new Map([...facts.ofDesktops].map(([id, itsFacts]) => [id, deriveDesktop(itsFacts)]));
  const standings = new Map(
    [...facts.ofMoves].map(([id, itsFacts]) => [id, deriveMove(itsFacts, desktops, settings, now)]),
  );
  const changed = await writeMoves(tx, standings, now);
  // Desktops that only those who share one of these have are read and not written: nothing of them has changed.
  const touched = [...desktops].filter(([id]) => locked.machines.has(id));
  const toWrite = [
    ...touched.map(([deviceId, standing]) => ({
      deviceId,
      standing,
      firstUser: firstUserOf(facts.ofDesktops.get(deviceId) ?? []),
    })),
    ...facts.merged.map((deviceId) => ({ deviceId, standing: null, firstUser: null })),
  ];
  await writeDesktops(tx, programmeId, toWrite, now);
  return changed;
}

/** Settings of the derivation, as the programme has them or as programmes begin. */
export async function derivationSettings(tx: EntityManager, programmeId: number): Promise<DerivationSettings> {
  const [latest] = await tx.query<{ settings: Readonly<Record<string, unknown>> }[]>(
    'select settings from rollout_settings where programme_id = $1 order by version desc limit 1',
    [programmeId],
  );
  return derivationSettingsIn(latest?.settings ?? {});
}

async function dueMoves(tx: EntityManager, programmeId: number, now: Date): Promise<number[]> {
  const rows = await tx.query<{ id: number }[]>(
    'select id from move where programme_id = $1 and next_check_at <= $2 order by id',
    [programmeId, now],
  );
  return rows.map(({ id }) => id);
}

const NEXT_MOVES = 'select id from move where programme_id = $1 and id > $2 order by id limit $3';
const NEXT_UNUSED_DESKTOPS = `
  select distinct device_id as id from move_fact as fact
  where programme_id = $1 and device_id > $2 and move_id is null
    and not exists (select from move_fact as other where other.programme_id = $1 and other.device_id = fact.device_id
                    and other.move_id is not null)
  order by device_id limit $3`;

/** The numbers that a statement gives, so many at a time. */
async function* chunksOf(tx: EntityManager, statement: string, programmeId: number): AsyncGenerator<readonly number[]> {
  for (let last = 0; ;) {
    const rows = await tx.query<{ id: number }[]>(statement, [programmeId, last, AT_ONCE]);
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows.map(({ id }) => id);
    last = end.id;
  }
}
