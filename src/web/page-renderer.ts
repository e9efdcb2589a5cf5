import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { takeFlash } from './flash.js';
import { formContext } from './form-context.js';
import { PageView } from './page.js';
import { pagePolicy } from './security-headers.js';
import type { Views } from './views.js';

/** Turns page views into pages: with who is signed in, the navigation, the form's hidden fields and the nonce. */
export class PageRenderer {
  constructor(private readonly views: Views) {}

  /** The page; sets its status and its content security policy on the answer. */
  render(request: FastifyRequest, reply: FastifyReply, view: PageView): string {
    const nonce = randomBytes(16).toString('base64');
    void reply
      .code(view.status)
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy(nonce));
    return this.views.render(view.template, {
      ...view.data,
      cspNonce: nonce,
      form: formContext(request),
      flash: takeFlash(request, reply),
    });
  }
}
