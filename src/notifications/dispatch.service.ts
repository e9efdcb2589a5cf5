import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { mailTexts } from './mail-text.js';
import { LostClaimError, MessageClaims, type ClaimedMessage } from './message-claims.service.js';
import { MessageTemplates } from './message-templates.js';
import { DISPATCH_HOOK, POST, type DispatchHook, type Post } from './post.js';
import { RecipientsQueries } from './recipients.queries.js';

/** Messages that a process sends at the same time; mail servers of one council rarely take more connections. */
const AT_ONCE = 4;

/** Sends what is due. Any number of processes may do so at the same time. */
@Injectable()
export class DispatchService {
  private readonly logger = new Logger('Messages');

  constructor(
    private readonly claims: MessageClaims,
    private readonly templates: MessageTemplates,
    private readonly recipients: RecipientsQueries,
    @Inject(POST) private readonly post: Post | null,
    @Inject(CONFIG) private readonly config: Config,
    @Optional() @Inject(DISPATCH_HOOK) private readonly hook?: DispatchHook,
  ) {}

  /**
   * Sends until nothing is due or the signal says stop; where no mail server is named, only what is too late is stopped.
   * @returns how many messages were taken up
   */
  async dispatch(signal?: AbortSignal): Promise<number> {
    await this.claims.tidy();
    if (this.post === null) return 0;
    for (let taken = 0; ;) {
      if (signal?.aborted) return taken;
      await this.hook?.('before-claim');
      const claimed = await this.claims.claim(AT_ONCE);
      if (claimed.length === 0) return taken;
      await this.hook?.('claimed');
      taken += claimed.length;
      const outcomes = await Promise.allSettled(claimed.map((message) => this.#send(message, this.post)));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    }
  }

  async #send(message: ClaimedMessage, post: Post | null): Promise<void> {
    if (post === null) return;
    try {
      await this.#sendOrFail(message, post);
      await this.hook?.('finished');
    } catch (error) {
      // Another process, or a person, has taken it over: theirs is the last word.
      if (error instanceof LostClaimError) this.logger.warn(`message ${message.id}: the claim is lost`);
      else throw error;
    }
  }

  async #sendOrFail(message: ClaimedMessage, post: Post): Promise<void> {
    const recipient = await this.recipients.of(message.recipientEntraId);
    if (recipient === 'left') return this.claims.stopped(message, 'recipient-left');
    if (recipient === 'no-address') return this.claims.failed(message, 'no-address', true);
    const template = this.templates.named(message.template);
    if (template === null) return this.claims.failed(message, 'no-template', false);
    let content: Awaited<ReturnType<typeof template.compose>>;
    try {
      content = await template.compose(message, new Date());
    } catch (error) {
      // One that cannot be made must not keep the others waiting.
      this.logger.error(`message ${message.id} could not be made`);
      this.logger.error(error instanceof Error ? error : String(error));
      return this.claims.failed(message, 'failed', false);
    }
    if ('stop' in content) return this.claims.stopped(message, content.stop);
    await this.hook?.('composed');
    await post.deliver(message, { to: recipient.address, ...mailTexts(content, originOf(this.config)) });
  }
}

/** Where links lead: the configured address and never that of a request. */
export function originOf({ publicUrl, port }: Config): string {
  return publicUrl ?? `http://localhost:${port}`;
}
