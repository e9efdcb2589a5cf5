import { paths } from '../../web/paths.js';
import { errorWords, MESSAGE_STATE_WORDS } from '../message-words.js';
import type { MessageTemplates } from '../message-templates.js';
import type { MessageSummary } from '../messages.queries.js';
import { DECISIONS_IN, type Decision } from '../undelivered.service.js';

/** One fact in a table of facts. */
interface Fact {
  readonly label: string;
  readonly value: string;
  readonly link?: string;
}

/** The page of a message. */
export interface MessageView {
  readonly id: number;
  readonly title: string;
  readonly facts: readonly Fact[];
  /** What a person can decide now; empty when there is nothing to decide. */
  readonly decisions: readonly { readonly value: Decision; readonly text: string; readonly hint: string }[];
  readonly uncertain: boolean;
}

const DECISION_WORDS: Readonly<Record<Decision, { readonly text: string; readonly hint: string }>> = {
  arrived: { text: 'It arrived', hint: 'The log of the mail server has its Message-ID, or the person has the mail.' },
  'send-again': { text: 'Send it again', hint: 'Its conditions are checked once more before it goes out.' },
  'give-up': { text: 'Give it up', hint: 'It is never sent.' },
};

/** What a page says after a decision. */
export const DONE_WORDS: Readonly<Record<Decision, string>> = {
  arrived: 'Noted as arrived.',
  'send-again': 'It is sent again within a minute or two.',
  'give-up': 'Given up.',
};

/** Puts together what the page of a message shows. @param shown how an instant is written, null being none */
export function messageView(
  message: MessageSummary,
  templates: MessageTemplates,
  shown: (instant: string | null) => string,
): MessageView {
  const { id, template, recipient, state, stopReason, lastError } = message;
  const label = templates.labelOf(template);
  return {
    id,
    title: `Message ${id}: ${label}`,
    uncertain: state === 'uncertain',
    facts: [
      { label: 'State', value: MESSAGE_STATE_WORDS[state] },
      ...(stopReason === null ? [] : [{ label: 'Why stopped', value: templates.stopWords(template, stopReason) }]),
      ...(lastError === null ? [] : [{ label: 'Last error', value: errorWords(lastError) }]),
      recipient.id === null
        ? { label: 'Recipient', value: 'Not in the directory' }
        : { label: 'Recipient', value: recipient.displayName ?? 'Without a name', link: paths.person(recipient.id) },
      { label: 'Planned for', value: shown(message.plannedFor) },
      { label: 'Of use until', value: shown(message.useBy) },
      { label: 'Sent or stopped', value: shown(message.endedAt) },
      { label: 'Tries', value: String(message.attempts) },
      { label: 'Message-ID begins with', value: message.messageKey },
    ],
    decisions: (DECISIONS_IN[state] ?? []).map((value) => ({ value, ...DECISION_WORDS[value] })),
  };
}
