import { CUSTODY_COMMANDS } from '../../devices/domain/lifecycle/commands.js';
import { factsOfCustodyStep, keysOfStep, type CustodyStepSeen } from './custody-facts.js';

const AT = new Date('2026-06-01T09:00:00Z');
/** Move 1 had the machine, move 2 has it. */
function step(command: string, given: Partial<CustodyStepSeen> = {}): CustodyStepSeen {
  return {
    id: 17,
    command,
    deviceId: 5,
    portable: false,
    fromState: 'in_use',
    toState: 'in_use',
    moveBefore: 1,
    moveAfter: 2,
    at: AT,
    evidence: 'CERT-1',
    correctsId: null,
    ...given,
  };
}
const told = (given: CustodyStepSeen): [string, number | null][] =>
  factsOfCustodyStep(given).map(({ kind, moveId }) => [kind, moveId]);

describe('factsOfCustodyStep', () => {
  it.each([
    ['hand-over', { fromState: 'allocated', moveBefore: 2 }, [['laptop-assigned', 2]]],
    [
      'transfer',
      {},
      [
        ['laptop-returned', 1],
        ['laptop-assigned', 2],
      ],
    ],
    ['take-back', { toState: 'recovered', moveAfter: null }, [['laptop-returned', 1]]],
    ['report-missing', { toState: 'missing', moveAfter: null }, [['laptop-returned', 1]]],
    ['allocate', { fromState: 'in_stock', toState: 'allocated', moveBefore: null }, []],
    ['recall', { toState: 'return_due', moveAfter: 1 }, []],
    ['restock', { fromState: 'wiped', toState: 'in_stock', moveBefore: null, moveAfter: null }, []],
    ['join', {}, []],
    ['correct', {}, []],
  ])('of a laptop: %s %j', (command, given, facts) => {
    expect(told(step(command, { portable: true, ...given }))).toEqual(facts);
  });

  it.each([
    ['hand-over', { fromState: null, moveBefore: null }, [['desktop-assigned', 2]]],
    ['hand-over', { fromState: 'in_stock', moveBefore: null }, [['desktop-returned-to-use', 2]]],
    ['install', { fromState: 'in_stock', moveBefore: null, moveAfter: null }, [['desktop-returned-to-use', null]]],
    ['install', { fromState: null, moveBefore: null, moveAfter: null }, []],
    [
      'transfer',
      {},
      [
        ['desktop-assigned', 2],
        ['desktop-released', 1],
      ],
    ],
    ['recall', { toState: 'return_due', moveAfter: 1 }, [['desktop-return-due', null]]],
    ['keep', { fromState: 'return_due', moveAfter: 1 }, [['desktop-assigned', 1]]],
    ['keep', { fromState: 'return_due', moveBefore: null, moveAfter: null }, [['desktop-returned-to-use', null]]],
    ['take-back', { toState: 'recovered', moveAfter: null }, [['desktop-recovered', null]]],
    ['find', { fromState: 'missing', toState: 'recovered', moveAfter: null }, [['desktop-recovered', null]]],
    ['wipe', { fromState: 'recovered', toState: 'wiped' }, [['desktop-wiped', null]]],
    ['report-stolen', { toState: 'stolen' }, [['desktop-left-estate', null]]],
    ['write-off', { toState: 'written_off' }, [['desktop-left-estate', null]]],
    ['dispose', { toState: 'disposed' }, [['desktop-left-estate', null]]],
    ['report-missing', { toState: 'missing', moveAfter: null }, []],
  ])('of a desktop: %s %j', (command, given, facts) => {
    expect(told(step(command, given))).toEqual(facts);
  });

  it('carries the evidence of a wipe', () => {
    expect(factsOfCustodyStep(step('wipe'))).toMatchObject([{ details: { evidence: 'CERT-1' } }]);
  });

  it('gives every fact a key that a correction finds', () => {
    const known = new Set(keysOfStep(17));
    for (const command of CUSTODY_COMMANDS) {
      for (const portable of [true, false]) {
        for (const fromState of [null, 'in_stock', 'in_use', 'return_due']) {
          const keys = factsOfCustodyStep(step(command, { portable, fromState })).map(({ key }) => key);
          expect(keys.filter((key) => !known.has(key))).toEqual([]);
          expect(new Set(keys).size).toBe(keys.length);
        }
      }
    }
  });
});
