import { requestStop, type RequestMessageFacts, type ThingForThem } from './message-facts.js';
import { gatheringOf, messagesAfter } from './message-plan.js';
import { REQUEST_TEMPLATES, type AboutRequest } from './request-templates.js';
import { requestWording } from './request-wording.js';

const THING: ThingForThem = {
  name: 'Dock',
  quantity: 1,
  isPrivate: false,
  state: 'picked',
  isObserved: false,
  place: 'Stores',
  tracking: null,
};
const FACTS: RequestMessageFacts = {
  requestId: 17,
  firstName: 'Ada',
  state: 'submitted',
  isCurrent: true,
  isRequester: true,
  people: 3,
  things: 12,
  totalPence: 1_032_450,
  neededBy: '2026-12-01',
  decideBy: new Date('2026-11-26T12:00:00Z'),
  counts: {},
  theirs: [],
  toReturn: 0,
};
const stop = (template: AboutRequest, change: Partial<RequestMessageFacts>): string | null =>
  requestStop(template, { ...FACTS, ...change });
const theirs = (change: Partial<ThingForThem>): Partial<RequestMessageFacts> => ({ theirs: [{ ...THING, ...change }] });

describe('messages about requests', () => {
  it.each<[AboutRequest, Partial<RequestMessageFacts>, Partial<RequestMessageFacts>, string]>([
    ['request-submitted', {}, { state: 'approved' }, 'moved-on'],
    ['request-submitted', {}, { isCurrent: false }, 'moved-on'],
    ['request-submitted', {}, { isRequester: false }, 'not-theirs'],
    ['decision-wanted', { isRequester: false }, { decideBy: null }, 'decided'],
    ['decision-reminder', { isRequester: false }, { decideBy: null }, 'decided'],
    ['request-approved', { state: 'approved' }, { state: 'draft' }, 'moved-on'],
    ['request-returned', { state: 'returned' }, { state: 'submitted' }, 'moved-on'],
    ['request-rejected', { state: 'rejected' }, { state: 'draft' }, 'moved-on'],
    ['request-waiting', { state: 'approved', counts: { back_ordered: 1 } }, { state: 'approved' }, 'nothing-waits'],
    ['request-kept', { state: 'approved', counts: { reserved: 1 } }, { state: 'approved' }, 'nothing-kept'],
    [
      'reservation-expired',
      { state: 'approved', counts: { back_ordered: 1 } },
      { state: 'approved' },
      'nothing-expired',
    ],
    ['request-ready', theirs({}), theirs({ state: 'put_back' }), 'not-ready'],
    ['request-sent', theirs({ state: 'dispatched' }), theirs({ state: 'received' }), 'not-on-its-way'],
    ['confirm-receipt', theirs({ state: 'handed_over' }), theirs({ state: 'received' }), 'confirmed'],
    ['receipt-observed', theirs({ state: 'received', isObserved: true }), theirs({ state: 'received' }), 'confirmed'],
    ['return-replaced', { toReturn: 1 }, {}, 'brought-back'],
    ['request-cancelled', { state: 'cancelled' }, { state: 'draft' }, 'moved-on'],
  ])('%s goes out while it is true, and stops when it is not', (template, holds, moved, reason) => {
    expect(stop(template, holds)).toBeNull();
    expect(stop(template, moved)).toBe(reason);
  });

  it.each(REQUEST_TEMPLATES.filter((template) => template !== 'low-stock'))('%s has words', (template) => {
    const { subject, greeting, paragraphs, link } = requestWording(template, { ...FACTS, ...theirs({}) });
    expect(subject).toContain('equest 17');
    expect(greeting).toBe('Hello Ada,');
    expect(paragraphs.join(' ')).not.toMatch(/undefined|null|NaN/);
    expect(link.text).not.toBe('');
  });

  it('tell who decides what they need to find time for it', () => {
    expect(requestWording('decision-wanted', FACTS).paragraphs).toEqual([
      'A request for 12 items for 3 people, £10,324.50 in all, waits for your decision.',
      'It is needed by Tuesday 1 December 2026.',
      'If you cannot decide by Thursday 26 November 2026, name somebody who stands in for you.',
    ]);
  });

  it('name the carrier’s number and what is on its way, and no assistive technology', () => {
    const sent = theirs({ state: 'dispatched', tracking: 'RM 123', quantity: 2 });
    expect(requestWording('request-sent', { ...FACTS, ...sent }).paragraphs[0]).toBe(
      'On its way to you: 2 × Dock, carrier’s number RM 123.',
    );
    const hidden = theirs({ state: 'dispatched', isPrivate: true });
    expect(requestWording('request-sent', { ...FACTS, ...hidden }).paragraphs[0]).toBe(
      'On its way to you: other equipment.',
    );
  });

  it('ask a machine back by whatever event handed over its replacement', () => {
    expect(messagesAfter('handed-over', { recalled: 4 }).map(({ template }) => template)).toEqual([
      'confirm-receipt',
      'return-replaced',
    ]);
    expect(messagesAfter('received', { recalled: 4 }).map(({ template }) => template)).toEqual(['return-replaced']);
    expect(messagesAfter('handed-over', { recalled: null })).toHaveLength(1);
    expect(messagesAfter('picked').every(({ isGathered }) => isGathered)).toBe(true);
  });

  it('are gathered for five minutes, and made a minute after', () => {
    const first = gatheringOf(new Date('2026-11-23T10:00:00Z'));
    expect(gatheringOf(new Date('2026-11-23T10:04:59.999Z'))).toEqual(first);
    expect(first.plannedFor).toEqual(new Date('2026-11-23T10:06:00Z'));
    expect(gatheringOf(new Date('2026-11-23T10:05:00Z')).number).toBe(first.number + 1);
  });
});
