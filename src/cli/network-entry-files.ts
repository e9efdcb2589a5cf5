import type { Actor } from '../audit/actor.js';
import { csvChunks, type CsvColumn } from '../common/csv.js';
import { Transactor } from '../database/transactor.js';
import type { NetworkStory, StoryCoverage, StorySiteTest } from '../demo/tenant/network-records.js';
import type { ImportedKind } from '../network/import/domain/import-words.js';
import { NetworkImportApplication } from '../network/import/network-import-application.service.js';
import { NetworkImportComparison } from '../network/import/network-import-comparison.service.js';
import { NetworkImportReading } from '../network/import/network-import-reading.service.js';
import { NetworkImportQueries } from '../network/import/network-import.queries.js';
import { NetworkImportService } from '../network/import/network-import.service.js';

type Connection = ConstructorParameters<typeof NetworkImportQueries>[0];

/**
 * Imports what a network team has as files: addresses, tests at sites, and the coverage of areas. Each once, however
 * often it is begun. Addresses come all at once, so that nothing is told from a part of them.
 */
export async function importFiles(connection: Connection, story: NetworkStory, actor: Actor): Promise<void> {
  const { siteTests, coverage } = story;
  const imports = importService(connection);
  await importOnce(imports, actor, { kind: 'ranges', fileName: 'demonstration-addresses.csv' }, () =>
    csvChunks(rangesOf(story), RANGE_COLUMNS),
  );
  if (siteTests.length > 0) {
    await importOnce(imports, actor, { kind: 'site_tests', fileName: 'demonstration-site-tests.csv' }, () =>
      csvChunks(siteTests, SITE_TEST_COLUMNS),
    );
  }
  const file = { kind: 'authority_coverage', fileName: 'ofcom-connected-nations-2024.csv', ...coverage } as const;
  await importOnce(imports, actor, file, () => csvChunks(coverage.areas, COVERAGE_COLUMNS));
}

/** Stages a file and applies it, unless it has been. */
async function importOnce(
  imports: NetworkImportService,
  actor: Actor,
  { kind, fileName, snapshot }: { readonly kind: ImportedKind; readonly fileName: string; readonly snapshot?: string },
  content: () => AsyncIterable<string>,
): Promise<void> {
  const idempotencyKey = `demonstration ${kind}`;
  const staged = await imports.stage(content(), { kind, actor, fileName, snapshot: snapshot ?? null, idempotencyKey });
  if (staged.state === 'checked') await imports.apply(staged.id, actor);
}

function importService(connection: Connection): NetworkImportService {
  const transactor = new Transactor(connection);
  return new NetworkImportService(
    transactor,
    new NetworkImportReading(transactor),
    new NetworkImportComparison(),
    new NetworkImportApplication(),
    new NetworkImportQueries(connection),
  );
}

interface Range {
  readonly kind: 'site_subnet' | 'egress' | 'remote_access';
  readonly network: string;
  readonly site?: string;
  readonly gateway?: string;
  readonly note?: string;
}

function rangesOf({ sites, remoteAccess, sharedEgress }: NetworkStory): readonly Range[] {
  return [
    ...sites.map(({ name, subnet }): Range => ({ kind: 'site_subnet', network: subnet, site: name })),
    ...sites.flatMap(({ name, egress }): Range[] =>
      egress === null ? [] : [{ kind: 'egress', network: egress, site: name }],
    ),
    { kind: 'egress', network: sharedEgress, note: 'Sites without a break-out of their own' },
    { kind: 'remote_access', network: remoteAccess.pool, gateway: remoteAccess.name },
  ];
}

const RANGE_COLUMNS: readonly CsvColumn<Range>[] = [
  { header: 'kind', value: ({ kind }) => kind },
  { header: 'network', value: ({ network }) => network },
  { header: 'site', value: ({ site }) => site },
  { header: 'remote_access', value: ({ gateway }) => gateway },
  { header: 'note', value: ({ note }) => note },
];

const SITE_TEST_COLUMNS: readonly CsvColumn<StorySiteTest>[] = [
  { header: 'site', value: ({ site }) => site },
  { header: 'tested_at', value: ({ at }) => at },
  { header: 'source', value: () => 'Microsoft 365 connectivity test (invented figures)' },
  { header: 'round_trip_ms', value: ({ roundTripMs }) => roundTripMs },
  { header: 'jitter_ms', value: ({ jitterMs }) => jitterMs },
  { header: 'loss_ratio', value: ({ lossRatio }) => lossRatio },
  { header: 'download_kbps', value: ({ downloadKbps }) => downloadKbps },
  { header: 'upload_kbps', value: ({ uploadKbps }) => uploadKbps },
  { header: 'exchange_round_trip_ms', value: ({ exchangeRoundTripMs }) => exchangeRoundTripMs },
  {
    header: 'sharepoint_megabytes_per_second',
    value: ({ sharepointMegabytesPerSecond }) => sharepointMegabytesPerSecond,
  },
];

const COVERAGE_COLUMNS: readonly CsvColumn<StoryCoverage>[] = [
  { header: 'laua', value: ({ code }) => code },
  { header: 'la_name', value: ({ name }) => name },
  { header: 'superfast_pct', value: ({ superfast }) => superfast },
  { header: 'ultrafast_pct', value: ({ ultrafast }) => ultrafast },
  { header: 'full_fibre_pct', value: ({ fullFibre }) => fullFibre },
  { header: 'gigabit_pct', value: ({ gigabit }) => gigabit },
  { header: 'below_uso_pct', value: ({ belowUniversalService }) => belowUniversalService },
  { header: 'mobile_4g_any_pct', value: ({ mobile4gAny }) => mobile4gAny },
  { header: 'mobile_4g_all_pct', value: ({ mobile4gAll }) => mobile4gAll },
  { header: 'mobile_5g_any_pct', value: ({ mobile5gAny }) => mobile5gAny },
];
