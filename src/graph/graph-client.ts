import { Inject, Injectable, Logger, Optional, type OnModuleDestroy } from '@nestjs/common';
import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import type { GraphSettings } from '../config/config.types.js';
import { readBatch, type BatchAnswer, type BatchItem } from './graph-batch.js';
import { GraphCall, type GraphReadOptions } from './graph-call.js';
import { brokenContract } from './graph-errors.js';
import { DEFAULT_TRANSPORT_LIMITS, GraphTransport, type TransportLimits } from './graph-http.js';
import { GraphLane, LANE_PACES, type GraphLaneName } from './graph-lane.js';
import { createChain } from './graph-middleware.js';
import { readPages, resolvePath, type GraphPage, type GraphRead } from './graph-pages.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './graph-retry.js';
import { SYSTEM_TIMINGS, type GraphTimings } from './graph-timings.js';
import { GraphToken, type TokenFacts } from './graph-token.js';

/** Injection token of a function that gives the settings; it is called at the first use, not before. */
export const GRAPH_SETTINGS = Symbol('GRAPH_SETTINGS');
/** Injection token of `GraphClientOptions`; nobody but a test needs to provide it. */
export const GRAPH_CLIENT_OPTIONS = Symbol('GRAPH_CLIENT_OPTIONS');

/** What may differ from the defaults. */
export interface GraphClientOptions {
  readonly timings?: GraphTimings;
  readonly policy?: Partial<RetryPolicy>;
  readonly limits?: Partial<TransportLimits>;
  readonly tokenMilliseconds?: number;
  readonly log?: (line: string) => void;
}

/** Everything that belongs to one tenant's connection. */
interface Connection {
  readonly origin: string;
  readonly client: Client;
  readonly token: GraphToken;
  readonly transport: GraphTransport;
  readonly lanes: Readonly<Record<GraphLaneName, GraphLane>>;
}

/** Reads Microsoft Graph v1.0 with this application's own permissions. Every failure is a `GraphFailure`. */
@Injectable()
export class GraphClient implements OnModuleDestroy {
  private connection: Connection | null = null;
  private readonly timings: GraphTimings;
  private readonly policy: RetryPolicy;
  private readonly logger = new Logger('Graph');

  constructor(
    @Inject(GRAPH_SETTINGS) private readonly settings: () => GraphSettings,
    @Optional() @Inject(GRAPH_CLIENT_OPTIONS) private readonly options: GraphClientOptions = {},
  ) {
    this.timings = options.timings ?? SYSTEM_TIMINGS;
    this.policy = { ...DEFAULT_RETRY_POLICY, ...options.policy };
  }

  /** Reads a collection page by page, one page ahead of the caller. See `readPages` for the rules. */
  pages(request: GraphRead): AsyncGenerator<GraphPage> {
    const { origin } = this.connect();
    return readPages((url, options) => this.call(new GraphCall(url, options, 'json')), request, origin);
  }

  /** Reads one JSON object. `path` is relative to `/v1.0`, its values already encoded, or a whole link. */
  async get(path: string, options: GraphReadOptions): Promise<unknown> {
    return this.call(new GraphCall(this.resolve(path), options, 'json'));
  }

  /** Reads a `$count` path such as `/users/$count`, which answers a bare number in plain text. */
  async count(path: string, options: GraphReadOptions): Promise<number> {
    const headers = { ConsistencyLevel: 'eventual', ...options.headers };
    const text = String(await this.call(new GraphCall(this.resolve(path), { ...options, headers }, 'text')));
    // Graph puts a byte order mark in front of the number.
    const digits = text.replace(/^\uFEFF/, '').trim();
    if (!/^\d{1,15}$/.test(digits)) throw brokenContract('The answer to a count is not a number');
    return Number(digits);
  }

  /** Reads many single things with `$batch`. See `readBatch` for the rules. */
  async batch(items: readonly BatchItem[], options: GraphReadOptions): Promise<Map<string, BatchAnswer>> {
    const url = this.resolve('/$batch');
    const lane = this.connect().lanes[options.lane];
    return readBatch(items, options, {
      post: (some) => {
        const requests = some.map(({ id, path, headers }) => ({ id, method: 'GET', url: path, headers }));
        return this.call(new GraphCall(url, options, 'batch', some.length), { requests });
      },
      pause: (until) => lane.pause(until),
      timings: this.timings,
      policy: this.policy,
    });
  }

  /** The permissions that Entra ID granted to this application, and when the present token ends. */
  async tokenFacts(): Promise<TokenFacts> {
    return this.connect().token.facts();
  }

  /** When the certificate that this application signs in with ends, or null for any other credential. */
  credentialExpiresAt(): Date | null {
    return this.connect().token.credentialExpiresAt();
  }

  /** Closes every connection. */
  async onModuleDestroy(): Promise<void> {
    const open = this.connection;
    this.connection = null;
    await open?.transport.close();
  }

  private resolve(path: string): string {
    return resolvePath(path, this.connect().origin);
  }

  private async call(call: GraphCall, body?: object): Promise<unknown> {
    const request = this.connect().client.api(call.url).middlewareOptions([call]).responseType(ResponseType.RAW);
    try {
      await (body === undefined ? request.get() : request.post(body));
    } catch (error) {
      throw call.failure ?? error;
    }
    return call.body;
  }

  private connect(): Connection {
    this.connection ??= this.open(this.settings());
    return this.connection;
  }

  private open(settings: GraphSettings): Connection {
    const { timings, policy } = this;
    const { origin } = new URL(settings.baseUrl);
    const transport = new GraphTransport(settings, { ...DEFAULT_TRANSPORT_LIMITS, ...this.options.limits });
    const token = new GraphToken(settings, transport, timings.clock, this.options.tokenMilliseconds);
    const lanes = {
      directory: new GraphLane(LANE_PACES.directory, timings),
      intune: new GraphLane(LANE_PACES.intune, timings),
      'call-records': new GraphLane(LANE_PACES['call-records'], timings),
      'call-record-lists': new GraphLane(LANE_PACES['call-record-lists'], timings),
    };
    const log = this.options.log ?? ((line: string) => this.logger.warn(line));
    const middleware = createChain({ origin, token, transport, lanes, timings, policy, log });
    return { origin, token, transport, lanes, client: Client.initWithMiddleware({ middleware }) };
  }
}
