import {
  approveRequest,
  draftRequest,
  receiveCounted,
  receiveMachines,
  reserveLine,
  submitRequest,
  type Equipment,
  type Sql,
} from '../support/request-fixture.js';
import type { Ending, Script } from './interleaving.js';

/** What two connections do at the same moment, and what must be true afterwards, whoever was first. */
export interface InterleavedScripts {
  readonly keeps: string;
  /** Lays out what they meet; a new one for each order. */
  readonly scene: (sql: Sql, equipment: Equipment, number: number) => Promise<Readonly<Record<string, number>>>;
  readonly a: (scene: Readonly<Record<string, number>>, equipment: Equipment) => Script;
  readonly b: (scene: Readonly<Record<string, number>>, equipment: Equipment) => Script;
  /** How many of the two may be committed. */
  readonly commits: readonly number[];
  /** Whether the scene is as it must be, besides the sums that must always hold. */
  readonly query?: (
    scene: Readonly<Record<string, number>>,
    endings: { readonly a: Ending; readonly b: Ending },
  ) => string;
}

type Scene = Readonly<Record<string, number>>;

/** A product of which one lies at "Stores", and two approved lines that want it. */
async function lastOne(sql: Sql, equipment: Equipment, number: number, onHand = 1): Promise<Scene> {
  const product = await newProduct(sql, number);
  await receiveCounted(sql, product, equipment.places.stores, onHand);
  const [one, other] = [await wanting(sql, equipment, product, 0), await wanting(sql, equipment, product, 1)];
  return { product, place: equipment.places.stores, one: one.line, other: other.line, request: one.request };
}

async function newProduct(sql: Sql, number: number): Promise<number> {
  const [row] = await sql.query<{ id: number }[]>(
    `insert into product (name, kind, serialised, price_pence, changed_by) values ($1, 'bag', false, 1000, 'system:test') returning id`,
    [`Bag ${number}`],
  );
  return row?.id ?? 0;
}

async function wanting(
  sql: Sql,
  { manager, team }: Equipment,
  product: number,
  who: number,
): Promise<{ request: number; line: number }> {
  const request = await draftRequest(sql, manager, [{ for: team[who] ?? '', product }]);
  await submitRequest(sql, request);
  await approveRequest(sql, request);
  return { request: request.id, line: request.lines[0] ?? 0 };
}

/** A request that waits for the head to decide. */
async function waitingOne(sql: Sql, equipment: Equipment, number: number): Promise<Scene> {
  const product = await newProduct(sql, number);
  await receiveCounted(sql, product, equipment.places.stores, 1);
  const request = await draftRequest(sql, equipment.manager, [{ for: equipment.team[0] ?? '', product }]);
  await submitRequest(sql, request, [{ approver: equipment.head }]);
  return { product, place: equipment.places.stores, request: request.id, line: request.lines[0] ?? 0 };
}

const look = ({ product, place }: Scene): string =>
  `select on_hand - reserved from stock_level where product_id = ${product} and place_id = ${place}`;
const reserves = ({ place }: Scene, line: number | undefined): string =>
  `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
   select id, product_id, ${place}, 1, now() + interval '14 days' from request_line where id = ${line}`;
const moves = ({ product, place }: Scene, kind: string, quantity: number): string =>
  `insert into stock_movement (product_id, place_id, kind, quantity, actor) values (${product}, ${place}, '${kind}', ${quantity}, 'system:test')`;
const decides = ({ request }: Scene, outcome: string, by: string): string =>
  `insert into decision (request_id, revision, step, outcome, reason, decided_by) values (${request}, 1, 1, '${outcome}', 'x', '${by}')`;
const comesTo = ({ request }: Scene, state: string): string =>
  `!update equipment_request set state = '${state}', ended_at = case when '${state}' in ('cancelled', 'rejected') then now() end where id = ${request}`;

const picks = (scene: Scene, reservation: number | undefined, line: number | undefined): Script => [
  `!update reservation set picked = 1, state = 'picked', ended_at = now() where id = ${reservation} and state = 'active'`,
  `insert into pick (reservation_id, request_line_id, product_id, place_id, device_id, quantity, picked_by)
   values (${reservation}, ${line}, ${scene['product']}, ${scene['place']}, ${scene['machine'] ?? 'null'}, 1, 'system:test')`,
  scene['machine'] === undefined
    ? moves(scene, 'picked', -1)
    : `!update device_custody set state = 'allocated', substate = null, holder_entra_id =
         (select beneficiary_entra_id from request_line where id = ${line}) where device_id = ${scene['machine']}`,
  'commit',
];

/** Every invariant with two connections that would break it. */
export const INTERLEAVED: readonly InterleavedScripts[] = [
  {
    keeps: 'the last of a product is promised once',
    scene: lastOne,
    a: (scene) => [look(scene), reserves(scene, scene['one']), 'commit'],
    b: (scene) => [look(scene), reserves(scene, scene['other']), 'commit'],
    commits: [1],
  },
  {
    keeps: 'the last of a product leaves once',
    scene: lastOne,
    a: (scene) => [look(scene), moves(scene, 'counted', -1), 'commit'],
    b: (scene) => [look(scene), moves(scene, 'counted', -1), 'commit'],
    commits: [1],
  },
  {
    keeps: 'what is promised does not leave otherwise',
    scene: lastOne,
    a: (scene) => [look(scene), reserves(scene, scene['one']), 'commit'],
    b: (scene) => [look(scene), moves(scene, 'counted', -1), 'commit'],
    commits: [1],
  },
  {
    keeps: 'a line is promised once what it asks for',
    scene: (sql, equipment, number) => lastOne(sql, equipment, number, 5),
    a: (scene) => [look(scene), reserves(scene, scene['one']), 'commit'],
    b: (scene) => [look(scene), reserves(scene, scene['one']), 'commit'],
    commits: [1],
  },
  {
    keeps: 'a machine is picked once',
    scene: async (sql, equipment) => {
      const { machines } = await receiveMachines(sql, 2, 'Stores');
      const product = equipment.products.laptop;
      const [one, other] = [await wanting(sql, equipment, product, 0), await wanting(sql, equipment, product, 1)];
      return {
        product,
        place: equipment.places.stores,
        one: one.line,
        other: other.line,
        first: await reserveLine(sql, one.line, equipment.places.stores),
        second: await reserveLine(sql, other.line, equipment.places.stores),
        machine: machines[0] ?? 0,
      };
    },
    a: (scene) => picks(scene, scene['first'], scene['one']),
    b: (scene) => picks(scene, scene['second'], scene['other']),
    commits: [1],
  },
  {
    keeps: 'a promised machine is not handed out to somebody else',
    scene: async (sql, equipment, number) => {
      const product = await newProduct(sql, number);
      await sql.query('update product set serialised = true where id = $1', [product]);
      await sql.query('insert into product_model values ($1, $2)', [`hp bag ${number}`, product]);
      const [machine] = await sql.query<{ id: number }[]>(
        `insert into device (serial_number, manufacturer, model) values ($1, 'HP', $2) returning id`,
        [`BAG${number}`, `Bag ${number}`],
      );
      await sql.query(
        `insert into device_custody (device_id, recorded_for, state, substate, place) values ($1, $1, 'in_stock', 'available', 'Stores')`,
        [machine?.id],
      );
      const { line } = await wanting(sql, equipment, product, 0);
      return { product, place: equipment.places.stores, line, machine: machine?.id ?? 0 };
    },
    a: (scene) => [look(scene), reserves(scene, scene['line']), 'commit'],
    b: ({ machine }) => [
      `select state from device_custody where device_id = ${machine}`,
      `update device_custody set state = 'in_use', substate = null, holder_entra_id = 'x' where device_id = ${machine}`,
      'commit',
    ],
    commits: [1],
  },
  {
    keeps: 'a step is decided once',
    scene: waitingOne,
    a: (scene, { head }) => [decides(scene, 'approved', head), comesTo(scene, 'approved'), 'commit'],
    b: (scene, { head }) => [decides(scene, 'rejected', head), comesTo(scene, 'rejected'), 'commit'],
    commits: [1],
  },
  {
    keeps: 'a request that is cancelled is promised nothing',
    scene: waitingOne,
    a: (scene, { head }) => [
      decides(scene, 'approved', head),
      comesTo(scene, 'approved'),
      reserves(scene, scene['line']),
      `update request_line set state = 'reserved' where id = ${scene['line']}`,
      'commit',
    ],
    b: (scene) => [comesTo(scene, 'cancelled'), 'commit'],
    commits: [1],
  },
  {
    keeps: 'an approved request is not promised more while it is cancelled',
    scene: lastOne,
    a: (scene) => [reserves(scene, scene['one']), 'commit'],
    b: (scene) => [
      `update request_line set state = 'cancelled', cancelled = 1 where id = ${scene['one']} and reserved = 0`,
      comesTo(scene, 'cancelled'),
      'commit',
    ],
    commits: [1],
  },
  {
    keeps: 'what is decided about is what was asked',
    scene: waitingOne,
    a: (scene, { head }) => [decides(scene, 'approved', head), comesTo(scene, 'approved'), 'commit'],
    b: ({ request }) => [
      `!update equipment_request set state = 'draft', revision = 2 where id = ${request} and state = 'submitted' and revision = 1`,
      `insert into request_revision (request_id, revision, delivery) values (${request}, 2, 'home')`,
      'commit',
    ],
    commits: [1],
  },
  {
    keeps: 'what is submitted is what was frozen',
    scene: async (sql, equipment, number) => {
      const product = await newProduct(sql, number);
      const draft = await draftRequest(sql, equipment.manager, [{ for: equipment.team[0] ?? '', product }]);
      return { request: draft.id, line: draft.lines[0] ?? 0 };
    },
    a: ({ request }) => [
      `!update request_revision set submitted_at = now() where request_id = ${request} and submitted_at is null`,
      `update equipment_request set state = 'submitted' where id = ${request}`,
      'commit',
    ],
    b: ({ line }) => [`update request_line set quantity = 50 where id = ${line}`, 'commit'],
    commits: [1, 2],
    // Both may be done, the change first; whichever was refused left nothing.
    query: ({ line }, { b }) =>
      `select (quantity = ${b === 'committed' ? 50 : 1}) as sound from request_line where id = ${line}`,
  },
  {
    keeps: 'what expired is not picked',
    scene: async (sql, equipment, number) => {
      const scene = await lastOne(sql, equipment, number);
      return { ...scene, reservation: await reserveLine(sql, scene['one'] ?? 0, equipment.places.stores) };
    },
    a: ({ reservation }) => [
      `!update reservation set state = 'expired', ended_at = now() where id = ${reservation} and state = 'active'`,
      'commit',
    ],
    b: (scene) => picks(scene, scene['reservation'], scene['one']),
    commits: [1],
  },
  {
    keeps: 'no more is received than was ordered',
    scene: async (sql, equipment, number) => {
      const product = await newProduct(sql, number);
      await receiveCounted(sql, product, equipment.places.stores, 1);
      const [row] = await sql.query<{ id: number }[]>(
        'update purchase_order_line set quantity = 11 where product_id = $1 returning id',
        [product],
      );
      return { product, place: equipment.places.stores, orderLine: row?.id ?? 0 };
    },
    a: (scene) => receives(scene),
    b: (scene) => receives(scene),
    commits: [1],
  },
  {
    keeps: 'what was sent arrives once',
    scene: async (sql, equipment, number) => {
      const product = await newProduct(sql, number);
      await receiveCounted(sql, product, equipment.places.stores, 3);
      const [row] = await sql.query<{ id: number }[]>(
        `insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, sent_by) values ($1, $2, $3, 3, 'x') returning id`,
        [product, equipment.places.stores, equipment.places.annexe],
      );
      await sql.query(
        `insert into stock_movement (product_id, place_id, kind, quantity, transfer_id, actor) values ($1, $2, 'sent', -3, $3, 'x')`,
        [product, equipment.places.stores, row?.id],
      );
      return { product, place: equipment.places.annexe, transfer: row?.id ?? 0 };
    },
    a: (scene) => arrives(scene),
    b: (scene) => arrives(scene),
    commits: [1],
  },
  {
    keeps: 'a place is counted by one count at a time',
    scene: async (sql, _equipment, number) => {
      const [row] = await sql.query<{ id: number }[]>(
        `insert into stock_place (name, changed_by) values ($1, 'system:test') returning id`,
        [`Place ${number}`],
      );
      return { place: row?.id ?? 0 };
    },
    a: ({ place }) => opensCount(place),
    b: ({ place }) => opensCount(place),
    commits: [1],
  },
  {
    keeps: 'nobody decides for themselves, not even as the line manager that they become meanwhile',
    scene: waitingOne,
    a: ({ request }, { manager }) => [
      `select from equipment_request where id = ${request}`,
      `update approval_step set approver_entra_id = '${manager}' where request_id = ${request}`,
      'commit',
    ],
    b: (scene, { manager }) => [
      `select from approval_step where request_id = ${scene['request']}`,
      decides(scene, 'approved', manager),
      'commit',
    ],
    commits: [1],
  },
];

function receives(scene: Scene): Script {
  return [
    `select quantity - received from purchase_order_line where id = ${scene['orderLine']}`,
    `insert into purchase_receipt (order_line_id, quantity, received_by) values (${scene['orderLine']}, 6, 'system:test')`,
    moves(scene, 'received', 6),
    'commit',
  ];
}

function arrives(scene: Scene): Script {
  return [
    `select quantity - arrived from stock_transfer where id = ${scene['transfer']}`,
    `update stock_transfer set arrived = arrived + 2, ended_at = case when arrived + 2 = quantity then now() end where id = ${scene['transfer']}`,
    moves(scene, 'arrived', 2),
    'commit',
  ];
}

function opensCount(place: number | undefined): Script {
  return [
    `select from stock_count where place_id = ${place} and closed_at is null`,
    `insert into stock_count (place_id, opened_by) values (${place}, 'system:test')`,
    'commit',
  ];
}
