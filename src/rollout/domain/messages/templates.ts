/** The messages of the rollout, in the order in which somebody gets them. */
export const ROLLOUT_TEMPLATES = [
  'booked',
  'ten-days',
  'two-days',
  'day-of',
  'missed',
  'missed-three-times',
  'desktop-not-returned',
] as const;
export type RolloutTemplate = (typeof ROLLOUT_TEMPLATES)[number];

/** What a template is called, when it goes out and to whom. */
export interface TemplateDescription {
  readonly label: string;
  /** When it goes out, given its days; 0 where it has none. */
  readonly when: (days: number) => string;
  /** Who gets it. */
  readonly to: 'person' | 'manager';
  /** Days that it starts with, and what they count; null where it has none. */
  readonly days: { readonly standard: number; readonly label: string } | null;
}

const inDays = (days: number): string => (days === 1 ? '1 day' : `${days} days`);
const BEFORE = (days: number): string => `${inDays(days)} before the appointment, at 8am`;

export const TEMPLATE_DESCRIPTIONS: Readonly<Record<RolloutTemplate, TemplateDescription>> = {
  booked: { label: 'Booked', when: () => 'When an appointment is booked', to: 'person', days: null },
  'ten-days': {
    label: 'First reminder',
    when: BEFORE,
    to: 'person',
    days: { standard: 10, label: 'Days before the appointment' },
  },
  'two-days': {
    label: 'Second reminder',
    when: BEFORE,
    to: 'person',
    days: { standard: 2, label: 'Days before the appointment' },
  },
  'day-of': { label: 'On the day', when: () => 'On the day of the appointment, at 7am', to: 'person', days: null },
  missed: { label: 'Missed', when: () => 'When an appointment was missed', to: 'person', days: null },
  'missed-three-times': {
    label: 'Missed again and again',
    when: () => 'When so many appointments were missed that the line manager is asked',
    to: 'manager',
    days: null,
  },
  'desktop-not-returned': {
    label: 'Desktop not returned',
    when: (days) => `${inDays(days)} after the laptop was handed over, and twice more, at 8am`,
    to: 'person',
    days: { standard: 7, label: 'Days between the reminders' },
  },
};

/** Whether a text is the name of a template. */
export function isRolloutTemplate(text: unknown): text is RolloutTemplate {
  return ROLLOUT_TEMPLATES.some((template) => template === text);
}
