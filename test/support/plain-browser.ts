import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';

/** An answer as a plain browser got it. */
export interface PlainAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/**
 * A browser without a screen: it keeps cookies for the site and follows only what it is told to. It asks the process at
 * `url` under the public name of the site.
 */
export class PlainBrowser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly site: string,
  ) {}

  /** @param path of the site, or an address of the site as it stands in a Location header. */
  async send(
    path: string,
    options: { form?: Record<string, string>; headers?: Record<string, string>; method?: 'GET' | 'HEAD' } = {},
  ): Promise<PlainAnswer> {
    const target = path.startsWith(this.site) ? path.slice(this.site.length) : path;
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const { form } = options;
    const answer = await request(`${this.url}${target}`, {
      method: form ? 'POST' : (options.method ?? 'GET'),
      headers: {
        host: new URL(this.site).host,
        accept: 'text/html',
        ...(cookie === '' ? {} : { cookie }),
        ...(form ? { origin: this.site, 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...options.headers,
      },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    });
    const set = [answer.headers['set-cookie'] ?? []].flat();
    for (const line of set) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/;\s*max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(pair.indexOf('=') + 1));
    }
    const { location } = answer.headers;
    return {
      status: answer.statusCode,
      location: typeof location === 'string' ? location : null,
      headers: answer.headers,
      text: await answer.body.text(),
    };
  }
}

/** Where an address of another server sends a browser next. */
export async function nextAddress(url: string, caFile: string): Promise<string> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(caFile, 'utf8') } });
  try {
    const answer = await request(url, { dispatcher });
    await answer.body.dump();
    const { location } = answer.headers;
    if (typeof location !== 'string') throw new Error(`${url} leads nowhere (${answer.statusCode}).`);
    return location;
  } finally {
    await dispatcher.close();
  }
}
