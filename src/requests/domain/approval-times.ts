import { londonDay, londonInstant } from '../../common/uk-time.js';
import type { ApprovalSettings } from './approval-route.js';
import { workingDayAfter } from './working-days.js';

/** When the working day ends by which something is done. An assumption: the end of usual office hours. */
const END_OF_DAY = '17:00';

/** By when a step that was opened at an instant is reminded of, due, and given to a queue. */
export interface StepTimes {
  readonly remindAt: Date;
  readonly dueAt: Date;
  readonly escalateAt: Date;
}

/** The times of a step: ends of working days in the UK after it was opened. */
export function stepTimes(
  openedAt: Date,
  settings: Pick<ApprovalSettings, 'reminderDays' | 'dueDays' | 'escalationDays'>,
): StepTimes {
  const after = (days: number): Date => londonInstant(workingDayAfter(londonDay(openedAt), days), END_OF_DAY);
  return {
    remindAt: after(settings.reminderDays),
    dueAt: after(settings.dueDays),
    escalateAt: after(settings.escalationDays),
  };
}
