// What a person does on a fresh machine: `npm start` in an empty home, until every source has been read; then SIGTERM.
// Fails when a source does not succeed, the exit code is not 0, or a process is left behind.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const READ_MILLISECONDS = 180_000;
const STOP_MILLISECONDS = 30_000;

const root = path.resolve(import.meta.dirname, '..', '..');
const home = mkdtempSync(path.join(os.tmpdir(), 'untether-smoke-'));
const began = Date.now();
const seconds = () => ((Date.now() - began) / 1_000).toFixed(1);

const child = spawn('npm', ['start'], {
  cwd: root,
  env: { ...process.env, UNTETHER_HOME: home, PORT: '0', DATABASE_URL: '' },
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
let output = '';
child.stdout.setEncoding('utf8').on('data', (text) => {
  output += text;
  process.stdout.write(text);
});
const exited = once(child, 'exit');

let failure = null;
try {
  const address = await until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0], 'the address of the web process');
  const headers = { authorization: `Bearer ${issueToken()}` };
  const sources = await until(async () => {
    const answer = await fetch(`${address}/api/v1/sync/sources`, { headers });
    const { items } = await answer.json();
    return items.every((source) => source.lastRun?.status === 'succeeded') ? items : undefined;
  }, 'a successful run of every source');
  console.log(`${sources.length} sources succeeded ${seconds()} s after npm start`);
  await until(() => output.includes('The status page is'), 'the summary');
  const people = await (await fetch(`${address}/api/v1/people?limit=1`, { headers })).json();
  if (people.items.length !== 1) throw new Error('The API shows no people.');
} catch (error) {
  failure = error;
}

const stopBegan = Date.now();
// npm passes the signal on.
child.kill('SIGTERM');
const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), STOP_MILLISECONDS);
const [code] = await exited;
clearTimeout(timer);
console.log(`stopped in ${((Date.now() - stopBegan) / 1_000).toFixed(1)} s, exit code ${code}`);
const left = spawnSync('pgrep', ['-af', home], { encoding: 'utf8' }).stdout.trim();
rmSync(home, { recursive: true, force: true });

if (failure) console.error(failure.message);
if (left !== '') console.error(`Processes were left behind:\n${left}`);
if (code !== 0) console.error('npm start did not end with exit code 0.');
process.exit(failure === null && left === '' && code === 0 ? 0 : 1);

function issueToken() {
  const create = ['tokens', 'create', '--name', 'Smoke test', '--service', 'smoke-test', '--scopes'];
  const command = [path.join(root, 'dist', 'cli.js'), ...create, 'sync:read,estate:read', '--days', '1'];
  const env = { ...process.env, UNTETHER_HOME: home, DATABASE_URL: '' };
  const issued = spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' });
  if (issued.status !== 0) throw new Error(`No token was issued: ${issued.stderr}`);
  return issued.stdout.trim();
}

async function until(look, what) {
  while (Date.now() - began < READ_MILLISECONDS) {
    const found = await Promise.resolve(look()).catch(() => undefined);
    if (found) return found;
    if (child.exitCode !== null) throw new Error(`npm start ended before there was ${what}.`);
    await delay(250);
  }
  throw new Error(`There was not ${what} in ${READ_MILLISECONDS / 1_000} s.`);
}
