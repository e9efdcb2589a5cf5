/** The messages about requests for equipment, in the order in which somebody gets them. */
export const REQUEST_TEMPLATES = [
  'request-submitted',
  'decision-wanted',
  'decision-reminder',
  'request-approved',
  'request-returned',
  'request-rejected',
  'request-waiting',
  'request-kept',
  'reservation-expired',
  'request-ready',
  'request-sent',
  'confirm-receipt',
  'receipt-observed',
  'return-replaced',
  'request-cancelled',
  'low-stock',
] as const;
export type RequestTemplate = (typeof REQUEST_TEMPLATES)[number];

/** Messages about one request; the others are about a place of stock. */
export type AboutRequest = Exclude<RequestTemplate, 'low-stock'>;

/** What a template is called, when it goes out and to whom. */
export interface RequestTemplateDescription {
  readonly label: string;
  readonly when: string;
  readonly to: string;
}

const ASKED = 'Whoever asked';
const GETS = 'Whoever gets something';
const DECIDES = 'Whoever decides, and who stands in for them';

export const REQUEST_TEMPLATE_DESCRIPTIONS: Readonly<Record<RequestTemplate, RequestTemplateDescription>> = {
  'request-submitted': { label: 'Submitted', when: 'When a request is submitted', to: ASKED },
  'decision-wanted': { label: 'Decision wanted', when: 'When a step waits for a decision', to: DECIDES },
  'decision-reminder': { label: 'Decision still wanted', when: 'When nobody has decided in time', to: DECIDES },
  'request-approved': { label: 'Approved', when: 'When the last step is approved', to: ASKED },
  'request-returned': { label: 'Returned for changes', when: 'When somebody returns it', to: ASKED },
  'request-rejected': { label: 'Rejected', when: 'When somebody rejects it', to: ASKED },
  'request-waiting': {
    label: 'Waiting for stock',
    when: 'When something that was approved is out of stock',
    to: ASKED,
  },
  'request-kept': { label: 'Stock has come', when: 'When something that waited is reserved', to: ASKED },
  'reservation-expired': {
    label: 'Not kept any longer',
    when: 'When something was reserved for too long and is free for others',
    to: ASKED,
  },
  'request-ready': { label: 'Ready to collect', when: 'When something is picked for a site', to: GETS },
  'request-sent': { label: 'Sent', when: 'When something is sent, with the number of the carrier', to: GETS },
  'confirm-receipt': { label: 'Please confirm', when: 'When something was handed over', to: GETS },
  'receipt-observed': {
    label: 'Receipt taken from a sign-in',
    when: 'When a first sign-in shows that somebody has their machine',
    to: GETS,
  },
  'return-replaced': { label: 'Return what was replaced', when: 'When a machine is asked back', to: GETS },
  'request-cancelled': {
    label: 'Cancelled',
    when: 'When a request, or what was left of it, is cancelled',
    to: 'Whoever asked, and those who were told that something was ready or sent',
  },
  'low-stock': {
    label: 'Low stock',
    when: 'On working days at 8am, while more is to be ordered',
    to: 'Stock holders',
  },
};

/** Whether a text is the name of a template. */
export function isRequestTemplate(text: unknown): text is RequestTemplate {
  return REQUEST_TEMPLATES.some((template) => template === text);
}
