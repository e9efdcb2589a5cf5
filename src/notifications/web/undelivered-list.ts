import { shownTime } from '../../common/uk-time.js';
import type { ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { UndeliveredParameters } from '../api/messages.parameters.js';
import { errorWords, MESSAGE_STATE_WORDS } from '../message-words.js';
import type { MessageTemplates } from '../message-templates.js';
import { MESSAGE_COLUMNS } from '../messages.columns.js';
import type { MessageSummary } from '../messages.queries.js';

/** Messages that a person has to decide about: not sent, or not known whether they arrived. */
export function undeliveredList(templates: MessageTemplates): ListDefinition<MessageSummary, UndeliveredParameters> {
  return {
    name: null,
    title: 'Messages that were not delivered',
    section: 'messages',
    path: paths.undeliveredMessages(),
    one: 'message',
    many: 'messages',
    parameters: UndeliveredParameters,
    fields: [
      {
        name: 'state',
        label: 'What is known',
        kind: 'choice',
        options: [
          { value: 'dead', text: MESSAGE_STATE_WORDS.dead },
          { value: 'uncertain', text: MESSAGE_STATE_WORDS.uncertain },
        ],
      },
    ],
    columns: MESSAGE_COLUMNS,
    shown: ['id', 'template', 'recipient', 'state', 'lastError', 'attempts', 'useBy'],
    sorts: {},
    defaultSort: null,
    numeric: ['attempts'],
    cells: {
      id: ({ id }) => ({ text: String(id), href: paths.message(id) }),
      template: ({ template }) => ({ text: templates.labelOf(template) }),
      recipient: ({ recipient: { id, displayName } }) =>
        id === null
          ? { text: 'Not in the directory' }
          : { text: displayName ?? 'Without a name', href: paths.person(id) },
      state: ({ state }) => ({
        text: MESSAGE_STATE_WORDS[state],
        tag: state === 'dead' ? 'govuk-tag--red' : 'govuk-tag--yellow',
      }),
      lastError: ({ lastError }) => ({ text: lastError === null ? '' : errorWords(lastError) }),
      plannedFor: ({ plannedFor }, now) => ({ time: shownTime(plannedFor, now) }),
      useBy: ({ useBy }, now) => ({ time: shownTime(useBy, now) }),
      endedAt: ({ endedAt }, now) => ({ time: shownTime(endedAt, now) }),
    },
    file: null,
    nothing: 'Every message was delivered, or stopped for a reason.',
  };
}
