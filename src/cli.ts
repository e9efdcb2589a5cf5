#!/usr/bin/env node
import { tolerateClosedOutput } from './cli/output.js';
import { createProgram } from './cli/program.js';
import { describeCommandError } from './cli/report-error.js';

/** A handle that a library has left open must not keep a finished command from ending. */
const GRACE_MILLISECONDS = 2_000;

tolerateClosedOutput();
try {
  await createProgram().parseAsync();
} catch (error) {
  const { text, exitCode } = await describeCommandError(error);
  if (text !== '') process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}
setTimeout(() => process.exit(), GRACE_MILLISECONDS).unref();
