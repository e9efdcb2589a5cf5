import { DEFAULT_SCHEDULES } from '../config/sources.js';
import { sourceStatus } from './source-status.js';
import type { SourceFacts, SyncHold, SyncRun } from './sync.queries.js';

const now = new Date('2026-11-23T10:00:00Z');

function facts(changes: Partial<SourceFacts>): SourceFacts {
  return {
    source: 'users',
    lastSuccessAt: '2026-11-23T09:30:20.000Z',
    pausedAt: null,
    pauseReason: null,
    lastRun: run({}),
    hold: null,
    rowsPresent: 10,
    ...changes,
  };
}

function run(changes: Partial<SyncRun>): SyncRun {
  return { id: 1, source: 'users', status: 'succeeded', errorCode: null, ...changes } as SyncRun;
}

const hold = { id: 1, source: 'users', kind: 'removals', records: 3 } as SyncHold;
const stateOf = (changes: Partial<SourceFacts>, schedule: string | null = '*/30 * * * *'): string =>
  sourceStatus(facts(changes), { ...DEFAULT_SCHEDULES, users: schedule }, now).state;

describe('the state of a source', () => {
  it('is current when it was read as planned', () => expect(stateOf({})).toBe('current'));
  it('is never before the first run', () => expect(stateOf({ lastRun: null, lastSuccessAt: null })).toBe('never'));
  it('is running while a run is under way, even of a paused source', () =>
    expect(stateOf({ lastRun: run({ status: 'running' }), pausedAt: '2026-11-23T09:00:00Z' })).toBe('running'));
  it('is paused when a person paused it', () => expect(stateOf({ pausedAt: '2026-11-23T09:00:00Z' })).toBe('paused'));
  it('is off without a schedule', () => expect(stateOf({}, null)).toBe('off'));
  it.each(['forbidden', 'unlicensed'])('is not allowed after the error %s', (errorCode) =>
    expect(stateOf({ lastRun: run({ status: 'failed', errorCode }) })).toBe('not-allowed'),
  );
  it('is failed after another error', () =>
    expect(stateOf({ lastRun: run({ status: 'failed', errorCode: 'throttled' }) })).toBe('failed'));
  it('is failed after a run whose process died', () =>
    expect(stateOf({ lastRun: run({ status: 'abandoned' }) })).toBe('failed'));
  it('is held while removals wait, whatever later runs do', () => expect(stateOf({ hold })).toBe('held'));

  it('is late when two runs were due and none succeeded', () => {
    // Read at 08:40; due at 09:00 and 09:30, and ten minutes of grace are over.
    expect(stateOf({ lastSuccessAt: '2026-11-23T08:40:00Z' })).toBe('late');
    expect(stateOf({ lastSuccessAt: '2026-11-23T09:05:00Z' })).toBe('current');
    // Once a day at 04:50: yesterday morning is one run late, not two.
    expect(stateOf({ lastSuccessAt: '2026-11-22T04:55:00Z' }, '50 4 * * *')).toBe('current');
    expect(stateOf({ lastSuccessAt: '2026-11-20T04:55:00Z' }, '50 4 * * *')).toBe('late');
  });

  it('says when the next run is due, in UTC, and not for a source that does not run', () => {
    const due = (changes: Partial<SourceFacts>, schedule: string | null): string | null =>
      sourceStatus(facts(changes), { ...DEFAULT_SCHEDULES, users: schedule }, now).nextDueAt;
    expect(due({}, '15 10 * * *')).toBe('2026-11-23T10:15:00.000Z');
    expect(due({}, '0 10 * * *')).toBe('2026-11-24T10:00:00.000Z');
    expect(due({ pausedAt: '2026-11-23T09:00:00Z' }, '15 10 * * *')).toBeNull();
    expect(due({}, null)).toBeNull();
  });
});
