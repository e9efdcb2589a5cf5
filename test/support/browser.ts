import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
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

/**
 * Describes what needs a browser. Without one a single test stands in its place, which says how to get one and fails
 * where a browser is required.
 */
export function describeInBrowser(title: string, specs: () => void): void {
  if (browserPath !== null) {
    describe(title, specs);
    return;
  }
  process.stderr.write(`${HOW_TO_GET_A_BROWSER}\n`);
  it(`${title}, where that is required`, () => {
    expect(process.env['UNTETHER_REQUIRE_BROWSER']).not.toBe('1');
  });
}

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

/** axe-core, for whoever evaluates it in a page. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2 A and AA, and what axe-core holds to be good besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One rule of WCAG that a page breaks, and where. */
export interface Violation {
  readonly rule: string;
  readonly places: readonly string[];
}

/** A browser's new context in which every page has the checker at hand; the page's own policy stays in force. */
export async function checkedContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  // Only what stands in the page is stopped by its policy, not what the browser itself puts there.
  await context.addInitScript({ content: `if (window === window.top) { ${AXE} }` });
  return context;
}

/** What a page breaks of WCAG 2.2 A and AA, as far as axe-core can tell. */
export async function violationsOf(page: Page): Promise<Violation[]> {
  return page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: { run(context: Document, options: object): Promise<unknown> } };
    const result = (await axe.run(document, { runOnly: rules, resultTypes: ['violations'] })) as {
      violations: { id: string; nodes: { html: string }[] }[];
    };
    return result.violations.map(({ id, nodes }) => ({
      rule: id,
      places: nodes.map(({ html }) => html.slice(0, 200)),
    }));
  }, RULES);
}

/** Whether anything has to be scrolled sideways to be read, tables in their own frame excepted. */
export function overflowsOf(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Collects what the browser complains of: errors of scripts, everything that the policy stopped, dialogs. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
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
    const page = await (await checkedContext(browser, options)).newPage();
    const complaints = collectComplaints(page);
    const answer = await page.goto(url, { waitUntil: 'load' });
    const overflows = await overflowsOf(page);
    return new CheckedPage(page, answer?.status() ?? 0, await violationsOf(page), complaints, overflows);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
