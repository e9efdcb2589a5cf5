import { describe, expect, it } from '@jest/globals';
import { walkCustody, type HistoricStep } from './custody-history.js';

function step(day: number, command: HistoricStep['command'], more: Partial<HistoricStep> = {}): HistoricStep {
  const at = new Date(Date.UTC(2026, 2, day));
  return { deviceId: 1, command, at, holder: null, place: null, reason: null, reference: null, by: null, ...more };
}

describe('custody that was recorded elsewhere', () => {
  it('is followed step by step in the order of time, whatever the order of the records', () => {
    const steps = [
      step(9, 'wipe', { reference: 'CERT-1' }),
      step(5, 'take-back', { place: 'Stores' }),
      step(3, 'hand-over', { holder: 'asha' }),
      step(1, 'receive', { place: 'Depot' }),
    ];
    const { walked, impossible } = walkCustody(steps);
    expect(impossible).toEqual([]);
    expect(walked.map(({ to }) => [to.standing, to.holder, to.place])).toEqual([
      ['in_stock:available', null, 'Depot'],
      ['in_use', 'asha', null],
      ['recovered', null, 'Stores'],
      ['wiped', null, 'Stores'],
    ]);
    expect(walked.map(({ from }) => from.since?.getUTCDate() ?? null)).toEqual([null, 1, 3, 5]);
  });

  it('leaves out and tells what cannot follow; machines do not concern each other', () => {
    const { walked, impossible } = walkCustody([
      step(1, 'take-back'),
      step(2, 'hand-over', { holder: 'asha' }),
      step(2, 'wipe', { deviceId: 2 }),
      step(3, 'wipe'),
      step(4, 'note'),
    ]);
    expect(walked.map(({ command }) => command)).toEqual(['take-back', 'wipe']);
    expect(impossible.map(({ step: { command, deviceId }, from }) => [deviceId, command, from])).toEqual([
      [1, 'hand-over', 'recovered'],
      [2, 'wipe', 'none'],
      [1, 'note', 'wiped'],
    ]);
  });
});
