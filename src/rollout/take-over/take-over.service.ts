import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError } from '../../common/errors.js';
import { addDays, londonDay } from '../../common/uk-time.js';
import { Transactor } from '../../database/transactor.js';
import { walkCustody, type ImpossibleStep } from '../../devices/domain/lifecycle/custody-history.js';
import { standingLabel } from '../../devices/domain/lifecycle/standing.js';
import { takeOverCustody, withCustody } from '../../devices/lifecycle/custody-history.service.js';
import { enterDelivery } from '../../devices/lifecycle/delivery-register.service.js';
import {
  classifyDevices,
  DEVICE_COLUMNS,
  type UnclassifiedDevice,
} from '../../devices/form-factor-classification.service.js';
import { shippedBasis } from '../../devices/form-factor.service.js';
import { takeIdentityLock } from '../../devices/identity-resolution.service.js';
import { SnapshotService } from '../burndown/snapshot.service.js';
import { derivationSettings, MoveDerivationService } from '../move-derivation.service.js';
import { recordFacts } from '../move-facts.service.js';
import { custodyStepsOf } from './history-custody.js';
import { factsOfHistory } from './history-facts.js';
import { matchHistory, type Matched, type Mismatch, type UnknownMachine } from './history-matching.queries.js';
import {
  insertAnswers,
  insertBaseline,
  insertBookings,
  insertProgramme,
  insertWaves,
  type ResolvedNames,
} from './history-programme.service.js';
import { writeReplayedHistory } from './history-replay.service.js';
import type { ProgrammeHistory } from './programme-history.js';

/** What taking a history over comes to, or came to. */
export interface TakeOverReport {
  readonly people: number;
  readonly desktops: number;
  /** Machines that only the records know; each becomes a machine of the register. */
  readonly machinesMade: number;
  readonly custodySteps: number;
  readonly bookings: number;
  readonly facts: number;
  /** What does not match; it is left out, or taken over as the message says. */
  readonly mismatches: readonly Mismatch[];
}

/** A take-over that was done. */
export interface TakenOver extends TakeOverReport {
  readonly programmeId: number;
  /** Days of which a snapshot was taken. */
  readonly days: number;
}

/** Takes over the records of a rollout that began elsewhere. */
@Injectable()
export class TakeOverService {
  constructor(
    private readonly transactor: Transactor,
    private readonly derivation: MoveDerivationService,
    private readonly snapshots: SnapshotService,
  ) {}

  /** Whether there is no programme yet, so that a history can be taken over. */
  async isPossible(): Promise<boolean> {
    return this.transactor.run(async (tx) => !(await hasProgramme(tx)));
  }

  /**
   * Says what taking these records over would do; changes nothing.
   * @throws ConflictError when there is a programme already
   */
  async check(history: ProgrammeHistory): Promise<TakeOverReport> {
    return this.transactor.run(async (tx) => {
      await refuseBesideProgramme(tx);
      const matched = await matchHistory(tx, history);
      // Machines that are not there yet are counted under numbers that no machine has.
      const made = new Map(matched.unknown.map(({ key }, index) => [key, -1 - index]));
      const names = resolve(matched, made, 'system:take-over');
      const { walked, impossible } = walkCustody(await newSteps(tx, history, names));
      const moves = new Map<string, number>();
      for (const { person } of [...history.baseline.people, ...history.arrivals]) {
        const id = names.person(person);
        if (id !== null) moves.set(id, moves.size + 1);
      }
      const facts = factsOfHistory(history, {
        move: moveOf(names, moves),
        device: names.device,
        booking: () => ({ id: 1, startsAt: history.until }),
      });
      return report(history, matched, impossible, names, { custodySteps: walked.length, facts: facts.length });
    });
  }

  /**
   * Takes the records over: the programme with its baseline, custody, bookings and answers, and the history of every move
   * and desktop worked out from them, all or nothing; then a snapshot for each day that is over.
   * @param tell hears in words how far it is
   * @throws ConflictError when there is a programme already
   */
  async takeOver(
    history: ProgrammeHistory,
    actor: Actor,
    tell: (text: string) => void = () => undefined,
    now: Date = new Date(),
  ): Promise<TakenOver> {
    const taken = await this.transactor.run((tx) => this.#write(tx, history, actor, tell, now));
    tell('Counting every day of it.');
    const [from, until] = [londonDay(history.programme.baselineAt), addDays(londonDay(now), -1)];
    const { days } = await this.snapshots.takeAll(taken.programmeId, from, until, actor, now);
    return { ...taken, days: days.length };
  }

  async #write(
    tx: EntityManager,
    history: ProgrammeHistory,
    actor: Actor,
    tell: (text: string) => void,
    now: Date,
  ): Promise<Omit<TakenOver, 'days'>> {
    await takeIdentityLock(tx);
    await tx.query('lock table rollout_programme, device_register in share row exclusive mode');
    await refuseBesideProgramme(tx);
    tell('Finding the people and machines that the records name.');
    const matched = await matchHistory(tx, history);
    const names = resolve(matched, await makeMachines(tx, matched.unknown, actor), actor);
    const { walked, impossible } = walkCustody(await newSteps(tx, history, names));
    await takeOverCustody(tx, walked, actor);
    await forgetGone(tx, history, names);
    tell('Writing the programme, its baseline, waves and bookings.');
    const programmeId = await insertProgramme(tx, history, actor);
    const move = moveOf(names, await insertBaseline(tx, programmeId, history, names));
    await insertWaves(tx, programmeId, history, move, actor);
    const bookings = await insertBookings(tx, programmeId, history, { ...names, move });
    await insertAnswers(tx, history, { ...names, move });
    const facts = factsOfHistory(history, { move, device: names.device, booking: (one) => bookings.get(one) });
    await recordFacts(tx, programmeId, facts, actor, 'when-it-was-so');
    tell('Working out where everybody stood on every day.');
    await writeReplayedHistory(tx, programmeId, await derivationSettings(tx, programmeId), history.until);
    await this.derivation.derive(tx, programmeId, 'all', now);
    await tx.query(
      `update rollout_programme set last_custody_event_id = (select coalesce(max(id), 0) from custody_event) where id = $1`,
      [programmeId],
    );
    const counted = report(history, matched, impossible, names, { custodySteps: walked.length, facts: facts.length });
    const { people, desktops, machinesMade, custodySteps } = counted;
    await appendToAudit(tx, {
      event: 'rollout.history-taken-over',
      actor,
      subject: { kind: 'rollout-programme', id: programmeId },
      details: {
        contentHash: createHash('sha256').update(JSON.stringify(history)).digest('hex'),
        until: history.until.toISOString(),
        people,
        desktops,
        machinesMade,
        custodySteps,
        facts: counted.facts,
      },
    });
    return { ...counted, programmeId };
  }
}

async function hasProgramme(tx: EntityManager): Promise<boolean> {
  return (await tx.query<unknown[]>('select from rollout_programme limit 1')).length > 0;
}

async function refuseBesideProgramme(tx: EntityManager): Promise<void> {
  if (!(await hasProgramme(tx))) return;
  throw new ConflictError(
    'There is a programme here already, and a history is taken over before the first. Nothing was changed.',
  );
}

/** Makes a machine of the register of each that only the records know, and says what kind of machine it is. */
async function makeMachines(
  tx: EntityManager,
  unknown: readonly UnknownMachine[],
  actor: Actor,
): Promise<ReadonlyMap<string, number>> {
  const lines = unknown.map(({ line, registerId }, index) => ({ index, line, registerId, deviceId: null }));
  const entered = await enterDelivery(tx, lines, actor);
  const made = new Map(entered.map(({ index, deviceId }) => [unknown[index]?.key ?? '', deviceId]));
  const ids = [...made.values()];
  await tx.query(
    `update device set enrolled_at = row.enrolled_at from unnest($1::integer[], $2::timestamptz[]) as row(id, enrolled_at)
     where device.id = row.id and row.enrolled_at is not null`,
    [ids, unknown.map(({ key, enrolledAt }) => (made.has(key) ? enrolledAt : null))],
  );
  const devices = await tx.query<UnclassifiedDevice[]>(
    `select ${DEVICE_COLUMNS} from device where id = any($1::integer[])`,
    [ids],
  );
  await classifyDevices(tx, shippedBasis(), devices, { cause: 'records' });
  return made;
}

/** What the records call gone, and no source has, is not there. */
async function forgetGone(tx: EntityManager, { losses }: ProgrammeHistory, { device }: ResolvedNames): Promise<void> {
  const gone = losses.flatMap(({ machine, reason }) => (reason === 'gone' ? (device(machine) ?? []) : []));
  await tx.query(
    `update device set presence = 'gone' where id = any($1::integer[]) and record_count = 0 and merged_into_id is null`,
    [gone],
  );
}

function resolve(matched: Matched, made: ReadonlyMap<string, number>, actor: string): ResolvedNames {
  const person = (name: string | null): string | null =>
    name === null ? null : (matched.people.get(name.toLowerCase()) ?? null);
  return {
    device: (machine) => matched.devices.get(machine) ?? made.get(machine),
    person,
    actor: (name) => {
      const id = person(name);
      return id === null ? actor : `person:${id}`;
    },
  };
}

function moveOf(names: ResolvedNames, moves: ReadonlyMap<string, number>): (person: string) => number | undefined {
  return (person) => moves.get(names.person(person) ?? '');
}

/** The steps of the machines of which no custody is recorded yet. */
async function newSteps(
  tx: EntityManager,
  history: ProgrammeHistory,
  names: ResolvedNames,
): Promise<ReturnType<typeof custodyStepsOf>> {
  const steps = custodyStepsOf(history, names);
  const known = await withCustody(tx, [...new Set(steps.map(({ deviceId }) => deviceId))]);
  return steps.filter(({ deviceId }) => !known.has(deviceId));
}

function report(
  history: ProgrammeHistory,
  matched: Matched,
  impossible: readonly ImpossibleStep[],
  names: ResolvedNames,
  counted: Pick<TakeOverReport, 'custodySteps' | 'facts'>,
): TakeOverReport {
  const keyOf = new Map(
    history.machines.flatMap(({ machine }) => {
      const device = names.device(machine);
      return device === undefined ? [] : [[device, machine] as const];
    }),
  );
  const refused = impossible.map(({ step, from }) => ({
    named: keyOf.get(step.deviceId) ?? String(step.deviceId),
    message: `The step "${step.command}" of ${step.at.toISOString()} does not follow "${standingLabel(from)}"; left out.`,
  }));
  return {
    people: history.baseline.people.length,
    desktops: history.baseline.desktops.length,
    machinesMade: matched.unknown.length,
    bookings: history.bookings.length,
    ...counted,
    mismatches: [...matched.mismatches, ...refused],
  };
}
