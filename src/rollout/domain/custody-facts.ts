import type { MoveFact } from './move-fact.js';

/** A step of custody, as far as moves are concerned. */
export interface CustodyStepSeen {
  readonly id: number;
  readonly command: string;
  readonly deviceId: number;
  /** Whether the machine is a laptop; else it is a desktop. */
  readonly portable: boolean;
  readonly fromState: string | null;
  readonly toState: string | null;
  /** Move of who had it before, and of who has it since; null for nobody, and for somebody without a move. */
  readonly moveBefore: number | null;
  readonly moveAfter: number | null;
  readonly at: Date;
  /** Number of the result or certificate, or of the file that holds it. */
  readonly evidence: string | null;
  /** The step that this one takes back. */
  readonly correctsId: number | null;
}

/** With a person, or at their place; an allocated machine is only put aside for them. */
const WITH_SOMEBODY: readonly (string | null)[] = ['in_use', 'return_due'];

/** What a step of custody says about moves; a correction says it by what it takes back, see `keysOfStep`. */
export function factsOfCustodyStep(step: CustodyStepSeen): MoveFact[] {
  return step.portable ? factsOfLaptop(step) : factsOfDesktop(step);
}

/** Keys of all facts that a step can have become. */
export function keysOfStep(stepId: number): string[] {
  return KINDS.map((kind) => keyOf(stepId, kind));
}

const KINDS = [
  'laptop-assigned',
  'laptop-returned',
  'desktop-assigned',
  'desktop-released',
  'desktop-returned-to-use',
  'desktop-recovered',
  'desktop-return-due',
  'desktop-wiped',
  'desktop-left-estate',
] as const;

function keyOf(stepId: number, kind: (typeof KINDS)[number]): string {
  return `custody_event:${stepId}:${kind}`;
}

/** Of these the standing after says nothing new: notes, and custody that followed its machine. */
const SILENT: readonly string[] = ['correct', 'note', 'join', 'settle', 'move'];

function factsOfLaptop({ id, command, deviceId, at, ...step }: CustodyStepSeen): MoveFact[] {
  const { had, has } = holders(step);
  if (SILENT.includes(command) || had === has) return [];
  const facts: MoveFact[] = [];
  if (had !== null) {
    const kind = 'laptop-returned';
    facts.push({ kind, moveId: had, deviceId, at, details: {}, key: keyOf(id, kind) });
  }
  if (has !== null) {
    const kind = 'laptop-assigned';
    facts.push({ kind, moveId: has, deviceId, at, details: { by: 'custody' }, key: keyOf(id, kind) });
  }
  return facts;
}

function factsOfDesktop(step: CustodyStepSeen): MoveFact[] {
  const { id, command, deviceId, at } = step;
  const about = { moveId: null, deviceId, at } as const;
  switch (command) {
    case 'take-back':
    case 'find':
      return [{ ...about, kind: 'desktop-recovered', details: {}, key: keyOf(id, 'desktop-recovered') }];
    case 'recall':
      return [{ ...about, kind: 'desktop-return-due', details: {}, key: keyOf(id, 'desktop-return-due') }];
    case 'wipe':
      return [
        { ...about, kind: 'desktop-wiped', details: { evidence: step.evidence }, key: keyOf(id, 'desktop-wiped') },
      ];
    case 'report-stolen':
      return [leftEstate(step, 'stolen')];
    case 'write-off':
      return [leftEstate(step, 'written_off')];
    case 'dispose':
      return [leftEstate(step, 'disposed')];
    case 'keep':
    case 'hand-over':
    case 'install':
    case 'transfer':
      return factsOfUse(step);
    default:
      return [];
  }
}

function leftEstate({ id, deviceId, at }: CustodyStepSeen, reason: 'stolen' | 'written_off' | 'disposed'): MoveFact {
  const kind = 'desktop-left-estate';
  return { kind, moveId: null, deviceId, at, details: { reason }, key: keyOf(id, kind) };
}

/** Somebody, or a place, has the desktop from now on. */
function factsOfUse({ id, command, deviceId, at, ...step }: CustodyStepSeen): MoveFact[] {
  const { had, has } = holders(step);
  const facts: MoveFact[] = [];
  const wasInOurHands = step.fromState !== null && !WITH_SOMEBODY.includes(step.fromState);
  if (wasInOurHands || (command === 'keep' && has === null)) {
    const kind = 'desktop-returned-to-use';
    facts.push({ kind, moveId: has, deviceId, at, details: {}, key: keyOf(id, kind) });
  } else if (has !== null) {
    const kind = 'desktop-assigned';
    facts.push({ kind, moveId: has, deviceId, at, details: { by: 'custody' }, key: keyOf(id, kind) });
  }
  if (had !== null && had !== has) {
    const kind = 'desktop-released';
    facts.push({ kind, moveId: had, deviceId, at, details: { reason: null }, key: keyOf(id, kind) });
  }
  return facts;
}

function holders(step: Pick<CustodyStepSeen, 'fromState' | 'toState' | 'moveBefore' | 'moveAfter'>): {
  readonly had: number | null;
  readonly has: number | null;
} {
  return {
    had: WITH_SOMEBODY.includes(step.fromState) ? step.moveBefore : null,
    has: WITH_SOMEBODY.includes(step.toState) ? step.moveAfter : null,
  };
}
