import type { CustodyCommand } from './commands.js';
import type { Origin, Standing } from './standing.js';

/** The permissions that custody knows; see `src/auth/permissions.ts`. */
export type CustodyPermission = 'custody:write' | 'stock:write' | 'wipe:record';

/**
 * What must hold besides the standing:
 * - `present-person`: the person named is in the directory with an enabled account;
 * - `not-oneself`: nobody decides about a machine that they have or would get (four eyes);
 * - `put-aside-for-them`: an allocated machine goes to the person whom it is allocated to;
 * - `somebody-else`: the person named is not the holder already;
 * - `last-step`: there is a step to take back, and it was not taken back before.
 */
export const GUARDS = ['present-person', 'not-oneself', 'put-aside-for-them', 'somebody-else', 'last-step'] as const;
export type Guard = (typeof GUARDS)[number];

/** One permitted step. */
export interface Transition {
  readonly command: CustodyCommand;
  readonly from: readonly Origin[];
  /** `same` leaves the standing as it is, `before` brings back the one before the last step. */
  readonly to: Standing | 'same' | 'before';
  readonly permission: CustodyPermission;
  readonly guards: readonly Guard[];
  /** Why it is permitted, and why only so. */
  readonly why: string;
}

const WITH_SOMEBODY = ['in_use', 'in_use:shared', 'return_due', 'return_due:shared'] as const;
const STOCK = ['in_stock:available', 'in_stock:held', 'in_stock:quarantined', 'in_stock:repair'] as const;
const IN_OUR_HANDS = [...STOCK, 'recovered', 'wiped', 'awaiting_disposal'] as const;

/**
 * Every step that a machine's custody can take; what is not here is refused. Pages, API, command line and bulk actions
 * all ask this table. The precedents are those of the trade: an order becomes stock, stock is promised before it is
 * given, only IT confirms a return, nothing is given out again unwiped, and disposal is terminal.
 */
export const TRANSITIONS: readonly Transition[] = [
  {
    command: 'order',
    from: ['none'],
    to: 'on_order',
    permission: 'stock:write',
    guards: [],
    why: 'A supplier has named the machine before it is here.',
  },
  {
    command: 'receive',
    from: ['none', 'on_order'],
    to: 'in_stock:available',
    permission: 'stock:write',
    guards: [],
    why: 'A delivery line with a serial number that no other machine has; a damaged one is received into quarantine.',
  },
  {
    command: 'allocate',
    from: ['in_stock:available', 'in_stock:held'],
    to: 'allocated',
    permission: 'stock:write',
    guards: ['present-person', 'not-oneself'],
    why: 'Put aside for one person, so that it is promised to nobody else.',
  },
  {
    command: 'hold',
    from: ['in_stock:available'],
    to: 'in_stock:held',
    permission: 'stock:write',
    guards: [],
    why: 'Kept back for a purpose; nobody takes it from the shelf.',
  },
  {
    command: 'quarantine',
    from: ['in_stock:available', 'in_stock:held'],
    to: 'in_stock:quarantined',
    permission: 'stock:write',
    guards: [],
    why: 'Something is wrong with it; it must not be given out.',
  },
  {
    command: 'release',
    from: ['in_stock:held', 'in_stock:quarantined', 'allocated'],
    to: 'in_stock:available',
    permission: 'stock:write',
    guards: ['not-oneself'],
    why: 'What kept it back is over. None of these standings can hold the data of a person.',
  },
  {
    command: 'move',
    from: IN_OUR_HANDS,
    to: 'same',
    permission: 'stock:write',
    guards: [],
    why: 'It stands elsewhere now.',
  },
  {
    command: 'hand-over',
    from: ['none', 'in_stock:available', 'allocated'],
    to: 'in_use',
    permission: 'custody:write',
    guards: ['present-person', 'not-oneself', 'put-aside-for-them'],
    why: 'Given to a person by somebody else. A machine without custody was found in use: this is its first record.',
  },
  {
    command: 'install',
    from: ['none', 'in_stock:available'],
    to: 'in_use:shared',
    permission: 'custody:write',
    guards: [],
    why: 'A hot desk, meeting room or reception has it: a place, and nobody in person.',
  },
  {
    command: 'transfer',
    from: ['in_use', 'in_use:shared'],
    to: 'in_use',
    permission: 'custody:write',
    guards: ['present-person', 'not-oneself', 'somebody-else'],
    why: 'From one person to another without passing through stock; whoever records it is neither of them.',
  },
  {
    command: 'recall',
    from: ['in_use'],
    to: 'return_due',
    permission: 'custody:write',
    guards: ['not-oneself'],
    why: 'Replaced, leaving, or the end of a loan: the holder is to bring it back.',
  },
  {
    command: 'recall',
    from: ['in_use:shared'],
    to: 'return_due:shared',
    permission: 'custody:write',
    guards: [],
    why: 'The place is to give it back.',
  },
  {
    command: 'keep',
    from: ['return_due'],
    to: 'in_use',
    permission: 'custody:write',
    guards: ['not-oneself'],
    why: 'The reason for its return is gone.',
  },
  {
    command: 'keep',
    from: ['return_due:shared'],
    to: 'in_use:shared',
    permission: 'custody:write',
    guards: [],
    why: 'The reason for its return is gone.',
  },
  {
    command: 'take-back',
    from: ['none', ...WITH_SOMEBODY],
    to: 'recovered',
    permission: 'custody:write',
    guards: ['not-oneself'],
    why: 'Only somebody else than the holder confirms a return, with its condition, place and what came with it.',
  },
  {
    command: 'report-missing',
    from: ['none', 'allocated', ...WITH_SOMEBODY, ...IN_OUR_HANDS],
    to: 'missing',
    permission: 'custody:write',
    guards: ['not-oneself'],
    why: 'Nobody knows where it is; an incident is open.',
  },
  {
    command: 'report-stolen',
    from: ['none', 'on_order', 'allocated', ...WITH_SOMEBODY, ...IN_OUR_HANDS, 'missing'],
    to: 'stolen',
    permission: 'custody:write',
    guards: ['not-oneself'],
    why: 'Taken; an incident is open.',
  },
  {
    command: 'find',
    from: ['missing', 'stolen', 'written_off'],
    to: 'recovered',
    permission: 'custody:write',
    guards: [],
    why: 'Back, and of unknown content: it is given to nobody before it was recovered and wiped.',
  },
  {
    command: 'send-to-repair',
    from: ['in_stock:available', 'in_stock:held', 'in_stock:quarantined', 'recovered', 'wiped'],
    to: 'in_stock:repair',
    permission: 'stock:write',
    guards: [],
    why: 'A machine in use is taken back first.',
  },
  {
    command: 'return-from-repair',
    from: ['in_stock:repair'],
    to: 'recovered',
    permission: 'stock:write',
    guards: [],
    why: 'It was in other hands, perhaps with data on it: it is wiped before it is given out.',
  },
  {
    command: 'wipe',
    from: ['recovered'],
    to: 'wiped',
    permission: 'wipe:record',
    guards: [],
    why: 'A result or certificate says so, with who did it and when.',
  },
  {
    command: 'restock',
    from: ['wiped'],
    to: 'in_stock:available',
    permission: 'stock:write',
    guards: [],
    why: 'Fit for another person, with its grade. A wipe does not take it out of Autopilot, Entra or Intune: each is ticked.',
  },
  {
    command: 'send-to-disposal',
    from: ['wiped', 'in_stock:available', 'in_stock:quarantined'],
    to: 'awaiting_disposal',
    permission: 'stock:write',
    guards: [],
    why: 'Not worth keeping; nothing leaves us that may hold the data of a person.',
  },
  {
    command: 'dispose',
    from: ['awaiting_disposal'],
    to: 'disposed',
    permission: 'stock:write',
    guards: [],
    why: 'Collected, with the note, the weight or WEEE reference, and the certificate. Terminal.',
  },
  {
    command: 'write-off',
    from: ['missing', 'stolen'],
    to: 'written_off',
    permission: 'stock:write',
    guards: [],
    why: 'Given up for lost, with the authority for it.',
  },
  {
    command: 'correct',
    from: [...IN_OUR_HANDS, ...WITH_SOMEBODY, 'on_order', 'allocated', 'disposed', 'missing', 'stolen', 'written_off'],
    to: 'before',
    permission: 'stock:write',
    guards: ['not-oneself', 'last-step'],
    why: 'The last step was recorded by mistake. It stays in the history, and another step takes it back.',
  },
  {
    command: 'note',
    from: [
      'none',
      ...IN_OUR_HANDS,
      ...WITH_SOMEBODY,
      'on_order',
      'allocated',
      'disposed',
      'missing',
      'stolen',
      'written_off',
    ],
    to: 'same',
    permission: 'custody:write',
    guards: [],
    why: 'Something to know about it.',
  },
];

const BY_STEP: ReadonlyMap<string, Transition> = new Map(
  TRANSITIONS.flatMap((transition) =>
    transition.from.map((from) => [`${transition.command} ${from}`, transition] as const),
  ),
);

/** The step that a command takes from a standing; null when there is none. */
export function transitionOf(command: CustodyCommand, from: Origin): Transition | null {
  return BY_STEP.get(`${command} ${from}`) ?? null;
}

const PERMISSION_OF: ReadonlyMap<CustodyCommand, CustodyPermission> = new Map(
  TRANSITIONS.map(({ command, permission }) => [command, permission]),
);

/** The permission that a command needs, from whatever standing. */
export function permissionOf(command: CustodyCommand): CustodyPermission {
  return PERMISSION_OF.get(command) ?? 'stock:write';
}

/** The commands that a machine in this standing allows somebody with these permissions. */
export function allowedCommands(from: Origin, permissions: ReadonlySet<string>): CustodyCommand[] {
  return TRANSITIONS.filter(
    (transition) => transition.from.includes(from) && permissions.has(transition.permission),
  ).map(({ command }) => command);
}
