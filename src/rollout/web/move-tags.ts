import type { Cell } from '../../web/list-definition.js';
import { MOVE_STATE_WORDS, type MoveState } from '../domain/move-words.js';

/** The words say the state; the colour only helps those who can tell it. */
const COLOURS: Readonly<Record<MoveState, string>> = {
  not_started: 'govuk-tag--grey',
  assessed: 'govuk-tag--grey',
  blocked: 'govuk-tag--red',
  ready: 'govuk-tag--turquoise',
  scheduled: 'govuk-tag--blue',
  handed_over: 'govuk-tag--light-blue',
  desktop_recovered: 'govuk-tag--light-blue',
  closed: 'govuk-tag--green',
  rolled_back: 'govuk-tag--orange',
  deferred: 'govuk-tag--yellow',
  already_mobile: 'govuk-tag--grey',
  exempt: 'govuk-tag--grey',
  out_of_scope: 'govuk-tag--grey',
  left: 'govuk-tag--grey',
};

/** The state of a move as a tag. */
export function stateTag(state: MoveState): Cell & { readonly text: string; readonly tag: string } {
  return { text: MOVE_STATE_WORDS[state], tag: COLOURS[state] };
}
