import { FakeTime } from '../../test/support/fake-time.js';
import { failed, json, ScriptedGraph, type Answer } from '../../test/support/scripted-graph.js';
import type { BatchAnswer, BatchItem } from './graph-batch.js';
import { GraphClient } from './graph-client.js';
import { GraphMeter } from './graph-meter.js';

interface Sent {
  readonly requests: readonly { readonly id: string; readonly method: string; readonly url: string }[];
}

describe('reading with $batch', () => {
  let time: FakeTime;
  let graph: ScriptedGraph;
  let client: GraphClient;

  beforeEach(async () => {
    time = new FakeTime();
    graph = await ScriptedGraph.start(() => time.now());
    client = new GraphClient(() => graph.settings(), { timings: time, log: () => undefined });
  });

  afterEach(async () => {
    await client.onModuleDestroy();
    await graph.stop();
  });

  const items = (count: number): BatchItem[] =>
    Array.from({ length: count }, (_, n) => ({ id: `i${n}`, path: `/devices/${n}` }));
  const batch = (some: readonly BatchItem[], deadline?: number): Promise<Map<string, BatchAnswer>> =>
    client.batch(some, { permission: 'Device.Read.All', lane: 'intune', meter: new GraphMeter(), deadline });
  const sent = (n: number): Sent => JSON.parse(graph.reads[n]?.body ?? '{}') as Sent;
  const envelope = (responses: unknown[], status = 200): Answer => json({ responses }, {}, status);
  const fine = (id: string, body: unknown = { id }): object => ({ id, status: 200, headers: {}, body });
  const error = (id: string, status: number, code: string, headers: object = {}): object => ({
    id,
    status,
    headers,
    body: { error: { code, message: 'words' } },
  });

  it('sends at most twenty GETs a request, relative and without a version, and keys the answers by id', async () => {
    graph.on('/$batch', (request, response) => {
      const { requests } = JSON.parse(request.body) as Sent;
      envelope(requests.map(({ id }) => fine(id)).reverse())(request, response);
    });

    const answers = await batch(items(45));

    expect(graph.reads.map((_, n) => sent(n).requests.length)).toEqual([20, 20, 5]);
    expect(sent(0).requests[1]).toEqual({ id: 'i1', method: 'GET', url: '/devices/1' });
    expect(graph.reads[0]?.headers['content-type']).toBe('application/json');
    expect(answers.size).toBe(45);
    expect(answers.get('i44')).toEqual({ id: 'i44', status: 200, body: { id: 'i44' }, failure: null });
  });

  it('F-01 repeats only throttled and failed items, after the longest wait that any of them asked for', async () => {
    graph.on(
      '/$batch',
      envelope([
        fine('i0'),
        error('i1', 429, 'TooManyRequests', { 'retry-after': '5' }),
        error('i2', 429, 'TooManyRequests', { 'Retry-After': 12 }),
        error('i3', 404, 'Request_ResourceNotFound'),
        error('i4', 503, 'Busy'),
      ]),
      envelope([fine('i1'), fine('i2'), fine('i4')]),
    );

    const answers = await batch(items(5));

    expect(sent(1).requests.map(({ id }) => id)).toEqual(['i1', 'i2', 'i4']);
    expect((graph.reads[1]?.at ?? 0) - (graph.reads[0]?.at ?? 0)).toBeGreaterThanOrEqual(12_000);
    expect([...answers.values()].map(({ failure }) => failure?.code ?? null)).toEqual([
      null,
      null,
      null,
      'contract_broken',
      null,
    ]);
  });

  it('understands an envelope of 424 as well as one of 200', async () => {
    graph.on('/$batch', envelope([fine('i0'), error('i1', 429, 'TooManyRequests')], 424), envelope([fine('i1')]));

    expect((await batch(items(2))).get('i1')).toMatchObject({ status: 200, failure: null });
  });

  it('tolerates any letter case, empty bodies, JSON text and missing answers', async () => {
    graph.on(
      '/$batch',
      envelope([
        { id: 'i0', status: 204, headers: { 'Content-Type': 'application/json' }, body: null },
        { id: 'i1', status: 200, headers: { 'CONTENT-TYPE': 'application/json' }, body: '{"a":1}' },
        { id: 'i2', status: 200, body: 'plain' },
        { id: 'i3', status: 'odd' },
        null,
        { id: 'unknown', status: 200 },
      ]),
    );

    const answers = await batch(items(5));

    expect([...answers.values()].map(({ body }) => body)).toEqual([null, { a: 1 }, 'plain', null, null]);
    expect(answers.get('i3')?.failure?.code).toBe('contract_broken');
    expect(answers.get('i4')?.failure?.code).toBe('contract_broken');
    expect(answers.has('unknown')).toBe(false);
  });

  it('F-04 gives an item that stays throttled its own failure when the time is up', async () => {
    graph.on('/$batch', envelope([fine('i0'), error('i1', 429, 'TooManyRequests', { 'Retry-After': '600' })]));

    const answers = await batch(items(2), time.now() + 60_000);

    expect(answers.get('i0')?.failure).toBeNull();
    expect(answers.get('i1')?.failure).toMatchObject({ code: 'throttled', retryAfterSeconds: 600 });
  });

  it('names the permission of an item that is forbidden', async () => {
    graph.on('/$batch', envelope([error('i0', 403, 'Authorization_RequestDenied')]));

    expect((await batch(items(1))).get('i0')?.failure).toMatchObject({
      code: 'forbidden',
      permission: 'Device.Read.All',
    });
  });

  it('refuses an answer without responses, and equal ids', async () => {
    graph.on('/$batch', json({ value: [] }));

    await expect(batch(items(1))).rejects.toMatchObject({ code: 'contract_broken' });
    await expect(batch([...items(1), ...items(1)])).rejects.toThrow(RangeError);
  });

  it('repeats a whole batch that fails for the moment', async () => {
    graph.on('/$batch', failed(503, 'Busy'), envelope([fine('i0')]));

    expect((await batch(items(1))).get('i0')?.failure).toBeNull();
  });
});
