import { fetch } from 'undici';
import {
  outboundConnections,
  type OutboundConnections,
  type OutboundLimits,
  type OutboundSettings,
} from '../config/outbound-connections.js';
import { brokenContract, GraphFailure, sanitise } from './graph-errors.js';

/** Bounds that keep one bad connection from holding a run. */
export interface TransportLimits extends OutboundLimits {
  /** Size of one answer after decompression: 1,000 devices are about 2 MiB, so more than this is no page. */
  readonly maximumBytes: number;
}

/** The bounds used unless a caller sets its own. */
export const DEFAULT_TRANSPORT_LIMITS: TransportLimits = {
  connectMilliseconds: 10_000,
  headersMilliseconds: 60_000,
  bodyMilliseconds: 30_000,
  maximumBytes: 32 * 1024 * 1024,
};

/** One HTTP request. */
export interface TransportRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Go round the proxy: the address is on this machine or link-local, such as a managed identity endpoint. */
  readonly direct?: boolean;
}

/** One complete HTTP answer, whatever its status. */
export interface TransportAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Length of the body after decompression. */
  readonly bytes: number;
}

const USER_AGENT = 'Untether';
/** Node's codes for a certificate that does not check out. Trying again would not help. */
const CERTIFICATE_TROUBLE =
  /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH)/;

/** Sends requests over kept-alive connections that trust the extra authorities and go through the proxy. */
export class GraphTransport {
  private dispatchers: OutboundConnections | null = null;

  constructor(
    private readonly settings: OutboundSettings,
    private readonly limits: TransportLimits = DEFAULT_TRANSPORT_LIMITS,
  ) {}

  /**
   * Sends one request and reads the whole answer. Redirects are not followed: they are answers like any other, so that a
   * token never travels to an address that nobody checked.
   * @throws GraphFailure `temporary` when there is no complete answer, `contract_broken` for an oversized answer or a
   * certificate that is not trusted; the signal's own reason when that ended the request.
   */
  async send(request: TransportRequest): Promise<TransportAnswer> {
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: { 'user-agent': USER_AGENT, ...request.headers },
        body: request.body,
        signal: request.signal,
        redirect: 'manual',
        dispatcher: request.direct === true ? this.connections().direct : this.connections().outward,
      });
      const { text, bytes } = await this.readBody(response.body);
      return { status: response.status, headers: response.headers as unknown as Headers, text, bytes };
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      if (error instanceof GraphFailure) throw error;
      throw describeNetworkError(error);
    }
  }

  /** Closes idle connections and aborts what is under way. */
  async close(): Promise<void> {
    const open = this.dispatchers;
    this.dispatchers = null;
    if (open !== null) await Promise.all([open.outward.destroy(), open.direct.destroy()]);
  }

  private connections(): OutboundConnections {
    this.dispatchers ??= outboundConnections(this.settings, this.limits);
    return this.dispatchers;
  }

  private async readBody(
    body: { getReader(): { read(): Promise<{ done: boolean; value?: unknown }>; cancel(): Promise<unknown> } } | null,
  ): Promise<{ text: string; bytes: number }> {
    if (body === null) return { text: '', bytes: 0 };
    const reader = body.getReader();
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const value = piece.value as Uint8Array;
      bytes += value.byteLength;
      if (bytes > this.limits.maximumBytes) {
        await reader.cancel();
        throw brokenContract(`An answer was longer than ${this.limits.maximumBytes} bytes and was cut off`);
      }
      pieces.push(value);
    }
    return { text: Buffer.concat(pieces).toString('utf8'), bytes };
  }
}

/** Node hides what happened in a chain of causes; only its error code is taken, since messages name hosts and proxies. */
function describeNetworkError(error: unknown): GraphFailure {
  const code = errorCode(error);
  if (code !== null && CERTIFICATE_TROUBLE.test(code)) {
    return new GraphFailure('contract_broken', `The server's certificate is not trusted (${code}).`, {
      fix: 'If a proxy or firewall opens TLS connections here, put the certificate of its authority into the CA file of the Graph settings. Otherwise check the address.',
    });
  }
  return new GraphFailure(
    'temporary',
    `The connection failed before there was a whole answer (${code ?? 'no code'}).`,
    {
      fix: 'Check that this machine can reach Microsoft Graph and the sign-in service on port 443, directly or through the configured proxy. The next run tries again.',
    },
  );
}

function errorCode(error: unknown): string | null {
  let code: string | null = null;
  let layer = error;
  for (let depth = 0; depth < 5 && typeof layer === 'object' && layer !== null; depth += 1) {
    const known: { code?: unknown; cause?: unknown } = layer;
    code = sanitise(known.code) ?? code;
    layer = known.cause;
  }
  return code;
}
