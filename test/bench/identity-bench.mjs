// One record per machine: how fast and how right, on a generated estate.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDataSource, JOB_LIMITS } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** Measures an estate of `size` records; returns the lines to print. */
export async function benchIdentity(size) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  const compiled = path.join(ROOT, `dist.bench-${process.pid}`);
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'));
  try {
    // The generator is typed like the tests that use it too.
    const compiler = path.join(ROOT, 'node_modules', 'typescript7', 'bin', 'tsc');
    const options = ['-p', 'tsconfig.json', '--noEmit', 'false', '--rootDir', '.', '--outDir', compiled];
    const { status } = spawnSync(process.execPath, [compiler, ...options], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) throw new Error('The generator did not compile.');
    const { buildIdentityEstate, measureIdentity, storeRecords } = await import(
      path.join(compiled, 'test', 'bench', 'identity-estate.js')
    );
    const { host, user } = postgres.connection;
    const open = async (name) => {
      const admin = await createDataSource({ host, username: user, database: 'postgres' }, JOB_LIMITS).initialize();
      await admin.query(`create database ${name}`);
      await admin.destroy();
      const dataSource = await createDataSource({ host, username: user, database: name }, JOB_LIMITS).initialize();
      await migrate(dataSource);
      return dataSource;
    };
    const bare = await open('floor');
    const { records } = buildIdentityEstate(size, 1);
    const started = performance.now();
    await storeRecords(bare, records);
    const floor = (performance.now() - started) / 1000;
    await bare.destroy();

    const dataSource = await open('product');
    const result = await measureIdentity(dataSource, size, 1);
    await dataSource.destroy();
    return [
      `identity of ${result.records.toLocaleString('en-GB')} records`,
      `  floor: ${floor.toFixed(2)} s to store the same records`,
      `  resolving: ${result.seconds.toFixed(2)} s = ${(result.seconds / floor).toFixed(2)}x the floor, ${Math.round(result.records / result.seconds)} records/s`,
      `  precision ${result.precision.toFixed(3)} % (${result.wronglyMerged} machines wrongly merged), recall ${result.recall.toFixed(3)} %`,
    ];
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(compiled, { recursive: true, force: true });
  }
}
