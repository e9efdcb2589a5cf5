import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import type { CommandInput } from '../domain/lifecycle/command-input.js';
import type { CustodyCommand } from '../domain/lifecycle/commands.js';
import { MOST_MACHINES, type SelectedLine } from '../domain/lifecycle/selection.js';
import { permissionOf } from '../domain/lifecycle/transitions.js';
import { findSelection, type FoundLine } from './bulk-selection.queries.js';
import type { CustodyActor } from './custody-actor.js';
import { custodyAuditEntry } from './custody-audit.js';
import { carryOut, planOrder, type Order, type TargetResult } from './custody-execution.service.js';

/** What to do when some of the machines cannot be done: do the `rest`, or `all` or none. */
export type BulkMode = 'rest' | 'all';

/** A command for a selection of machines. */
export interface BulkRequest {
  readonly command: CustodyCommand;
  readonly input: CommandInput;
  readonly lines: readonly SelectedLine[];
  readonly idempotencyKey: string | null;
}

/** Where a bulk command stands. */
export interface BulkSummary {
  readonly id: number;
  readonly state: 'checked' | 'done';
  readonly mode: BulkMode | null;
  /** Lines by what became of them. */
  readonly counts: Readonly<Record<'ready' | 'refused' | 'done' | 'undone', number>>;
}

/**
 * The commands of custody on many machines. First a dry run, which is kept and shown; then the same code as for one
 * machine, in one transaction, with a fixed number of statements. Whatever changed since the dry run is left out, or
 * stops all of it.
 */
@Injectable()
export class BulkService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Finds out what a command would do, and keeps the answer for `carryOut`. No machine is changed.
   * @throws InputError without machines or with too many; ForbiddenError without the permission of the command
   */
  async check(request: BulkRequest, by: CustodyActor): Promise<BulkSummary> {
    const { command, input, lines, idempotencyKey } = request;
    const permission = permissionOf(command);
    if (!by.permissions.has(permission)) throw new ForbiddenError(`This needs the permission ${permission}.`);
    if (lines.length === 0 || lines.length > MOST_MACHINES) {
      const message = `Name 1 to ${MOST_MACHINES} machines.`;
      throw new InputError(message, [{ field: 'machines', message }]);
    }
    return this.transactor.run((tx) => {
      const work = (): Promise<BulkSummary> => checkLines(tx, request, by);
      if (idempotencyKey === null) return work();
      return once(tx, { actor: by.actor, key: idempotencyKey, request: { command, input, lines } }, work);
    });
  }

  /**
   * Does a checked command, once; only whoever checked it may.
   * @throws NotFoundError for an unknown one or somebody else's; ConflictError when it was done before; ForbiddenError
   * when the permission is gone by now
   */
  async carryOut(bulkId: number, mode: BulkMode, by: CustodyActor): Promise<BulkSummary> {
    return this.transactor.run(async (tx) => {
      const [rows] = await tx.query<[{ command: CustodyCommand; input: CommandInput }[], number]>(
        `update custody_bulk set state = 'done', mode = $3, done_at = now()
         where id = $1 and actor = $2 and state = 'checked' returning command, input`,
        [bulkId, by.actor, mode],
      );
      const [bulk] = rows;
      if (!bulk) return explainState(tx, bulkId, by);
      const permission = permissionOf(bulk.command);
      if (!by.permissions.has(permission)) throw new ForbiddenError(`This needs the permission ${permission}.`);
      return doLines(tx, bulkId, mode, { ...bulk, by });
    });
  }
}

async function checkLines(tx: EntityManager, request: BulkRequest, by: CustodyActor): Promise<BulkSummary> {
  const { command, input } = request;
  const found = await findSelection(tx, request.lines);
  const targets = found.flatMap(({ deviceId }) => (deviceId === null ? [] : [{ deviceId }]));
  const plan = await planOrder(tx, { command, input, by, targets });
  const refusals = new Map(plan.refused.map(({ deviceId, refusal }) => [deviceId, refusal.message]));
  await tx.query(FORGET_UNDONE);
  const [bulk] = await tx.query<{ id: number }[]>(
    'insert into custody_bulk (command, input, actor) values ($1, $2, $3) returning id',
    [command, JSON.stringify(input), by.actor],
  );
  const id = bulk?.id ?? 0;
  const outcomes = found.map((line) => outcomeOf(line, refusals));
  await tx.query(
    `insert into custody_bulk_line (bulk_id, line, given, device_id, version, outcome, reason)
     select $1, line, given, "deviceId", version, outcome, reason
     from jsonb_to_recordset($2::jsonb) as row(line integer, given text, "deviceId" integer, version bigint, outcome text, reason text)`,
    [id, JSON.stringify(outcomes)],
  );
  const ready = outcomes.filter(({ outcome }) => outcome === 'ready').length;
  await appendToAudit(tx, {
    event: 'custody.bulk-checked',
    actor: by.actor,
    subject: { kind: 'custody-bulk', id },
    details: { command, ready, refused: outcomes.length - ready },
  });
  return {
    id,
    state: 'checked',
    mode: null,
    counts: { ready, refused: outcomes.length - ready, done: 0, undone: 0 },
  };
}

interface CheckedLine extends FoundLine {
  readonly outcome: 'ready' | 'refused';
  readonly reason: string | null;
}

function outcomeOf(line: FoundLine, refusals: ReadonlyMap<number, string>): CheckedLine {
  const reason = line.problem ?? (line.deviceId === null ? null : (refusals.get(line.deviceId) ?? null));
  return { ...line, outcome: reason === null ? 'ready' : 'refused', reason };
}

async function doLines(
  tx: EntityManager,
  bulkId: number,
  mode: BulkMode,
  { command, input, by }: Pick<Order, 'command' | 'input' | 'by'>,
): Promise<BulkSummary> {
  const lines = await tx.query<{ device_id: number | null; version: string; outcome: string }[]>(
    'select device_id, version::text, outcome from custody_bulk_line where bulk_id = $1 order by line',
    [bulkId],
  );
  const targets = lines.flatMap(({ device_id: deviceId, version, outcome }) =>
    deviceId !== null && outcome === 'ready' ? [{ deviceId, version }] : [],
  );
  const order: Order = { command, input, by, targets, bulkId };
  const plan = await planOrder(tx, order);
  const stop = mode === 'all' && (plan.refused.length > 0 || targets.length < lines.length);
  const results = stop ? plan.refused : await carryOut(tx, plan, order);
  const late = results.some((result) => !result.ok) && mode === 'all' && !stop;
  // Somebody was quicker with a machine that nobody had custody of; nothing of this must stay.
  if (late)
    throw new ConflictError('Somebody changed one of these machines at the same moment. Check the selection again.');
  await writeOutcomes(tx, bulkId, results);
  const counts = await countLines(tx, bulkId);
  const done = results.filter((result): result is TargetResult & { ok: true } => result.ok);
  const whole: AuditEntry = {
    event: 'custody.bulk-done',
    actor: by.actor,
    subject: { kind: 'custody-bulk', id: bulkId },
    details: { command, mode, done: counts.done, refused: counts.refused, undone: counts.undone },
  };
  await appendToAudit(tx, [
    ...done.map(({ deviceId, step }) =>
      custodyAuditEntry({
        command,
        actor: by.actor,
        deviceId,
        eventId: step.eventId,
        from: step.machine.standing,
        to: step.to.standing,
        bulkId,
      }),
    ),
    whole,
  ]);
  return { id: bulkId, state: 'done', mode, counts };
}

async function writeOutcomes(tx: EntityManager, bulkId: number, results: readonly TargetResult[]): Promise<void> {
  const rows = results.map((result) => ({
    id: result.deviceId,
    outcome: result.ok ? 'done' : 'refused',
    reason: result.ok ? null : result.refusal.message,
  }));
  await tx.query(
    `update custody_bulk_line line set outcome = row.outcome, reason = row.reason
     from jsonb_to_recordset($2::jsonb) as row(id integer, outcome text, reason text)
     where line.bulk_id = $1 and line.device_id = row.id and line.outcome = 'ready'`,
    [bulkId, JSON.stringify(rows)],
  );
  await tx.query(
    `update custody_bulk_line set outcome = 'undone', reason = 'All or none was asked for, and another line was refused.'
     where bulk_id = $1 and outcome = 'ready'`,
    [bulkId],
  );
}

async function countLines(tx: EntityManager, bulkId: number): Promise<BulkSummary['counts']> {
  const rows = await tx.query<{ outcome: keyof BulkSummary['counts']; lines: number }[]>(
    'select outcome, count(*)::integer as lines from custody_bulk_line where bulk_id = $1 group by outcome',
    [bulkId],
  );
  const counts = { ready: 0, refused: 0, done: 0, undone: 0 };
  for (const { outcome, lines } of rows) counts[outcome] = lines;
  return counts;
}

async function explainState(tx: EntityManager, bulkId: number, by: CustodyActor): Promise<never> {
  const [bulk] = await tx.query<unknown[]>('select from custody_bulk where id = $1 and actor = $2', [bulkId, by.actor]);
  if (!bulk) throw new NotFoundError('There is no such bulk action of yours.');
  throw new ConflictError('This bulk action was done before; it is done once.');
}

/** Dry runs that nobody did. */
const FORGET_UNDONE = `
  delete from custody_bulk where id in (
    select id from custody_bulk where state = 'checked' and checked_at < now() - interval '7 days' order by checked_at limit 20)`;
