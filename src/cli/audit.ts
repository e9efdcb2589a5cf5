import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { Attestation, AttestationService } from '../attestation/attestation.service.js';
import { shownNumber } from '../common/shown-number.js';
import { loadConfig } from '../config/config.js';
import { operator } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import { examples, outputClosed, print, printJson, remark, shownDuration } from './output.js';

/** How often a walk that goes on says so. */
const PROGRESS_INTERVAL = 2_000;
const NO_KEY = 'Name a file with an Ed25519 private key in AUDIT_SIGNING_KEY_FILE.';

interface VerifyOptions {
  readonly heads?: string;
  readonly key: readonly string[];
  readonly json?: true;
}

/** Adds `untether audit verify`, `untether audit publish` and `untether audit key`. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('Prove that the trail of what was done is whole.');
  audit
    .command('verify')
    .description('Walk the whole trail, compare it with every published head and name the first break.')
    .option('--heads <folder>', 'folder of published heads; that of the settings unless given')
    .option('--key <file>', 'public key in PEM that was used earlier; can be repeated', collect, [])
    .option('--json', 'print JSON only')
    .addHelpText(
      'after',
      `${examples('untether audit verify', 'untether audit verify --heads /media/records/heads --key 2025.pem')}

Ends with 0 when the trail is whole and 1 when it is broken or a published head proves nothing.`,
    )
    .action(verify);
  audit
    .command('publish')
    .description('Sign the head of the trail and write it into a folder outside the database.')
    .option('--to <folder>', 'folder; that of the settings unless given')
    .option('--json', 'print JSON only')
    .addHelpText('after', examples('untether audit publish', 'untether audit publish --to /media/records/heads'))
    .action(publish);
  audit
    .command('key')
    .description('Print the public key that published heads are checked with.')
    .addHelpText('after', examples('untether audit key > audit-key.pem'))
    .action(key);
}

async function verify(options: VerifyOptions): Promise<void> {
  const formerKeys = options.key.map(publicKeyIn);
  const verified = await withAttestation((service) =>
    service.verify({
      ...(options.heads === undefined ? {} : { folder: path.resolve(options.heads) }),
      formerKeys,
      signal: outputClosed,
      onProgress: progress(options.json === true),
    }),
  );
  const isProven = verified.firstBreak === null && verified.refusedHeads.length === 0;
  if (!isProven) process.exitCode = EXIT.unexpected;
  if (options.json === true) return printJson({ whole: verified.firstBreak === null, ...verified });
  tell(verified);
}

function tell({ entries, head, firstBreak, publishedHeads, refusedHeads }: Attestation): void {
  if (firstBreak === null) {
    const heads = publishedHeads === 1 ? '1 published head' : `${shownNumber(publishedHeads)} published heads`;
    const all = entries === 1 ? '1 entry' : `${shownNumber(entries)} entries`;
    print(`The trail is whole: ${all} up to ${head.hash}, compared with ${heads}.`);
    if (publishedHeads === 0) print('Without a published head nobody can tell whether its end was cut off.');
  } else {
    print(`The trail is broken at entry ${firstBreak.id} (${firstBreak.kind}). ${firstBreak.finding}`);
    if (entries > 0) print('What is before it is as it was appended.');
  }
  for (const sentence of refusedHeads) print(`A published head proves nothing: ${sentence}`);
}

async function publish(options: { readonly to?: string; readonly json?: true }): Promise<void> {
  const published = await withAttestation((service) =>
    service.publish(operator(), options.to === undefined ? undefined : path.resolve(options.to)),
  );
  if (options.json === true) return printJson(published);
  print(`Entry ${published.head} is published in ${published.file}, with its signature beside it.`);
}

async function key(): Promise<void> {
  const [{ signingKey }, { publicOf }] = await Promise.all([
    import('../attestation/signing-key.js'),
    import('../audit/published-head.js'),
  ]);
  const found = await signingKey(loadConfig());
  if (found === null) throw new CommandError('No key is set.', NO_KEY, EXIT.configuration);
  print(publicOf(found).export({ type: 'spki', format: 'pem' }).toString().trimEnd());
}

async function withAttestation<T>(work: (service: AttestationService) => Promise<T>): Promise<T> {
  const [{ withSession }, { AttestationService: Service, KeyMissing }] = await Promise.all([
    import('./session.js'),
    import('../attestation/attestation.service.js'),
  ]);
  try {
    return await withSession(loadConfig(), ({ dataSource, transactor, config }) =>
      work(new Service(dataSource, transactor, config)),
    );
  } catch (error) {
    if (error instanceof KeyMissing) throw new CommandError(error.message, NO_KEY, EXIT.configuration);
    throw error;
  }
}

function progress(silent: boolean): (checked: number, all: number) => void {
  const started = Date.now();
  let shown = started;
  return (checked, all) => {
    if (silent || Date.now() - shown < PROGRESS_INTERVAL) return;
    shown = Date.now();
    const left = checked === 0 ? 0 : ((shown - started) / checked) * (all - checked);
    remark(`${shownNumber(checked)} of ${shownNumber(all)} entries, ${shownDuration(left)} left`);
  };
}

function publicKeyIn(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch {
    throw new CommandError(`${file} holds no public key.`, 'Name a PEM that "untether audit key" printed.', EXIT.usage);
  }
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}
