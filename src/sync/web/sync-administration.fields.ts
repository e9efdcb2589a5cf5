import { AnyChoices, RequiredChoice, RequiredText } from '../../web/form-fields.js';

/** Characters of a reason. */
const LONGEST_REASON = 2_000;

/** How much a run reads. */
export const READS = ['changes', 'everything'] as const;

/** The form that asks for a run. */
export class ReadSourceFields {
  @RequiredChoice('Choose what to read', READS)
  read: (typeof READS)[number];

  @RequiredChoice('Choose whether changes are applied', ['yes', 'no'])
  apply: 'yes' | 'no';
}

/** The form that pauses a source. */
export class PauseSourceFields {
  @RequiredText('Enter why the source is paused', { longest: LONGEST_REASON, lines: true })
  reason: string;
}

/** A form of one button. */
export class NoFields {}

/** The form that releases what is held. */
export class ReleaseHoldFields {
  @AnyChoices('Tick the box, or leave it', ['list-read'])
  confirmed: readonly string[];

  @RequiredText('Enter why these removals are right', { longest: LONGEST_REASON, lines: true })
  reason: string;
}
