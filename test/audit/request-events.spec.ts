import type { AuditEventName } from '../../src/audit/audit-events.js';
import { verifyChain } from '../../src/audit/chain-verification.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import { BeneficiariesQueries } from '../../src/requests/asking/beneficiaries.queries.js';
import { RequestEndingsService } from '../../src/requests/asking/request-endings.service.js';
import { RequestsService } from '../../src/requests/asking/requests.service.js';
import { workingDay } from '../support/asking-fixture.js';
import { auditedAs, personalValuesInAudit, type SeenEntry } from '../support/audit.js';
import { ENGINEER, FulfilmentBench, HOLDER, of } from '../support/fulfilment-bench.js';
import { receiveMachines, requestActor, type AskedLine, type StoredRequest } from '../support/request-fixture.js';

const DAY = 86_400_000;
const REASON = 'Zebedee has enough of them';

describe('the audit trail of requests', () => {
  let bench: FulfilmentBench;
  beforeAll(async () => {
    bench = await FulfilmentBench.start();
  });
  afterAll(() => bench.drop());

  const audited = (event: AuditEventName, work: () => Promise<unknown>): Promise<SeenEntry> =>
    auditedAs(bench.dataSource, event, work);
  const docks = (): Promise<StoredRequest> =>
    bench.approved([{ for: bench.ann(), product: bench.all.products.dock }] satisfies AskedLine[]);
  const pickDock = async ({ lines }: StoredRequest): Promise<number> => {
    const reservationId = await bench.reservationOf(lines[0]);
    const order = { reservationId, serial: null, quantity: 1, idempotencyKey: null };
    return (await bench.picking.pick(order, HOLDER)).pickId;
  };

  it('has what becomes of a draft', async () => {
    const beneficiaries = new BeneficiariesQueries(bench.dataSource, new ProgrammeQueries(bench.dataSource));
    const requests = new RequestsService(bench.transactor, beneficiaries);
    const endings = new RequestEndingsService(bench.transactor, beneficiaries);
    const manager = requestActor(bench.all.manager);
    const nothing = { exceptionReason: null, privateReason: null, replacesDeviceId: null, bundleId: null };
    const lines = [{ ...nothing, beneficiaryEntraId: bench.ann(), productId: bench.all.products.headset, quantity: 1 }];
    const details = {
      neededBy: workingDay(10),
      delivery: 'site' as const,
      site: 'Civic Centre',
      reason: 'Zebedee asked for it',
      costCentreCode: bench.all.costCentre,
    };
    const sent = { version: null, idempotencyKey: null };
    let requestId = 0;
    await audited('request.begun', async () => {
      ({ id: requestId } = await requests.begin({ details, lines, idempotencyKey: null }, manager));
    });
    await audited('request.changed', () => requests.change({ requestId, version: null, details: {} }, manager));
    const submission = { ...sent, requestId, totalPence: null, exceptionReason: null, returns: new Map() };
    await audited('request.submitted', () => requests.submit(submission, manager));
    await audited('request.reopened', () => endings.reopen({ ...sent, requestId }, manager));
    const cancelled = await audited('request.cancelled', () =>
      endings.cancel({ ...sent, requestId, reason: REASON }, manager),
    );
    expect(cancelled).toMatchObject({ actor: manager.actor, subject: `request:${requestId}` });
    await audited('request.copied', () => endings.copy({ requestId, idempotencyKey: null }, manager));
  });

  it('has everything from the shelf to the person and back', async () => {
    const request = await docks();
    let pickId = 0;
    const picked = await audited('request.picked', async () => {
      pickId = await pickDock(request);
    });
    expect(picked).toMatchObject({ actor: HOLDER.actor, subject: `request:${request.id}` });
    await audited('request.put-back', () => bench.handover.putBack(of(pickId), HOLDER));
    pickId = await pickDock(request);
    await audited('request.dispatched', () => bench.handover.dispatch({ ...of(pickId), tracking: 'ZEBEDEE' }, HOLDER));
    await audited('request.handed-over', () => bench.handover.handOver(of(pickId), ENGINEER));
    await audited('request.closed', async () => {
      await audited('request.received', () => bench.receipts.confirm(of(pickId), requestActor(bench.ann())));
    });
    await audited('request.brought-back', () =>
      bench.receipts.bringBack({ ...of(pickId), condition: 'good', placeId: bench.all.places.stores }, ENGINEER),
    );
  });

  it('has a receipt that was seen in a first sign-in', async () => {
    const { lines } = await bench.approved([{ for: bench.ann(), product: bench.all.products.laptop }]);
    const { pickId } = await bench.pickLaptop(lines[0]);
    await bench.handover.handOver(of(pickId), ENGINEER);
    const later = new Date(Date.now() + 3_600_000);
    await bench.query('update device set user_entra_id = $2, last_seen_at = $3 where id = $1', [
      bench.all.machines[0],
      bench.ann(),
      later,
    ]);
    await audited('request.receipt-observed', () => bench.picks.observe(new Date(later.getTime() + 1)));
  });

  it('has reservations that ran out, and who waited and is served', async () => {
    await bench.approved([{ for: bench.bob(), product: bench.all.products.laptop, quantity: 3 }]);
    await receiveMachines(bench.dataSource, 1, 'Stores');
    await audited('request.back-order-served', () => bench.reservations.serve());
    await audited('request.reservation-expired', () => bench.reservations.expire(new Date(Date.now() + 15 * DAY)));
  });

  it('is whole after all of it and holds no value of a person or a machine, nor what was typed', async () => {
    expect((await verifyChain(bench.dataSource)).firstBreak).toBeNull();
    expect(await personalValuesInAudit(bench.dataSource)).toEqual([]);
    const found = await bench.query(
      `select id from audit_event where concat_ws(' ', event, actor, subject_id, details::text) ~* 'zebedee|civic|CC-100'`,
    );
    expect(found).toEqual([]);
  });
});
