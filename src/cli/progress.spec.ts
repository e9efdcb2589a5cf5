import { PassThrough } from 'node:stream';
import { createProgressView, progressShare, progressText, type RunState } from './progress.js';

const READING: RunState = {
  source: 'users',
  kind: 'full',
  stage: 'reading',
  pages: 2,
  rowsRead: 1_998,
  expectedRows: 3_854,
  throttledMilliseconds: 0,
  elapsed: 2_000,
};

describe('progress of a run', () => {
  it('tells rows, pages, rate and the time that is left', () => {
    expect(progressText(READING)).toBe('reading, 1,998 of 3,854 rows, 2 pages, 999 rows/s, 1.9 s left');
  });

  it('promises no end where none is known', () => {
    expect(progressText({ ...READING, kind: 'delta', expectedRows: null, pages: 1 })).toBe(
      'reading changes, 1,998 rows, 1 page, 999 rows/s',
    );
    expect(progressShare({ ...READING, expectedRows: null })).toBeNull();
  });

  it('never shows more than there is', () => {
    expect(progressText({ ...READING, rowsRead: 4_000 })).toContain('4,000 of 4,000 rows');
    expect(progressShare({ ...READING, rowsRead: 4_000 })).toBe(1);
  });

  it('says when Microsoft asked for a pause', () => {
    expect(progressText({ ...READING, throttledMilliseconds: 30_000 })).toContain('waited 30 s for Microsoft');
  });

  it('writes one plain line for each step where there is no terminal', () => {
    const stream = new PassThrough();
    const view = createProgressView(false, stream as unknown as NodeJS.WriteStream);
    view.update(READING);
    view.update({ ...READING, rowsRead: 2_500 });
    view.update({ ...READING, stage: 'applying' });
    view.update({ ...READING, stage: 'done' });
    view.finish('users', 'succeeded');
    view.close();
    const lines = String(stream.read()).trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toBe('users: succeeded');
  });
});
