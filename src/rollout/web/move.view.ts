import { type ShownTime, shownTime } from '../../common/uk-time.js';
import type { ActorWords } from '../../directory/actor-names.queries.js';
import { paths } from '../../web/paths.js';
import { DOUBT_WORDS } from '../domain/doubt-words.js';
import { DESKTOP_STATE_WORDS, SCOPE_REASON_WORDS, WORK_STYLE_WORDS, isInScope } from '../domain/move-words.js';
import type { DesktopOfMove, MachineOfMove, WholeMove } from '../moves.queries.js';
import { factText } from './fact-words.js';
import { stateTag } from './move-tags.js';

interface Line {
  readonly label: string;
  readonly value: string;
  readonly link?: string;
  readonly note?: string;
}

/** What the page of a move shows; links only where its reader may follow them. */
export interface MoveView {
  readonly title: string;
  readonly id: number;
  readonly tag: { readonly text: string; readonly tag: string };
  readonly doubts: readonly {
    readonly message: string;
    readonly advice: string;
    readonly link?: { readonly href: string; readonly text: string };
  }[];
  readonly standing: readonly Line[];
  readonly person: readonly Line[];
  readonly desktops: readonly {
    readonly name: string;
    readonly href: string | null;
    readonly model: string;
    readonly state: string;
    readonly since: ShownTime | null;
    readonly note: string;
  }[];
  readonly history: readonly {
    readonly at: ShownTime | null;
    readonly text: string;
    readonly machine: { readonly name: string; readonly href: string | null } | null;
    readonly by: string;
    readonly retracted: boolean;
  }[];
  readonly derived: ShownTime | null;
}

/**
 * Puts together what the page of a move shows.
 * @param estate whether the reader may open machines and people
 */
export function moveView(move: WholeMove, estate: boolean, actors: ActorWords, now: Date): MoveView {
  const machine = (of: MachineOfMove): { name: string; href: string | null } => ({
    name: of.name ?? of.serialNumber ?? 'Without a name',
    href: estate ? paths.device(of.id) : null,
  });
  return {
    title: move.person.displayName ?? 'Without a name',
    id: move.id,
    tag: stateTag(move.state),
    doubts: move.doubts.map(({ kind, deviceId }) => ({
      message: DOUBT_WORDS[kind].text,
      advice: DOUBT_WORDS[kind].next,
      ...(deviceId !== null && estate ? { link: { href: paths.device(deviceId), text: 'The machine' } } : {}),
    })),
    standing: standingLines(move, machine, now),
    person: personLines(move, estate),
    desktops: move.desktops.map((desktop) => ({
      ...machine(desktop),
      model: desktop.model ?? 'Model not known',
      state: DESKTOP_STATE_WORDS[desktop.state],
      since: shownTime(desktop.stateSince, now),
      note: desktopNote(desktop),
    })),
    history: move.facts.map((fact) => ({
      at: shownTime(fact.at, now),
      text: factText(fact),
      machine: fact.machine && machine(fact.machine),
      by: actors(fact.actor),
      retracted: fact.retracted,
    })),
    derived: shownTime(move.derivedAt, now),
  };
}

function standingLines(
  move: WholeMove,
  machine: (of: MachineOfMove) => { name: string; href: string | null },
  now: Date,
): Line[] {
  const laptop = move.laptop && machine(move.laptop);
  const appointment = shownTime(move.appointmentAt, now);
  return [
    { label: 'Since', value: shownTime(move.stateSince, now)?.text ?? '' },
    {
      label: isInScope(move.state) ? 'In the programme because' : 'Not in the programme because',
      value: SCOPE_REASON_WORDS[move.scopeReason],
    },
    {
      label: 'Laptop',
      value: laptop?.name ?? 'None yet',
      ...(laptop !== null && laptop.href !== null ? { link: laptop.href } : {}),
      ...(move.laptop?.model ? { note: move.laptop.model } : {}),
    },
    { label: 'Desktops', value: desktopCount(move) },
    {
      label: 'Appointment',
      value: appointment?.text ?? 'None',
      ...(move.atRisk ? { note: 'At risk: not ready any more. The appointment is kept.' } : {}),
    },
    ...(move.missedCount > 0 ? [{ label: 'Appointments missed', value: String(move.missedCount) }] : []),
    ...(move.deferredUntil === null ? [] : [{ label: 'Deferred until', value: move.deferredUntil }]),
    ...(move.wave === null ? [] : [{ label: 'Wave', value: move.wave.name }]),
  ];
}

function personLines(move: WholeMove, estate: boolean): Line[] {
  const { person, manager, workStyle } = move;
  return [
    {
      label: 'Person',
      value: person.displayName ?? 'Without a name',
      ...(estate && person.id > 0 ? { link: paths.person(person.id) } : {}),
    },
    {
      label: 'Work style',
      value: workStyle === null ? 'Not known' : WORK_STYLE_WORDS[workStyle],
      ...(workStyle === null || move.workStyleConfirmed ? {} : { note: 'Proposed; not confirmed by the manager yet.' }),
    },
    { label: 'Directorate', value: move.directorate ?? 'Not in the directory' },
    { label: 'Team', value: move.team ?? 'Not in the directory' },
    { label: 'Usual site', value: move.site ?? 'Not in the directory' },
    { label: 'Line manager', value: manager?.displayName ?? 'None in the directory' },
  ];
}

function desktopCount({ desktopCount: all, recoveredCount, wipedCount }: WholeMove): string {
  return all === 0 ? 'None' : `${all}, of which ${recoveredCount} recovered and ${wipedCount} wiped`;
}

function desktopNote({ userCount, evidence, seenAfterRecoveryAt }: DesktopOfMove): string {
  return [
    ...(userCount > 1 ? [`${userCount} people use it; it waits for the last of them.`] : []),
    ...(evidence === null ? [] : [`Evidence ${evidence}.`]),
    ...(seenAfterRecoveryAt === null ? [] : ['Seen online after it was recovered.']),
  ].join(' ');
}
