import type { CustodyCommand } from './commands.js';

/** Where a field is kept: a column of the history, or among its details. */
export type FieldPlace = 'holder' | 'place' | 'reason' | 'reference' | 'evidence' | 'detail';

/** How a field is asked for and read. */
export type FieldKind = 'person' | 'text' | 'lines' | 'choice' | 'choices' | 'day' | 'kilograms' | 'evidence';

/** One field of a command, the same on pages, in the API and in bulk. */
export interface CommandField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly keptAs: FieldPlace;
  /** Longest text, in characters. */
  readonly limit?: number;
  /** Values with their words, of a choice. */
  readonly choices?: Readonly<Record<string, string>>;
}

const CONDITIONS = {
  good: 'Good',
  worn: 'Worn, works',
  damaged: 'Damaged',
  'not-working': 'Does not work',
} as const;
/** A machine received in one of these conditions goes into quarantine. */
export const UNFIT_CONDITIONS: readonly (keyof typeof CONDITIONS)[] = ['damaged', 'not-working'];

const ACCESSORIES = {
  charger: 'Charger',
  dock: 'Dock',
  screen: 'Screen',
  keyboard: 'Keyboard',
  mouse: 'Mouse',
  headset: 'Headset',
  bag: 'Bag',
} as const;
const GRADES = { a: 'A: as new', b: 'B: signs of use', c: 'C: worn' } as const;
const CLEAN_UP = {
  autopilot: 'Autopilot registration removed',
  entra: 'Entra device removed',
  intune: 'Intune record removed',
} as const;
const WIPE_METHODS = {
  'intune-wipe': 'Intune wipe',
  'autopilot-reset': 'Autopilot reset',
  'disk-erasure': 'Disk erasure',
  'disk-destroyed': 'Disk destroyed',
} as const;

/** Longest note or reason. */
const LONGEST_LINES = 2_000;

const holder: CommandField = {
  name: 'holder',
  label: 'Person',
  hint: 'User principal name, such as jane.doe@council.gov.uk, or object id in Entra ID',
  kind: 'person',
  required: true,
  keptAs: 'holder',
  limit: 320,
};
const place: CommandField = {
  name: 'place',
  label: 'Place',
  kind: 'text',
  required: true,
  keptAs: 'place',
  limit: 200,
};
const reason: CommandField = {
  name: 'reason',
  label: 'Reason',
  kind: 'lines',
  required: true,
  keptAs: 'reason',
  limit: LONGEST_LINES,
};
const remark: CommandField = { ...reason, label: 'Remark', required: false };
const reference = (label: string, required: boolean): CommandField => ({
  name: 'reference',
  label,
  kind: 'text',
  required,
  keptAs: 'reference',
  limit: 100,
});
const condition: CommandField = {
  name: 'condition',
  label: 'Condition',
  kind: 'choice',
  required: true,
  keptAs: 'detail',
  choices: CONDITIONS,
};
const accessories = (label: string): CommandField => ({
  name: 'accessories',
  label,
  hint: 'Tick all that are there',
  kind: 'choices',
  required: false,
  keptAs: 'detail',
  choices: ACCESSORIES,
});
const cleanUp: CommandField = {
  name: 'cleanUp',
  label: 'Removed from',
  hint: 'A wipe removes none of these',
  kind: 'choices',
  required: false,
  keptAs: 'detail',
  choices: CLEAN_UP,
};
const evidence: CommandField = {
  name: 'evidence',
  label: 'Evidence file',
  hint: 'Number of a file that was added to this machine before',
  kind: 'evidence',
  required: false,
  keptAs: 'evidence',
};
const incident = reference('Incident number', true);

/** The fields of every command; anything else that is sent is refused. */
export const COMMAND_FIELDS: Readonly<Record<CustodyCommand, readonly CommandField[]>> = {
  order: [reference('Purchase order', false), { ...place, label: 'Deliver to', required: false }, remark],
  receive: [place, { ...condition, required: false }, reference('Delivery note', false), remark, evidence],
  allocate: [holder, reference('Request', false), remark],
  hold: [reason, reference('Request', false)],
  quarantine: [reason],
  release: [reason, { ...place, required: false }],
  move: [place, remark],
  'hand-over': [
    holder,
    { ...place, label: 'Usual place of use', required: false },
    accessories('Handed over with it'),
    remark,
    evidence,
  ],
  install: [{ ...place, hint: 'Desk, room or counter' }, accessories('Handed over with it'), remark, evidence],
  transfer: [{ ...holder, label: 'New holder' }, reason, { ...place, required: false }, evidence],
  recall: [reason],
  keep: [reason],
  'take-back': [condition, place, accessories('Came back with it'), remark, evidence],
  'report-missing': [incident, reason, evidence],
  'report-stolen': [incident, reason, evidence],
  find: [place, reason],
  'send-to-repair': [{ ...place, label: 'Repairer' }, { ...reason, label: 'Fault' }, reference('Repair number', false)],
  'return-from-repair': [place, { ...reason, label: 'What was done' }, reference('Repair number', false), evidence],
  wipe: [
    {
      name: 'method',
      label: 'How it was wiped',
      kind: 'choice',
      required: true,
      keptAs: 'detail',
      choices: WIPE_METHODS,
    },
    reference('Result or certificate number', true),
    { name: 'performedBy', label: 'Wiped by', kind: 'text', required: true, keptAs: 'detail', limit: 200 },
    { name: 'performedOn', label: 'Wiped on', kind: 'day', required: true, keptAs: 'detail' },
    remark,
    evidence,
  ],
  restock: [
    { name: 'grade', label: 'Grade', kind: 'choice', required: true, keptAs: 'detail', choices: GRADES },
    cleanUp,
    place,
    remark,
  ],
  'send-to-disposal': [reason, place, cleanUp],
  dispose: [
    reference('Collection note', true),
    { name: 'certificate', label: 'Certificate number', kind: 'text', required: true, keptAs: 'detail', limit: 100 },
    {
      name: 'weight',
      label: 'Weight in kilograms',
      hint: 'Give the weight, the WEEE reference, or both',
      kind: 'kilograms',
      required: false,
      keptAs: 'detail',
    },
    { name: 'weeeReference', label: 'WEEE reference', kind: 'text', required: false, keptAs: 'detail', limit: 100 },
    { name: 'collectedOn', label: 'Collected on', kind: 'day', required: true, keptAs: 'detail' },
    remark,
    evidence,
  ],
  'write-off': [{ ...reason, hint: 'Say on whose authority' }, reference('Authority', true), evidence],
  correct: [{ ...reason, hint: 'Say what was wrong' }],
  note: [{ ...reason, label: 'Note' }, evidence],
};

/** Of these, at least one has to be filled in. */
export const ONE_OF: Readonly<Partial<Record<CustodyCommand, readonly [string, string]>>> = {
  dispose: ['weight', 'weeeReference'],
};
