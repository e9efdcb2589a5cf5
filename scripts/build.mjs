// Compiles src/ to dist/ with the native TypeScript compiler and copies what the compiler leaves behind.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const assets = new Set(['.njk', '.css', '.csv', '.json', '.svg', '.js']);
const [fresh, dist] = [path.join(root, `dist.${process.pid}`), path.join(root, 'dist')];

const compiler = path.join(root, 'node_modules', 'typescript7', 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) {
  rmSync(fresh, { recursive: true, force: true });
  process.exit(compiled.status ?? 1);
}
cpSync(path.join(root, 'src'), fresh, {
  recursive: true,
  filter: (source) => path.extname(source) === '' || assets.has(path.extname(source)),
});
chmodSync(path.join(fresh, 'cli.js'), 0o755);
// A failed build leaves the last good one in place.
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
