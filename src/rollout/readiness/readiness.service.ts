import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SCHEDULE } from '../../audit/actor.js';
import { londonDay } from '../../common/uk-time.js';
import type { MoveFact } from '../domain/move-fact.js';
import { evaluateReadiness } from '../domain/readiness/evaluate.js';
import {
  NETWORK_NOT_KNOWN,
  type NetworkRooms,
  type NetworkVerdict,
  type ReadinessSurroundings,
} from '../domain/readiness/facts.js';
import { overallOf, type RuleResult } from '../domain/readiness/rules.js';
import { readinessSettingsOf, type ReadinessSettings } from '../domain/readiness/settings.js';
import { MoveDerivationService } from '../move-derivation.service.js';
import { recordFacts } from '../move-facts.service.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { shareStock } from './free-laptops.queries.js';
import { NetworkReadiness } from './network-readiness.queries.js';
import { applicationsOf, factsOf, WAITING_STATES, type EvaluatedMove } from './readiness-facts.queries.js';
import { movesMeant, movesOfOtherRoom, type MovesToEvaluate } from './readiness-selection.queries.js';
import { lockEvaluations, writeReadiness, type ChangedReadiness } from './readiness-writing.service.js';

/** Moves that one statement reads. */
const MOVES_AT_ONCE = 5_000;

/** What an evaluation did. */
export interface EvaluationOutcome {
  /** Moves whose rules were asked. */
  readonly evaluated: number;
  /** Moves of which anything came out differently. */
  readonly changed: number;
  /** Moves whose outcome as a whole changed; each has a fact of it. */
  readonly turned: number;
}

/** Asks the rules of readiness about people and stores what they say; nobody else writes readiness. */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly network: NetworkReadiness,
    private readonly derivation: MoveDerivationService,
  ) {}

  /**
   * Works out the readiness of these moves, of those for whom a network has become large enough or too small, and of those
   * to which free stock reaches or does not reach any more. Writes only what differs; where the outcome as a whole changed
   * it records a fact and has the move derived.
   */
  async evaluate(
    tx: EntityManager,
    programmeId: number,
    which: MovesToEvaluate,
    now: Date,
  ): Promise<EvaluationOutcome> {
    const programme = await this.programmes.one(programmeId, tx);
    if (programme === null) return { evaluated: 0, changed: 0, turned: 0 };
    const settings = readinessSettingsOf(programme.settings);
    const applications = await applicationsOf(tx, programmeId);
    const rooms = await this.network.rooms(tx, programme, now);
    const sites = new Map<string, NetworkVerdict>();
    const evaluation = { tx, programmeId, settings, applications, rooms, sites, now };
    const meant = await movesMeant(tx, programmeId, which);
    const isUpkeep = typeof which === 'object' && 'changedSince' in which;
    const stopped = isUpkeep ? await movesOfOtherRoom(tx, programmeId, rooms) : [];
    const first = await this.#evaluate(
      evaluation,
      [...new Set([...meant, ...stopped])].sort((a, b) => a - b),
    );
    const reached = await shareStock(tx, programmeId, settings.approvedModels);
    const second = await this.#evaluate(evaluation, reached);
    const turned = [...new Set([...first.turned, ...second.turned])];
    if (turned.length > 0) await this.derivation.derive(tx, programmeId, turned, now);
    return {
      evaluated: first.evaluated + second.evaluated,
      changed: first.changed + second.changed,
      turned: turned.length,
    };
  }

  async #evaluate(
    evaluation: Evaluation,
    moveIds: readonly number[],
  ): Promise<{ readonly evaluated: number; readonly changed: number; readonly turned: readonly number[] }> {
    let changed = 0;
    const turned: number[] = [];
    for (let start = 0; start < moveIds.length; start += MOVES_AT_ONCE) {
      const outcome = await this.#evaluateSome(evaluation, moveIds.slice(start, start + MOVES_AT_ONCE));
      changed += outcome.changed;
      turned.push(...outcome.turned);
    }
    return { evaluated: moveIds.length, changed, turned };
  }

  async #evaluateSome(
    evaluation: Evaluation,
    moveIds: readonly number[],
  ): Promise<{ readonly changed: number; readonly turned: readonly number[] }> {
    const { tx, programmeId, settings, applications, rooms, sites, now } = evaluation;
    await lockEvaluations(tx, moveIds);
    const moves = await factsOf(tx, moveIds, settings.licenceSkus, londonDay(now));
    const named = moves.flatMap(({ facts: { answers, office } }) => [
      ...(answers['usual-sites']?.listed ?? []),
      office,
    ]);
    const unasked = [...new Set(named)].filter((site): site is string => site !== null && !sites.has(site));
    for (const [site, verdict] of await this.network.ofSites(tx, unasked, now)) sites.set(site, verdict);
    const homes = await this.network.ofHomes(
      tx,
      moves.map(({ facts }) => facts.personEntraId),
      now,
    );
    const surroundings: ReadinessSurroundings = { sites, rooms, applications };
    const changed = moves.flatMap((move): ChangedReadiness[] => {
      const home = homes.get(move.facts.personEntraId) ?? NETWORK_NOT_KNOWN;
      const results = evaluateReadiness({ ...move.facts, home }, surroundings, settings, now);
      const outcome = changedFrom(move, results);
      return outcome === null ? [] : [outcome];
    });
    if (changed.length === 0) return { changed: 0, turned: [] };
    await writeReadiness(tx, changed, now);
    const before = new Map(moves.map(({ facts, turns }) => [facts.moveId, turns]));
    const turned = changed.filter(({ moveId, turns }) => turns !== before.get(moveId));
    await recordFacts(
      tx,
      programmeId,
      turned.map((each) => turnOf(each, now)),
      SCHEDULE,
      now,
    );
    return { changed: changed.length, turned: turned.map(({ moveId }) => moveId) };
  }
}

interface Evaluation {
  readonly tx: EntityManager;
  readonly programmeId: number;
  readonly settings: ReadinessSettings;
  readonly applications: ReadinessSurroundings['applications'];
  readonly rooms: NetworkRooms;
  /** Verdicts of the sites that were asked for so far, each once for everybody who works there. */
  readonly sites: Map<string, NetworkVerdict>;
  readonly now: Date;
}

/** What is to be stored of a move; null when it is stored already. */
function changedFrom(move: EvaluatedMove, results: readonly RuleResult[]): ChangedReadiness | null {
  const outcome = overallOf(results);
  const waitsForLaptop =
    move.facts.laptop === null &&
    WAITING_STATES.some((state) => state === move.state) &&
    results.some(({ rule, gates }) => rule === 'laptop' && gates);
  const otherwiseReady = !results.some(({ rule, blocks }) => blocks && rule !== 'laptop');
  const digest = digestOf(results);
  if (
    move.digest?.equals(digest) === true &&
    move.waitsForLaptop === waitsForLaptop &&
    move.otherwiseReady === otherwiseReady
  ) {
    return null;
  }
  const turns = outcome === move.outcome ? move.turns : move.turns + 1;
  return { moveId: move.facts.moveId, results, outcome, turns, digest, waitsForLaptop, otherwiseReady };
}

function digestOf(results: readonly RuleResult[]): Buffer {
  return createHash('sha1').update(JSON.stringify(results)).digest();
}

function turnOf({ moveId, outcome, turns, results }: ChangedReadiness, now: Date): MoveFact {
  const rules = [...new Set(results.filter(({ blocks }) => blocks).map(({ rule }) => rule))];
  return {
    kind: 'readiness-changed',
    moveId,
    deviceId: null,
    at: now,
    details: { outcome, rules },
    key: `readiness:${moveId}:${turns}`,
  };
}
