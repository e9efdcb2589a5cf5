import fc from 'fast-check';
import { buildIdentityEstate, storeRecords } from '../../test/bench/identity-estate.js';
import { deviceOf, emptyEstate, identityState, machinesOf, say } from '../../test/support/identity-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ConflictError, InputError, NotFoundError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import { IdentityQueries } from './identity.queries.js';
import { IdentityService } from './identity.service.js';
import { ReviewService } from './review.service.js';

const ACTOR = 'person:1';

describe('ReviewService', () => {
  let database: TestDatabase;
  let identity: IdentityService;
  let reviews: ReviewService;
  let queries: IdentityQueries;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 8 });
    const transactor = new Transactor(database.dataSource);
    identity = new IdentityService(transactor);
    reviews = new ReviewService(transactor);
    queries = new IdentityQueries(database.dataSource);
  });
  afterAll(() => database.drop());
  beforeEach(() => emptyEstate(database.dataSource));

  /** Two enrolments alive together with one serial number, each with its Entra device. */
  async function twins(): Promise<{ reviewId: number; devices: [number, number] }> {
    const { dataSource } = database;
    for (const number of [1, 2]) {
      const facts = { entra_device_id: `d${number}`, name: `PC-${number}` };
      await say(dataSource, 'managed-devices', `m${number}`, { ...facts, serial_number: '5CG7ABC' });
      await say(dataSource, 'entra-devices', `e${number}`, facts);
    }
    await identity.resolvePending();
    const [review] = (await queries.openReviews()).items;
    return { reviewId: review?.id ?? 0, devices: [await deviceOf(dataSource, 'm1'), await deviceOf(dataSource, 'm2')] };
  }

  async function resync(): Promise<void> {
    await database.dataSource.query(`update device_record set resolution_pending = true, changed_at = now()`);
    await identity.resolvePending();
  }

  /** All that undoing must bring back: links, summaries, and which reviews are open with what evidence. */
  async function everything(): Promise<unknown> {
    const links = await database.dataSource.query<unknown>('select id, device_id from device_record order by id');
    const open = await database.dataSource.query<unknown>(
      `select id, kind, state, fingerprint, evidence, opened_at from device_review where state = 'open' order by id`,
    );
    return { links, open, state: await identityState(database.dataSource) };
  }

  it('shows the evidence of a review side by side', async () => {
    const { reviewId, devices } = await twins();
    const page = await queries.openReviews({ limit: 1 });
    expect(page).toMatchObject({ next: null });
    expect(page.items).toHaveLength(1);
    expect(await queries.review(reviewId)).toMatchObject({
      kind: 'same_serial',
      state: 'open',
      shared: { key: 'serial', value: '5CG7ABC' },
      machines: [
        { deviceId: devices[0], records: [{ externalId: 'm1', name: 'PC-1' }, { externalId: 'e1' }] },
        { deviceId: devices[1], records: [{ externalId: 'm2', name: 'PC-2' }, { externalId: 'e2' }] },
      ],
    });
    expect(await queries.reviewsOfDevice(devices[1])).toHaveLength(1);
    expect(await queries.openReviewCounts()).toEqual({ same_serial: 1, re_enrolled: 0, conflicting_identity: 0 });
    await expect(queries.review(reviewId + 1)).rejects.toThrow(NotFoundError);
  });

  it('pages through open reviews by the place of the last one', async () => {
    for (const number of [1, 2, 3, 4, 5]) {
      for (const copy of ['a', 'b']) {
        await say(database.dataSource, 'managed-devices', `m${number}${copy}`, { serial_number: `5CG7AB${number}` });
      }
    }
    await identity.resolvePending();
    const seen: number[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await queries.openReviews({ limit: 2, cursor, kind: 'same_serial' });
      seen.push(...page.items.map(({ id }) => id));
      more = page.next !== null;
      cursor = page.next ?? undefined;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  it('settles a review as the same machine, which every later synchronisation keeps', async () => {
    const { reviewId, devices } = await twins();
    const outcome = await reviews.settle(reviewId, 'same', ACTOR, 'one laptop, enrolled again after a repair');
    expect(outcome.deviceIds).toEqual([devices[0]]);
    await resync();
    expect(await machinesOf(database.dataSource)).toEqual(['e1 e2 m1 m2']);
    expect((await queries.openReviews()).items).toEqual([]);
    expect(await queries.review(reviewId)).toMatchObject({ state: 'settled', decision: 'same', settledBy: ACTOR });
    expect((await queries.decisions({ deviceId: devices[0] })).items).toMatchObject([
      { id: outcome.decisionId, kind: 'merge', decidedBy: ACTOR, reviewId, undoneAt: null },
    ]);
  });

  it('settles a review as different machines, and does not ask again', async () => {
    const { reviewId } = await twins();
    await reviews.settle(reviewId, 'different', ACTOR, 'the maker used the number twice');
    await resync();
    expect(await machinesOf(database.dataSource)).toEqual(['e1 m1', 'e2 m2']);
    expect((await queries.openReviews()).items).toEqual([]);
    await expect(reviews.settle(reviewId, 'same', ACTOR, 'again')).rejects.toThrow(ConflictError);
  });

  it.each(['same', 'different'] as const)('opens the review again when the answer "%s" is undone', async (answer) => {
    const { reviewId } = await twins();
    const before = await everything();
    const { decisionId } = await reviews.settle(reviewId, answer, ACTOR, 'first thought');
    await reviews.undo(decisionId, ACTOR, 'second thought');
    expect(await everything()).toEqual(before);
    await resync();
    expect(await everything()).toEqual(before);
    await expect(reviews.undo(decisionId, ACTOR, 'again')).rejects.toThrow(ConflictError);
  });

  it('splits records off, keeps them apart through synchronisations, and undoes it exactly', async () => {
    const { dataSource } = database;
    for (const [source, id] of [
      ['autopilot', 'z1'],
      ['entra-devices', 'e1'],
      ['managed-devices', 'm1'],
    ] as const) {
      await say(dataSource, source, id, { entra_device_id: 'd1', serial_number: '5CG7ABC', name: `PC-${id}` });
    }
    await identity.resolvePending();
    const before = await everything();
    const device = await deviceOf(dataSource, 'm1');
    const [record] = await dataSource.query<{ id: number }[]>(`select id from device_record where external_id = 'z1'`);
    const outcome = await reviews.split(device, [record?.id ?? 0], ACTOR, 'the box on the shelf is another laptop');
    expect(outcome.deviceIds).toHaveLength(2);
    expect(await deviceOf(dataSource, 'm1')).toBe(device);
    await resync();
    expect(await machinesOf(dataSource)).toEqual(['e1 m1', 'z1']);
    expect((await queries.openReviews()).items).toEqual([]);
    await reviews.undo(outcome.decisionId, ACTOR, 'it was the same after all');
    expect(await everything()).toEqual(before);
    const [, apart] = outcome.deviceIds;
    expect(await queries.currentDevice(apart ?? 0)).toBe(device);
  });

  it('a later decision holds against an earlier one, and the earlier one again when it is undone', async () => {
    const { devices } = await twins();
    await reviews.merge(devices, ACTOR, 'one laptop');
    const records = await queries.recordsOfDevice(devices[0]);
    const second = records.filter(({ externalId }) => externalId.endsWith('2')).map(({ id }) => id);
    const split = await reviews.split(devices[0], second, ACTOR, 'no, two');
    expect(await machinesOf(database.dataSource)).toEqual(['e1 m1', 'e2 m2']);
    await reviews.undo(split.decisionId, ACTOR, 'one after all');
    expect(await machinesOf(database.dataSource)).toEqual(['e1 e2 m1 m2']);
  });

  it('restores links, summaries and reviews exactly after merging or splitting anything and undoing it', async () => {
    const { dataSource } = database;
    await storeRecords(dataSource, buildIdentityEstate(400, 6).records);
    await identity.resolvePending();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.boolean(), async (one, other, synchronised) => {
        const before = await everything();
        const devices = await dataSource.query<{ id: number; record_count: number }[]>(
          'select id, record_count from device where merged_into_id is null order by id',
        );
        const [first, second] = [devices[one % devices.length], devices[other % devices.length]];
        if (!first || !second || first === second) return;
        const merged = await reviews.merge([first.id, second.id], ACTOR, 'try');
        expect(merged.deviceIds).toEqual([Math.min(first.id, second.id)]);
        if (synchronised) await resync();
        await reviews.undo(merged.decisionId, ACTOR, 'undo the try');
        expect(await everything()).toEqual(before);
        if (first.record_count < 2) return;
        const records = await queries.recordsOfDevice(first.id);
        const apart = records.slice(0, 1 + (other % (records.length - 1))).map(({ id }) => id);
        const split = await reviews.split(first.id, apart, ACTOR, 'try');
        if (synchronised) await resync();
        await reviews.undo(split.decisionId, ACTOR, 'undo the try');
        expect(await everything()).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what cannot be done, and says why', async () => {
    const { reviewId, devices } = await twins();
    await expect(reviews.merge([devices[0]], ACTOR, 'why')).rejects.toThrow(InputError);
    await expect(reviews.merge([devices[0], devices[0]], ACTOR, 'why')).rejects.toThrow(InputError);
    await expect(reviews.merge([devices[0], 9_999], ACTOR, 'why')).rejects.toThrow(NotFoundError);
    await expect(reviews.merge([devices[0], 1.5], ACTOR, 'why')).rejects.toThrow(InputError);
    await expect(reviews.merge(devices, ACTOR, '  ')).rejects.toThrow(InputError);
    await expect(reviews.undo(9_999, ACTOR, 'why')).rejects.toThrow(NotFoundError);
    await expect(reviews.settle(reviewId + 1, 'same', ACTOR, 'why')).rejects.toThrow(NotFoundError);
    const all = (await queries.recordsOfDevice(devices[0])).map(({ id }) => id);
    const other = (await queries.recordsOfDevice(devices[1])).map(({ id }) => id);
    await expect(reviews.split(devices[0], all, ACTOR, 'why')).rejects.toThrow(InputError);
    await expect(reviews.split(devices[0], other, ACTOR, 'why')).rejects.toThrow(ConflictError);
    await expect(reviews.split(9_999, all, ACTOR, 'why')).rejects.toThrow(NotFoundError);
    await reviews.merge(devices, ACTOR, 'why');
    await expect(reviews.merge(devices, ACTOR, 'why')).rejects.toThrow(ConflictError);
    await expect(reviews.settle(reviewId, 'same', ACTOR, 'why')).rejects.toThrow('expired');
  });

  it('lets one of several people who decide the same thing at once succeed', async () => {
    const { reviewId } = await twins();
    const answers = Array.from({ length: 6 }, (_, index) =>
      reviews.settle(reviewId, index % 2 ? 'same' : 'different', `person:${index}`, 'at once'),
    );
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ConflictError);
    }
    expect((await queries.decisions()).items).toHaveLength(1);
  });
});
