import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  MessageTemplates,
  type DueMessage,
  type MessageContent,
  type StoppedMessage,
} from '../../notifications/message-templates.js';
import { paths } from '../../web/paths.js';
import {
  REQUEST_STOPS,
  requestStop,
  type RequestMessageFacts,
  type RequestStop,
} from '../domain/messages/message-facts.js';
import {
  REQUEST_TEMPLATE_DESCRIPTIONS,
  REQUEST_TEMPLATES,
  type AboutRequest,
  type RequestTemplate,
} from '../domain/messages/request-templates.js';
import { lowStockWording, requestWording, type RequestWording } from '../domain/messages/request-wording.js';
import { RequestMessageFactsQueries } from './message-facts.queries.js';

/** How a message would look at this moment, and why it would be stopped, if it would. */
export interface RequestMessagePreview {
  readonly requestId: number | null;
  /** Null when it would be stopped: what it tells is not so then. */
  readonly content: MessageContent | null;
  readonly stop: RequestStop | null;
}

/** The templates about requests and stock: their words out of facts that are read when they are sent. */
@Injectable()
export class RequestTemplates implements OnModuleInit {
  constructor(
    private readonly templates: MessageTemplates,
    private readonly facts: RequestMessageFactsQueries,
  ) {}

  onModuleInit(): void {
    for (const name of REQUEST_TEMPLATES) {
      this.templates.register({
        name,
        label: REQUEST_TEMPLATE_DESCRIPTIONS[name].label,
        stopWords: REQUEST_STOPS,
        compose: (message) => (name === 'low-stock' ? this.#composeLowStock(message) : this.#compose(name, message)),
      });
    }
  }

  /**
   * Shows a message with data of a request, or of the latest that it could tell of.
   * @param viewer object id of who looks at it, who gets the message about stock; null for a program
   * @returns null when there is nothing to show it with
   */
  async preview(
    template: RequestTemplate,
    requestId: number | null,
    viewer: string | null,
  ): Promise<RequestMessagePreview | null> {
    if (template === 'low-stock') {
      const { things, firstName } = await this.facts.lowStock(viewer ?? '');
      if (things.length === 0) return { requestId: null, content: null, stop: 'enough-stock' };
      return { requestId: null, content: contentOf(lowStockWording({ things, firstName }), null), stop: null };
    }
    const example = await (requestId === null
      ? this.facts.example(template)
      : this.facts.exampleOf(template, requestId));
    const facts = example === null ? null : await this.facts.of(example, example.recipient);
    if (example === null || facts === null) return null;
    const stop = requestStop(template, facts);
    const content = stop === null ? contentOf(requestWording(template, facts), facts) : null;
    return { requestId: example.requestId, content, stop };
  }

  async #compose(
    template: AboutRequest,
    { reference, recipientEntraId }: DueMessage,
  ): Promise<MessageContent | StoppedMessage> {
    const { requestId, revision, step } = reference;
    if (typeof requestId !== 'number' || typeof revision !== 'number') return { stop: 'nothing-to-say' };
    const about = { requestId, revision, step: typeof step === 'number' ? step : null };
    const facts = await this.facts.of(about, recipientEntraId);
    if (facts === null) return { stop: 'nothing-to-say' };
    const stop = requestStop(template, facts);
    return stop === null ? contentOf(requestWording(template, facts), facts) : { stop };
  }

  async #composeLowStock({ recipientEntraId }: DueMessage): Promise<MessageContent | StoppedMessage> {
    const { isHolder, ...facts } = await this.facts.lowStock(recipientEntraId);
    if (!isHolder) return { stop: 'not-a-stock-holder' };
    return facts.things.length === 0 ? { stop: 'enough-stock' } : contentOf(lowStockWording(facts), null);
  }
}

function contentOf({ link, ...words }: RequestWording, facts: RequestMessageFacts | null): MessageContent {
  return {
    ...words,
    link: { text: link.text, path: pathOf(facts === null ? 'stock' : link.page, facts?.requestId ?? 0) },
  };
}

function pathOf(page: RequestWording['link']['page'], requestId: number): string {
  switch (page) {
    case 'stock':
      return paths.stock();
    case 'to-confirm':
      return paths.toConfirm();
    case 'approval':
      return paths.approval(requestId);
    case 'request':
      return paths.request(requestId);
  }
}
