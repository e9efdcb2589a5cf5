import { shownTime } from '../../common/uk-time.js';
import { WORK_STYLES, WORK_STYLE_WORDS, type WorkStyle } from '../domain/move-words.js';
import { DEFERRAL_WORDS, isRetractable, type StatementName } from '../domain/statements.js';
import type { MachineOfMove, WholeMove } from '../moves.queries.js';
import { factText } from './fact-words.js';

/** Statements that have a page of one form; answers have a page of their own. */
export type FormStatement = Exclude<StatementName, 'answer'>;

/** A field of a statement as the macros of forms take it. */
export interface StatementField {
  readonly kind: 'text' | 'lines' | 'radios' | 'day';
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string | null;
  readonly items?: readonly { readonly value: string; readonly text: string; readonly hint?: string }[];
}

/** Work styles that can be confirmed; exemption is a decision of its own. */
export const CONFIRMED_STYLES = WORK_STYLES.filter((style) => style !== 'exempt') as readonly Exclude<
  WorkStyle,
  'exempt'
>[];

const REASON: StatementField = { kind: 'lines', name: 'reason', label: 'Reason' };
const DEFERRAL: readonly StatementField[] = [
  {
    kind: 'radios',
    name: 'deferral',
    label: 'Why',
    items: Object.entries(DEFERRAL_WORDS).map(([value, text]) => ({ value, text })),
  },
  {
    kind: 'day',
    name: 'until',
    label: 'Until',
    hint: 'The move is taken up again by itself on this day. For example, 27 3 2027',
  },
];
const EXEMPTION: readonly StatementField[] = [
  REASON,
  { kind: 'day', name: 'until', label: 'Until (optional)', hint: 'Leave it empty for an exemption that somebody ends' },
];

/** The fields of a statement about any move, as for many at once. */
export function commonFields(statement: FormStatement, workStyle: WorkStyle | null = null): readonly StatementField[] {
  switch (statement) {
    case 'confirm-work-style':
      return [
        {
          kind: 'radios',
          name: 'workStyle',
          label: 'Work style',
          value: workStyle,
          items: CONFIRMED_STYLES.map((value) => ({ value, text: WORK_STYLE_WORDS[value] })),
        },
      ];
    case 'defer':
      return DEFERRAL;
    case 'exempt':
      return EXEMPTION;
    case 'confirm-receipt':
    case 'end-deferral':
    case 'end-exemption':
      return [];
    case 'state-no-desktop':
    case 'state-desktop':
    case 'release-desktop':
    case 'roll-back':
    case 'reopen':
    case 'retract':
      return [REASON];
  }
}

/** The fields of a statement about one move. */
export function fieldsOf(statement: FormStatement, move: WholeMove, now: Date): readonly StatementField[] {
  if (statement === 'state-desktop') {
    return [{ kind: 'text', name: 'machine', label: 'Desktop', hint: 'Serial number, asset tag, or #17' }];
  }
  const common = commonFields(statement, move.workStyle);
  const first = whichOf(statement, move, now);
  return first === null ? common : [first, ...common];
}

/** What has to be chosen from what the move has. */
function whichOf(statement: FormStatement, move: WholeMove, now: Date): StatementField | null {
  if (statement === 'release-desktop') {
    const items = move.desktops.map((desktop) => ({ value: String(desktop.id), text: machineName(desktop) }));
    return { kind: 'radios', name: 'desktop', label: 'Which desktop do others keep?', items };
  }
  if (statement !== 'retract') return null;
  return { kind: 'radios', name: 'key', label: 'What turned out to be wrong?', items: facts(move, now) };
}

function facts(move: WholeMove, now: Date): { value: string; text: string; hint: string }[] {
  return move.facts.filter(isRetractable).map((fact) => ({
    value: fact.key,
    text: fact.machine === null ? factText(fact) : `${factText(fact)}, ${machineName(fact.machine)}`,
    hint: shownTime(fact.at, now)?.text ?? '',
  }));
}

function machineName({ name, serialNumber }: MachineOfMove): string {
  return name ?? serialNumber ?? 'Without a name';
}
