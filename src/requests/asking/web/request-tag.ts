import type { LineState, RequestState } from '../../domain/request-words.js';

const STATE_TAGS: Readonly<Record<RequestState, string>> = {
  draft: 'govuk-tag--grey',
  submitted: 'govuk-tag--yellow',
  returned: 'govuk-tag--orange',
  rejected: 'govuk-tag--red',
  approved: 'govuk-tag--blue',
  cancelled: 'govuk-tag--grey',
  closed: 'govuk-tag--green',
};

const LINE_TAGS: Readonly<Record<LineState, string>> = {
  open: 'govuk-tag--grey',
  reserved: 'govuk-tag--blue',
  back_ordered: 'govuk-tag--orange',
  picking: 'govuk-tag--light-blue',
  fulfilled: 'govuk-tag--turquoise',
  received: 'govuk-tag--green',
  cancelled: 'govuk-tag--grey',
  superseded: 'govuk-tag--grey',
};

/** What a request is called whose next version is not submitted yet. */
export const BEING_CHANGED = 'Being changed';

/** A request’s standing as a tag; the text says the same as the colour. */
export function requestTag(state: RequestState, text: string): { text: string; tag: string } {
  return { text, tag: STATE_TAGS[state] };
}

/** A line’s state as a tag. */
export function lineTag(state: LineState, text: string): { text: string; tag: string } {
  return { text, tag: LINE_TAGS[state] };
}
