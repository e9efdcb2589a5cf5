import { insertCatalogue, workingDay, type SmallCatalogue } from '../../../test/support/asking-fixture.js';
import { personId } from '../../../test/support/custody-fixture.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { ProgrammeQueries } from '../../rollout/programme.queries.js';
import type { DraftLine } from '../domain/line-plan.js';
import type { RequestActor } from '../request-actor.js';
import { BeneficiariesQueries } from './beneficiaries.queries.js';
import { CatalogueQueries } from './catalogue.queries.js';
import { DraftPlanningQueries } from './draft-planning.queries.js';
import type { DraftDetails } from './draft-rows.queries.js';
import { RequestAccessQueries } from './request-access.queries.js';
import { RequestEndingsService } from './request-endings.service.js';
import { RequestsService, type RequestOutcome, type Submission } from './requests.service.js';
import { WholeRequestQueries, type WholeRequest } from './whole-request.queries.js';

const by = (person: number, permissions: readonly string[] = []): RequestActor => ({
  actor: `person:${personId(person)}`,
  personEntraId: personId(person),
  permissions: new Set(['own:read', ...permissions]),
});

describe('requests', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  let catalogue: SmallCatalogue;
  let requests: RequestsService;
  let endings: RequestEndingsService;
  let planning: DraftPlanningQueries;
  let access: RequestAccessQueries;
  let whole: WholeRequestQueries;
  const details: DraftDetails = {
    neededBy: workingDay(10),
    delivery: 'site',
    site: 'Library',
    reason: null,
    costCentreCode: null,
  };
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 8 });
    const { dataSource } = database;
    rollout = await startRollout(dataSource, { people: 8 });
    // Number 2 leads 7 and 8, and reports to 1 like the others.
    await rows('update person set manager_entra_id = $1 where entra_id = any($2::text[])', [
      personId(2),
      [personId(7), personId(8)],
    ]);
    catalogue = await insertCatalogue(dataSource);
    const transactor = new Transactor(dataSource);
    const beneficiaries = new BeneficiariesQueries(dataSource, new ProgrammeQueries(dataSource));
    requests = new RequestsService(transactor, beneficiaries);
    endings = new RequestEndingsService(transactor, beneficiaries);
    planning = new DraftPlanningQueries(dataSource, beneficiaries, new CatalogueQueries(dataSource));
    access = new RequestAccessQueries(dataSource);
    whole = new WholeRequestQueries(dataSource);
  });
  afterAll(() => database?.drop());
  afterEach(async () => {
    await rows(`update equipment_request set state = 'cancelled', ended_at = now()
                where state in ('draft', 'submitted', 'returned', 'approved')`);
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const screens = (person: number, more: Partial<DraftLine> = {}): DraftLine => ({
    beneficiaryEntraId: personId(person),
    productId: catalogue.screen,
    quantity: 1,
    bundleId: null,
    exceptionReason: null,
    privateReason: null,
    replacesDeviceId: null,
    ...more,
  });
  const begin = (person: number, lines: readonly DraftLine[], key: string | null = null): Promise<RequestOutcome> =>
    requests.begin({ details, lines, idempotencyKey: key }, by(person));
  const submit = (person: number, requestId: number, more: Partial<Submission> = {}): Promise<RequestOutcome> =>
    requests.submit(
      {
        requestId,
        version: null,
        totalPence: null,
        exceptionReason: null,
        returns: new Map(),
        idempotencyKey: null,
        ...more,
      },
      by(person),
    );
  const seenBy = async (id: number, who: RequestActor): Promise<WholeRequest | null> => {
    const sight = await access.of(id, who);
    return sight === null ? null : whole.one(sight, who.personEntraId);
  };
  const approve = async (id: number): Promise<void> => {
    await rows(`update equipment_request set state = 'approved' where id = $1`, [id]);
    await rows(
      `update request_line set state = 'back_ordered', waiting_since = now() where request_id = $1 and state = 'open'`,
      [id],
    );
  };

  it('are made for oneself and for those below oneself, and for nobody else', async () => {
    await expect(begin(2, [screens(2), screens(7)])).resolves.toMatchObject({ state: 'draft', revision: 1 });
    await expect(begin(1, [screens(7)])).resolves.toMatchObject({ state: 'draft' });
    await expect(begin(2, [screens(3)])).rejects.toThrow('not below you');
    await expect(begin(7, [screens(2)])).rejects.toThrow('not below you');
    const service: RequestActor = { actor: 'token:7', personEntraId: null, permissions: new Set(['own:read']) };
    await expect(requests.begin({ details, lines: [], idempotencyKey: null }, service)).rejects.toMatchObject({
      status: 403,
    });
  });

  it('propose the machine that is given back, and are frozen and routed once submitted', async () => {
    const lines = await planning.plan([personId(7), personId(8)], { bundle: catalogue.bundle, items: [] });
    expect(lines.filter(({ replacesDeviceId }) => replacesDeviceId !== null)).toHaveLength(2);
    const { id } = await begin(2, lines);
    const outcome = await submit(2, id, { totalPence: 210_000 });
    expect(outcome).toMatchObject({ state: 'submitted', revision: 1 });
    await expect(submit(2, id)).rejects.toMatchObject({ status: 409 });
    await expect(rows('update request_line set quantity = 2 where request_id = $1', [id])).rejects.toThrow(
      'does not change',
    );
    const steps = await rows('select kind from approval_step where request_id = $1 and opened_at is not null', [id]);
    expect(steps).toHaveLength(1);
    expect(
      await rows(`select event from audit_event where subject_kind = 'request' and subject_id = $1 order by id`, [
        String(id),
      ]),
    ).toEqual([{ event: 'request.begun' }, { event: 'request.submitted' }]);
  });

  it('are submitted once, however often the same submission is sent', async () => {
    const { id } = await begin(2, [screens(7)]);
    const sent = await Promise.all(
      Array.from({ length: 6 }, () => submit(2, id, { idempotencyKey: 'the same submission' })),
    );
    expect(new Set(sent.map(({ version }) => version)).size).toBe(1);
    expect(await rows(`select 1 from request_event where request_id = $1 and event = 'submitted'`, [id])).toHaveLength(
      1,
    );
    const twice = await Promise.all([begin(2, [screens(8)], 'one key'), begin(2, [screens(8)], 'one key')]);
    expect(twice[0]?.id).toBe(twice[1]?.id);
    await expect(begin(2, [screens(7)], 'one key')).rejects.toMatchObject({ status: 422 });
    const other = await begin(1, [screens(8)], 'one key');
    expect(other.id).not.toBe(twice[0]?.id);
  });

  it('want a reason or a machine where a rule is not kept', async () => {
    const laptop = screens(7, { productId: catalogue.laptop });
    const { id } = await begin(2, [laptop]);
    await expect(submit(2, id)).rejects.toMatchObject({
      fields: [{ message: expect.stringContaining('given back') as unknown }],
    });
    const [line] = await rows<{ id: number }>('select id from request_line where request_id = $1', [id]);
    const returns = new Map([[line?.id ?? 0, rollout.desktops[6] ?? 0]]);
    await expect(
      submit(2, id, { returns: new Map([[line?.id ?? 0, rollout.desktops[7] ?? 0]]) }),
    ).rejects.toMatchObject({
      status: 422,
    });
    await expect(submit(2, id, { returns })).resolves.toMatchObject({ state: 'submitted' });
    // A second laptop, while the first is asked for.
    const second = await begin(2, [laptop]);
    await expect(submit(2, second.id, { returns: new Map() })).rejects.toMatchObject({ status: 422 });
    await expect(submit(2, second.id, { exceptionReason: 'Works at two sites' })).resolves.toMatchObject({
      state: 'submitted',
    });
    expect(await rows('select exception_reason from request_line where request_id = $1', [second.id])).toEqual([
      { exception_reason: 'Works at two sites' },
    ]);
  });

  it('for one person do not slip past the limit when two are submitted at once', async () => {
    const drafts = await Promise.all([2, 1].map((who) => begin(who, [screens(8, { quantity: 2 })])));
    const outcomes = await Promise.allSettled([submit(2, drafts[0]?.id ?? 0), submit(1, drafts[1]?.id ?? 0)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are not submitted without a working day ahead, a site, or at another price than was shown', async () => {
    const { id, version } = await begin(2, [screens(7)]);
    const change = (more: Partial<DraftDetails>): Promise<RequestOutcome> =>
      requests.change({ requestId: id, version: null, details: more }, by(2));
    for (const [more, field] of [
      [{ neededBy: null }, 'neededBy'],
      [{ neededBy: '2026-01-05' }, 'neededBy'],
      [{ neededBy: details.neededBy, site: null }, 'site'],
    ] as const) {
      await change(more);
      await expect(submit(2, id)).rejects.toMatchObject({ fields: [{ field }] });
    }
    await expect(requests.change({ requestId: id, version, details: {} }, by(2))).rejects.toMatchObject({
      status: 409,
    });
    const { version: latest } = await change({ site: 'Library' });
    await expect(submit(2, id, { version: latest, totalPence: 1 })).rejects.toThrow('£150');
    await expect(submit(2, id, { version: latest, totalPence: 15_000 })).resolves.toMatchObject({ state: 'submitted' });
  });

  it('are seen by whom they concern, each as far as that', async () => {
    const reader = screens(7, { productId: catalogue.reader, privateReason: 'Low sight' });
    const { id } = await begin(2, [reader, screens(8)]);
    expect(await seenBy(id, by(7))).toBeNull();
    expect(await seenBy(id, by(3, ['requests:read']))).toBeNull();
    await submit(2, id);
    const reasons = async (who: RequestActor): Promise<unknown[] | undefined> =>
      (await seenBy(id, who))?.lines.map(({ privateReason }) => privateReason);
    expect(await reasons(by(2))).toEqual(['Low sight', null]);
    expect(await reasons(by(7))).toEqual(['Low sight']);
    expect(await reasons(by(8))).toEqual([null]);
    expect(await reasons(by(3, ['requests:read']))).toEqual([null, null]);
    expect(await seenBy(id, by(3))).toBeNull();
    // Number 1 is the line manager of who asks, and decides.
    expect(await reasons(by(1))).toEqual(['Low sight', null]);
    expect(JSON.stringify(await seenBy(id, by(3, ['requests:read'])))).not.toContain('Low sight');
    expect(await rows(`select 1 from audit_event where details::text like '%sight%'`)).toEqual([]);
    expect(await rows(`select 1 from request_event where details::text like '%sight%'`)).toEqual([]);
  });

  it('are changed by a new version, decided about anew, with what was kept released', async () => {
    await rows(
      `insert into stock_movement (product_id, place_id, kind, quantity, actor) values ($1, $2, 'received', 5, 'system:test')`,
      [catalogue.screen, catalogue.place],
    );
    const { id } = await begin(2, [screens(7)]);
    await submit(2, id);
    await approve(id);
    const reopened = await endings.reopen({ requestId: id, version: null, idempotencyKey: 'again' }, by(2));
    expect(reopened).toMatchObject({ state: 'draft', revision: 2 });
    const twice = await endings.reopen({ requestId: id, version: null, idempotencyKey: 'again' }, by(2));
    expect(twice).toEqual(reopened);
    expect(
      await rows('select revision, state from request_line where request_id = $1 order by revision', [id]),
    ).toEqual([
      { revision: 1, state: 'superseded' },
      { revision: 2, state: 'open' },
    ]);
    expect((await seenBy(id, by(7)))?.revision).toBe(1);
    await requests.change({ requestId: id, version: null, lines: [screens(7, { quantity: 2 })] }, by(2));
    await expect(submit(2, id)).resolves.toMatchObject({ state: 'submitted', revision: 2 });
    expect((await seenBy(id, by(2)))?.revisions).toHaveLength(2);
    await expect(endings.reopen({ requestId: id, version: '1', idempotencyKey: null }, by(2))).rejects.toMatchObject({
      status: 409,
    });
    await expect(endings.reopen({ requestId: id, version: null, idempotencyKey: null }, by(3))).rejects.toMatchObject({
      status: 404,
    });
  });

  it('are cancelled with everything released, by who made them or an administrator, and copied', async () => {
    const { id } = await begin(2, [screens(7), screens(8)]);
    await submit(2, id);
    const cancel = (who: RequestActor): Promise<RequestOutcome> =>
      endings.cancel({ requestId: id, version: null, reason: 'Not needed', idempotencyKey: null }, who);
    await expect(cancel(by(3))).rejects.toMatchObject({ status: 404 });
    await expect(cancel(by(1))).rejects.toMatchObject({ status: 404 });
    await expect(cancel(by(3, ['requests:administer']))).resolves.toMatchObject({ state: 'cancelled' });
    expect(await rows('select distinct state from request_line where request_id = $1', [id])).toEqual([
      { state: 'cancelled' },
    ]);
    await expect(cancel(by(2))).rejects.toMatchObject({ status: 409 });
    await rows('update product set offered = false where id = $1', [catalogue.reader]);
    const copy = await endings.copy({ requestId: id, idempotencyKey: null }, by(2));
    await rows('update product set offered = true where id = $1', [catalogue.reader]);
    expect(copy.id).not.toBe(id);
    expect((await seenBy(copy.id, by(2)))?.lines).toHaveLength(2);
    await expect(endings.copy({ requestId: id, idempotencyKey: null }, by(7))).rejects.toMatchObject({ status: 404 });
  });
});
