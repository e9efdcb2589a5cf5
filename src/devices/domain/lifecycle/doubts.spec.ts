import { DOUBT_CODES, doubtsOf, type DoubtCode, type DoubtFacts } from './doubts.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-23T09:00:00Z');

const sound: DoubtFacts = {
  standing: 'in_use',
  holder: 'asha',
  since: NOW - 30 * DAY,
  holderActive: true,
  primaryUser: 'asha',
  observedUser: 'asha',
  presence: 'present',
  recordCount: 2,
  lastSeenAt: NOW,
  contested: false,
};
const returned = {
  standing: 'recovered',
  holder: null,
  holderActive: null,
  primaryUser: null,
  observedUser: null,
} as const;
const stock = { ...returned, standing: 'in_stock:available' } as const;
const none = { ...returned, standing: 'none', since: null } as const;

describe('doubts about custody', () => {
  it.each<readonly [string, Partial<DoubtFacts>, readonly DoubtCode[]]>([
    ['nothing, when all agree', {}, []],
    ['nothing, when sources know no user', { primaryUser: null, observedUser: null }, []],
    ['a holder who has left', { holderActive: false }, ['held-by-leaver']],
    ['another primary user', { primaryUser: 'ben' }, ['primary-user-differs']],
    ['another last user', { observedUser: 'ben' }, ['observed-user-differs']],
    ['both', { primaryUser: 'ben', observedUser: 'cai' }, ['primary-user-differs', 'observed-user-differs']],
    [
      'users who differ while nobody has recorded anything',
      { ...none, primaryUser: 'asha', observedUser: 'ben' },
      ['users-differ'],
    ],
    ['one user while nobody has recorded anything', { ...none, primaryUser: 'asha' }, []],
    ['a machine in use that vanished', { presence: 'gone' }, ['vanished-while-held']],
    [
      'a shared machine that is missing',
      { standing: 'in_use:shared', holder: null, presence: 'missing' },
      ['vanished-while-held'],
    ],
    [
      'a machine that no source ever knew',
      { presence: 'gone', recordCount: 0, lastSeenAt: null, primaryUser: null, observedUser: null },
      [],
    ],
    [
      'a machine put aside for somebody',
      { standing: 'allocated', primaryUser: 'ben', observedUser: 'ben', holderActive: false },
      [],
    ],
    ['a returned machine seen a day later, as when it is wiped', { ...returned, lastSeenAt: NOW - 29 * DAY }, []],
    ['a returned machine seen since', returned, ['seen-after-return']],
    ['a disposed machine seen since', { ...returned, standing: 'disposed' }, ['seen-after-return']],
    ['a stolen machine seen since', { ...returned, standing: 'stolen' }, ['seen-after-return']],
    ['a missing machine not seen since', { ...returned, standing: 'missing', lastSeenAt: NOW - 40 * DAY }, []],
    ['a machine in stock that is used', { ...stock, primaryUser: 'ben' }, ['used-while-in-stock']],
    [
      'a machine in stock with its former user',
      { ...stock, primaryUser: 'ben', lastSeenAt: NOW - 40 * DAY },
      ['in-stock-with-user'],
    ],
    ['a boxed machine', { ...stock, recordCount: 0, lastSeenAt: null }, []],
    ['two custodies, first of all', { contested: true, holderActive: false }, ['contested', 'held-by-leaver']],
  ])('%s', (_, facts, codes) => {
    const doubts = doubtsOf({ ...sound, ...facts });
    expect(doubts.map(({ code }) => code)).toEqual(codes);
    for (const { message, advice } of doubts) {
      expect(message).toMatch(/^[A-Z].+\.$/);
      expect(advice).toMatch(/^[A-Z].+\.$/);
      expect(message + advice).not.toMatch(/asha|ben|cai/);
    }
  });

  it('says of a returned machine how it was returned', () => {
    const message = (standing: DoubtFacts['standing']): string =>
      doubtsOf({ ...sound, ...returned, standing })[0]?.message ?? '';
    expect(message('stolen')).toContain('after it was reported stolen');
    expect(message('recovered')).toContain('after it was taken back');
    expect(new Set(DOUBT_CODES).size).toBe(DOUBT_CODES.length);
  });
});
