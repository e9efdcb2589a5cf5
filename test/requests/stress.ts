import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Equipment, Sql } from '../support/request-fixture.js';
import { dayIn } from './stress-beginning.js';

/** What the workers work with. */
export interface StressSetting {
  readonly sql: Sql;
  /** Application processes. */
  readonly urls: readonly string[];
  readonly equipment: Equipment;
  /** Tokens by who they are: of the requester, who decides, who works with stock, and each of the team. */
  readonly tokens: {
    readonly manager: string;
    readonly head: string;
    readonly budgetHolder: string;
    readonly stock: string;
    readonly team: readonly string[];
  };
  readonly workers: number;
  readonly seconds: number;
  readonly random: () => number;
}

/** What came of it: answers by what was sent and their status. */
export interface StressOutcome {
  readonly answers: ReadonlyMap<string, number>;
  /** Answers of 500 and above, and requests without an answer: the first of them, in words. */
  readonly failures: readonly string[];
  readonly sent: number;
}

/** What there is to do at a moment, as the database has it; workers race for it. */
interface Targets {
  steps: { requestId: number; revision: number; step: number; approver: string }[];
  open: number[];
  reservations: { id: number; serial: string | null }[];
  picked: number[];
  handed: { id: number; person: number }[];
  /** What can be brought back: most of it was confirmed before, so that the rest is left to be. */
  given: number[];
}

/** Has workers ask, decide, pick, hand over, confirm, take back, cancel and count, all at once, for so many seconds. */
export async function stress(setting: StressSetting): Promise<StressOutcome> {
  const answers = new Map<string, number>();
  const failures: string[] = [];
  const targets: Targets = { steps: [], open: [], reservations: [], picked: [], handed: [], given: [] };
  const until = performance.now() + setting.seconds * 1000;
  let sent = 0;

  const send: Send = async (what, token, address, body, headers = {}) => {
    sent += 1;
    const url = setting.urls[sent % setting.urls.length] ?? '';
    try {
      const answer = await fetch(url + address, {
        method: body === null ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === null ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
          ...headers,
        },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const key = `${what} ${answer.status}`;
      answers.set(key, (answers.get(key) ?? 0) + 1);
      if (answer.status >= 500) failures.push(`${key}: ${text.slice(0, 300)}`);
      return { status: answer.status, text, etag: answer.headers.get('etag') };
    } catch (error) {
      failures.push(`${what} without an answer: ${String(error)}`);
      return { status: 0, text: '', etag: null };
    }
  };

  const look = async (): Promise<void> => {
    while (performance.now() < until) {
      Object.assign(targets, await targetsOf(setting));
      await delay(150);
    }
  };
  const work = async (): Promise<void> => {
    while (performance.now() < until) await step(setting, targets, send);
  };
  Object.assign(targets, await targetsOf(setting));
  await Promise.all([look(), ...Array.from({ length: setting.workers }, work)]);
  return { answers, failures, sent };
}

type Answer = { readonly status: number; readonly text: string; readonly etag: string | null };
type Send = (
  what: string,
  token: string,
  address: string,
  body: object | null,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

async function targetsOf({ sql, equipment }: StressSetting): Promise<Targets> {
  const [row] = await sql.query<Targets[]>(
    `select
       (select coalesce(json_agg(json_build_object('requestId', step.request_id, 'revision', step.revision, 'step', step.step,
          'approver', step.approver_entra_id)), '[]') from approval_step as step
        join equipment_request as request on request.id = step.request_id and request.revision = step.revision and request.state = 'submitted'
        where step.opened_at is not null) as steps,
       (select coalesce(json_agg(id), '[]') from (select id from equipment_request where state in ('submitted', 'approved')
          order by id desc limit 200) as open) as open,
       (select coalesce(json_agg(json_build_object('id', id, 'serial', serial)), '[]') from (
          select reservation.id, case when product.serialised then (select device.serial_number from stock_machine
              join device_custody on device_custody.id = stock_machine.custody_id
              join device on device.id = device_custody.device_id
              where stock_machine.place_id = reservation.place_id and stock_machine.product_id = reservation.product_id
              order by random() limit 1) end as serial
          from reservation join product on product.id = reservation.product_id where state = 'active' limit 100) as found) as reservations,
       (select coalesce(json_agg(id), '[]') from pick where state in ('picked', 'dispatched')) as picked,
       (select coalesce(json_agg(json_build_object('id', pick.id, 'person', array_position($1::text[], line.beneficiary_entra_id) - 1)), '[]')
        from (select * from pick where state = 'handed_over' order by id desc limit 200) as pick
        join request_line as line on line.id = pick.request_line_id) as handed,
       (select coalesce(json_agg(id), '[]') from (select id from pick where state = 'received' or state = 'handed_over' and id % 4 = 0
          order by id desc limit 200) as found) as given`,
    [equipment.team],
  );
  if (!row) throw new Error('There is nothing to look at.');
  return row;
}

/** One thing that one worker does. */
async function step(setting: StressSetting, targets: Targets, send: Send): Promise<unknown> {
  const { tokens, random, equipment } = setting;
  const any = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const chance = random();
  if (chance < 0.26) return ask(setting, send);
  if (chance < 0.52) {
    const waiting = any(targets.steps);
    if (!waiting) return delay(20);
    const token = waiting.approver === equipment.head ? tokens.head : tokens.budgetHolder;
    const outcome = random() < 0.9 ? 'approved' : 'rejected';
    return send(
      'decide',
      token,
      `/api/v1/requests/${waiting.requestId}/decisions`,
      { step: waiting.step, outcome, reason: 'Because' },
      { 'if-match': `"${waiting.revision}"` },
    );
  }
  if (chance < 0.7) {
    const reservation = any(targets.reservations);
    if (!reservation) return delay(20);
    const body = reservation.serial === null ? {} : { serial: reservation.serial };
    return send('pick', tokens.stock, `/api/v1/stock/picking/${reservation.id}/pick`, body);
  }
  if (chance < 0.8) {
    const pick = any(targets.picked);
    const what = random() < 0.75 ? 'hand-over' : 'put-back';
    return pick === undefined ? delay(20) : send(what, tokens.stock, `/api/v1/stock/picks/${pick}/${what}`, {});
  }
  if (chance < 0.86) {
    const given = any(targets.handed);
    const token = given && tokens.team[given.person];
    return token ? send('confirm', token, `/api/v1/requests/to-confirm/${given.id}`, {}) : delay(20);
  }
  if (chance < 0.91) {
    const given = any(targets.given);
    const body = { condition: 'good', placeId: equipment.places.stores };
    return given === undefined
      ? delay(20)
      : send('bring back', tokens.stock, `/api/v1/stock/picks/${given}/bring-back`, body);
  }
  if (chance < 0.98) {
    const request = any(targets.open);
    const what = random() < 0.7 ? 'cancel' : 'reopen';
    const body = what === 'cancel' ? { reason: 'Not needed any more' } : {};
    return request === undefined ? delay(20) : send(what, tokens.manager, `/api/v1/requests/${request}/${what}`, body);
  }
  return count(setting, send);
}

async function ask({ tokens, equipment, random }: StressSetting, send: Send): Promise<void> {
  const { products, team, costCentre } = equipment;
  const product = random() < 0.4 ? products.laptop : random() < 0.5 ? products.dock : products.headset;
  const body = {
    neededBy: dayIn(28),
    site: 'Civic Centre',
    costCentreCode: costCentre,
    lines: [
      {
        beneficiaryEntraId: team[Math.floor(random() * team.length)],
        productId: product,
        quantity: product === products.laptop ? 1 : 1 + Math.floor(random() * 2),
      },
    ],
  };
  const begun = await send('begin', tokens.manager, '/api/v1/requests', body);
  if (begun.status !== 201) return;
  const { id } = JSON.parse(begun.text) as { id: number };
  await send('submit', tokens.manager, `/api/v1/requests/${id}/submit`, { exceptionReason: 'Needed for the job' });
}

/** Counts the stores: a headset more or fewer than there should be. */
async function count({ sql, tokens, equipment, random }: StressSetting, send: Send): Promise<void> {
  const opened = await send('open count', tokens.stock, '/api/v1/stock/counts', { placeId: equipment.places.stores });
  if (opened.status !== 201) return;
  const { id } = JSON.parse(opened.text) as { id: number };
  const address = `/api/v1/stock/counts/${id}`;
  const begun = await send('count', tokens.stock, address, null);
  const [level] = await sql.query<{ onHand: number }[]>(
    'select on_hand as "onHand" from stock_level where (product_id, place_id) = ($1, $2)',
    [equipment.products.headset, equipment.places.stores],
  );
  const counted = Math.max((level?.onHand ?? 0) + Math.floor(random() * 3) - 1, 0);
  const lines = [{ productId: equipment.products.headset, counted, reason: 'Found so' }];
  await send('figures', tokens.stock, `${address}/figures`, { lines }, { 'if-match': begun.etag ?? '' });
  const entered = await send('count', tokens.stock, address, null);
  const closed = await send('reconcile', tokens.stock, `${address}/reconcile`, {}, { 'if-match': entered.etag ?? '' });
  if (closed.status < 300) return;
  const left = await send('count', tokens.stock, address, null);
  await send('abandon', tokens.stock, `${address}/abandon`, {}, { 'if-match': left.etag ?? '' });
}
