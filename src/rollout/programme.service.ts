import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError, type FieldError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import { DEFAULT_DERIVATION_SETTINGS } from './domain/derivation-settings.js';
import { DEFAULT_READINESS_SETTINGS, READINESS_KEY } from './domain/readiness/settings.js';
import { freezeBaseline } from './baseline.service.js';
import { MoveDerivationService } from './move-derivation.service.js';
import type { ProgrammeScope } from './rollout-programme.entity.js';

/** What is planned of a programme. Days are ISO 8601. */
export interface ProgrammePlan {
  readonly name: string;
  readonly startsOn: string;
  readonly targetOn: string;
  readonly scope: ProgrammeScope;
}

/** A programme as a command left it. */
export interface ProgrammeOutcome {
  readonly id: number;
  readonly version: string;
}

/** Plans a programme, starts it and closes it. */
@Injectable()
export class ProgrammeService {
  constructor(
    private readonly transactor: Transactor,
    private readonly derivation: MoveDerivationService,
  ) {}

  /**
   * Plans a programme, with the settings that programmes begin with.
   * @throws InputError for a plan that cannot be kept; ConflictError while another one is planned or runs
   */
  async create(plan: ProgrammePlan, actor: Actor): Promise<ProgrammeOutcome> {
    checkPlan(plan);
    return this.transactor.run(async (tx) => {
      // Only one of two that plan at the same moment.
      await tx.query('lock table rollout_programme in share row exclusive mode');
      const open = await tx.query<unknown[]>(`select 1 from rollout_programme where state <> 'closed'`);
      if (open.length > 0) throw new ConflictError('A programme is planned or runs already. Close it before the next.');
      const [programme] = await tx.query<{ id: number; version: string }[]>(
        `insert into rollout_programme (name, starts_on, target_on, scope, created_by) values ($1, $2, $3, $4, $5)
         returning id, version::text`,
        [plan.name, plan.startsOn, plan.targetOn, JSON.stringify(plan.scope), actor],
      );
      if (!programme) throw new Error('A programme that was planned is not there.');
      const settings = { ...DEFAULT_DERIVATION_SETTINGS, [READINESS_KEY]: DEFAULT_READINESS_SETTINGS };
      await tx.query(
        `insert into rollout_settings (programme_id, version, settings, reason, actor)
         values ($1, 1, $2, 'What programmes begin with', $3)`,
        [programme.id, JSON.stringify(settings), actor],
      );
      await appendToAudit(tx, entry('programme.planned', programme.id, actor));
      return programme;
    });
  }

  /** Changes what is planned. @throws ConflictError for a programme that runs, or that was changed meanwhile */
  async change(id: number, version: string, plan: ProgrammePlan, actor: Actor): Promise<ProgrammeOutcome> {
    checkPlan(plan);
    return this.transactor.run(async (tx) => {
      await lockProgramme(tx, id, version, 'draft');
      const next = await update(tx, id, 'name = $2, starts_on = $3, target_on = $4, scope = $5', [
        plan.name,
        plan.startsOn,
        plan.targetOn,
        JSON.stringify(plan.scope),
      ]);
      await appendToAudit(tx, entry('programme.changed', id, actor));
      return { id, version: next };
    });
  }

  /**
   * Starts what is planned: freezes who is in the scope and which desktops there are, and opens everybody's move.
   * @throws ConflictError for a programme that is not planned, or that was changed meanwhile; InputError for a scope that
   * nobody is in
   */
  async start(
    id: number,
    version: string,
    actor: Actor,
  ): Promise<ProgrammeOutcome & { readonly people: number; readonly desktops: number }> {
    return this.transactor.run(async (tx) => {
      await lockProgramme(tx, id, version, 'draft');
      const now = new Date();
      const next = await update(tx, id, `state = 'running', baseline_at = $2`, [now]);
      const frozen = await freezeBaseline(tx, id, actor, now);
      if (frozen.people === 0)
        throw new InputError('Nobody is in this scope. Change it and look at who it leaves out.');
      await this.derivation.derive(tx, id, 'all', now);
      await appendToAudit(tx, { ...entry('programme.started', id, actor), details: { ...frozen } });
      return { id, version: next, ...frozen };
    });
  }

  /**
   * Ends a programme: what is known of it stays, and nothing more is collected.
   * @throws ConflictError for a programme that does not run, or that was changed meanwhile
   */
  async close(id: number, version: string, actor: Actor, reason: string): Promise<ProgrammeOutcome> {
    return this.transactor.run(async (tx) => {
      await lockProgramme(tx, id, version, 'running');
      const next = await update(tx, id, `state = 'closed', closed_at = now(), closed_by = $2, close_reason = $3`, [
        actor,
        reason,
      ]);
      await appendToAudit(tx, entry('programme.closed', id, actor));
      return { id, version: next };
    });
  }
}

function entry(
  event: 'programme.planned' | 'programme.changed' | 'programme.started' | 'programme.closed',
  id: number,
  actor: Actor,
) {
  return { event, actor, subject: { kind: 'rollout-programme', id } };
}

async function update(tx: EntityManager, id: number, assignments: string, values: readonly unknown[]): Promise<string> {
  const [rows] = await tx.query<[{ version: string }[], number]>(
    `update rollout_programme set ${assignments}, version = nextval('rollout_version_sequence') where id = $1
     returning version::text`,
    [id, ...values],
  );
  return rows[0]?.version ?? '';
}

const STATE_WORDS = { draft: 'planned', running: 'running', closed: 'closed' } as const;

async function lockProgramme(
  tx: EntityManager,
  id: number,
  version: string,
  state: keyof typeof STATE_WORDS,
): Promise<void> {
  const [programme] = await tx.query<{ state: keyof typeof STATE_WORDS; version: string }[]>(
    'select state, version::text from rollout_programme where id = $1 for update',
    [id],
  );
  if (!programme) throw new NotFoundError('There is no such programme.');
  if (programme.state !== state) {
    throw new ConflictError(
      `This needs a programme that is ${STATE_WORDS[state]}; this one is ${STATE_WORDS[programme.state]}.`,
    );
  }
  if (programme.version !== version)
    throw new ConflictError('Somebody changed the programme meanwhile. Look at it again.');
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOST_LISTED = 200;
const LONGEST_ENTRY = 200;

function checkPlan({ name, startsOn, targetOn, scope }: ProgrammePlan): void {
  const fields: FieldError[] = [];
  if (name.trim().length < 1 || name.length > 120) fields.push({ field: 'name', message: 'Enter 1 to 120 characters' });
  if (!isDay(startsOn)) fields.push({ field: 'startsOn', message: 'Enter a day' });
  if (!isDay(targetOn)) fields.push({ field: 'targetOn', message: 'Enter a day' });
  else if (targetOn <= startsOn) fields.push({ field: 'targetOn', message: 'Enter a day after the first' });
  for (const list of ['directorates', 'sites', 'exceptEmployeeTypes', 'exceptTeams'] as const) {
    if (scope[list].length > MOST_LISTED || scope[list].some((one) => one.length < 1 || one.length > LONGEST_ENTRY)) {
      fields.push({ field: list, message: `List up to ${MOST_LISTED}, each as the directory spells it` });
    }
  }
  if (fields.length > 0) throw new InputError('This plan cannot be kept.', fields);
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
