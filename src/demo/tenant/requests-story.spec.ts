import { describe, expect, it } from '@jest/globals';
import { castOf, choosePersonas } from '../sign-in/personas.js';
import { createTenant } from './demonstration-tenant.js';
import { PRODUCTS } from './requests-catalogue.js';
import type { RequestsStory } from './requests-records.js';

const told = (seed: number, people: number): RequestsStory => {
  const tenant = createTenant({ seed, people });
  return tenant.requestsStory(castOf(choosePersonas(tenant)));
};
const tenant = createTenant({ seed: 41, people: 1_500 });
const cast = castOf(choosePersonas(tenant));
const story = tenant.requestsStory(cast);

describe('the requests of the demonstration', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(JSON.stringify(told(41, 200))).toBe(JSON.stringify(told(41, 200)));
    expect(JSON.stringify(told(42, 200))).not.toBe(JSON.stringify(told(41, 200)));
  });

  it.each([1, 3, 25])('can be told of a council of %i', (people) => {
    expect(told(2, people).products.length).toBe(PRODUCTS.length);
  });

  it('take nothing from a shelf that is not there', () => {
    const left = new Map<string, number>();
    for (const { product, place, quantity } of story.movements) {
      const key = `${product} ${place}`;
      left.set(key, (left.get(key) ?? 0) + quantity);
      expect(left.get(key)).toBeGreaterThanOrEqual(0);
    }
  });

  it('order under a number once, and receive no more than was ordered', () => {
    const numbers = story.orders.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const { quantity, receipts } of story.orders.flatMap(({ lines }) => lines)) {
      expect(receipts.reduce((sum, receipt) => sum + receipt.quantity, 0)).toBeLessThanOrEqual(quantity);
    }
  });

  it('are decided by nobody who asks or gets something, and in the order of time', () => {
    for (const { requester, lines, steps, submittedAt, given } of story.past) {
      const parties = [requester, ...lines.map((line) => line.for)];
      let last = submittedAt;
      for (const { by, approver, openedAt, decidedAt } of steps) {
        expect(parties).not.toContain(by);
        if (approver !== null) expect(approver).toBe(by);
        expect([last, openedAt, decidedAt]).toEqual([last, openedAt, decidedAt].sort());
        last = decidedAt;
      }
      if (given === null) continue;
      const times = [last, given.pickedAt, given.handedOverAt, given.receivedAt, tenant.today];
      expect(times).toEqual([...times].sort());
    }
  });

  it('tell of laptops that the rollout handed over, each once', () => {
    const laptops = story.past.flatMap(({ lines }) => lines.flatMap(({ intuneDeviceId }) => intuneDeviceId ?? []));
    expect(laptops.length).toBeGreaterThan(30);
    expect(new Set(laptops).size).toBe(laptops.length);
  });

  it('give everybody as whom one can sign in something to do', () => {
    const own = story.present.filter(({ requester }) => requester === cast.lineManager);
    expect(new Set(own.map(({ decided }) => decided))).toEqual(new Set(['none', 'returned', 'all']));
    expect(own.some(({ submittedAt }) => submittedAt === null)).toBe(true);
    expect(story.present.some(({ lines }) => lines.some((line) => line.for === cast.staff))).toBe(true);
    const stages = new Set(story.present.map(({ decided, fulfilled }) => `${decided} ${fulfilled}`));
    expect([...stages]).toEqual(
      expect.arrayContaining([
        'first no',
        'rejected no',
        'all no',
        'all picked',
        'all sent',
        'all handed-over',
        'all received',
      ]),
    );
  });
});
