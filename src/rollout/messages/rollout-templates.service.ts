import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  MessageTemplates,
  type DueMessage,
  type MessageContent,
  type StoppedMessage,
} from '../../notifications/message-templates.js';
import { paths } from '../../web/paths.js';
import { STOPS, stopReason, type MessageFacts, type StopReason } from '../domain/messages/message-facts.js';
import { ROLLOUT_TEMPLATES, TEMPLATE_DESCRIPTIONS, type RolloutTemplate } from '../domain/messages/templates.js';
import { wordingOf } from '../domain/messages/wording.js';
import { MessageFactsQueries } from './message-facts.queries.js';

/** How the message of a move would look at this moment, and why it would be stopped, if it would. */
export interface MessagePreview {
  readonly content: MessageContent | null;
  readonly stop: StopReason | null;
}

/** The rollout's templates: their words out of facts that are read when they are sent. */
@Injectable()
export class RolloutTemplates implements OnModuleInit {
  constructor(
    private readonly templates: MessageTemplates,
    private readonly facts: MessageFactsQueries,
  ) {}

  onModuleInit(): void {
    for (const name of ROLLOUT_TEMPLATES) {
      this.templates.register({
        name,
        label: TEMPLATE_DESCRIPTIONS[name].label,
        stopWords: STOPS,
        compose: (message, now) => this.#compose(name, message, now),
      });
    }
  }

  /** @returns null when there is no such move */
  async preview(template: RolloutTemplate, moveId: number, now: Date): Promise<MessagePreview | null> {
    const facts = await this.facts.of(template, { moveId, bookingId: null }, null);
    if (facts === null) return null;
    const aboutAppointment = template !== 'desktop-not-returned' && template !== 'missed-three-times';
    const content = aboutAppointment && facts.appointment === null ? null : contentOf(template, facts, now);
    return { content, stop: stopReason(template, facts, null, now) };
  }

  async #compose(
    template: RolloutTemplate,
    { reference, recipientEntraId }: DueMessage,
    now: Date,
  ): Promise<MessageContent | StoppedMessage> {
    const { moveId, bookingId, startsAt } = reference;
    if (typeof moveId !== 'number') return { stop: 'nothing-to-say' };
    const booking = typeof bookingId === 'number' ? bookingId : null;
    const facts = await this.facts.of(template, { moveId, bookingId: booking }, recipientEntraId);
    if (facts === null) return { stop: 'nothing-to-say' };
    const stop = stopReason(template, facts, typeof startsAt === 'string' ? new Date(startsAt) : null, now);
    return stop === null ? contentOf(template, facts, now) : { stop };
  }
}

function contentOf(template: RolloutTemplate, facts: MessageFacts, now: Date): MessageContent {
  const { link, ...words } = wordingOf(template, facts, now);
  return { ...words, link: { text: link.text, path: link.page === 'my-team' ? paths.myTeam() : paths.myMove() } };
}
