// Compiles src/ to dist/ with the native TypeScript compiler and copies what the compiler leaves behind.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const assets = new Set(['.njk', '.css', '.csv', '.json', '.svg']);

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const compiler = path.join(root, 'node_modules', 'typescript7', 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

cpSync(path.join(root, 'src'), path.join(root, 'dist'), {
  recursive: true,
  filter: (source) => path.extname(source) === '' || assets.has(path.extname(source)),
});
chmodSync(path.join(root, 'dist', 'cli.js'), 0o755);
