// What a person does on a fresh machine: `npm start` in an empty home, until every source has been read; then SIGTERM.
// Fails when a source does not succeed, the exit code is not 0, or a process is left behind.
import { startUntether } from './untether-process.mjs';

const running = startUntether();
let failure = null;
try {
  const address = await running.address();
  const scopes = ['--scopes', 'sync:read,estate:read', '--days', '1'];
  const token = running.untether('tokens', 'create', '--name', 'Smoke test', '--service', 'smoke-test', ...scopes);
  const headers = { authorization: `Bearer ${token}` };
  const sources = await running.until(async () => {
    const answer = await fetch(`${address}/api/v1/sync/sources`, { headers });
    const { items } = await answer.json();
    return items.every((source) => source.lastRun?.status === 'succeeded') ? items : undefined;
  }, 'a successful run of every source');
  console.log(`${sources.length} sources succeeded ${running.seconds()} s after npm start`);
  await running.whole();
  const people = await (await fetch(`${address}/api/v1/people?limit=1`, { headers })).json();
  if (people.items.length !== 1) throw new Error('The API shows no people.');
} catch (error) {
  failure = error;
}

const { code, left, seconds } = await running.stop();
console.log(`stopped in ${seconds} s, exit code ${code}`);
if (failure) console.error(failure.message);
if (left !== '') console.error(`Processes were left behind:\n${left}`);
if (code !== 0) console.error('npm start did not end with exit code 0.');
process.exit(failure === null && left === '' && code === 0 ? 0 : 1);
