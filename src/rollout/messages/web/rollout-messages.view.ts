import { type ShownTime, shownTime } from '../../../common/uk-time.js';
import type { MessageCounts } from '../../../notifications/messages.queries.js';
import type { MessageContent } from '../../../notifications/message-templates.js';
import { paths } from '../../../web/paths.js';
import { STOPS } from '../../domain/messages/message-facts.js';
import { ROLLOUT_TEMPLATES, TEMPLATE_DESCRIPTIONS, type RolloutTemplate } from '../../domain/messages/templates.js';
import type { MessageSettings } from '../message-settings.queries.js';
import type { MessagePreview } from '../rollout-templates.service.js';

/** One message of the rollout and what became of it. */
export interface TemplateRow {
  readonly label: string;
  readonly href: string;
  readonly when: string;
  readonly to: string;
  readonly enabled: boolean;
  readonly sent: number;
  readonly waiting: number;
  readonly stopped: number;
  readonly undelivered: number;
  readonly next: ShownTime | null;
}

/** Puts together the messages in the order in which somebody gets them. */
export function templateRows(
  settings: MessageSettings,
  counts: ReadonlyMap<string, MessageCounts>,
  next: (template: RolloutTemplate) => Promise<Date | null>,
  now: Date,
): Promise<TemplateRow[]> {
  return Promise.all(
    ROLLOUT_TEMPLATES.map(async (template) => {
      const { label, when, to } = TEMPLATE_DESCRIPTIONS[template];
      const { sent = 0, stopped = 0, dead = 0, uncertain = 0, ...under } = counts.get(template) ?? {};
      const { waiting = 0, claimed = 0, sending = 0 } = under;
      const { enabled, days } = settings[template];
      return {
        ...{ label, enabled, sent, stopped },
        when: when(days ?? 0),
        href: paths.rolloutMessage(template),
        to: to === 'person' ? 'The person' : 'The line manager',
        waiting: waiting + claimed + sending,
        undelivered: dead + uncertain,
        next: shownTime(await next(template), now),
      };
    }),
  );
}

/** A preview ready for its page. */
export interface PreviewView {
  readonly content: MessageContent | null;
  /** Why it would not be sent now, in words; null when it would. */
  readonly stop: string | null;
}

export function previewView({ content, stop }: MessagePreview): PreviewView {
  return { content, stop: stop && STOPS[stop] };
}
