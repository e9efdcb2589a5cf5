import type { GraphCredential } from '../../src/config/config.types.js';
import { GraphClient } from '../../src/graph/graph-client.js';
import { GraphMeter } from '../../src/graph/graph-meter.js';
import { CREDENTIALS, EmulatorFixture, guid, smallTenant } from '../support/emulator-fixture.js';
import { FakeTime } from '../support/fake-time.js';
import { makeSelfSigned, type KeyPair } from '../support/self-signed.js';

/** The client and the emulator were written apart from each other; here they meet. */
describe('the Graph client against the emulated tenant', () => {
  const fixture = new EmulatorFixture();
  let client: GraphClient;
  const options = { permission: 'User.Read.All', lane: 'directory', meter: new GraphMeter() } as const;

  let keys: KeyPair;

  beforeAll(async () => {
    keys = await makeSelfSigned('rsa');
    await fixture.start(smallTenant(25), {
      credentials: { ...CREDENTIALS, certificate: keys.certificate },
      // MSAL signs with the computer's time.
      clock: Date.now,
    });
    client = makeClient({ kind: 'secret', secret: CREDENTIALS.clientSecret });
  });

  function makeClient(credential: GraphCredential): GraphClient {
    const { tenantId, clientId } = CREDENTIALS;
    const { origin } = fixture.emulator;
    return new GraphClient(
      () => ({
        kind: 'demonstration',
        tenantId,
        clientId,
        credential,
        baseUrl: origin,
        authority: origin,
        caFile: fixture.authorityFile,
        httpsProxy: null,
      }),
      { timings: new FakeTime(), log: () => undefined },
    );
  }

  afterAll(async () => {
    await client.onModuleDestroy();
    await fixture.stop();
  });

  async function ids(path: string): Promise<{ ids: string[]; pages: number; deltaLink: string | null }> {
    const read = { ids: [] as string[], pages: 0, deltaLink: null as string | null };
    for await (const page of client.pages({ path, ...options })) {
      read.pages += 1;
      read.deltaLink = page.deltaLink;
      read.ids.push(...(page.items as { id: string }[]).map(({ id }) => id));
    }
    return read;
  }

  const everyone = Array.from({ length: 25 }, (_, n) => guid(n + 1));

  it('reads a collection over several pages', async () => {
    const read = await ids('/users?$select=id,department&$top=10');

    expect(read.pages).toBe(3);
    expect(read.ids.sort()).toEqual(everyone);
  });

  it('reads a delta to its end and goes on from the stored link', async () => {
    const first = await ids('/users/delta?$select=id,displayName');
    const again = await ids(String(first.deltaLink));

    expect([...new Set(first.ids)].sort()).toEqual(everyone);
    expect(again.ids).toEqual([]);
    expect(again.deltaLink).not.toBeNull();
  });

  it('counts, gets and batches', async () => {
    expect(await client.count('/users/$count', options)).toBe(25);
    expect(await client.get(`/users/${guid(3)}?$select=id,department`, options)).toMatchObject({
      id: guid(3),
      department: 'Libraries & Museums',
    });
    const items = [...everyone, guid(999)].map((id) => ({ id, path: `/users/${id}?$select=id` }));
    const answers = await client.batch(items, options);
    expect(everyone.every((id) => (answers.get(id)?.body as { id: string } | null)?.id === id)).toBe(true);
    expect(answers.get(guid(999))).toMatchObject({ status: 404, failure: { code: 'contract_broken' } });
  });

  it('encoded values in a filter arrive as they were meant', async () => {
    const filter = encodeURIComponent("department eq 'Libraries & Museums'");

    expect((await ids(`/users?$select=id&$filter=${filter}`)).ids).toHaveLength(13);
  });

  it('reads the permissions out of the token', async () => {
    expect((await client.tokenFacts()).roles).toContain('User.Read.All');
  });

  it('signs in with a certificate, whose signature the emulator checks', async () => {
    const other = await makeSelfSigned('rsa');
    const right = makeClient({ kind: 'certificate', pem: `${keys.privateKey}\n${keys.certificate}` });
    const wrong = makeClient({ kind: 'certificate', pem: `${other.privateKey}\n${other.certificate}` });

    expect((await right.tokenFacts()).roles).toContain('User.Read.All');
    await expect(wrong.tokenFacts()).rejects.toMatchObject({ code: 'unauthorised', graphCode: 'AADSTS700027' });
    await right.onModuleDestroy();
    await wrong.onModuleDestroy();
  });

  it('says what is wrong with a wrong secret', async () => {
    const wrong = makeClient({ kind: 'secret', secret: 'another' });

    await expect(wrong.get('/users', options)).rejects.toMatchObject({
      code: 'unauthorised',
      graphCode: 'AADSTS7000215',
    });
    await wrong.onModuleDestroy();
  });
});
