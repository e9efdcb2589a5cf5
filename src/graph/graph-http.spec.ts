import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Test } from '@nestjs/testing';
import { FakeTime } from '../../test/support/fake-time.js';
import { json, ScriptedGraph, type Answer } from '../../test/support/scripted-graph.js';
import { GraphClient } from './graph-client.js';
import { GraphMeter } from './graph-meter.js';
import { GraphModule } from './graph.module.js';

describe('connections to Graph', () => {
  let graph: ScriptedGraph;

  beforeEach(async () => {
    graph = await ScriptedGraph.start();
    graph.on('/me', json({ id: 1 }));
  });

  afterEach(() => graph.stop());

  const options = { permission: 'x', lane: 'directory', meter: new GraphMeter() } as const;

  it('go through the proxy with CONNECT: token and reads, and nothing in the clear', async () => {
    const proxy = await CountingProxy.start();
    const client = new GraphClient(() => graph.settings({ httpsProxy: proxy.url }), { timings: new FakeTime() });

    await client.get('/me', options);
    await client.get('/me', options);

    expect(graph.requests).toHaveLength(3);
    expect(new Set(proxy.tunnels)).toEqual(new Set([graph.origin.replace('https://', '')]));
    expect(proxy.plainRequests).toBe(0);
    await client.onModuleDestroy();
    await proxy.stop();
  });

  it('a proxy that refuses the tunnel is temporary and its password is not told', async () => {
    const proxy = await CountingProxy.start(407);
    const httpsProxy = proxy.url.replace('http://', 'http://user:hidden-word@');
    const client = new GraphClient(() => graph.settings({ httpsProxy }), {
      timings: new FakeTime(),
      policy: { maximumAttempts: 2 },
      log: () => undefined,
    });

    const failure: unknown = await client.get('/me', options).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'temporary' });
    expect(JSON.stringify([String(failure), failure])).not.toContain('hidden-word');
    expect(graph.requests).toHaveLength(0);
    await client.onModuleDestroy();
    await proxy.stop();
  });

  it('a certificate that nobody vouches for is refused once, with the fix in words', async () => {
    const client = new GraphClient(() => graph.settings({ caFile: null }), { timings: new FakeTime() });

    await expect(client.get('/me', options)).rejects.toMatchObject({
      code: 'contract_broken',
      fix: expect.stringContaining('CA file') as unknown,
    });
    expect(graph.requests).toHaveLength(0);
    await client.onModuleDestroy();
  });

  it('accept compressed answers, and count and cap them by their full size', async () => {
    const meter = new GraphMeter();
    const zip =
      (text: string): Answer =>
      (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(text));
    graph.on('/zip', zip('{"a":1}')).on('/bomb', zip(' '.repeat(3_000_000)));
    const client = new GraphClient(() => graph.settings(), {
      timings: new FakeTime(),
      limits: { maximumBytes: 2_000_000 },
    });

    expect(await client.get('/zip', { ...options, meter })).toEqual({ a: 1 });
    expect(meter.bytes).toBe(7);
    await expect(client.get('/bomb', options)).rejects.toMatchObject({ code: 'contract_broken' });
    await client.onModuleDestroy();
  });

  it('say who is asking, and that people go first', async () => {
    const client = new GraphClient(() => graph.settings(), { timings: new FakeTime() });

    await client.get('/me', options);

    expect(graph.reads[0]?.headers).toMatchObject({
      'user-agent': 'Untether',
      accept: 'application/json',
      'x-ms-throttle-priority': 'Low',
    });
    await client.onModuleDestroy();
  });

  it('are made at the first use only, from settings that the application provides', async () => {
    let asked = 0;
    const settings = (): ReturnType<ScriptedGraph['settings']> => {
      asked += 1;
      return graph.settings();
    };
    const module = await Test.createTestingModule({ imports: [GraphModule.forRoot(settings)] }).compile();
    const client = module.get(GraphClient);

    expect(asked).toBe(0);
    expect(await client.get('/me', options)).toEqual({ id: 1 });
    await client.get('/me', options);
    expect(asked).toBe(1);
    await module.close();
  });
});

/** A proxy that only knows CONNECT and counts what goes through it. */
class CountingProxy {
  readonly tunnels: string[] = [];
  plainRequests = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(refuseWith: number | null = null): Promise<CountingProxy> {
    const server = createServer();
    const proxy = new CountingProxy(server);
    server.on('request', (_request, response) => {
      proxy.plainRequests += 1;
      response.writeHead(501).end();
    });
    server.on('connect', (request, client: Socket) => {
      if (refuseWith !== null) return void client.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
      proxy.tunnels.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      for (const socket of [client, target]) {
        proxy.sockets.add(socket);
        socket.on('error', () => undefined);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
