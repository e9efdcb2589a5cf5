// Everything that is said of the code without running it, and then the tests. The linter takes longest and one core only: it
// runs beside the others. What each prints stays together; the tests print as they go.
import { spawn } from 'node:child_process';

const LANES = [['lint'], ['format', 'types', 'arch', 'deadcode', 'test']];
const PRINTS_AS_IT_GOES = 'test';

/** Runs a script of package.json; gives whether it succeeded and what it printed. */
function run(script) {
  return new Promise((resolve, reject) => {
    const kept = script === PRINTS_AS_IT_GOES ? 'inherit' : 'pipe';
    const child = spawn('npm', ['run', '-s', script], { stdio: ['ignore', kept, kept] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (printed += piece));
    child.on('error', reject).on('close', (code) => resolve({ succeeded: code === 0, printed }));
  });
}

const failed = [];
await Promise.all(
  LANES.map(async (scripts) => {
    for (const script of scripts) {
      const { succeeded, printed } = await run(script);
      process.stdout.write(`== ${script}: ${succeeded ? 'in order' : 'failed'}\n${printed}`);
      if (!succeeded) failed.push(script);
    }
  }),
);
if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.join(', ')}. Run each alone with npm run.\n`);
  process.exitCode = 1;
}
