import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogLevelSetting } from './config.types.js';
import { createTestDatabase } from '../../test/support/test-database.js';
import { createLogger, describeError, NestLogger, withLogFields } from './logger.js';

type Line = Readonly<Record<string, unknown>>;

/** A log in memory and the lines that were written to it. */
function memoryLog(level: LogLevelSetting = 'debug') {
  let written = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written += chunk.toString();
      done();
    },
  });
  return {
    log: createLogger(level, stream as NodeJS.WriteStream),
    lines: (): Line[] => {
      expect(written === '' || written.endsWith('\n')).toBe(true);
      return written
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line);
    },
  };
}

describe('the log', () => {
  it('is one JSON object a line with level, time in UTC and process, whatever the message holds', () => {
    const { log, lines } = memoryLog();
    log.info('ready');
    log.warn({ attempt: 2 }, 'first line\nsecond line \u2028 {"level":"error"}');
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        pid: process.pid,
        msg: 'ready',
      },
      expect.objectContaining({ level: 'warn', attempt: 2 }),
    ]);
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = memoryLog('warn');
    log.debug('no');
    log.info('no');
    log.warn('yes');
    log.error('yes');
    expect(lines().map((line) => line['level'])).toEqual(['warn', 'error']);
  });

  it('carries the fields in force, also across waiting, and each piece of work its own', async () => {
    const { log, lines } = memoryLog();
    const work = (run: string) =>
      withLogFields({ run }, async () => {
        await delay(5);
        withLogFields({ source: `of-${run}` }, () => log.info('inner'));
        log.info('outer');
      });
    await Promise.all([work('1'), work('2')]);
    log.info('outside');
    const seen = lines().map((line) => [line['msg'], line['run'], line['source']]);
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['inner', '1', 'of-1'],
        ['inner', '2', 'of-2'],
        ['outer', '1', undefined],
        ['outer', '2', undefined],
        ['outside', undefined, undefined],
      ]),
    );
  });

  it('takes over the lines of Nest, of whatever kind', () => {
    const { log, lines } = memoryLog();
    const nest = new NestLogger(log);
    nest.log('started', 'Router');
    nest.warn('slow', 'Router');
    nest.error('failed', 'a stack', 'Router');
    nest.error(new Error('unforeseen'), undefined, 'Router');
    expect(lines().map((line) => [line['level'], line['msg'], line['name']])).toEqual([
      ['debug', 'started', 'Router'],
      ['warn', 'slow', 'Router'],
      ['error', 'failed', 'Router'],
      ['error', 'unexpected error', 'Router'],
    ]);
    expect(lines()[3]?.['err']).toMatchObject({ type: 'Error', message: 'unforeseen' });
  });

  it('keeps the values that Postgres quotes in its errors out', async () => {
    const canary = 'Canary Person';
    const database = await createTestDatabase({ empty: true });
    const { log, lines } = memoryLog();
    try {
      await database.dataSource.query('create table person (name text primary key, age int check (age < 0))');
      await database.dataSource.query(`insert into person values ($1, null)`, [canary]);
      for (const [sql, parameters] of [
        ['insert into person values ($1, null)', [canary]],
        ['insert into person values ($1, 5)', [`${canary} II`]],
        ['select $1::int', [canary]],
      ] as const) {
        const error: unknown = await database.dataSource.query(sql, [...parameters]).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(Error);
        log.error({ err: error }, 'unexpected error');
        log.error({ err: new Error('the run failed', { cause: error }) }, 'unexpected error');
      }
    } finally {
      await database.drop();
    }
    expect(lines()).toHaveLength(6);
    expect(JSON.stringify(lines())).not.toContain('Canary');
    expect(lines().map((line) => (line['err'] as Line)['code'])).toEqual([
      '23505',
      undefined,
      '23514',
      undefined,
      '22P02',
      undefined,
    ]);
    expect(lines()[1]?.['err']).toMatchObject({ message: 'the run failed', cause: { code: '23505' } });
  });

  it('describes whatever was thrown', () => {
    expect(describeError('a text')).toEqual({ type: 'string' });
    expect(describeError(undefined)).toEqual({ type: 'undefined' });
    const error = Object.assign(new TypeError('wrong'), { code: 'ERR_WRONG' });
    expect(describeError(error)).toMatchObject({ type: 'TypeError', code: 'ERR_WRONG', message: 'wrong' });
    expect(describeError(error)['stack']).toMatch(/^\s+at /);
    expect(describeError(error)['stack']).not.toContain('wrong');
  });

  it('describes an error that is its own cause without end in a few lines', () => {
    const circle = new Error('circle');
    circle.cause = circle;
    expect(JSON.stringify(describeError(circle)).length).toBeLessThan(20_000);
  });

  it('F-46 goes on when its stream breaks', async () => {
    let writes = 0;
    const broken = new Writable({
      write: (_chunk, _encoding, done) => {
        writes++;
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const log = createLogger('info', broken as NodeJS.WriteStream);
    for (let line = 0; line < 10; line++) {
      log.info('to nobody');
      await delay(1);
    }
    expect(writes).toBeGreaterThan(0);
  });

  it('F-46 keeps a process alive whose reader has gone', async () => {
    const logger = path.join(import.meta.dirname, '..', '..', 'dist', 'config', 'logger.js');
    const script = `
      const { createLogger } = await import(${JSON.stringify(logger)});
      const log = createLogger('info');
      for (let line = 0; line < 200; line++) {
        log.info('x'.repeat(2_000));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      process.stderr.write('still here');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, errors]).toEqual([0, 'still here']);
  });
});
