import { nextAddress, PlainBrowser, type PlainAnswer } from './plain-browser.js';
import { ScriptedProvider, type Script } from './scripted-provider.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestWeb, type TestWeb } from './web.js';

/** Where people open the site of these specs; the process itself listens on this machine. */
export const SITE = 'https://untether.council.example';
export const SESSION_COOKIE = '__Host-untether-session';

/** A web process whose people sign in at a scripted service. */
export class SignInSite {
  private constructor(
    readonly provider: ScriptedProvider,
    readonly database: TestDatabase,
    readonly web: TestWeb,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<SignInSite> {
    const provider = await new ScriptedProvider().start();
    const database = await createTestDatabase();
    const web = await startTestWeb(database, {
      environment: { ...provider.settings(), PUBLIC_URL: SITE, ...environment },
    });
    return new SignInSite(provider, database, web);
  }

  async stop(): Promise<void> {
    await this.web.close();
    await this.database.drop();
    await this.provider.stop();
  }

  browser(): PlainBrowser {
    return new PlainBrowser(this.web.url, SITE);
  }

  /** Goes to the sign-in and to the service; where the service sends the browser back to. */
  async callback(browser: PlainBrowser, script: Script = {}, returnTo?: string): Promise<string> {
    this.provider.script = script;
    const query = returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo }).toString()}`;
    const begun = await browser.send(`/sign-in${query}`);
    if (begun.location === null) throw new Error(`The sign-in did not begin: ${begun.status} ${begun.text}`);
    return nextAddress(begun.location, this.provider.caFile);
  }

  /** The whole way in. */
  async signIn(browser: PlainBrowser, script: Script = {}, returnTo?: string): Promise<PlainAnswer> {
    return browser.send(await this.callback(browser, script, returnTo));
  }

  async count(table: 'account' | 'sign_in_session' | 'sign_in_attempt'): Promise<number> {
    const [row] = await this.database.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from ${table}`,
    );
    return row?.count ?? -1;
  }

  /** Adds somebody to the directory. */
  async addPerson(entraId: string, address: string, enabled = true): Promise<void> {
    await this.database.dataSource.query(
      `insert into person (entra_id, user_principal_name, mail, display_name, account_enabled, user_type, presence)
       values ($1, $2, $2, 'Zz Tester', $3, 'Member', 'present')`,
      [entraId, address, enabled],
    );
  }
}
