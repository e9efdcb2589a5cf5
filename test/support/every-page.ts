import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { permissionsOf, type Permission } from '../../src/auth/permissions.js';
import { checkedContext, collectComplaints, overflowsOf, startBrowser, violationsOf } from './browser.js';
import { walkByKeyboard, type KeyboardWalk } from './keyboard-walk.js';
import { PAGES, VIEWERS, pagesOf, preparePages, strayPages, type PageToLookAt, type Viewer } from './pages.js';
import type { TestSession } from './sign-in.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestWeb, type TestWeb } from './web.js';

/** Folder for pictures of the pages, for whoever wants to look at them. */
const PICTURES = process.env['UNTETHER_PAGE_PICTURES'];
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
/** What is left of 1280 pixels at 400 % (WCAG 2.2, success criterion 1.4.10). */
const ZOOMED = { width: 320, height: 256 };

const SLIPS = /.{0,60}(?:\[object |\bundefined\b|\bNaN\b).{0,60}/g;

/** Refusals of a page's own: a record that is not there, an address that cannot be read, a person's page of another. */
const OWN_ANSWERS = [200, 303, 400, 403, 404, 409];

/** What the viewer may be answered, by their permissions alone. */
function expectedStatuses({ permission }: PageToLookAt, viewer: Viewer): readonly number[] {
  const held: ReadonlySet<Permission> = permissionsOf(viewer === 'manager' || viewer === 'staff' ? [] : [viewer]);
  return permission === null || held.has(permission) ? OWN_ANSWERS : [403];
}

/** A page without what is new in every answer, taken apart into what it says and the frame around it. */
interface PageParts {
  /** Every tag of what the page says, each with the text behind it. */
  readonly content: readonly string[];
  /** The same of the frame with the viewer's name and navigation. */
  readonly frame: readonly string[];
}

function partsOf(html: string): PageParts {
  const same = html
    .replace(/nonce="[^"]*"/g, '')
    .replace(/name="(token|submission)" value="[^"]*"/g, '')
    .replace(/Request id: <code>[^<]*/g, '')
    .replace(/<time[^>]*>[^<]*/g, '');
  const parts = [/<title>[^<]*<\/title>/, /<a[^>]*govuk-back-link[^]*?<\/a>/, /<main[^]*<\/main>/];
  const said = parts.map((part) => part.exec(same)?.[0] ?? '');
  // The frame marks where it is, which looks the same wherever that is.
  const frame = said
    .reduce((rest, part) => rest.replace(part, ''), same)
    .replace(/ (aria-current|href)="[^"]*"/g, '')
    .replace(/ govuk-service-navigation__item--active|<\/?strong[^>]*>/g, '');
  const tagsOf = (text: string): string[] => text.split(/(?=<)/).map((tag) => tag.replace(/\s+/g, ' ').trim());
  return { content: tagsOf(said.join('')), frame: tagsOf(frame) };
}

/** How a page does for those who enlarge it, use no mouse, or have no scripts. */
interface WaysThrough {
  readonly overflows: boolean;
  readonly keyboard: KeyboardWalk;
  /** What the page says without scripts where that is something else than with them. */
  readonly onlyWithoutScripts: string;
  readonly hiddenLinks: number;
}

const IN_ORDER: WaysThrough = {
  overflows: false,
  keyboard: { unreached: [], outOfOrder: [], unseen: [], trapped: false },
  onlyWithoutScripts: '',
  hiddenLinks: 0,
};

/** Everything that one spec of the two needs. */
class Tour {
  /** The tags that were looked at: of each route, of refusals, and of the frame. */
  private readonly looked = new Map<string, Set<string>>();
  private plain: { readonly viewer: Viewer; readonly context: BrowserContext; readonly page: Page } | undefined;
  private readonly contexts = new Map<Viewer, { context: BrowserContext; page: Page; complaints: string[] }>();

  private constructor(
    private readonly database: TestDatabase,
    readonly web: TestWeb,
    readonly browser: Browser,
    readonly sessions: Readonly<Record<Viewer, TestSession>>,
    readonly pages: readonly PageToLookAt[],
  ) {}

  static async start(): Promise<Tour> {
    const database = await createTestDatabase();
    const web = await startTestWeb(database);
    const { records, sessions } = await preparePages(database, web.url);
    return new Tour(database, web, await startBrowser(), sessions, pagesOf(web.routes, records));
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.web.close();
    await this.database.drop();
  }

  /** The page as it comes, without a browser. */
  async read(address: string, viewer: Viewer): Promise<{ status: number; html: string }> {
    const { headers } = this.sessions[viewer];
    const answer = await fetch(this.web.url + address, { headers: { ...headers }, redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  }

  /** The first of these who is shown the page; the very first when it is refused to all. A draft, say, is one person's. */
  async firstShown({ address }: PageToLookAt, viewers: readonly [Viewer, ...Viewer[]]): Promise<Viewer> {
    for (const viewer of viewers) {
      if ((await this.read(address, viewer)).status === 200) return viewer;
    }
    return viewers[0];
  }

  /** One tab for each viewer, which goes from page to page. */
  async tabOf(viewer: Viewer): Promise<{ page: Page; complaints: string[] }> {
    const open = this.contexts.get(viewer);
    if (open) return open;
    const context = await checkedContext(this.browser, { viewport: DESKTOP, ...this.sessions[viewer].browser });
    const page = await context.newPage();
    const tab = { context, page, complaints: collectComplaints(page) };
    this.contexts.set(viewer, tab);
    return tab;
  }

  /** A tab in which no script runs. */
  async plainTabOf(viewer: Viewer): Promise<Page> {
    if (this.plain?.viewer === viewer) return this.plain.page;
    await this.plain?.context.close();
    const context = await this.browser.newContext({
      viewport: PHONE,
      javaScriptEnabled: false,
      ...this.sessions[viewer].browser,
    });
    this.plain = { viewer, context, page: await context.newPage() };
    return this.plain.page;
  }

  /** Whether there is anything on the page, or around it, that nobody has looked at yet. */
  private isNew({ route }: PageToLookAt, status: number, html: string): boolean {
    const { content, frame } = partsOf(html);
    // Refusals say the same wherever they are met.
    const [ofContent, ofFrame] = [
      this.unseen(status === 403 ? 'refused' : route, content),
      this.unseen('frame', frame),
    ];
    return ofContent || ofFrame;
  }

  private unseen(place: string, tags: readonly string[]): boolean {
    const known = this.looked.get(place) ?? new Set();
    const before = known.size;
    for (const tag of tags) known.add(tag);
    this.looked.set(place, known);
    return known.size > before;
  }

  /** What is wrong with a page as this viewer sees it; nothing when all of it was looked at before. */
  async look(
    shown: PageToLookAt,
    viewer: Viewer,
    { status, html }: { status: number; html: string },
  ): Promise<readonly object[]> {
    if (!this.isNew(shown, status, html)) return [];
    const { address } = shown;
    const { page, complaints } = await this.tabOf(viewer);
    await resize(page, DESKTOP);
    complaints.length = 0;
    await page.goto(this.web.url + address, { waitUntil: 'load' });
    const wrong: object[] = [];
    for (const viewport of [DESKTOP, PHONE]) {
      await resize(page, viewport);
      await this.picture(page, address, viewer, viewport.width);
      const [violations, overflows] = [await violationsOf(page), await overflowsOf(page)];
      if (violations.length > 0 || overflows) wrong.push({ viewer, width: viewport.width, violations, overflows });
    }
    // A browser reports a page's own status as an error of loading it.
    const real = complaints.filter((text) => !/status of (400|403|404|405|409|422)/.test(text));
    return real.length > 0 ? [...wrong, { viewer, complaints: real }] : wrong;
  }

  /** How the page that was just looked at does at 400 %, by keyboard and without scripts. */
  async waysThrough({ address }: PageToLookAt, viewer: Viewer): Promise<WaysThrough> {
    const { page } = await this.tabOf(viewer);
    await resize(page, ZOOMED);
    const overflows = await overflowsOf(page);
    await resize(page, DESKTOP);
    const keyboard = await walkByKeyboard(page);
    const plain = await this.plainTabOf(viewer);
    await plain.goto(this.web.url + address, { waitUntil: 'load' });
    const withoutScripts = await wordsOf(plain);
    let withScripts = await wordsOf(page);
    if (withScripts !== withoutScripts) {
      // What it tells may have gone on while it was looked at.
      await page.goto(this.web.url + address, { waitUntil: 'load' });
      withScripts = await wordsOf(page);
    }
    const hiddenLinks = await plain
      .locator('.govuk-service-navigation__list a')
      .evaluateAll((all) => all.filter((link) => !link.checkVisibility()).length);
    return {
      overflows,
      keyboard,
      onlyWithoutScripts: withoutScripts === withScripts ? '' : withoutScripts,
      hiddenLinks,
    };
  }

  private async picture(page: Page, address: string, viewer: Viewer, width: number): Promise<void> {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    const name = `${address.replace(/\W+/g, '_').slice(0, 60)}-${viewer}-${width}.png`;
    await page.screenshot({ path: path.join(PICTURES, name), fullPage: true });
  }
}

/** Gives the page another size and waits until its scripts have taken note. */
async function resize(page: Page, size: typeof DESKTOP): Promise<void> {
  await page.setViewportSize(size);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))),
  );
}

/** Whoever may see most of a page, to see all of it. */
function bestViewer(page: PageToLookAt): Viewer {
  const candidates: readonly Viewer[] = ['administrator', 'stock-holder', 'engineer', 'rollout-manager'];
  return candidates.find((viewer) => expectedStatuses(page, viewer).length > 1) ?? 'administrator';
}

/**
 * Describes every page in a browser. Jest runs spec files side by side, so that the pages are shared out over two.
 * @param part which half.
 */
export function describeEveryPage(part: 0 | 1): void {
  let tour: Tour;
  beforeAll(async () => {
    tour = await Tour.start();
  }, 60_000);
  afterAll(() => tour?.end());

  it('is listed in test/support/pages.ts', () => {
    expect(strayPages(tour.web.routes)).toEqual({ unlisted: [], gone: [] });
  });

  const routes = [...Object.entries(PAGES).flatMap(([route, addresses]) => (addresses ? [route] : [])), 'no route'];
  const mine = routes.filter((_route, at) => at % 2 === part);
  const pagesAt = (route: string): PageToLookAt[] => tour.pages.filter((page) => page.route === route);

  it.each(mine)(
    '%s is in order for everybody who opens it: on a desktop, on a phone, at 400 %, by keyboard and without scripts',
    async (route) => {
      for (const [at, page] of pagesAt(route).entries()) {
        const best = bestViewer(page);
        // The plain page is for everybody, and whoever sees most comes first: what others see of it need not be looked at
        // twice. Its other states look alike to all who may see them.
        const inOrder: [Viewer, ...Viewer[]] = [best, ...VIEWERS.filter((viewer) => viewer !== best)];
        for (const viewer of at === 0 ? inOrder : [await tour.firstShown(page, inOrder)]) {
          const { status, html } = await tour.read(page.address, viewer);
          const allowed = expectedStatuses(page, viewer);
          expect({ address: page.address, viewer, status, isAllowed: allowed.includes(status) }).toMatchObject({
            isAllowed: true,
          });
          if (status === 303) continue;
          expect(html).toMatch(/<html lang="en-GB"/);
          // What a template writes of a value that it was not made for.
          expect({ address: page.address, slips: html.match(SLIPS) ?? [] }).toEqual({
            address: page.address,
            slips: [],
          });
          expect({ address: page.address, wrong: await tour.look(page, viewer, { status, html }) }).toEqual({
            address: page.address,
            wrong: [],
          });
          if (at === 0 && viewer === best) expect(await tour.waysThrough(page, viewer)).toEqual(IN_ORDER);
        }
      }
    },
    120_000,
  );
}

/** The words of a page, without those that scripts may change and without times, which go on. */
async function wordsOf(page: Page): Promise<string> {
  const text = await page.evaluate(() => {
    const main = document.querySelector('main')?.cloneNode(true) as HTMLElement | undefined;
    for (const live of main?.querySelectorAll('[data-live], noscript, [data-scripted]') ?? []) live.remove();
    return main?.textContent ?? '';
  });
  return text
    .replace(/(less than a|\d+) (minute|hour|day)s?( ago)?/g, 'some time')
    .replace(/\d{1,2}:\d\d[ap]m/g, 'a time')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an id')
    .replace(/\s+/g, ' ')
    .trim();
}
