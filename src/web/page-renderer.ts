import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DataAge } from './data-age.js';
import { FlashMessages } from './flash.js';
import { formContext } from './form-context.js';
import { type PageView, type Redirect } from './page.js';
import { pagePolicy } from './security-headers.js';
import { surroundingsOf } from './surroundings.js';
import type { Views } from './views.js';

/** What pages need to know of the process. */
export interface PageSettings {
  readonly dataAge: DataAge;
  /** Whether people reach this site over https only. */
  readonly overHttps: boolean;
  /** Other origins that a form's answer may lead to. */
  readonly formTargets?: readonly string[];
}

/** Turns page views into pages: with who is signed in, the navigation, the form's hidden fields and the nonce. */
export class PageRenderer {
  private readonly flash: FlashMessages;

  constructor(
    private readonly views: Views,
    private readonly settings: PageSettings,
  ) {
    this.flash = new FlashMessages(settings.overHttps);
  }

  /** The page; sets its status and its content security policy on the answer. */
  render(request: FastifyRequest, reply: FastifyReply, view: PageView): string {
    const nonce = randomBytes(16).toString('base64');
    void reply
      .code(view.status)
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy(nonce, this.settings.formTargets));
    return this.views.render(view.template, {
      ...view.data,
      ...surroundingsOf(request, this.settings.dataAge),
      cspNonce: nonce,
      form: formContext(request),
      flash: this.flash.take(request, reply),
    });
  }

  /** Sends the browser on, and keeps the message for the page that it comes to. */
  redirect(request: FastifyRequest, reply: FastifyReply, { path, message }: Redirect): string {
    if (message !== null) this.flash.keep(request, reply, message);
    void reply.code(303).header('location', path);
    return '';
  }
}
