import type { CustomFetch } from 'openid-client';
import { request } from 'undici';
import type { SignInSettings } from '../../config/config.types.js';
import { outboundConnections, type OutboundConnections } from '../../config/outbound-connections.js';

/**
 * How long a document of the sign-in service (its description, its keys) is not asked for again, however many tokens
 * name a key that it does not have. A new key is therefore known after a minute at the latest.
 */
const COOL_DOWN_MILLISECONDS = 60_000;
/** Entra ID's list of keys has 20 kB. */
const MAXIMUM_BYTES = 1024 * 1024;
const LIMITS = { connectMilliseconds: 10_000, headersMilliseconds: 15_000, bodyMilliseconds: 10_000 };

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** Requests to the one sign-in service: nowhere else, through the proxy, trusting the extra authorities. */
export class ProviderConnection {
  private readonly origin: string;
  private readonly connections: OutboundConnections;
  private readonly documents = new Map<string, { readonly at: number; readonly answer: Promise<Answer> }>();

  constructor(settings: SignInSettings) {
    this.origin = new URL(settings.issuer).origin;
    this.connections = outboundConnections(settings, LIMITS);
  }

  /** Fetches as `openid-client` wants it. Redirects are answers like any other and are not followed. */
  readonly fetch: CustomFetch = async (url, options) => {
    if (new URL(url).origin !== this.origin) throw new TypeError('The sign-in service points to another address.');
    const send = (): Promise<Answer> => this.send(url, options.method, options.headers, options.body, options.signal);
    const answer = await (options.method === 'GET' ? this.document(url, send) : send());
    return new Response(answer.text, { status: answer.status, headers: answer.headers });
  };

  /** Lets what is under way finish. */
  async close(): Promise<void> {
    await Promise.all([this.connections.outward.close(), this.connections.direct.close()]);
  }

  /** Whoever asks within the cool-down shares one answer; one that was none is forgotten. */
  private document(url: string, send: () => Promise<Answer>): Promise<Answer> {
    const known = this.documents.get(url);
    if (known !== undefined && Date.now() - known.at < COOL_DOWN_MILLISECONDS) return known.answer;
    const answer = send();
    const document = { at: Date.now(), answer };
    this.documents.set(url, document);
    const forget = (): void => {
      if (this.documents.get(url) === document) this.documents.delete(url);
    };
    answer.then(({ status }) => {
      if (status !== 200) forget();
    }, forget);
    return answer;
  }

  private async send(
    url: string,
    method: string,
    headers: Record<string, string>,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const response = await request(url, {
      dispatcher: this.connections.outward,
      method: method === 'POST' ? 'POST' : 'GET',
      headers: { 'user-agent': 'Untether', ...headers },
      // Forms are all that is ever sent.
      body: body instanceof URLSearchParams ? body.toString() : null,
      ...(signal === undefined ? {} : { signal }),
    });
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of response.body as AsyncIterable<Buffer>) {
      bytes += piece.byteLength;
      if (bytes > MAXIMUM_BYTES) throw new TypeError('An answer of the sign-in service was too long and was cut off.');
      pieces.push(piece);
    }
    const type = response.headers['content-type'];
    return {
      status: response.statusCode,
      headers: typeof type === 'string' ? { 'content-type': type } : {},
      text: Buffer.concat(pieces).toString('utf8'),
    };
  }
}
