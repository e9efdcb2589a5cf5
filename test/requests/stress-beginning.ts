import type { DataSource } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';
import { BeneficiariesQueries } from '../../src/requests/asking/beneficiaries.queries.js';
import { RequestsService } from '../../src/requests/asking/requests.service.js';
import { DecisionsService } from '../../src/requests/decisions/decisions.service.js';
import { HandoverService } from '../../src/requests/fulfilment/handover.service.js';
import { PickingService } from '../../src/requests/fulfilment/picking.service.js';
import { ProgrammeQueries } from '../../src/rollout/programme.queries.js';
import { personId } from '../support/custody-fixture.js';
import { requestActor, type Equipment } from '../support/request-fixture.js';

/** How many requests there are to begin with, and how many of these got how far. */
const ASKED = 30;
const SEEN = 27;
const APPROVED = 24;
const PICKED = 18;
const HANDED_OVER = 12;

/** Requests on every stage of their way, so that workers find something of everything to do from their first second on. */
export async function beginStress(
  dataSource: DataSource,
  { manager, head, budgetHolder, team, products }: Equipment,
): Promise<void> {
  const transactor = new Transactor(dataSource);
  const requests = new RequestsService(
    transactor,
    new BeneficiariesQueries(dataSource, new ProgrammeQueries(dataSource)),
  );
  const decisions = new DecisionsService(transactor);
  const picking = new PickingService(transactor);
  const handover = new HandoverService(transactor);
  const holder = requestActor(personId(9_100), ['stock-holder']);
  const details = {
    neededBy: dayIn(28),
    delivery: 'site',
    site: 'Civic Centre',
    reason: null,
    costCentreCode: 'CC-100',
  } as const;
  for (let number = 0; number < ASKED; number++) {
    const line = {
      beneficiaryEntraId: team[number % team.length] ?? '',
      productId: number % 2 === 0 ? products.dock : products.headset,
      quantity: 1,
      bundleId: null,
      exceptionReason: null,
      privateReason: null,
      replacesDeviceId: null,
    };
    const idempotencyKey = null;
    const { id: requestId } = await requests.begin({ details, lines: [line], idempotencyKey }, requestActor(manager));
    const submission = { requestId, version: null, totalPence: null, exceptionReason: 'Needed', returns: new Map() };
    await requests.submit({ ...submission, idempotencyKey }, requestActor(manager));
    const decision = { requestId, revision: 1, outcome: 'approved', reason: null, idempotencyKey } as const;
    if (number < SEEN) await decisions.decide({ ...decision, step: 1 }, requestActor(head));
    if (number < APPROVED) await decisions.decide({ ...decision, step: 2 }, requestActor(budgetHolder));
    if (number >= PICKED) continue;
    const [reservation] = await dataSource.query<{ id: number }[]>(
      `select reservation.id from reservation join request_line as line on line.id = reservation.request_line_id
       where line.request_id = $1`,
      [requestId],
    );
    const order = { reservationId: reservation?.id ?? 0, serial: null, quantity: 1, idempotencyKey };
    const { pickId } = await picking.pick(order, holder);
    if (number < HANDED_OVER) await handover.handOver({ pickId, version: null, idempotencyKey }, holder);
  }
}

/** A working day so many days from now, or the Monday after it. */
export function dayIn(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000);
  while ([0, 6].includes(day.getUTCDay())) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}
