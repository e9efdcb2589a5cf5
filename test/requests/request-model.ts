/** Where a request of the model stands. */
export interface ModelRequest {
  readonly person: number;
  state: 'draft' | 'submitted' | 'returned' | 'rejected' | 'approved' | 'cancelled' | 'closed';
  revision: number;
  /** Which step waits: 1 the head, 2 the budget holder. */
  step: number;
  line: 'open' | 'reserved' | 'back_ordered' | 'picking' | 'fulfilled' | 'received' | 'cancelled' | 'superseded';
  /** Place in the order of approvals. */
  approvedAt: number;
}

/**
 * Requests for one each of one product at one place, as they should be: what the commands may do, and what comes of it. Each
 * method says whether the command is done; when it is not, nothing changes.
 */
export class RequestModel {
  readonly requests: ModelRequest[] = [];
  free: number;
  #approvals = 0;

  constructor(stock: number) {
    this.free = stock;
  }

  ask(person: number): boolean {
    this.requests.push({ person, state: 'draft', revision: 1, step: 0, line: 'open', approvedAt: 0 });
    return true;
  }

  submit(request: ModelRequest, isOwn: boolean): boolean {
    if (!isOwn || request.state !== 'draft') return false;
    Object.assign(request, { state: 'submitted', step: 1 });
    return true;
  }

  decide(request: ModelRequest, isAsked: boolean, outcome: 'approved' | 'rejected' | 'returned'): boolean {
    if (!isAsked || request.state !== 'submitted') return false;
    if (outcome !== 'approved') request.state = outcome;
    else if (request.step === 1) request.step = 2;
    else {
      Object.assign(request, { state: 'approved', line: 'back_ordered', approvedAt: ++this.#approvals });
      this.serve();
    }
    return true;
  }

  cancel(request: ModelRequest, isOwn: boolean): boolean {
    const isOver = ['rejected', 'cancelled', 'closed'].includes(request.state);
    if (!isOwn || isOver || request.line === 'fulfilled') return false;
    this.#release(request);
    Object.assign(request, { state: 'cancelled', line: 'cancelled' });
    this.serve();
    return true;
  }

  reopen(request: ModelRequest, isOwn: boolean): boolean {
    const canChange = ['submitted', 'returned', 'approved'].includes(request.state);
    if (!isOwn || !canChange || request.line === 'fulfilled') return false;
    this.#release(request);
    Object.assign(request, { state: 'draft', line: 'open', revision: request.revision + 1 });
    this.serve();
    return true;
  }

  pick(request: ModelRequest, mayPick: boolean): boolean {
    return this.#step(request, mayPick, ['reserved'], 'picking');
  }

  putBack(request: ModelRequest, mayPick: boolean): boolean {
    return this.#step(request, mayPick, ['picking'], 'reserved');
  }

  handOver(request: ModelRequest, mayHandOver: boolean): boolean {
    return this.#step(request, mayHandOver, ['picking'], 'fulfilled');
  }

  confirm(request: ModelRequest, isTheirs: boolean): boolean {
    if (!this.#step(request, isTheirs, ['fulfilled'], 'received')) return false;
    request.state = 'closed';
    return true;
  }

  bringBack(request: ModelRequest, mayTake: boolean, isBack: boolean): boolean {
    if (isBack || !this.#step(request, mayTake, ['fulfilled', 'received'], 'received')) return false;
    request.state = 'closed';
    this.receive(1);
    return true;
  }

  receive(quantity: number): boolean {
    this.free += quantity;
    this.serve();
    return true;
  }

  lose(): boolean {
    if (this.free === 0) return false;
    this.free -= 1;
    return true;
  }

  /** Gives what is free to who waits, in the order of approval. */
  serve(): void {
    const waiting = this.requests
      .filter(({ line }) => line === 'back_ordered')
      .sort((one, other) => one.approvedAt - other.approvedAt);
    for (const request of waiting.slice(0, this.free)) {
      request.line = 'reserved';
      this.free -= 1;
    }
  }

  #release({ line }: ModelRequest): void {
    if (line === 'reserved' || line === 'picking') this.free += 1;
  }

  #step(
    request: ModelRequest,
    isAllowed: boolean,
    from: readonly ModelRequest['line'][],
    to: ModelRequest['line'],
  ): boolean {
    if (!isAllowed || !from.includes(request.line)) return false;
    request.line = to;
    return true;
  }
}
