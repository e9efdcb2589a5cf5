import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceName } from '../../src/config/sources.js';
import { SOURCES } from '../../src/sync/sources/registry.js';
import { fastTimings } from '../support/fast-timings.js';
import { json, page, ScriptedGraph, type Answer } from '../support/scripted-graph.js';
import { startRun } from '../support/run-child.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';

type Json = Readonly<Record<string, unknown>>;

/** What a payload must come to. */
type Outcome =
  | { readonly kept: Json }
  | { readonly quarantined: string }
  | { readonly failed: true }
  /** The payload is a notification, and there is no door that takes one: changes are asked for, never pushed. */
  | { readonly noDoor: true };

interface Case {
  readonly input: Json;
  readonly outcome: Outcome;
}

/** Every kind of payload in the catalogue, in shapes of our own, so that the test has teeth without it. */
const CASES: Readonly<Record<string, Case>> = {
  B349: { input: { user: { id: 'u1', displayName: null } }, outcome: { kept: { entra_id: 'u1', display_name: null } } },
  B350: { input: { user: { displayName: 'x' } }, outcome: { quarantined: 'id' } },
  B352: { input: { user: { id: 'u1', accountEnabled: 'true' } }, outcome: { quarantined: 'accountEnabled' } },
  B353: { input: { user: { id: 'u1', displayName: 'a\u0000b' } }, outcome: { kept: { display_name: 'ab' } } },
  B355: {
    input: { user: { id: 'u1', displayName: { $repeat: 'x', times: 1_000_000 } } },
    outcome: { quarantined: 'displayName' },
  },
  B356: { input: { user: { id: 'u1', futureField: { a: 1 } } }, outcome: { kept: { entra_id: 'u1' } } },
  B358: {
    input: { user: { id: 'u1', userPrincipalName: 'x_other.com#EXT#@council.onmicrosoft.com' } },
    outcome: { kept: { user_principal_name: 'x_other.com#EXT#@council.onmicrosoft.com' } },
  },
  B359: {
    input: { device: { id: 'd1', serialNumber: '' } },
    outcome: { kept: { external_id: 'd1', serial_number: null } },
  },
  B361: {
    input: { device: { id: 'd1', serialNumber: 'System Serial Number' } },
    outcome: { kept: { serial_number: 'System Serial Number' } },
  },
  B362: {
    input: {
      devices: [
        { id: 'd1', serialNumber: 'S1' },
        { id: 'd2', serialNumber: 'S1' },
      ],
    },
    outcome: { kept: { external_id: 'd1', serial_number: 'S1' } },
  },
  B364: {
    input: { device: { id: 'd1', lastSyncDateTime: '0001-01-01T00:00:00Z' } },
    outcome: { kept: { last_seen_at: null } },
  },
  B365: {
    input: { device: { id: 'd1', lastSyncDateTime: '2099-01-01T00:00:00Z' } },
    outcome: { kept: { last_seen_at: new Date('2099-01-01T00:00:00Z') } },
  },
  B367: { input: { page: { value: null } }, outcome: { failed: true } },
  B368: { input: { page: {} }, outcome: { failed: true } },
  B370: { input: { page: { value: { id: 'x' } } }, outcome: { failed: true } },
  B371: { input: { page: { '@odata.nextLink': 'http://evil/next', value: [] } }, outcome: { failed: true } },
  B373: { input: { page: { '@odata.nextLink': 'x', '@odata.deltaLink': 'y', value: [] } }, outcome: { failed: true } },
  B374: { input: { page: { error: { code: 'generalException' } }, status: 200 }, outcome: { failed: true } },
  B376: { input: { sku: { prepaidUnits: { enabled: -1 } } }, outcome: { quarantined: 'prepaidUnits.enabled' } },
  B377: {
    input: { sku: { consumedUnits: 30, prepaidUnits: { enabled: 25 } } },
    outcome: { kept: { consumed_units: 30, enabled_units: 25 } },
  },
  B379: { input: { notification: { validationToken: '<script>alert(1)</script>' } }, outcome: { noDoor: true } },
  B380: { input: { notification: { value: [] } }, outcome: { noDoor: true } },
};

const CATALOGUE = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');
const catalogue = existsSync(CATALOGUE)
  ? (JSON.parse(readFileSync(CATALOGUE, 'utf8')) as { id: string; area: string; input: Json }[])
  : null;

describe('payloads of the catalogue of bad inputs', () => {
  let graph: ScriptedGraph;
  let bench: SyncBench;
  beforeAll(async () => {
    graph = await ScriptedGraph.start();
    bench = await createSyncBench({ people: 10, settings: graph.settings(), graph: { timings: fastTimings() } });
  });
  afterAll(async () => {
    await bench.close();
    await graph.stop();
  });
  beforeEach(() =>
    bench.query(
      'truncate person, device, device_record, device_review, subscribed_sku, sync_quarantine, sync_run, sync_change restart identity cascade',
    ),
  );

  it(`knows every case of the catalogue${catalogue ? '' : ' (which is not here: only our own shapes are run)'}`, () => {
    const listed = (catalogue ?? []).filter((entry) => entry.area === 'sync.payload').map((entry) => entry.id);
    expect(listed.filter((id) => !(id in CASES))).toEqual([]);
  });

  it.each(Object.keys(CASES))('%s', async (id) => {
    const own = CASES[id] as Case;
    const listed = catalogue?.find((entry) => entry.id === id)?.input;
    for (const input of [own.input, ...(listed ? [listed] : [])]) {
      await bench.query(
        'truncate person, device, device_record, device_review, subscribed_sku, sync_quarantine, sync_change restart identity cascade',
      );
      await judge(input, own.outcome);
    }
  });

  async function judge(input: Json, outcome: Outcome): Promise<void> {
    if ('noDoor' in outcome) {
      // The web process takes no notifications; test/api covers what it answers to addresses it does not have.
      expect(Object.values(SOURCES).some((source) => source.listPath.includes('notification'))).toBe(false);
      return;
    }
    const { source, table, answers } = script(input);
    graph.on(SOURCES[source].listPath, ...answers);
    const started = Date.now();
    const asked = graph.reads.length;
    const run = await bench.run(source, { full: true });
    expect(Date.now() - started).toBeLessThan(2_000);
    const rows = await bench.query<Json>(`select * from ${table} order by id`);
    if ('failed' in outcome) {
      expect(run).toMatchObject({ status: 'failed', error: { code: 'contract_broken' } });
      expect(rows).toEqual([]);
      // Nothing but this list was asked for, above all no link of the page.
      expect(graph.reads.slice(asked).every((read) => read.path.startsWith('/v1.0/'))).toBe(true);
      return;
    }
    expect(run).toMatchObject({ status: 'succeeded', error: null });
    if ('quarantined' in outcome) {
      expect(run.counts.quarantined).toBe(1);
      expect(rows).toHaveLength(GOOD_RECORDS);
      expect(await bench.query('select field from sync_quarantine')).toEqual([{ field: outcome.quarantined }]);
    } else {
      expect(run.counts.quarantined).toBe(0);
      expect(rows).toContainEqual(expect.objectContaining(outcome.kept));
    }
  }

  it('B362 two records with one serial number are two machines and one question for a person', async () => {
    const twins = [1, 2].map((number) => ({ id: `d${number}`, serialNumber: 'S1SERIAL', manufacturer: 'Dell Inc.' }));
    graph.on(SOURCES['managed-devices'].listPath, page(twins));
    await bench.run('managed-devices', { full: true });
    const machines = await bench.query('select distinct device_id from device_record where device_id is not null');
    expect(machines).toHaveLength(2);
    expect(await bench.query(`select kind from device_review where state = 'open'`)).toHaveLength(1);
  });

  it('the process survives all of them one after the other and its log stays one JSON object a line', async () => {
    const { source, answers } = script({ user: { id: 'u1', accountEnabled: 'true', displayName: 'Canary Person' } });
    graph.on(SOURCES[source].listPath, ...answers);
    const { outcomes, output, code } = await startRun(bench, { sources: [source], level: 'debug' }).done;
    expect(code).toBe(0);
    expect(outcomes?.[0]).toMatchObject({ outcome: 'finished' });
    expect(output).not.toContain('Canary Person');
    for (const line of output.split('\n').filter((text) => text !== ''))
      expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

/** Good records around the bad one, so that it is a bad record and not a bad run. */
const GOOD_RECORDS = 199;

function script(input: Json): { source: SourceName; table: string; answers: Answer[] } {
  const good = (kind: string, extra: (index: number) => Json): Json[] =>
    Array.from({ length: GOOD_RECORDS }, (_, index) => ({ id: `${kind}-${index}`, ...extra(index) }));
  const around = (bad: readonly Json[], others: readonly Json[]): Answer[] => [
    page([...others, ...bad.map(expand)] as unknown[]),
  ];
  if (input['user']) {
    const people = good('user', (index) => ({ displayName: `Person ${index}` }));
    return { source: 'users', table: 'person', answers: around([input['user'] as Json], people) };
  }
  if (input['device'] ?? input['devices']) {
    const bad = (input['devices'] ?? [input['device']]) as Json[];
    const machines = good('device', (index) => ({ serialNumber: `GOOD${index}X` }));
    return { source: 'managed-devices', table: 'device_record', answers: around(bad, machines) };
  }
  if (input['sku']) {
    const products = good('sku', (index) => ({ skuId: `sku-${index}` }));
    return {
      source: 'subscribed-skus',
      table: 'subscribed_sku',
      answers: around([{ skuId: 'bad', ...(input['sku'] as Json) }], products),
    };
  }
  return { source: 'users', table: 'person', answers: [json(input['page'])] };
}

/** Writes out the catalogue's markers for long texts. */
function expand(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const marker = inner as { $repeat?: string; times?: number } | null;
      return [name, marker?.$repeat === undefined ? inner : marker.$repeat.repeat(marker.times ?? 1)];
    }),
  );
}
