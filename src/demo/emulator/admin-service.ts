import { timingSafeEqual } from 'node:crypto';

import { COLLECTIONS, type DaySummary } from '../tenant/tenant-store.js';
import { type EmulatedRequest, jsonReply, type Reply } from './exchange.js';
import { FAULT_CATALOGUE } from './faults/catalogue.js';
import type { Fault } from './faults/fault.js';
import type { FaultSet } from './faults/fault-set.js';
import type { RequestLog } from './request-log.js';
import { SUPPORTED_PATHS } from './routes.js';
import { parseStep, type TenantStep } from './tenant-step.js';
import type { TenantView } from './tenant-view.js';

/** Header that carries the administration key. A web page cannot send it to another origin without being allowed to. */
export const ADMIN_KEY_HEADER = 'x-emulator-key';
/** First part of every administration path; Graph has no such path. */
export const ADMIN_PATH = '/__emulator';

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
const MAXIMUM_LISTED_REQUESTS = 500;

/** What an invented council has on record beside what Microsoft Graph shows of it; each is told when it is asked for. */
export interface Stories {
  /** Of its rollout. */
  readonly programme: () => object;
  /** Of its networks. */
  readonly networks: () => object;
  /** Of requests for equipment, and of the stores. */
  readonly requests: () => object;
}

/** The emulator's own surface: what it is, its faults, its requests, and changes of its tenant. */
export class AdminService {
  /**
   * @param write makes a step and returns the days lived through
   * @param stories what the council has on record beside its tenant
   */
  constructor(
    private readonly view: TenantView,
    private readonly faults: FaultSet,
    private readonly log: RequestLog,
    private readonly key: string,
    private readonly write: (step: TenantStep) => Promise<DaySummary[]>,
    private readonly stories?: Stories,
  ) {}

  /** Answers a request from the given address below `ADMIN_PATH`. */
  async answer(request: EmulatedRequest, remoteAddress: string | undefined): Promise<Reply> {
    if (!LOOPBACK.includes(remoteAddress ?? '')) return refusal(403, 'Only this computer may administer the emulator.');
    if (!this.holdsKey(request.headers[ADMIN_KEY_HEADER]))
      return refusal(403, `The header ${ADMIN_KEY_HEADER} does not carry the key.`);
    try {
      return await this.dispatch(request);
    } catch (error) {
      if (error instanceof RangeError || error instanceof SyntaxError) return refusal(400, error.message);
      throw error;
    }
  }

  private async dispatch(request: EmulatedRequest): Promise<Reply> {
    const rest = request.path.slice(ADMIN_PATH.length).replace(/\/$/, '');
    switch (`${request.method} ${rest}`) {
      case 'GET ':
        return jsonReply(200, this.status());
      case 'GET /faults':
        return jsonReply(200, { active: this.faults.list(), catalogue: FAULT_CATALOGUE });
      case 'POST /faults':
        return jsonReply(201, { id: this.faults.add(JSON.parse(request.body) as Fault) });
      case 'DELETE /faults': {
        const id = new URLSearchParams(request.query).get('id') ?? undefined;
        return this.faults.clear(id) || id === undefined
          ? { status: 204, headers: {}, body: '' }
          : refusal(404, `There is no fault '${id}'.`);
      }
      case 'POST /advance': {
        const { days } = (JSON.parse(request.body) ?? {}) as { readonly days?: unknown };
        const summaries = await this.write(parseStep({ kind: 'advance', days }));
        return jsonReply(200, { day: this.view.tenant.day, today: this.view.tenant.today, days: summaries });
      }
      case 'POST /records': {
        await this.write(parseStep(JSON.parse(request.body)));
        return jsonReply(200, { sequence: this.view.tenant.latestSequence() });
      }
      case 'GET /requests':
        return jsonReply(200, {
          counters: this.log.counters(),
          latest: this.log.latest().slice(-MAXIMUM_LISTED_REQUESTS),
        });
      case 'GET /programme-history':
        return story(this.stories?.programme);
      case 'GET /networks':
        return story(this.stories?.networks);
      case 'GET /equipment-requests':
        return story(this.stories?.requests);
      default:
        return refusal(404, 'The emulator has no such administration path.');
    }
  }

  private status(): object {
    const { tenant } = this.view;
    return {
      banner: 'This is an emulator of Microsoft Graph with a synthetic tenant. Nothing in it is real.',
      seed: tenant.seed,
      day: tenant.day,
      today: tenant.today,
      records: Object.fromEntries(COLLECTIONS.map((name) => [name, tenant.list(name).length])),
      faults: this.faults.list().length,
      requests: this.log.counters(),
      supportedPaths: SUPPORTED_PATHS.map((path) => `/v1.0${path}`),
      unsupported: 'Every other path answers 501, and so does every query option that is not emulated.',
    };
  }

  private holdsKey(given: string | undefined): boolean {
    const [held, shown] = [Buffer.from(this.key), Buffer.from(given ?? '')];
    return held.length === shown.length && timingSafeEqual(held, shown);
  }
}

function story(tell: (() => object) | undefined): Reply {
  return tell === undefined ? refusal(404, 'This tenant has no such records.') : jsonReply(200, tell());
}

function refusal(status: number, message: string): Reply {
  return jsonReply(status, { error: message });
}
