import type { ServedPath } from './permissions.js';
import type { QueryOptions } from './query-options.js';

// Costs and limits: Microsoft Graph throttling limits, learn.microsoft.com/graph/throttling-limits (2025).
const BASE_COST: Partial<Record<ServedPath, number>> = { '/users': 2, '/subscribedSkus': 3 };
const DIRECTORY_WINDOW_MS = 10_000;
const DIRECTORY_UNITS = { small: 3500, medium: 5000, large: 8000 } as const;
const INTUNE_WINDOW_MS = 20_000;
const INTUNE_REQUESTS = 2000;
const CALLS_WINDOW_MS = 20_000;
const CALL_REQUESTS = 1500;
const CALL_LIST_REQUESTS = 40;
const SHORT_PAGE = 20;

/** Resource units that a directory request costs: `$select` saves one, `$expand` adds one, a short page saves one. */
export function resourceUnitCost(path: ServedPath, options: QueryOptions): number {
  const top = Number(options.values.get('top') ?? SHORT_PAGE);
  const cost =
    (BASE_COST[path] ?? 1) -
    (options.values.has('select') ? 1 : 0) +
    (options.values.has('expand') ? 1 : 0) -
    (top < SHORT_PAGE ? 1 : 0);
  return Math.max(1, cost);
}

/** How much of a limit the last window used; over 1 is throttled. */
export interface Load {
  readonly share: number;
  /** Whole seconds until the window has room again. */
  readonly retryAfterSeconds: number;
}

/** Counts what an application spends in the sliding windows of the two services, and so knows when Graph would throttle. */
export class ThrottlingMeter {
  private readonly directory = new Spent();
  private readonly intune = new Spent();
  private readonly calls = new Spent();
  private readonly callLists = new Spent();

  /** @param clock milliseconds since 1970 */
  constructor(private readonly clock: () => number) {}

  /** Adds a directory request's cost; the limit depends on the number of users in the tenant. */
  spendDirectory(units: number, users: number): Load {
    const size = users < 50 ? 'small' : users <= 500 ? 'medium' : 'large';
    return this.spend(this.directory, units, DIRECTORY_WINDOW_MS, DIRECTORY_UNITS[size]);
  }

  /** Adds one Intune request. */
  spendIntune(): Load {
    return this.spend(this.intune, 1, INTUNE_WINDOW_MS, INTUNE_REQUESTS);
  }

  /** Adds one request for call records; lists have a limit of their own besides. */
  spendCalls(list: boolean): Load {
    const any = this.spend(this.calls, 1, CALLS_WINDOW_MS, CALL_REQUESTS);
    if (!list) return any;
    const lists = this.spend(this.callLists, 1, CALLS_WINDOW_MS, CALL_LIST_REQUESTS);
    return lists.share > any.share ? lists : any;
  }

  private spend(spent: Spent, cost: number, windowMs: number, limit: number): Load {
    const now = this.clock();
    spent.add(now, cost, windowMs);
    return {
      share: spent.total / limit,
      retryAfterSeconds: Math.max(1, Math.ceil((spent.oldest + windowMs - now) / 1000)),
    };
  }
}

/** What was spent in a sliding window; its sum is kept, since a busy client spends thousands of times in one. */
class Spent {
  total = 0;
  private readonly entries: { readonly at: number; readonly cost: number }[] = [];

  /** When the first of the window was spent. */
  get oldest(): number {
    return this.entries[0]?.at ?? 0;
  }

  add(at: number, cost: number, windowMs: number): void {
    this.entries.push({ at, cost });
    this.total += cost;
    for (let first = this.entries[0]; first !== undefined && first.at <= at - windowMs; first = this.entries[0]) {
      this.total -= first.cost;
      this.entries.shift();
    }
  }
}
