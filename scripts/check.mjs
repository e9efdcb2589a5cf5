// Everything that can be said of the code without running it. What takes longest runs beside the others, and what each
// prints stays together.
import { spawn } from 'node:child_process';

const LANES = [['lint'], ['format', 'types', 'arch', 'deadcode']];

/** Runs a script of package.json; gives whether it succeeded and what it printed. */
function run(script) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '-s', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (printed += piece));
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
