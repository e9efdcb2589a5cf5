import type { MessageCounts } from '../../../notifications/messages.queries.js';
import type { MessageContent } from '../../../notifications/message-templates.js';
import { paths } from '../../../web/paths.js';
import { REQUEST_STOPS } from '../../domain/messages/message-facts.js';
import {
  REQUEST_TEMPLATE_DESCRIPTIONS,
  REQUEST_TEMPLATES,
  type RequestTemplateDescription,
} from '../../domain/messages/request-templates.js';
import type { RequestMessagePreview } from '../request-templates.service.js';

/** One message about requests and what became of it. */
export interface RequestTemplateRow extends RequestTemplateDescription {
  readonly href: string;
  readonly sent: number;
  readonly waiting: number;
  readonly stopped: number;
  readonly undelivered: number;
}

/** Puts together the messages in the order in which somebody gets them. */
export function requestTemplateRows(counts: ReadonlyMap<string, MessageCounts>): RequestTemplateRow[] {
  return REQUEST_TEMPLATES.map((template) => {
    const { sent = 0, stopped = 0, dead = 0, uncertain = 0, ...under } = counts.get(template) ?? {};
    const { waiting = 0, claimed = 0, sending = 0 } = under;
    return {
      ...REQUEST_TEMPLATE_DESCRIPTIONS[template],
      ...{ sent, stopped },
      href: paths.requestMessage(template),
      waiting: waiting + claimed + sending,
      undelivered: dead + uncertain,
    };
  });
}

/** A preview ready for its page. */
export interface RequestPreviewView {
  /** Null when it would not be sent. */
  readonly content: MessageContent | null;
  /** Why it would not be sent now, in words; null when it would. */
  readonly stop: string | null;
}

export function requestPreviewView({ content, stop }: RequestMessagePreview): RequestPreviewView {
  return { content, stop: stop && REQUEST_STOPS[stop] };
}
