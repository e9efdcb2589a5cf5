import fc from 'fast-check';

import { FAULT_CATALOGUE } from './catalogue.js';
import { decide, draw, EMPTY_TALLY, type Fault, type FaultTally, parseFault } from './fault.js';

const SUBJECT = { target: '/v1.0/users?$select=id', page: 1, now: 0 };

/** Which of so many equal requests a fault hits. */
function hits(fault: Fault, requests: number): boolean[] {
  let tally: FaultTally = EMPTY_TALLY;
  return Array.from({ length: requests }, () => {
    const decision = decide(fault, tally, SUBJECT, 1);
    tally = decision.tally;
    return decision.hit;
  });
}

test('never hits more often than `first` says, nor before `after` requests', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 20 }),
      fc.nat({ max: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      (first, after, rate, seed) => {
        const seen = hits({ name: 'unavailable', first, after, rate, seed }, 50);
        expect(seen.filter(Boolean).length).toBeLessThanOrEqual(first);
        expect(seen.slice(0, after)).not.toContain(true);
        expect(hits({ name: 'unavailable', first, after, rate, seed }, 50)).toEqual(seen);
      },
    ),
  );
});

test('a request that it does not concern leaves its tally alone', () => {
  const fault: Fault = { name: 'unavailable', path: '/devices', first: 1 };
  expect(decide(fault, EMPTY_TALLY, SUBJECT, 1)).toEqual({ hit: false, tally: EMPTY_TALLY });
  const later: Fault = { name: 'unavailable', page: 2 };
  expect(decide(later, EMPTY_TALLY, SUBJECT, 1).tally).toBe(EMPTY_TALLY);
});

test('concerns Graph only, unless its path or its kind says otherwise', () => {
  const token = { ...SUBJECT, target: '/tenant/oauth2/v2.0/token' };
  expect(decide({ name: 'unavailable' }, EMPTY_TALLY, token, 1).hit).toBe(false);
  expect(decide({ name: 'unavailable', path: 'oauth2' }, EMPTY_TALLY, token, 1).hit).toBe(true);
  expect(decide({ name: 'token-lifetime' }, EMPTY_TALLY, token, 1).hit).toBe(true);
  expect(decide({ name: 'token-lifetime' }, EMPTY_TALLY, SUBJECT, 1).hit).toBe(false);
});

test('the drawn numbers are spread over 0 to 1 and depend on every part', () => {
  const drawn = Array.from({ length: 2000 }, (_, index) => draw(1, 'x', index));
  const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  expect(average).toBeGreaterThan(0.47);
  expect(average).toBeLessThan(0.53);
  expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(new Set([draw(1, 'x'), draw(2, 'x'), draw(1, 'y'), draw('1', 'x', '')]).size).toBe(4);
});

test('every fault of the catalogue has one sentence and defaults that are well formed', () => {
  for (const [name, kind] of Object.entries(FAULT_CATALOGUE)) {
    expect(kind.description).toMatch(/^[A-Z@].*\.$/);
    expect(parseFault({ name })).toMatchObject({ name });
  }
});
