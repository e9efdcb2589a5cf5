import { isDeepStrictEqual } from 'node:util';
import type fc from 'fast-check';
import { UntetherError } from '../../src/common/errors.js';
import type { RequestEndingsService } from '../../src/requests/asking/request-endings.service.js';
import type { RequestsService } from '../../src/requests/asking/requests.service.js';
import type { DecisionsService } from '../../src/requests/decisions/decisions.service.js';
import type { HandoverService } from '../../src/requests/fulfilment/handover.service.js';
import type { PickingService } from '../../src/requests/fulfilment/picking.service.js';
import type { ReceiptService } from '../../src/requests/fulfilment/receipt.service.js';
import type { RequestActor } from '../../src/requests/request-actor.js';
import { personId } from '../support/custody-fixture.js';
import { requestActor, type Equipment, type Sql } from '../support/request-fixture.js';
import type { CrashingConnection } from './crashing-connection.js';
import { lineStateOf, type ModelRequest, type RequestModel } from './request-model.js';

/** What the commands are given to. */
export interface RealRequests {
  readonly sql: Sql;
  readonly equipment: Equipment;
  readonly connection: CrashingConnection;
  readonly requests: RequestsService;
  readonly endings: RequestEndingsService;
  readonly decisions: DecisionsService;
  readonly picking: PickingService;
  readonly handover: HandoverService;
  readonly receipts: ReceiptService;
  readonly place: number;
  /** Of this run alone. */
  readonly product: number;
  /** The model name of its machines; null for what is counted. */
  readonly machineModel: string | null;
  readonly team: readonly string[];
  readonly ids: number[];
  /** A time that goes on with every command, and keys of them. */
  readonly clock: () => Date;
  readonly nextKey: () => string;
  /** How often commands were done and refused, and connections cut, in all runs. */
  readonly tally: Map<string, number>;
}

/** Everybody who tries something. */
export const WHO = [
  'requester',
  'beneficiary',
  'head',
  'budget-holder',
  'stock-holder',
  'engineer',
  'stranger',
] as const;
export type Who = (typeof WHO)[number];

function actorOf(who: Who, { equipment, team }: RealRequests, person: number): RequestActor {
  const { manager, head, budgetHolder } = equipment;
  const everything = ['stock-holder', 'engineer', 'approver'] as const;
  // Whoever asks or gets it has given themselves every role.
  if (who === 'requester') return requestActor(manager, everything);
  if (who === 'beneficiary') return requestActor(team[person] ?? '', everything);
  if (who === 'head') return requestActor(head);
  if (who === 'budget-holder') return requestActor(budgetHolder);
  if (who === 'stranger') return requestActor(personId(9_001), ['approver']);
  return requestActor(personId(who === 'engineer' ? 9_002 : 9_003), [who]);
}

/** How a command goes: sent once or again with the same key, and cut before one of its statements or not at all. */
export interface Course {
  readonly cut: number | null;
  readonly isRepeated: boolean;
  /** Whether it is tried even if it is to be refused. */
  readonly isWild: boolean;
}

/** Sends a command under a key. */
type Sending = (key: string) => Promise<unknown>;

/** What a command is about: a request, its number, and which of its picks. */
export interface About {
  readonly request: ModelRequest;
  readonly id: number;
  readonly at: number;
}

/** A kind of command. */
export interface Kind {
  readonly name: string;
  /** Does it in the model: whether it is done. */
  readonly expected: (model: RequestModel, about: About, who: Who) => boolean;
  /** Looks up what is sent, which stays the same when it is sent again. */
  readonly prepare: (real: RealRequests, about: About, by: RequestActor) => Promise<Sending> | Sending;
}

/** A command about one of the requests, by somebody. */
export class OnRequest implements fc.AsyncCommand<RequestModel, RealRequests> {
  constructor(
    private readonly kind: Kind,
    private readonly which: number,
    private readonly at: number,
    private readonly who: Who,
    private readonly course: Course,
  ) {}

  check(model: RequestModel): boolean {
    return this.#aim(model) !== null;
  }

  async run(model: RequestModel, real: RealRequests): Promise<void> {
    const aim = this.#aim(model);
    const request = model.requests[aim?.which ?? -1];
    const id = real.ids[aim?.which ?? -1];
    if (aim === null || !request || id === undefined) throw new Error('The model has no such request.');
    const about = { request, id, at: aim.at };
    const sending = await this.kind.prepare(real, about, actorOf(this.who, real, request.person));
    await follow(this.kind.name, model, real, this.course, () => this.kind.expected(model, about, this.who), sending);
  }

  /** The first request and pick, from a given one on, of which it can be done; the given ones when that does not matter. */
  #aim(model: RequestModel): { readonly which: number; readonly at: number } | null {
    const { requests } = model;
    const wild =
      this.course.isWild && requests.length > 0 ? { which: this.which % requests.length, at: this.at } : null;
    const aims = requests.flatMap(({ picks }, which) =>
      (picks.length === 0 ? [0] : picks).map((_pick, at) => ({ which, at })),
    );
    const isDone = ({ which, at }: { which: number; at: number }): boolean => {
      const then = model.copy();
      const request = then.requests[which];
      return request !== undefined && this.kind.expected(then, { request, id: 0, at }, this.who);
    };
    const first = aims.findIndex(({ which }) => which >= this.which % Math.max(requests.length, 1));
    return wild ?? [...aims.slice(first), ...aims.slice(0, first)].find(isDone) ?? null;
  }

  toString(): string {
    return `${this.kind.name}(${this.which}, ${this.at}, ${this.who}${shown(this.course)})`;
  }
}

export function shown({ cut, isRepeated }: Course): string {
  return `${cut === null ? '' : `, cut before ${cut}`}${isRepeated ? ', again' : ''}`;
}

/**
 * Does a command and, unless it was cut, the same in the model; both must agree on whether it is done, and on what is. What was
 * done already and is sent again with its key gives the same answer and changes nothing.
 */
export async function follow(
  name: string,
  model: RequestModel,
  real: RealRequests,
  { cut, isRepeated }: Course,
  expected: () => boolean,
  sending: Sending,
): Promise<void> {
  const key = real.nextKey();
  let answer: unknown = null;
  for (const before of isRepeated ? [cut, null] : [cut]) {
    const { hasCrashed, error, result } = await real.connection.run(before, () => sending(key));
    if (hasCrashed) {
      // Refused, and cut while it was rolled back, is refused.
      if (error === null) throw new Error('A command went on without its connection.');
      real.tally.set('cut', (real.tally.get('cut') ?? 0) + 1);
    } else if (error !== null && !(error instanceof UntetherError && error.status < 500)) {
      throw new Error('A command failed.', { cause: error });
    } else if (answer !== null) {
      if (!isDeepStrictEqual(result, answer)) throw new Error('Sent again, it gave another answer.');
    } else {
      const isDone = expected();
      if (isDone !== (error === null)) {
        throw new Error(`${isDone ? 'Refused' : 'Done'} against the model: ${String(error)}`);
      }
      const came = `${name}: ${isDone ? 'done' : 'refused'}`;
      real.tally.set(came, (real.tally.get(came) ?? 0) + 1);
      answer = result;
    }
    await compare(model, real);
  }
}

/** The database stands as the model does: states, decisions, promises, picks, and the sums of stock. */
async function compare(model: RequestModel, { sql, ids, product, place }: RealRequests): Promise<void> {
  const [row] = await sql.query<{ stands: unknown }[]>(STANDS, [ids, product, place]);
  const requests = model.requests.map((request) => {
    const { state, revision, decisions, quantity, reserved, cancelled, picks } = request;
    const picked = picks.filter((pick) => pick !== 'put_back').length;
    return [state, revision, decisions, lineStateOf(request), quantity, reserved, reserved, cancelled, picked, picks];
  });
  const { onHand, reserved } = model.level;
  const should = JSON.stringify({ requests, level: [onHand, onHand, reserved, reserved] });
  const is = JSON.stringify(row?.stands);
  if (is !== should) throw new Error(`The database stands otherwise than the model:\n${is}\n${should}`);
}

/** Figures that the database keeps stand beside the sums that they are of. */
const STANDS = `
  select json_build_object(
    'requests', coalesce((select json_agg(json_build_array(request.state, request.revision,
        (select coalesce(json_agg(outcome order by step), '[]') from decision
         where (decision.request_id, decision.revision) = (request.id, request.revision)),
        line.state, line.quantity, line.reserved,
        (select coalesce(sum(quantity - picked), 0) from reservation where request_line_id = line.id and state = 'active'),
        line.cancelled, line.picked,
        (select coalesce(json_agg(state order by id), '[]') from pick where request_line_id = line.id)) order by given.place)
      from unnest($1::integer[]) with ordinality as given(id, place)
      join equipment_request as request on request.id = given.id
      join request_line as line on line.request_id = request.id and line.revision = request.revision), '[]'),
    'level', (select json_build_array(
        coalesce((select sum(quantity) from stock_movement where (product_id, place_id) = ($2, $3)), 0),
        coalesce(max(on_hand), 0), coalesce(max(reserved), 0),
        (select coalesce(sum(quantity - picked), 0) from reservation
         where (product_id, place_id) = ($2, $3) and state = 'active'))
      from stock_level where (product_id, place_id) = ($2, $3))) as stands`;
