import { FakeTime } from '../../test/support/fake-time.js';
import { failed, json, page, raw, ScriptedGraph, silence } from '../../test/support/scripted-graph.js';
import { GraphClient } from './graph-client.js';
import { GraphMeter } from './graph-meter.js';
import type { GraphPage, GraphRead } from './graph-pages.js';

describe('reading a collection page by page', () => {
  let time: FakeTime;
  let graph: ScriptedGraph;
  let elsewhere: ScriptedGraph;
  let client: GraphClient;

  beforeEach(async () => {
    time = new FakeTime();
    graph = await ScriptedGraph.start(() => time.now());
    elsewhere = await ScriptedGraph.start(() => time.now());
    client = new GraphClient(() => graph.settings(), { timings: time, log: () => undefined });
  });

  afterEach(async () => {
    await client.onModuleDestroy();
    await graph.stop();
    await elsewhere.stop();
  });

  const read = (path: string, more: Partial<GraphRead> = {}): AsyncGenerator<GraphPage> =>
    client.pages({ path, permission: 'User.Read.All', lane: 'directory', meter: new GraphMeter(), ...more });
  const link = (path: string): string => `${graph.origin}/v1.0${path}`;
  const next = (path: string): Record<string, string> => ({ '@odata.nextLink': link(path) });

  async function all(pages: AsyncGenerator<GraphPage>): Promise<GraphPage[]> {
    const read: GraphPage[] = [];
    for await (const one of pages) read.push(one);
    return read;
  }

  it('reads every page in order and sends the headers of the caller with each', async () => {
    graph.on('/users?$select=id', json({ '@odata.count': 3, value: [1, 2], ...next('/users?t=a%2Bb%3D%3D') }));
    graph.on('/users?t=a%2Bb%3D%3D', page([3]));

    const pages = await all(read('/users?$select=id', { headers: { ConsistencyLevel: 'eventual' } }));

    expect(pages.map(({ items }) => items)).toEqual([[1, 2], [3]]);
    expect(pages.map(({ number, count }) => [number, count])).toEqual([
      [1, 3],
      [2, null],
    ]);
    expect(graph.reads.map(({ headers }) => headers.consistencylevel)).toEqual(['eventual', 'eventual']);
    const ids = graph.reads.map(({ headers }) => headers['client-request-id']);
    expect(new Set(ids).size).toBe(2);
  });

  it('sends the query exactly as given: order, encoding and repeated options untouched', async () => {
    const query =
      '/users?zeta=1&$filter=department%20eq%20%27Parks%20%26%20Leisure%27&$select=id&link=https://example.org/a/b&zeta=2';
    graph.on(query, page([]));

    await all(read(query));

    expect(graph.reads[0]?.path).toBe(`/v1.0${query}`);
  });

  it('starts from a stored link of the same address', async () => {
    const later = link("/users/delta('x')?$deltatoken=y'%2B==");
    graph.on('/users/delta?$deltatoken=x', page([1], { '@odata.deltaLink': later }));

    const pages = await all(read(link('/users/delta?$deltatoken=x')));

    expect(pages[0]?.deltaLink).toBe(later);
  });

  it('F-16 a nextLink to the same URL, or a cycle of three, ends the read', async () => {
    graph.on('/same', page([1], next('/same')));
    graph
      .on('/a', page([1], next('/b')))
      .on('/b', page([2], next('/c')))
      .on('/c', page([3], next('/a')));

    await expect(all(read('/same'))).rejects.toMatchObject({ code: 'contract_broken' });
    await expect(all(read('/a'))).rejects.toMatchObject({ code: 'contract_broken' });
    expect(graph.reads).toHaveLength(4);
  });

  it('F-16 more pages than allowed end the read', async () => {
    for (let n = 1; n <= 5; n += 1) graph.on(`/p${n}`, page([n], next(`/p${n + 1}`)));

    await expect(all(read('/p1', { maximumPages: 3 }))).rejects.toMatchObject({ code: 'contract_broken' });
    expect(graph.reads).toHaveLength(3);
  });

  it('F-16 a page without a list of items is not the end of the collection', async () => {
    for (const [path, value] of Object.entries({ missing: undefined, none: null, object: {}, text: 'x' })) {
      graph.on(`/${path}`, json({ value, ...next('/never') }));
      await expect(all(read(`/${path}`))).rejects.toMatchObject({ code: 'contract_broken' });
    }
    expect(graph.reads.some((request) => request.path.includes('never'))).toBe(false);
  });

  it('F-17, V-52 a link to another host, to http, with user info, or no link at all is never followed', async () => {
    const host = graph.origin.replace('https://', '');
    const bad: unknown[] = [
      `${elsewhere.origin}/v1.0/users`,
      `http://${host}/v1.0/users`,
      `https://user:word@${host}/v1.0/users`,
      `https://${host}@${elsewhere.origin.replace('https://', '')}/v1.0/users`,
      `https://${host}.example.org/v1.0/users`,
      `//${elsewhere.origin.replace('https://', '')}/users`,
      '/v1.0/users?page=2',
      'garbage',
      '',
      7,
      null,
      {},
    ];
    for (const [n, value] of bad.entries()) {
      for (const name of ['@odata.nextLink', '@odata.deltaLink']) {
        const path = `/bad${n}${name.length}`;
        graph.on(path, page([], { [name]: value }));
        await expect(all(read(path))).rejects.toMatchObject({ code: 'contract_broken' });
      }
    }
    expect(graph.reads).toHaveLength(bad.length * 2);
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('F-17 a stored link to another host is refused without a request, and a token never goes there', async () => {
    await expect(all(read(`${elsewhere.origin}/v1.0/users`))).rejects.toMatchObject({ code: 'contract_broken' });
    await expect(
      client.get(`${elsewhere.origin}/v1.0/users`, { permission: 'x', lane: 'directory', meter: new GraphMeter() }),
    ).rejects.toMatchObject({ code: 'contract_broken' });
    expect(elsewhere.requests).toHaveLength(0);
    expect(graph.requests).toHaveLength(0);
  });

  it('F-17 a redirect to another host is not followed', async () => {
    graph.on('/moved', (_request, response) => response.writeHead(302, { location: elsewhere.origin }).end());

    await expect(all(read('/moved'))).rejects.toMatchObject({ code: 'contract_broken', status: 302 });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('F-18 empty pages with a nextLink are followed', async () => {
    graph
      .on('/a', page([1], next('/b')))
      .on('/b', page([], next('/c')))
      .on('/c', page([], next('/d')));
    graph.on('/d', page([], next('/e'))).on('/e', page([2]));

    const pages = await all(read('/a'));

    expect(pages.flatMap(({ items }) => items)).toEqual([1, 2]);
    expect(pages).toHaveLength(5);
  });

  it('F-19 of both links the nextLink leads on, and only the last delta link counts', async () => {
    graph.on('/a', page([1], { ...next('/b'), '@odata.deltaLink': link('/early') }));
    graph.on('/b', page([2], { '@odata.deltaLink': link('/late') }));

    const pages = await all(read('/a'));

    expect(pages.map(({ deltaLink }) => deltaLink)).toEqual([null, link('/late')]);
  });

  it('F-19 neither link leaves the last page without a delta link', async () => {
    graph.on('/a', page([1], next('/b'))).on('/b', page([2]));

    expect((await all(read('/a'))).at(-1)).toMatchObject({ nextLink: null, deltaLink: null });
  });

  it('fetches exactly one page ahead of the caller', async () => {
    for (let n = 1; n <= 4; n += 1) graph.on(`/p${n}`, page([n], n < 4 ? next(`/p${n + 1}`) : {}));
    const pages = read('/p1');

    await pages.next();
    while (graph.reads.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(graph.reads).toHaveLength(2);
    await pages.return(undefined);
  });

  it('shows the failure of a page only when that page is asked for', async () => {
    graph.on('/a', page([1], next('/b'))).on('/b', failed(403, 'Authorization_RequestDenied'));
    const pages = read('/a');

    expect((await pages.next()).value).toMatchObject({ items: [1] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(pages.next()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('aborts the page under way when the caller leaves early', async () => {
    const closed = new Promise<void>((resolve) => {
      graph.on('/a', page([1], next('/b'))).on('/b', (_request, response) => void response.on('close', resolve));
    });

    for await (const one of read('/a')) {
      expect(one.number).toBe(1);
      while (graph.reads.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      break;
    }

    await closed;
  });

  it('ends with the reason of the signal when the caller aborts', async () => {
    graph.on('/a', silence());
    const controller = new AbortController();
    const pages = read('/a', { signal: controller.signal });
    setTimeout(() => controller.abort(new RangeError('shutting down')), 50);

    await expect(pages.next()).rejects.toThrow('shutting down');
  });

  it('F-09 a page broken in the middle is no page: it is read again, whole', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n';
    graph.on('/a', page([1], next('/b'))).on('/b', raw(`${head}{"value":[2,`, 'reset'), page([2, 3]));

    expect((await all(read('/a'))).flatMap(({ items }) => items)).toEqual([1, 2, 3]);
  });

  it('F-31 consent revoked shows on page 1 and on page 7, names the permission and is not retried', async () => {
    const denied = failed(403, 'Authorization_RequestDenied');
    graph.on('/first', denied);
    for (let n = 1; n <= 6; n += 1) graph.on(`/p${n}`, page([n], next(`/p${n + 1}`)));
    graph.on('/p7', denied);
    const expected = { code: 'forbidden', permission: 'User.Read.All', graphCode: 'Authorization_RequestDenied' };

    await expect(all(read('/first'))).rejects.toMatchObject(expected);
    expect(graph.reads).toHaveLength(1);
    await expect(all(read('/p1'))).rejects.toMatchObject(expected);
    expect(graph.reads).toHaveLength(1 + 7);
  });

  it('F-55 whole numbers beyond 2^53 are rounded and of two equal keys the last counts', async () => {
    graph.on(
      '/a',
      (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"value":[{"bytes":1}],"value":[{"bytes":9223372036854775807}]}'),
    );

    expect((await all(read('/a')))[0]?.items).toEqual([{ bytes: 2 ** 63 }]);
  });
});
