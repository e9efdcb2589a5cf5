import { InputError } from '../../common/errors.js';
import { paths } from '../../web/paths.js';
import type { FormValues } from '../../web/submitted-form.js';
import { MOVE_STATE_WORDS } from '../domain/move-words.js';
import type { StatementResult, StatementTarget } from '../move-statements.service.js';
import type { MoveSummary } from '../moves.queries.js';
import type { FormStatement } from './statement-fields.js';

/** What can be said about many moves at once: what needs no machine and no fact of one of them. */
export const BULK_STATEMENTS = [
  'confirm-work-style',
  'defer',
  'end-deferral',
  'exempt',
  'end-exemption',
  'confirm-receipt',
  'state-no-desktop',
  'roll-back',
  'reopen',
] as const satisfies readonly FormStatement[];

/** The statement of an address; null while none is chosen. @throws InputError 400 for another text */
export function bulkStatementNamed(word: unknown): FormStatement | null {
  if (word === undefined || word === '') return null;
  const found = BULK_STATEMENTS.find((each) => each === word);
  if (found === undefined) throw new InputError('This cannot be said about many moves at once.', [], 400);
  return found;
}

/** One move of a bulk action, before or after it. */
export interface BulkLine {
  readonly id: number;
  /** What the tick of it is sent as. */
  readonly tick: string;
  readonly name: string;
  readonly href: string;
  readonly team: string;
  readonly before: string;
  readonly after: string;
  readonly refusal: string | null;
}

/** What became of each move, or would. */
export function bulkLines(results: readonly StatementResult[], moves: readonly MoveSummary[]): BulkLine[] {
  const known = new Map(moves.map((move) => [move.id, move]));
  return results.map((result) => {
    const move = known.get(result.moveId);
    return {
      id: result.moveId,
      tick: `${result.moveId}:${move?.version ?? '0'}`,
      name: move?.person.displayName ?? 'Without a name',
      href: paths.move(result.moveId),
      team: move?.team ?? '',
      before: MOVE_STATE_WORDS[result.ok ? result.before : (move?.state ?? 'out_of_scope')],
      after: result.ok ? MOVE_STATE_WORDS[result.after] : '',
      refusal: result.ok ? null : result.refusal.message,
    };
  });
}

/** The moves that were ticked, each with the version that was looked at. */
export function targetsIn(ticks: FormValues[string] | undefined): StatementTarget[] {
  const given = ticks === undefined ? [] : [ticks].flat();
  const targets = given.flatMap((tick) => {
    const [, id, version] = /^([1-9]\d{0,9}):(\d{1,18})$/.exec(tick) ?? [];
    return id === undefined || version === undefined ? [] : [{ moveId: Number(id), version }];
  });
  if (targets.length === 0 || targets.length < given.length) {
    throw new InputError('Tick at least one move. Check the list once more.');
  }
  return targets;
}

/** Whether those that can be done are done, or all or none. */
export function modeIn(mode: FormValues[string] | undefined): 'rest' | 'all' {
  if (mode === 'rest' || mode === 'all') return mode;
  throw new InputError('Choose what to do when something cannot be done. Check the list once more.');
}

/** What was typed, to be sent along with the ticks. */
export function typedFields(values: FormValues): { readonly name: string; readonly value: string }[] {
  return Object.entries(values).flatMap(([name, value]) => [value].flat().map((each) => ({ name, value: each })));
}
