import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { addAudit } from './audit.js';
import { addCallRecords } from './call-records.js';
import { addClassify } from './classify.js';
import { addDemo } from './demo.js';
import { addDoctor } from './doctor.js';
import { addHeld } from './held.js';
import { addIdentity } from './identity.js';
import { addImport } from './import.js';
import { addMigrate } from './migrate.js';
import { addModels } from './models.js';
import { addNetwork } from './network.js';
import { addPause } from './pause.js';
import { addRollout } from './rollout.js';
import { addRuns } from './runs.js';
import { addSessions } from './sessions.js';
import { addStart } from './start.js';
import { addStatus } from './status.js';
import { addSync } from './sync.js';
import { addTokens } from './tokens.js';

const EXIT_CODES = `
Exit codes of all commands:
    0  done
    1  unexpected, or doctor or audit verify found something that fails
    2  wrong use
    3  a run failed
    4  removals are held
    5  refused: running already, or not in a state that allows it
   78  the settings are wrong
  130  ended by Ctrl+C

Settings come from the environment; README.md lists them. Times are UK time, JSON has UTC.`;

/** The whole command line. Commands load what they work with only when they run, so that help comes at once. */
export function createProgram(): Command {
  const program = new Command('untether')
    .description('Device and remote-working estate manager: people, devices and licences from Microsoft Graph.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .addHelpText('after', EXIT_CODES);
  addStart(program);
  addSync(program);
  addCallRecords(program);
  addRuns(program);
  addHeld(program);
  addPause(program);
  addStatus(program);
  addDoctor(program);
  addMigrate(program);
  addClassify(program);
  addIdentity(program);
  addModels(program);
  addImport(program);
  addNetwork(program);
  addRollout(program);
  addAudit(program);
  addTokens(program);
  addSessions(program);
  addDemo(program);
  return program;
}

function packageVersion(): string {
  const file = path.join(import.meta.dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
