import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { pageSession } from './signed-in-fetch.js';

const CANDIDATES = [
  process.env['UNTETHER_BROWSER'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Path of a Chromium on this machine; null when there is none. */
export const browserPath: string | null = CANDIDATES.find((path) => path !== undefined && existsSync(path)) ?? null;

/** What to do when there is no browser. */
export const HOW_TO_GET_A_BROWSER =
  'No Chromium was found, so the pages were not looked at in a browser. Install one (on Debian: apt-get install chromium) ' +
  'or name one in UNTETHER_BROWSER.';

/** Starts the browser without anything that talks to the outside. */
export function startBrowser(): Promise<Browser> {
  if (browserPath === null) throw new Error(HOW_TO_GET_A_BROWSER);
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One rule of WCAG that a page breaks, and where. */
export interface Violation {
  readonly rule: string;
  readonly places: readonly string[];
}

/** A page that was opened in the browser. There is no way to one that leaves out the accessibility check. */
export class CheckedPage {
  private constructor(
    readonly page: Page,
    readonly status: number,
    /** WCAG 2.2 A and AA as far as axe-core can tell. */
    readonly violations: readonly Violation[],
    /** Errors of scripts and everything that the content security policy stopped. */
    readonly complaints: readonly string[],
    /** Whether anything has to be scrolled sideways to be read, tables in their own frame excepted. */
    readonly overflows: boolean,
  ) {}

  static async open(browser: Browser, url: string, given: BrowserContextOptions = {}): Promise<CheckedPage> {
    // Somebody is signed in wherever nobody else is named, as `fetch` does it.
    const options = given.storageState ? given : { ...given, ...(await pageSession(url))?.browser };
    // The policy stops the checker's own script; it is off for the check and on for the look at complaints before it.
    const complaints: string[] = [];
    const strict = await (await browser.newContext(options)).newPage();
    strict.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    strict.on('pageerror', (error) => complaints.push(error.message));
    const answer = await strict.goto(url, { waitUntil: 'load' });
    const overflows = await strict.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    const checked = await (
      await browser.newContext({ ...options, bypassCSP: true, javaScriptEnabled: true })
    ).newPage();
    await checked.goto(url, { waitUntil: 'load' });
    await checked.evaluate(axe);
    const violations = await checked.evaluate(async () => {
      const run = (globalThis as unknown as { axe: { run(context: Document, options: object): Promise<unknown> } }).axe;
      const result = (await run.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      })) as { violations: { id: string; nodes: { html: string }[] }[] };
      return result.violations.map(({ id, nodes }) => ({
        rule: id,
        places: nodes.map(({ html }) => html.slice(0, 200)),
      }));
    });
    await checked.context().close();
    return new CheckedPage(strict, answer?.status() ?? 0, violations, complaints, overflows);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
