import type { MoveAnswerTo } from '../move-answers.js';
import type { ReadinessOutcome } from '../move-words.js';
import type { Answer, Answers, ReadinessFacts } from './facts.js';
import type { Found } from './laptop-rules.js';
import type { ReasonCode } from './rules.js';
import type { ReadinessSettings } from './settings.js';

type Decided<Question extends keyof Answers> = Readonly<
  Record<MoveAnswerTo<Question>, readonly [ReadinessOutcome, ReasonCode]>
>;

const ASSISTIVE_TECHNOLOGY: Decided<'assistive-technology'> = {
  none: ['ready', 'nothing-needed'],
  wanted: ['not_ready', 'not-in-place'],
  ordered: ['not_ready', 'on-order'],
  'in-place': ['ready', 'in-place'],
};
const LOCAL_DATA: Decided<'local-data'> = {
  none: ['ready', 'no-local-data'],
  some: ['not_ready', 'local-data-remains'],
  moved: ['ready', 'local-data-moved'],
  'not-sure': ['unknown', 'local-data-not-sure'],
};
const MANAGER_WORD: Decided<'manager-word'> = {
  yes: ['ready', 'manager-agrees'],
  'not-yet': ['not_ready', 'manager-not-yet'],
  no: ['not_ready', 'manager-refuses'],
};
const TRAINING: Decided<'training'> = {
  'not-needed': ['ready', 'training-not-needed'],
  wanted: ['not_ready', 'training-wanted'],
  booked: ['not_ready', 'training-booked'],
  done: ['ready', 'training-done'],
};

/** Only that something is needed and how far it is; what it is stays with the answer. */
export function assistiveTechnologyRule({ answers }: ReadinessFacts): Found {
  return decided(ASSISTIVE_TECHNOLOGY, answers['assistive-technology']);
}

/** Nothing is on the desktop's disk that is nowhere else. */
export function localDataRule({ answers }: ReadinessFacts): Found {
  return decided(LOCAL_DATA, answers['local-data']);
}

/** The manager has agreed. */
export function managerWordRule({ answers }: ReadinessFacts): Found {
  return decided(MANAGER_WORD, answers['manager-word']);
}

/** What training is wanted is done; nobody needs to be asked where the settings say so. */
export function trainingRule({ answers }: ReadinessFacts, { trainingAsked }: ReadinessSettings): Found {
  if (!trainingAsked && answers.training === undefined) {
    return { outcome: 'ready', reason: 'training-not-needed', since: null, evidence: {} };
  }
  return decided(TRAINING, answers.training);
}

/** What is said where nobody has answered. */
export const NOT_ANSWERED: Found = { outcome: 'unknown', reason: 'not-answered', since: null, evidence: {} };

function decided<Question extends keyof Answers>(by: Decided<Question>, answer: Answer<Question> | undefined): Found {
  if (answer === undefined) return NOT_ANSWERED;
  // An answer that the programme does not know (any more) says nothing.
  const known = (by as Readonly<Record<string, readonly [ReadinessOutcome, ReasonCode] | undefined>>)[answer.answer];
  if (known === undefined) return NOT_ANSWERED;
  const [outcome, reason] = known;
  return { outcome, reason, since: answer.at, evidence: { answer: answer.answer } };
}
