import { Controller, Inject, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenToAll } from '../../auth/access.decorator.js';
import { accessOf } from '../../auth/current-access.js';
import {
  givenSessionCookie,
  removedSessionCookie,
  sessionCookie,
  sessionCookieOf,
  type SessionCookie,
} from '../../auth/session-cookie.js';
import { SessionsService } from '../../auth/sessions.service.js';
import { SignInRefusal } from '../../auth/sign-in/sign-in-refusal.js';
import { SignInService } from '../../auth/sign-in/sign-in.service.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.types.js';
import { FormPost } from '../form.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../page.js';
import { Page } from '../page-route.js';
import { paths } from '../paths.js';
import { KnownCallerGuard } from './known-caller.guard.js';

/** The way in through the organisation's sign-in service, and the way out. */
@Controller()
export class SignInController {
  private readonly cookie: SessionCookie;
  /** Binds a sign-in under way to the browser that began it. */
  private readonly browserCookie: SessionCookie;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
  ) {
    this.cookie = sessionCookie(config.publicUrl);
    const { secure } = this.cookie;
    this.browserCookie = { name: secure ? '__Host-untether-sign-in' : 'untether-sign-in', secure };
  }

  /** Sends the browser to the sign-in service; nothing is asked here. */
  @OpenToAll()
  @Page('sign-in')
  async begin(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageView | string> {
    const asked = this.addressOf(request).searchParams;
    const returnTo = asked.getAll('returnTo').length === 1 ? asked.get('returnTo') : null;
    try {
      const { url, browser } = await this.signIn.begin(sessionCookieOf(request, this.browserCookie), {
        returnTo,
        redirectUri: this.callbackUrl(request),
        chooseAccount: asked.get('account') === 'another',
      });
      void reply.header('set-cookie', givenSessionCookie(this.browserCookie, browser));
      return elsewhere(reply, url);
    } catch (error) {
      return refusalPage(error, request);
    }
  }

  /** Where the sign-in service sends the browser back to. */
  @OpenToAll()
  @Page('sign-in/callback')
  async complete(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageView | Redirect> {
    const url = new URL(this.callbackUrl(request));
    url.search = this.addressOf(request).search;
    try {
      const { session, returnTo } = await this.signIn.complete({
        url,
        browser: sessionCookieOf(request, this.browserCookie),
        session: sessionCookieOf(request, this.cookie),
      });
      void reply.header('set-cookie', givenSessionCookie(this.cookie, session.cookie));
      return redirectTo(returnTo);
    } catch (error) {
      return refusalPage(error, request);
    }
  }

  /** Changes nothing: offers to sign out, or says that it is done and how to finish with the sign-in service. */
  @OpenToAll()
  @UseGuards(KnownCallerGuard)
  @Page('sign-out')
  async signOutPage(@Req() request: FastifyRequest): Promise<PageView> {
    if (accessOf(request) !== null) return pageView('web/sign-in/sign-out.njk', {});
    const elsewhereToo = await this.signIn.endSessionUrl(`${this.siteOf(request)}${paths.signOut()}`);
    return pageView('web/sign-in/signed-out.njk', { endSessionUrl: elsewhereToo, signInUrl: paths.signInAsAnother() });
  }

  /** Ends the session and has the browser forget everything of this site, for whoever sits here next. */
  @OpenToAll({ audit: 'session.ended' })
  @FormPost('sign-out', { form: 'signOutPage' })
  @UseGuards(KnownCallerGuard)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Redirect> {
    const session = sessionCookieOf(request, this.cookie);
    if (session !== null) await this.sessions.end(session);
    void reply
      .header('set-cookie', removedSessionCookie(this.cookie))
      .header('clear-site-data', '"cache", "cookies", "storage"');
    return redirectTo(paths.signOut());
  }

  /** Where people open the site: as configured; else as this machine is called in the address, which was checked. */
  private siteOf(request: FastifyRequest): string {
    return this.config.publicUrl ?? `http://${request.headers.host ?? 'localhost'}`;
  }

  private callbackUrl(request: FastifyRequest): string {
    return `${this.siteOf(request)}${paths.signInCallback()}`;
  }

  private addressOf(request: FastifyRequest): URL {
    return new URL(request.url, this.siteOf(request));
  }
}

function elsewhere(reply: FastifyReply, url: string): string {
  void reply.code(303).header('location', url);
  return '';
}

function refusalPage(error: unknown, request: FastifyRequest): PageView {
  if (!(error instanceof SignInRefusal)) throw error;
  const { title, message, code, status } = error;
  return pageView('web/sign-in/refused.njk', { refusal: { title, message, code }, requestId: request.id }, { status });
}
