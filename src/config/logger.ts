import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type Logger } from 'pino';
import type { LogLevelSetting } from './config.types.js';

/** Fields that every log line written within a request, job or run carries: ids only, never personal data. */
const context = new AsyncLocalStorage<Readonly<Record<string, string>>>();

/** Runs `work` so that its log lines carry `fields` besides those already in force. */
export function withLogFields<T>(fields: Readonly<Record<string, string>>, work: () => T): T {
  return context.run({ ...context.getStore(), ...fields }, work);
}

/** The fields in force. */
export function logFields(): Readonly<Record<string, string>> {
  return context.getStore() ?? {};
}

/**
 * The process's log: one JSON object a line on the given stream (standard output for servers, standard error for
 * commands), times in UTC. A closed or full stream must not end the process.
 */
export function createLogger(level: LogLevelSetting, destination: NodeJS.WriteStream = process.stdout): Logger {
  destination.on('error', () => undefined);
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...logFields() }),
      serializers: { err: (error: unknown) => describeError(error) },
    },
    destination,
  );
}

/** What a log may hold of an error: no message of a database driver's detail, which quotes stored values. */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const fromDatabase = 'severity' in error || error.name === 'QueryFailedError';
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    // Postgres quotes the offending value in its messages ("invalid input syntax … "value""), so only its code is kept.
    ...(fromDatabase ? {} : { message: error.message }),
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n'),
    // A chain of causes may be a circle.
    ...(error.cause === undefined || depth >= 4 ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Hands Nest's own log lines to the process's log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, name?: string): void {
    this.logger.debug({ name }, String(message));
  }
  warn(message: unknown, name?: string): void {
    this.logger.warn({ name }, String(message));
  }
  error(message: unknown, _stack?: string, name?: string): void {
    if (message instanceof Error) this.logger.error({ name, err: message }, 'unexpected error');
    else this.logger.error({ name }, String(message));
  }
}
