export type Outcome = 'approved' | 'rejected' | 'returned';
type PickState = 'picked' | 'dispatched' | 'handed_over' | 'received' | 'put_back' | 'returned';
type LineState =
  'open' | 'reserved' | 'back_ordered' | 'picking' | 'fulfilled' | 'received' | 'cancelled' | 'superseded';

/** Where a request of the model stands: its present revision, with one line. */
export interface ModelRequest {
  readonly person: number;
  readonly quantity: number;
  state: 'draft' | 'submitted' | Outcome | 'cancelled' | 'closed';
  revision: number;
  /** What was decided, step by step: first the head, then the budget holder. */
  decisions: Outcome[];
  reserved: number;
  cancelled: number;
  /** What was picked, one each, in that order. */
  picks: PickState[];
  /** Place in the order of approvals; 0 until it has one. */
  approvedAt: number;
}

const count = ({ picks }: ModelRequest, ...states: readonly PickState[]): number =>
  picks.filter((state) => states.includes(state)).length;
/** What has left the shelf for somebody, whether or not it was brought back later. */
const pickedOf = (request: ModelRequest): number => request.picks.length - count(request, 'put_back');
const missingOf = (request: ModelRequest): number =>
  request.quantity - request.reserved - request.cancelled - pickedOf(request);

/** What the line of a request is called, as its figures say. */
export function lineStateOf(request: ModelRequest): LineState {
  if (!['approved', 'cancelled', 'closed'].includes(request.state)) return 'open';
  if (request.cancelled === request.quantity) return 'cancelled';
  if (missingOf(request) > 0) return 'back_ordered';
  if (pickedOf(request) === 0) return 'reserved';
  if (request.reserved > 0 || count(request, 'picked', 'dispatched') > 0) return 'picking';
  return count(request, 'handed_over') > 0 ? 'fulfilled' : 'received';
}

/**
 * Requests for one or two of one product at one place, as they should be: what the commands may do, and what comes of it. Each
 * method says whether the command is done; when it is not, nothing changes.
 */
export class RequestModel {
  readonly requests: ModelRequest[] = [];
  #free: number;
  #approvals = 0;

  /** @param isMachine whether it has serial numbers: what is brought back is wiped before it is stock again then */
  constructor(
    stock: number,
    readonly isMachine: boolean,
  ) {
    this.#free = stock;
  }

  /** The same again, for looking at what would come of a command. */
  copy(): RequestModel {
    const copy = new RequestModel(this.#free, this.isMachine);
    copy.#approvals = this.#approvals;
    for (const request of this.requests) {
      copy.requests.push({ ...request, decisions: [...request.decisions], picks: [...request.picks] });
    }
    return copy;
  }

  get level(): { readonly onHand: number; readonly reserved: number } {
    const reserved = this.requests.reduce((sum, request) => sum + request.reserved, 0);
    return { onHand: this.#free + reserved, reserved };
  }

  ask(person: number, quantity: number): boolean {
    const nothing = { decisions: [], reserved: 0, cancelled: 0, picks: [], approvedAt: 0 };
    this.requests.push({ person, quantity, state: 'draft', revision: 1, ...nothing });
    return true;
  }

  submit(request: ModelRequest, isOwn: boolean): boolean {
    if (!isOwn || request.state !== 'draft') return false;
    request.state = 'submitted';
    return true;
  }

  decide(request: ModelRequest, isAsked: boolean, outcome: Outcome): boolean {
    if (!isAsked || request.state !== 'submitted') return false;
    request.decisions.push(outcome);
    if (outcome === 'approved' && request.decisions.length === 1) return true;
    request.state = outcome;
    if (outcome !== 'approved') return true;
    request.approvedAt = ++this.#approvals;
    return this.#serve();
  }

  /** Whatever is not with somebody or on its way to them is cancelled; where there is no such thing, nothing is. */
  cancel(request: ModelRequest, isOwn: boolean): boolean {
    if (!isOwn || ['rejected', 'cancelled', 'closed'].includes(request.state)) return false;
    if (missingOf(request) + request.reserved + count(request, 'picked') === 0) return false;
    this.#release(request);
    request.cancelled = request.quantity - pickedOf(request);
    if (pickedOf(request) === 0) request.state = 'cancelled';
    else this.#closeIfDone(request);
    return this.#serve();
  }

  reopen(request: ModelRequest, isOwn: boolean): boolean {
    const isGiven = pickedOf(request) > count(request, 'picked');
    if (!isOwn || isGiven || !['submitted', 'returned', 'approved'].includes(request.state)) return false;
    this.#release(request);
    const nothing = { decisions: [], cancelled: 0, picks: [], approvedAt: 0 };
    Object.assign(request, { state: 'draft', revision: request.revision + 1, ...nothing });
    return this.#serve();
  }

  pick(request: ModelRequest, mayPick: boolean): boolean {
    if (!mayPick || request.reserved === 0) return false;
    request.reserved -= 1;
    request.picks.push('picked');
    return true;
  }

  dispatch(request: ModelRequest, at: number, mayPick: boolean): boolean {
    return mayPick && this.#move(request, at, ['picked'], 'dispatched');
  }

  handOver(request: ModelRequest, at: number, mayHandOver: boolean): boolean {
    return mayHandOver && this.#move(request, at, ['picked', 'dispatched'], 'handed_over');
  }

  /** It stays reserved for its person, unless the rest was cancelled meanwhile. */
  putBack(request: ModelRequest, at: number, mayPick: boolean): boolean {
    if (!mayPick || !this.#move(request, at, ['picked', 'dispatched'], 'put_back')) return false;
    this.#free += 1;
    if (request.cancelled === 0) this.#give(request);
    else request.cancelled = request.quantity - request.reserved - pickedOf(request);
    this.#closeIfDone(request);
    return this.#serve();
  }

  confirm(request: ModelRequest, at: number, isTheirs: boolean): boolean {
    if (!isTheirs || !this.#move(request, at, ['handed_over', 'dispatched'], 'received')) return false;
    this.#closeIfDone(request);
    return true;
  }

  bringBack(request: ModelRequest, at: number, mayTake: boolean): boolean {
    if (!mayTake || !this.#move(request, at, ['handed_over', 'received'], 'returned')) return false;
    if (!this.isMachine) this.receive();
    this.#closeIfDone(request);
    return true;
  }

  receive(): boolean {
    this.#free += 1;
    return this.#serve();
  }

  lose(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** Gives what is free to who waits, in the order of approval. */
  #serve(): true {
    const waiting = this.requests.filter(({ state }) => state === 'approved');
    for (const request of waiting.sort((one, other) => one.approvedAt - other.approvedAt)) this.#give(request);
    return true;
  }

  #give(request: ModelRequest): void {
    const given = Math.min(missingOf(request), this.#free);
    request.reserved += given;
    this.#free -= given;
  }

  /** What is kept and lies ready is free again. */
  #release(request: ModelRequest): void {
    this.#free += request.reserved + count(request, 'picked');
    request.reserved = 0;
    request.picks = request.picks.map((state) => (state === 'picked' ? 'put_back' : state));
  }

  #closeIfDone(request: ModelRequest): void {
    if (request.state === 'approved' && ['received', 'cancelled'].includes(lineStateOf(request))) {
      request.state = 'closed';
    }
  }

  #move(request: ModelRequest, at: number, from: readonly PickState[], to: PickState): boolean {
    const state = request.picks[at];
    if (state === undefined || !from.includes(state)) return false;
    request.picks[at] = to;
    return true;
  }
}
