import fc from 'fast-check';
import { UntetherError } from '../../src/common/errors.js';
import type { RequestEndingsService } from '../../src/requests/asking/request-endings.service.js';
import type { RequestsService } from '../../src/requests/asking/requests.service.js';
import type { DecisionsService } from '../../src/requests/decisions/decisions.service.js';
import type { HandoverService } from '../../src/requests/fulfilment/handover.service.js';
import type { PickingService } from '../../src/requests/fulfilment/picking.service.js';
import type { ReceiptService } from '../../src/requests/fulfilment/receipt.service.js';
import { serveBackOrders } from '../../src/requests/fulfilment/reserving.js';
import type { RequestActor } from '../../src/requests/request-actor.js';
import { moveStock } from '../../src/requests/stock/movements.js';
import { personId } from '../support/custody-fixture.js';
import { receiveCounted, requestActor, type Equipment, type Sql } from '../support/request-fixture.js';
import type { CrashingConnection } from './crashing-connection.js';
import type { ModelRequest, RequestModel } from './request-model.js';

/** The day on which everything is asked and decided. */
const NOW = new Date('2026-11-23T10:00:00Z');

/** What the commands are given to. */
export interface RealRequests {
  readonly sql: Sql;
  readonly equipment: Equipment;
  readonly connection: CrashingConnection;
  readonly product: number;
  readonly place: number;
  readonly ids: number[];
  readonly requests: RequestsService;
  readonly endings: RequestEndingsService;
  readonly decisions: DecisionsService;
  readonly picking: PickingService;
  readonly handover: HandoverService;
  readonly receipts: ReceiptService;
}

/** Everybody who tries something. */
const WHO = ['requester', 'beneficiary', 'head', 'budget-holder', 'stock-holder', 'engineer', 'stranger'] as const;
type Who = (typeof WHO)[number];

function actorOf(
  who: Who,
  { equipment: { manager, head, budgetHolder, team } }: RealRequests,
  person: number,
): RequestActor {
  const everything = ['stock-holder', 'engineer', 'approver'] as const;
  // Whoever asks or gets it has given themselves every role.
  if (who === 'requester') return requestActor(manager, everything);
  if (who === 'beneficiary') return requestActor(team[person] ?? '', everything);
  if (who === 'head') return requestActor(head);
  if (who === 'budget-holder') return requestActor(budgetHolder);
  if (who === 'stranger') return requestActor(personId(9_001), ['approver']);
  return requestActor(personId(who === 'engineer' ? 9_002 : 9_003), [who]);
}

type Attempt = (
  real: RealRequests,
  at: { request: ModelRequest; index: number; id: number; by: RequestActor },
) => Promise<unknown>;
type Expectation = (model: RequestModel, request: ModelRequest, who: Who) => boolean;

/** A command about one of the requests, by somebody, with the connection cut before one of its statements or not at all. */
class OnRequest implements fc.AsyncCommand<RequestModel, RealRequests> {
  constructor(
    private readonly name: string,
    private readonly which: number,
    private readonly who: Who,
    private readonly cut: number | null,
    private readonly expected: Expectation,
    private readonly attempt: Attempt,
  ) {}

  check({ requests }: Readonly<RequestModel>): boolean {
    return requests.length > 0;
  }

  async run(model: RequestModel, real: RealRequests): Promise<void> {
    const index = this.which % model.requests.length;
    const request = model.requests[index];
    const id = real.ids[index];
    if (!request || id === undefined) throw new Error('The model has no such request.');
    const by = actorOf(this.who, real, request.person);
    await follow(
      model,
      real,
      this.cut,
      () => this.expected(model, request, this.who),
      () => this.attempt(real, { request, index, id, by }),
    );
  }

  toString(): string {
    return `${this.name}(${this.which}, ${this.who}${this.cut === null ? '' : `, cut before ${this.cut}`})`;
  }
}

/** Does a command and, unless it was cut, the same in the model; both must agree on whether it is done, and on what is. */
async function follow(
  model: RequestModel,
  real: RealRequests,
  cut: number | null,
  expected: () => boolean,
  command: () => Promise<unknown>,
): Promise<void> {
  const { hasCrashed, error } = await real.connection.run(cut, command);
  if (hasCrashed) {
    // Refused, and cut while it was rolled back, is refused.
    if (error === null) throw new Error('A command went on without its connection.');
  } else {
    if (error !== null && !(error instanceof UntetherError && error.status < 500)) {
      throw new Error('A command failed.', { cause: error });
    }
    const isDone = expected();
    if (isDone !== (error === null))
      throw new Error(`${isDone ? 'Refused' : 'Done'} against the model: ${String(error)}`);
  }
  await compare(model, real);
}

/** The database stands as the model does. */
async function compare(model: RequestModel, { sql, ids, product, place }: RealRequests): Promise<void> {
  const rows = await sql.query<object[]>(
    `select request.state, request.revision, line.state as line from unnest($1::integer[]) with ordinality as given(id, place)
     join equipment_request as request on request.id = given.id
     join request_line as line on line.request_id = request.id and line.revision = request.revision order by given.place`,
    [ids],
  );
  const [level] = await sql.query<{ free: number }[]>(
    'select on_hand - reserved as free from stock_level where product_id = $1 and place_id = $2',
    [product, place],
  );
  const is = JSON.stringify({ rows, free: level?.free ?? 0 });
  const should = JSON.stringify({
    rows: model.requests.map(({ state, revision, line }) => ({ state, revision, line })),
    free: model.free,
  });
  if (is !== should) throw new Error(`The database stands otherwise than the model:\n${is}\n${should}`);
}

class Ask implements fc.AsyncCommand<RequestModel, RealRequests> {
  constructor(private readonly person: number) {}
  check({ requests }: Readonly<RequestModel>): boolean {
    return requests.length < 4;
  }
  async run(model: RequestModel, real: RealRequests): Promise<void> {
    const { equipment, requests, product } = real;
    const details = {
      neededBy: '2026-12-18',
      delivery: 'site',
      site: 'Civic Centre',
      reason: null,
      costCentreCode: 'CC-100',
    } as const;
    const line = {
      beneficiaryEntraId: equipment.team[this.person] ?? '',
      productId: product,
      quantity: 1,
      bundleId: null,
      exceptionReason: null,
      privateReason: null,
      replacesDeviceId: null,
    };
    await follow(
      model,
      real,
      null,
      () => model.ask(this.person),
      async () => {
        const { id } = await requests.begin(
          { details, lines: [line], idempotencyKey: null },
          requestActor(equipment.manager),
        );
        real.ids.push(id);
      },
    );
  }
  toString(): string {
    return `ask(${this.person})`;
  }
}

/** Something that happens to stock: it comes, or some of it is not found. */
class OnStock implements fc.AsyncCommand<RequestModel, RealRequests> {
  constructor(
    private readonly what: 'receive' | 'lose',
    private readonly cut: number | null,
  ) {}
  check(): boolean {
    return true;
  }
  async run(model: RequestModel, real: RealRequests): Promise<void> {
    const { product: productId, place: placeId, connection } = real;
    const isComing = this.what === 'receive';
    await follow(
      model,
      real,
      this.cut,
      () => (isComing ? model.receive(1) : model.lose()),
      () =>
        connection.transactor.run(async (tx) => {
          if (isComing) await receiveCounted(tx, productId, placeId, 1);
          else
            await moveStock(tx, [
              { productId, placeId, kind: 'counted', quantity: -1, reason: 'Lost', actor: 'system:test' },
            ]);
          await serveBackOrders(tx, { productId, placeId }, 'system:test');
        }),
    );
  }
  toString(): string {
    return `${this.what}${this.cut === null ? '' : ` cut before ${this.cut}`}`;
  }
}

const pickOf = async ({ sql }: RealRequests, id: number): Promise<number> => {
  const [row] = await sql.query<{ id: number }[]>(
    `select pick.id from pick join request_line as line on line.id = pick.request_line_id
     where line.request_id = $1 order by pick.id desc limit 1`,
    [id],
  );
  return row?.id ?? 1_000_000;
};
const isBack = async (real: RealRequests, id: number): Promise<boolean> => {
  const rows = await real.sql.query<unknown[]>(`select from pick where id = $1 and state = 'returned'`, [
    await pickOf(real, id),
  ]);
  return rows.length > 0;
};
const SENT = { version: null, idempotencyKey: null };

/** Commands of every kind, by anybody, now and then cut. */
export function requestCommands(length: number): fc.Arbitrary<Iterable<fc.AsyncCommand<RequestModel, RealRequests>>> {
  const which = fc.nat({ max: 3 });
  const cut = fc.option(fc.integer({ min: 1, max: 30 }), { freq: 4 });
  // Mostly whoever may, so that runs get far.
  const mostly = (...right: readonly Who[]): fc.Arbitrary<Who> =>
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...WHO) });
  const about = (
    name: string,
    who: fc.Arbitrary<Who>,
    expected: Expectation,
    attempt: Attempt,
  ): fc.Arbitrary<OnRequest> =>
    fc.tuple(which, who, cut).map(([each, by, before]) => new OnRequest(name, each, by, before, expected, attempt));
  const isOwn = (who: Who): boolean => who === 'requester';
  const decision = (outcome: 'approved' | 'rejected' | 'returned'): fc.Arbitrary<OnRequest> =>
    about(
      outcome,
      mostly('head', 'budget-holder'),
      (model, request, who) => model.decide(request, who === (request.step === 1 ? 'head' : 'budget-holder'), outcome),
      ({ decisions }, { request, id, by }) =>
        decisions.decide(
          {
            requestId: id,
            revision: request.revision,
            step: Math.max(request.step, 1),
            outcome,
            reason: 'Because',
            idempotencyKey: null,
          },
          by,
          NOW,
        ),
    );
  const holds = (who: Who): boolean => who === 'stock-holder' || who === 'requester';
  return fc.commands(
    [
      fc.nat({ max: 3 }).map((person) => new Ask(person)),
      about(
        'submit',
        mostly('requester'),
        (model, request, who) => model.submit(request, isOwn(who)),
        ({ requests }, { id, by }) =>
          requests.submit(
            {
              requestId: id,
              version: null,
              totalPence: null,
              exceptionReason: 'Needed',
              returns: new Map(),
              idempotencyKey: null,
            },
            by,
            NOW,
          ),
      ),
      decision('approved'),
      decision('approved'),
      decision('rejected'),
      decision('returned'),
      about(
        'cancel',
        mostly('requester'),
        (model, request, who) => model.cancel(request, isOwn(who)),
        ({ endings }, { id, by }) => endings.cancel({ requestId: id, reason: 'Not needed', ...SENT }, by),
      ),
      about(
        'reopen',
        mostly('requester'),
        (model, request, who) => model.reopen(request, isOwn(who)),
        ({ endings }, { id, by }) => endings.reopen({ requestId: id, ...SENT }, by),
      ),
      about(
        'pick',
        mostly('stock-holder'),
        (model, request, who) => model.pick(request, holds(who)),
        async (real, { id, by }) => {
          const [row] = await real.sql.query<{ id: number }[]>(
            `select reservation.id from reservation join request_line as line on line.id = reservation.request_line_id
           where line.request_id = $1 order by reservation.id desc limit 1`,
            [id],
          );
          return real.picking.pick(
            { reservationId: row?.id ?? 1_000_000, serial: null, quantity: null, idempotencyKey: null },
            by,
          );
        },
      ),
      about(
        'put back',
        mostly('stock-holder'),
        (model, request, who) => model.putBack(request, holds(who) || who === 'beneficiary'),
        async (real, { id, by }) => real.handover.putBack({ pickId: await pickOf(real, id), ...SENT }, by),
      ),
      about(
        'hand over',
        mostly('engineer'),
        (model, request, who) => model.handOver(request, who === 'engineer' || holds(who)),
        async (real, { id, by }) => real.handover.handOver({ pickId: await pickOf(real, id), ...SENT }, by),
      ),
      about(
        'confirm',
        mostly('beneficiary'),
        (model, request, who) => model.confirm(request, who === 'beneficiary'),
        async (real, { id, by }) => real.receipts.confirm({ pickId: await pickOf(real, id), ...SENT }, by),
      ),
      bringsBack(which, mostly('engineer'), cut),
      cut.map((before) => new OnStock('receive', before)),
      cut.map((before) => new OnStock('lose', before)),
    ],
    { maxCommands: length, size: 'max' },
  );
}

/** What was brought back once is not brought back again; the model keeps no picks, so that is asked before. */
function bringsBack(
  which: fc.Arbitrary<number>,
  who: fc.Arbitrary<Who>,
  cut: fc.Arbitrary<number | null>,
): fc.Arbitrary<OnRequest> {
  return fc.tuple(which, who, cut).map(([each, by, before]) => {
    let wasBack = false;
    return new OnRequest(
      'bring back',
      each,
      by,
      before,
      (model, request, whoever) =>
        model.bringBack(request, ['engineer', 'stock-holder', 'requester'].includes(whoever), wasBack),
      async (real, { id, by: actor }) => {
        wasBack = await isBack(real, id);
        return real.receipts.bringBack(
          { pickId: await pickOf(real, id), ...SENT, condition: 'good', placeId: real.place },
          actor,
        );
      },
    );
  });
}
