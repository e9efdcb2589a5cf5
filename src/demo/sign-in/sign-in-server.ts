import { generateKeyPair } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { Provider } from 'oidc-provider';

import { messagePage, personaPage, STYLE_SOURCE } from './persona-page.js';
import type { Persona } from './personas.js';
import { providerSettings, type SignInServerOptions } from './provider-settings.js';

/** A running sign-in server. */
export interface SignInServer {
  /** Such as `http://127.0.0.1:4711/<tenant>/v2.0`. */
  readonly issuer: string;
  stop(): Promise<void>;
}

/** The only address it ever listens on: it asks nobody for a password. */
const HOST = '127.0.0.1';
const MAXIMUM_FORM_BYTES = 1024;

function policy(formAction: string): string {
  return `default-src 'none'; style-src ${STYLE_SOURCE}; img-src data:; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`;
}

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': policy("'none'"),
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Starts an OpenID provider that lets visitors choose who they are. Plain http, since a browser would warn of a
 * certificate that nobody has vouched for, and nothing leaves this machine. Its keys are new with every start.
 */
export async function startSignInServer(options: SignInServerOptions): Promise<SignInServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const origin = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const base = `/${options.tenantId}/v2.0`;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const settings = providerSettings(options, privateKey.export({ format: 'jwk' }), `${base}/choose`);
  const provider = new Provider(`${origin}${base}`, settings);
  const pages = new ChoicePages(provider, options, origin, `${base}/choose/`);
  const protocol = provider.callback();

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const target = request.url ?? '/';
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    // A page of another site whose name is made to point here would send that site's name.
    if (request.headers.host !== origin.slice('http://'.length)) return refuse(response, 421, 'Wrong host');
    if (target.startsWith(`${base}/choose/`)) {
      pages.answer(request, response).catch(() => refuse(response, 400, 'Start the sign-in again'));
      return;
    }
    if (!target.startsWith(`${base}/`)) return refuse(response, 404, 'There is nothing at this address');
    // The provider finds out from the difference between the two where it lives.
    Object.assign(request, { originalUrl: target, url: target.slice(base.length) });
    void protocol(request, response);
  });
  return { issuer: `${origin}${base}`, stop: () => stop(server) };
}

/** The pages between the provider's question and its answer. */
class ChoicePages {
  constructor(
    private readonly provider: Provider,
    private readonly options: SignInServerOptions,
    private readonly origin: string,
    private readonly base: string,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const interaction = await this.provider.interactionDetails(request, response);
    const { personas, tenant } = this.options;
    if (request.method === 'GET') {
      const nameOf = (persona: Persona): string => {
        const name = tenant.get('users', persona.userId)?.['displayName'];
        return typeof name === 'string' ? name : persona.name;
      };
      // The answer to the form leads back to where the sign-in began.
      const { origin } = new URL(String(interaction.params['redirect_uri']));
      response.setHeader('content-security-policy', policy(`'self' ${origin}`));
      respond(response, 200, personaPage(personas, nameOf, `${this.base}${interaction.uid}`));
      return;
    }
    if (request.method !== 'POST' || request.headers.origin !== this.origin) {
      return refuse(response, 403, 'This page takes its own form only');
    }
    const chosen = new URLSearchParams(await readForm(request)).get('persona');
    const persona = personas.find(({ key }) => key === chosen);
    if (persona === undefined) return refuse(response, 400, 'There is nobody of that name');
    await this.provider.interactionFinished(request, response, {
      select_account: {},
      login: { accountId: persona.userId, remember: false },
    });
  }
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request as AsyncIterable<Buffer>) {
    text += piece.toString('latin1');
    if (text.length > MAXIMUM_FORM_BYTES) throw new RangeError('The form is too long.');
  }
  return text;
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) response.destroy();
  else respond(response, status, messagePage(message, 'Nobody was signed in.'));
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
