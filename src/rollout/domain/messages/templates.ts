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
  readonly when: string;
  /** Who gets it. */
  readonly to: 'person' | 'manager';
  /** Days that it starts with, and what they count; null where it has none. */
  readonly days: { readonly standard: number; readonly label: string } | null;
}

export const TEMPLATE_DESCRIPTIONS: Readonly<Record<RolloutTemplate, TemplateDescription>> = {
  booked: { label: 'Booked', when: 'When an appointment is booked', to: 'person', days: null },
  'ten-days': {
    label: 'First reminder',
    when: 'Some days before the appointment, at 8am',
    to: 'person',
    days: { standard: 10, label: 'Days before the appointment' },
  },
  'two-days': {
    label: 'Second reminder',
    when: 'Some days before the appointment, at 8am',
    to: 'person',
    days: { standard: 2, label: 'Days before the appointment' },
  },
  'day-of': { label: 'On the day', when: 'On the day of the appointment, at 7am', to: 'person', days: null },
  missed: { label: 'Missed', when: 'When an appointment was missed', to: 'person', days: null },
  'missed-three-times': {
    label: 'Missed again and again',
    when: 'When so many appointments were missed that the line manager is asked',
    to: 'manager',
    days: null,
  },
  'desktop-not-returned': {
    label: 'Desktop not returned',
    when: 'Some days after the laptop was handed over, at 8am, three times at the most',
    to: 'person',
    days: { standard: 7, label: 'Days between the reminders' },
  },
};

/** Whether a text is the name of a template. */
export function isRolloutTemplate(text: unknown): text is RolloutTemplate {
  return ROLLOUT_TEMPLATES.some((template) => template === text);
}
