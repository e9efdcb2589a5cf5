import fc from 'fast-check';
import { CheckPlaces } from './check-places.js';

const LIMITS = { atOnce: 2, seconds: 60, usualSeconds: 15, anHour: 3 };
const SECOND = 1_000;

describe('places for checks', () => {
  const places = () => new CheckPlaces(LIMITS);

  it('are as many as the limit says, and whoever comes next is told for how long to wait', () => {
    const some = places();
    expect(some.ask('a', '1', 0)).toEqual({ kind: 'begun' });
    expect(some.ask('b', '2', 5 * SECOND)).toEqual({ kind: 'begun' });
    expect(some.ask('c', '3', 6 * SECOND)).toEqual({ kind: 'wait', seconds: 9 });
    expect(some.ask('d', '4', 6 * SECOND)).toEqual({ kind: 'wait', seconds: 14 });
    expect(some.ask('e', '5', 6 * SECOND)).toEqual({ kind: 'wait', seconds: 24 });
  });

  it('go to whoever waits longest, not to whoever asks first', () => {
    const some = places();
    some.ask('a', '1', 0);
    some.ask('b', '2', 0);
    some.ask('c', '3', 0);
    some.end('1');
    expect(some.ask('late', '4', SECOND)).toMatchObject({ kind: 'wait' });
    expect(some.ask('c', '5', SECOND)).toEqual({ kind: 'begun' });
    expect(some.ask('late', '6', SECOND)).toMatchObject({ kind: 'wait' });
  });

  it('are not held for whoever has gone away', () => {
    const some = places();
    some.ask('a', '1', 0);
    some.ask('b', '2', 0);
    some.ask('gone', '3', 0);
    some.end('1');
    expect(some.ask('d', '4', 10 * SECOND)).toMatchObject({ kind: 'wait' });
    expect(some.ask('d', '5', 20 * SECOND)).toEqual({ kind: 'begun' });
  });

  it('are free again when a check has to be over, whatever became of it', () => {
    const some = places();
    some.ask('a', '1', 0);
    some.ask('b', '2', 0);
    expect(some.ask('c', '3', 59 * SECOND)).toMatchObject({ kind: 'wait', seconds: 1 });
    expect(some.ask('c', '4', 60 * SECOND)).toEqual({ kind: 'begun' });
  });

  it('are one for a person: a check that begins anew takes the place of the one before', () => {
    const some = places();
    some.ask('a', '1', 0);
    some.ask('a', '2', 0);
    expect(some.ask('b', '3', 0)).toEqual({ kind: 'begun' });
    expect(some.ask('c', '4', 0)).toMatchObject({ kind: 'wait' });
  });

  it('are given to a person so many times an hour, counted from the first', () => {
    const some = places();
    for (const [at, id] of ['1', '2', '3'].entries()) {
      expect(some.ask('a', id, at * 60 * SECOND)).toEqual({ kind: 'begun' });
      some.end(id);
    }
    expect(some.ask('a', '4', 180 * SECOND)).toEqual({ kind: 'enough', seconds: 3_420 });
    expect(some.ask('b', '5', 180 * SECOND)).toEqual({ kind: 'begun' });
    expect(some.ask('a', '6', 3_600 * SECOND)).toEqual({ kind: 'begun' });
  });

  it('are never more than the limit, and nobody who keeps asking waits for ever', () => {
    const step = fc.record({ person: fc.integer({ min: 0, max: 9 }), pass: fc.integer({ min: 0, max: 4_000 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), (steps) => {
        const some = new CheckPlaces({ ...LIMITS, anHour: 1_000 });
        const running = new Map<string, { person: number; at: number }>();
        let now = 0;
        for (const [at, { person, pass }] of steps.entries()) {
          now += pass;
          if (some.ask(String(person), String(at), now).kind !== 'begun') continue;
          for (const [id, check] of running) {
            if (check.person === person || check.at + 60 * SECOND <= now) running.delete(id);
          }
          running.set(String(at), { person, at: now });
          expect(running.size).toBeLessThanOrEqual(LIMITS.atOnce);
        }
        const waits = new Set(Array.from({ length: 10 }, (_, person) => String(person)));
        for (let round = 0; waits.size > 0; round++) {
          expect(round).toBeLessThan(200);
          now += 5 * SECOND;
          for (const person of waits)
            if (some.ask(person, `${person} ${round}`, now).kind === 'begun') waits.delete(person);
        }
      }),
      { numRuns: 200 },
    );
  });
});
