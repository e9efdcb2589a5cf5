import fc from 'fast-check';
import { ConflictError } from '../../src/common/errors.js';
import { orConflictOf } from '../../src/database/constraint-conflicts.js';
import { once } from '../../src/database/command-receipts.js';
import type { PickCommand } from '../../src/requests/fulfilment/handover.service.js';
import { serveBackOrders } from '../../src/requests/fulfilment/reserving.js';
import { moveStock, STOCK_SENTENCES } from '../../src/requests/stock/movements.js';
import { NEEDED_BY, receiveCounted, receiveMachines, requestActor, type Sql } from '../support/request-fixture.js';
import type { Outcome, RequestModel } from './request-model.js';
import {
  follow,
  OnRequest,
  shown,
  WHO,
  type About,
  type Course,
  type Kind,
  type RealRequests,
  type Who,
} from './request-model-run.js';

type AnyCommand = fc.AsyncCommand<RequestModel, RealRequests>;

/** A number that no reservation and no pick has. */
const NONE = 1_000_000_000;
const TEST = 'system:test';

class Ask implements AnyCommand {
  constructor(
    private readonly person: number,
    private readonly quantity: number,
    private readonly course: Course,
  ) {}
  check({ requests }: Readonly<RequestModel>): boolean {
    return requests.length < 4;
  }
  async run(model: RequestModel, real: RealRequests): Promise<void> {
    const { equipment, requests, team } = real;
    const delivery = { neededBy: NEEDED_BY, delivery: 'site', site: 'Civic Centre' } as const;
    const details = { ...delivery, reason: null, costCentreCode: 'CC-100' };
    const line = {
      beneficiaryEntraId: team[this.person] ?? '',
      productId: real.product,
      quantity: this.quantity,
      bundleId: null,
      exceptionReason: null,
      privateReason: null,
      replacesDeviceId: null,
    };
    await follow(
      'ask',
      model,
      real,
      this.course,
      () => model.ask(this.person, this.quantity),
      async (idempotencyKey) => {
        const by = requestActor(equipment.manager);
        const begun = await requests.begin({ details, lines: [line], idempotencyKey }, by);
        if (!real.ids.includes(begun.id)) real.ids.push(begun.id);
        return begun;
      },
    );
  }
  toString(): string {
    return `ask(${this.person}, ${this.quantity}${shown(this.course)})`;
  }
}

/** Something that happens to stock: one comes, or one is not found. */
class OnStock implements AnyCommand {
  constructor(
    private readonly what: 'receive' | 'lose',
    private readonly course: Course,
  ) {}
  check(): boolean {
    return true;
  }
  async run(model: RequestModel, real: RealRequests): Promise<void> {
    const { product: productId, place: placeId, machineModel, connection } = real;
    const change = (tx: Parameters<typeof once>[0]): Promise<unknown> => {
      if (machineModel !== null) return this.what === 'receive' ? arrive(tx, machineModel) : vanish(tx, productId);
      if (this.what === 'receive') return receiveCounted(tx, productId, placeId, 1);
      return moveStock(tx, [{ productId, placeId, kind: 'counted', quantity: -1, reason: 'Lost', actor: TEST }]);
    };
    await follow(
      this.what,
      model,
      real,
      this.course,
      () => (this.what === 'receive' ? model.receive() : model.lose()),
      (key) =>
        connection.transactor.run((tx) =>
          once(tx, { actor: TEST, key, request: {} }, async () => {
            await change(tx);
            await serveBackOrders(tx, { productId, placeId }, TEST);
            return true;
          }),
        ),
    );
  }
  toString(): string {
    return `${this.what}${shown(this.course)}`;
  }
}

const arrive = (tx: Sql, model: string): Promise<unknown> => receiveMachines(tx, 1, 'Stores', model);

/** A machine is noted as being elsewhere, which is no place of stock. */
async function vanish(tx: Sql, productId: number): Promise<void> {
  const [machine] = await tx.query<{ id: number }[]>(
    'select custody_id as id from stock_machine where product_id = $1 order by custody_id limit 1',
    [productId],
  );
  if (!machine) throw new ConflictError('There is none.');
  await tx
    .query(`update device_custody set place = 'Elsewhere' where id = $1`, [machine.id])
    .catch(orConflictOf(STOCK_SENTENCES));
}

const isOwn = (who: Who): boolean => who === 'requester';
/** Whoever has the roles, in earnest or because they gave them to themselves. */
const holdsStock = (who: Who): boolean => ['stock-holder', 'requester', 'beneficiary'].includes(who);
const givesOut = (who: Who): boolean => ['engineer', 'stock-holder', 'requester'].includes(who);

const SUBMIT: Kind = {
  name: 'submit',
  expected: (model, { request }, who) => model.submit(request, isOwn(who)),
  prepare: ({ requests, clock }, { id: requestId }, by) => {
    const now = clock();
    const rest = { version: null, totalPence: null, exceptionReason: 'Needed', returns: new Map<number, number>() };
    return (idempotencyKey) => requests.submit({ requestId, ...rest, idempotencyKey }, by, now);
  },
};

const decision = (outcome: Outcome): Kind => ({
  name: outcome,
  expected: (model, { request }, who) =>
    model.decide(request, who === (request.decisions.length === 0 ? 'head' : 'budget-holder'), outcome),
  prepare: ({ decisions, clock }, { request, id: requestId }, by) => {
    const now = clock();
    const step = request.state === 'submitted' ? request.decisions.length + 1 : 1;
    const decided = { requestId, revision: request.revision, step, outcome, reason: 'Because' };
    return (idempotencyKey) => decisions.decide({ ...decided, idempotencyKey }, by, now);
  },
});

const CANCEL: Kind = {
  name: 'cancel',
  expected: (model, { request }, who) => model.cancel(request, isOwn(who)),
  prepare:
    ({ endings }, { id: requestId }, by) =>
    (idempotencyKey) =>
      endings.cancel({ requestId, version: null, reason: 'Not needed', idempotencyKey }, by),
};

const REOPEN: Kind = {
  name: 'reopen',
  expected: (model, { request }, who) => model.reopen(request, isOwn(who)),
  prepare:
    ({ endings }, { id: requestId }, by) =>
    (idempotencyKey) =>
      endings.reopen({ requestId, version: null, idempotencyKey }, by),
};

const PICK: Kind = {
  name: 'pick',
  expected: (model, { request }, who) => model.pick(request, who === 'stock-holder' || isOwn(who)),
  prepare: async ({ sql, picking, product, machineModel }, { id }, by) => {
    const [row] = await sql.query<{ reservationId: number | null; serial: string | null }[]>(
      `select (select max(reservation.id) from reservation join request_line as line on line.id = reservation.request_line_id
               where line.request_id = $1) as "reservationId",
         (select min(device.serial_number) from stock_machine join device_custody on device_custody.id = stock_machine.custody_id
          join device on device.id = device_custody.device_id where stock_machine.product_id = $2) as serial`,
      [id, product],
    );
    const serial = machineModel === null ? null : (row?.serial ?? 'LAP9999999');
    const order = { reservationId: row?.reservationId ?? NONE, serial, quantity: 1 };
    return (idempotencyKey) => picking.pick({ ...order, idempotencyKey }, by);
  },
};

/** A command about one of the picks of a request. */
function onPick(
  name: string,
  expected: (model: RequestModel, about: About, who: Who) => boolean,
  send: (real: RealRequests, command: PickCommand, by: Parameters<Kind['prepare']>[2]) => Promise<unknown>,
): Kind {
  return {
    name,
    expected,
    prepare: async (real, { id, at }, by) => {
      const [pick] = await real.sql.query<{ id: number }[]>(
        `select pick.id from pick join request_line as line on line.id = pick.request_line_id
         join equipment_request as request on request.id = line.request_id and request.revision = line.revision
         where request.id = $1 order by pick.id offset $2 limit 1`,
        [id, at],
      );
      return (idempotencyKey) => send(real, { pickId: pick?.id ?? NONE, version: null, idempotencyKey }, by);
    },
  };
}

const DISPATCH = onPick(
  'dispatch',
  (model, { request, at }, who) => model.dispatch(request, at, who === 'stock-holder' || isOwn(who)),
  ({ handover }, command, by) => handover.dispatch({ ...command, tracking: 'X1' }, by),
);
const HAND_OVER = onPick(
  'hand over',
  (model, { request, at }, who) => model.handOver(request, at, givesOut(who)),
  ({ handover }, command, by) => handover.handOver(command, by),
);
const PUT_BACK = onPick(
  'put back',
  // Custody has nobody decide about a machine of their own.
  (model, { request, at }, who) =>
    model.putBack(request, at, holdsStock(who) && (who !== 'beneficiary' || !model.isMachine)),
  ({ handover }, command, by) => handover.putBack(command, by),
);
const CONFIRM = onPick(
  'confirm',
  (model, { request, at }, who) => model.confirm(request, at, who === 'beneficiary'),
  ({ receipts }, command, by) => receipts.confirm(command, by),
);
const BRING_BACK = onPick(
  'bring back',
  (model, { request, at }, who) => model.bringBack(request, at, givesOut(who)),
  ({ receipts, place: placeId }, command, by) => receipts.bringBack({ ...command, condition: 'good', placeId }, by),
);

/** Commands of every kind, by anybody, now and then cut or sent twice. */
export function requestCommands(length: number): fc.Arbitrary<Iterable<AnyCommand>> {
  const sometimes = (of: number): fc.Arbitrary<boolean> =>
    fc.oneof({ weight: of - 1, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
  const course = fc.record({
    cut: fc.oneof(
      { weight: 5, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }) },
    ),
    isRepeated: sometimes(8),
    isWild: sometimes(25),
  });
  // Mostly whoever may, so that runs get far.
  const by = (kind: Kind, ...right: readonly Who[]): fc.Arbitrary<AnyCommand> =>
    fc
      .tuple(
        fc.nat({ max: 3 }),
        fc.nat({ max: 3 }),
        fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(...right) },
          { weight: 1, arbitrary: fc.constantFrom(...WHO) },
        ),
        course,
      )
      .map(([which, at, who, how]) => new OnRequest(kind, which, at, who, how));
  const ask = fc
    .tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 2 }), course)
    .map(([person, quantity, how]) => new Ask(person, quantity, how));
  const always = [
    by(SUBMIT, 'requester'),
    by(decision('approved'), 'head'),
    by(decision('approved'), 'budget-holder'),
    by(PICK, 'stock-holder'),
  ];
  const often = [
    ask,
    by(DISPATCH, 'stock-holder'),
    by(PUT_BACK, 'stock-holder'),
    by(HAND_OVER, 'engineer'),
    by(CONFIRM, 'beneficiary'),
    by(BRING_BACK, 'engineer'),
    course.map((how) => new OnStock('receive', how)),
  ];
  const seldom = [
    by(decision('rejected'), 'head', 'budget-holder'),
    by(decision('returned'), 'head', 'budget-holder'),
    by(CANCEL, 'requester'),
    by(REOPEN, 'requester'),
    course.map((how) => new OnStock('lose', how)),
  ];
  return fc.commands([...always, ...always, ...always, ...often, ...often, fc.oneof(...seldom)], {
    maxCommands: length,
    size: 'max',
  });
}
