import type { EntityManager } from 'typeorm';
import type { ApplicationState, NamedLaptop, ReadinessFacts } from '../domain/readiness/facts.js';
import { NETWORK_NOT_KNOWN } from '../domain/readiness/facts.js';
import type { MoveState, ReadinessOutcome } from '../domain/move-words.js';

/** Classes of machine that are laptops to work with. */
export const LAPTOP_CLASSES = `('laptop', 'convertible', 'workstation_mobile')`;

/** States in which somebody waits for their laptop: what stands in the way is counted and shown. */
export const WAITING_STATES = ['not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'rolled_back'] as const;
/** States in which the rules are asked; somebody who is deferred takes no stock and holds nobody up. */
export const EVALUATED_STATES: readonly MoveState[] = [...WAITING_STATES, 'deferred'];
/** The states in which somebody waits, as SQL lists them. */
export const WAITING_LIST = `('${WAITING_STATES.join(`', '`)}')`;

/** The facts of one move, with what the writing needs of the evaluation before. */
export interface EvaluatedMove {
  readonly facts: ReadinessFacts;
  readonly state: MoveState;
  readonly outcome: ReadinessOutcome | null;
  readonly turns: number;
  readonly digest: Buffer | null;
  readonly waitsForLaptop: boolean;
  readonly otherwiseReady: boolean;
}

/**
 * Everything about some moves that the rules look at, in one statement. What is in somebody's hands comes before what is
 * put aside for them; of the answer about assistive technology nothing is read but how far it is.
 * The machine is looked up by the person: "offset 0" keeps the planner from beginning with all laptops, which it does
 * while the tables have just been filled and nothing is known of them yet.
 * Parameters: numbers of moves; ids of the products that serve; the day in the UK up to which waivers must hold.
 */
export const FACTS_OF_MOVES = `
  select move.id, move.person_entra_id, move.manager_entra_id, move.work_style, move.state,
         coalesce(person.office_location, move.site) as office,
         (select wave.ends_on::text from wave where wave.id = move.wave_id) as wave_ends_on,
         laptop.device_id, laptop.how, laptop.since as laptop_since, laptop.manufacturer, laptop.model,
         laptop.operating_system_version, laptop.upgrade_eligibility, laptop.compliance_state, laptop.last_seen_at,
         case when cardinality($2::text[]) > 0 then (
           select min(case when assignment.state = 'Active' then 'active' else 'failed' end)
           from jsonb_to_recordset(person.licence_assignments) as assignment(sku_id text, state text)
           where assignment.sku_id = any($2)) end as licence,
         answers.items as answers, waivers.items as waivers,
         coalesce(evaluation.outcome, move.readiness) as outcome, evaluation.turns, evaluation.digest, evaluation.waits_for_laptop, evaluation.otherwise_ready,
         evaluation.stock_in_reach
  from move
  join readiness_evaluation as evaluation on evaluation.move_id = move.id
  left join person on person.entra_id = move.person_entra_id
  left join lateral (
    select found.device_id, found.how, found.since, device.manufacturer, device.model, device.operating_system_version,
           device.upgrade_eligibility, device.compliance_state, device.last_seen_at
    from (select custody.device_id, case when custody.state = 'in_use' then 'held' else 'allocated' end as how,
                 custody.since, case when custody.state = 'in_use' then 1 else 3 end as place
          from (select * from device_custody where holder_entra_id = move.person_entra_id offset 0) as custody
          where custody.state in ('in_use', 'allocated') and custody.set_aside_at is null
          union all
          select move.laptop_id, 'held', move.laptop_since, 2 where move.laptop_id is not null) as found
    cross join lateral (select * from device where id = found.device_id offset 0) as device
    where device.merged_into_id is null and device.form_factor in ${LAPTOP_CLASSES}
    order by found.place, found.device_id limit 1) as laptop on true
  left join lateral (
    select jsonb_object_agg(latest.question, jsonb_build_object('answer', latest.answer, 'at', latest.at,
             'listed', coalesce(latest.details -> 'applications', latest.details -> 'sites', '[]'))) as items
    from (select distinct on (given.question) given.question, given.answer, given.at, given.details
          from move_answer as given where given.move_id = move.id order by given.question, given.id desc) as latest)
    as answers on true
  left join lateral (
    select jsonb_agg(jsonb_build_object('id', waiver.id, 'rule', waiver.rule)) as items from readiness_waiver as waiver
    where waiver.move_id = move.id and waiver.ended_at is null and waiver.expires_on >= $3::date) as waivers on true
  where move.id = any($1::integer[])`;

interface FactsRow {
  readonly id: number;
  readonly person_entra_id: string;
  readonly manager_entra_id: string | null;
  readonly work_style: ReadinessFacts['workStyle'];
  readonly state: MoveState;
  readonly office: string | null;
  readonly wave_ends_on: string | null;
  readonly device_id: number | null;
  readonly how: NamedLaptop['how'];
  readonly laptop_since: Date | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly operating_system_version: string | null;
  readonly upgrade_eligibility: string | null;
  readonly compliance_state: string | null;
  readonly last_seen_at: Date | null;
  readonly licence: 'active' | 'failed' | null;
  readonly answers: Readonly<Record<string, { answer: string; at: string; listed: readonly string[] }>> | null;
  readonly waivers: ReadinessFacts['waivers'] | null;
  readonly outcome: ReadinessOutcome | null;
  readonly turns: number;
  readonly digest: Buffer | null;
  readonly waits_for_laptop: boolean;
  readonly otherwise_ready: boolean;
  readonly stock_in_reach: boolean;
}

/** Reads the facts of some moves whose evaluations are locked. @param today the day in the UK (ISO 8601). */
export async function factsOf(
  tx: EntityManager,
  moveIds: readonly number[],
  licenceSkus: readonly string[],
  today: string,
): Promise<EvaluatedMove[]> {
  const rows = await tx.query<FactsRow[]>(FACTS_OF_MOVES, [moveIds, licenceSkus, today]);
  return rows.map((row) => ({
    facts: {
      moveId: row.id,
      personEntraId: row.person_entra_id,
      managerEntraId: row.manager_entra_id,
      workStyle: row.work_style,
      office: row.office,
      waveEndsOn: row.wave_ends_on,
      laptop: laptopOf(row),
      stockInReach: row.stock_in_reach,
      licence: row.licence ?? 'none',
      answers: answersOf(row.answers),
      waivers: row.waivers ?? [],
      home: NETWORK_NOT_KNOWN,
    },
    state: row.state,
    outcome: row.outcome,
    turns: row.turns,
    digest: row.digest,
    waitsForLaptop: row.waits_for_laptop,
    otherwiseReady: row.otherwise_ready,
  }));
}

function laptopOf(row: FactsRow): NamedLaptop | null {
  if (row.device_id === null) return null;
  return {
    deviceId: row.device_id,
    how: row.how,
    since: row.laptop_since,
    manufacturer: row.manufacturer,
    model: row.model,
    operatingSystemVersion: row.operating_system_version,
    upgradeEligibility: row.upgrade_eligibility,
    complianceState: row.compliance_state,
    lastSeenAt: row.last_seen_at,
  };
}

/** The closed list of answers is checked where they are given and where a rule looks at them. */
function answersOf(stored: FactsRow['answers']): ReadinessFacts['answers'] {
  const read = Object.entries(stored ?? {}).map(([question, { answer, at, listed }]) => [
    question,
    { answer, at: new Date(at), listed: Array.isArray(listed) ? listed : [] },
  ]);
  return Object.fromEntries(read) as ReadinessFacts['answers'];
}

/** The programme's applications by name in lower case. */
export async function applicationsOf(
  tx: EntityManager,
  programmeId: number,
): Promise<ReadonlyMap<string, ApplicationState>> {
  const rows = await tx.query<ApplicationState[]>(
    'select id, name, state, owner, since from rollout_application where programme_id = $1',
    [programmeId],
  );
  return new Map(rows.map((application) => [application.name.toLowerCase(), application]));
}
