import { UNFIT_CONDITIONS } from './command-fields.js';
import type { CommandInput } from './command-input.js';
import { commandWords, type CustodyCommand } from './commands.js';
import { hasHolder, standingLabel, type Origin, type Standing } from './standing.js';
import { permissionOf, transitionOf, type Guard } from './transitions.js';

/** A standing with who has the machine and where it is. */
export interface Held {
  readonly standing: Origin;
  readonly holder: string | null;
  readonly place: string | null;
}

/** What is known of a machine when a command is decided. */
export interface MachineCustody extends Held {
  /** What was before the last step that can be taken back; null when there is none. */
  readonly before: Held | null;
  /** Two custodies are recorded of it, and nobody has said which is right. */
  readonly contested: boolean;
}

/** The person whom a command names, as the directory has them; null when it has nobody of that name. */
export type NamedPerson = { readonly entraId: string; readonly present: boolean; readonly enabled: boolean } | null;

/** Who commands: their own object id, or null for a program, and what they may do. */
export interface Commander {
  readonly personEntraId: string | null;
  readonly permissions: ReadonlySet<string>;
}

/** Why a command is refused: `state` for the machine, `person` for the person named, `self` and `permission` for who asks. */
export interface Refusal {
  readonly kind: 'state' | 'person' | 'self' | 'permission' | 'contested';
  /** A sentence for whoever asked, without names. */
  readonly message: string;
}

export type Decision = { readonly ok: true; readonly to: Held } | { readonly ok: false; readonly refusal: Refusal };

/** Whether a command may be carried out on a machine, and what comes of it. Nothing else decides, for one machine or many. */
export function decide(
  command: CustodyCommand,
  input: CommandInput,
  machine: MachineCustody,
  person: NamedPerson,
  by: Commander,
): Decision {
  const permission = permissionOf(command);
  if (!by.permissions.has(permission)) {
    return refuse('permission', `This needs the permission ${permission}, which you do not have.`);
  }
  if (machine.contested && command !== 'note') {
    return refuse(
      'contested',
      'Two custodies are recorded of this machine, which turned out to be one. Say first which of them is right.',
    );
  }
  const transition = transitionOf(command, machine.standing);
  if (transition === null) {
    const { label } = commandWords(command);
    return refuse('state', `"${label}" is not possible: the machine is ${lowered(standingLabel(machine.standing))}.`);
  }
  for (const guard of transition.guards) {
    const refusal = check(guard, command, machine, person, by);
    if (refusal !== null) return { ok: false, refusal };
  }
  return { ok: true, to: resultOf(command, transition.to, input, machine, person) };
}

function check(
  guard: Guard,
  command: CustodyCommand,
  machine: MachineCustody,
  person: NamedPerson,
  by: Commander,
): Refusal | null {
  const own = by.personEntraId;
  switch (guard) {
    case 'present-person':
      if (person === null) {
        return {
          kind: 'person',
          message: 'The directory has nobody of that name. Check it, or wait for the next synchronisation.',
        };
      }
      if (!person.present) return { kind: 'person', message: 'The person is no longer in the directory.' };
      if (!person.enabled) {
        return { kind: 'person', message: 'The account of the person is disabled, as of somebody who has left.' };
      }
      return null;
    case 'not-oneself': {
      const next = command === 'correct' ? (machine.before?.holder ?? null) : (person?.entraId ?? null);
      if (own === null || (machine.holder !== own && next !== own)) return null;
      return { kind: 'self', message: 'Nobody decides about a machine of their own. Ask a colleague to record it.' };
    }
    case 'put-aside-for-them':
      if (machine.standing !== 'allocated' || person?.entraId === machine.holder) return null;
      return { kind: 'state', message: 'The machine is allocated to somebody else. Release it to stock first.' };
    case 'somebody-else':
      if (person?.entraId !== machine.holder) return null;
      return { kind: 'state', message: 'The person has the machine already.' };
    case 'last-step':
      if (machine.before !== null) return null;
      return { kind: 'state', message: 'There is no step that could be taken back.' };
  }
}

function resultOf(
  command: CustodyCommand,
  to: Standing | 'same' | 'before',
  input: CommandInput,
  machine: MachineCustody,
  person: NamedPerson,
): Held {
  if (to === 'before') return machine.before ?? machine;
  if (to === 'same') return { ...machine, place: input.place ?? machine.place };
  const unfit = command === 'receive' && UNFIT_CONDITIONS.some((condition) => condition === input.details['condition']);
  const standing = unfit ? 'in_stock:quarantined' : to;
  return {
    standing,
    holder: hasHolder(standing) ? (person?.entraId ?? machine.holder) : null,
    place: input.place ?? (leavesItsPlace(command) ? null : machine.place),
  };
}

/** A machine that went to a person, or that nobody can find, is no longer where it was. */
function leavesItsPlace(command: CustodyCommand): boolean {
  return ['hand-over', 'transfer', 'report-missing', 'report-stolen', 'dispose'].includes(command);
}

function refuse(kind: Refusal['kind'], message: string): Decision {
  return { ok: false, refusal: { kind, message } };
}

function lowered(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}
