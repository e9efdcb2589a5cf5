import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';

/** How connections to the outside are made. */
export interface OutboundSettings {
  /** PEM file with authorities to trust besides the built-in ones, or null. */
  readonly caFile: string | null;
  /** Proxy that connections go through with CONNECT, or null. */
  readonly httpsProxy: string | null;
}

/** Bounds on the waiting for one connection. */
export interface OutboundLimits {
  readonly connectMilliseconds: number;
  /** Until the first byte of the answer. */
  readonly headersMilliseconds: number;
  /** Between two pieces of the body. */
  readonly bodyMilliseconds: number;
}

/** Kept-alive connections: through the proxy where there is one, and past it for addresses on this machine. */
export interface OutboundConnections {
  readonly outward: Dispatcher;
  readonly direct: Dispatcher;
}

/** Opens nothing yet: connections are made with the first request and trust the extra authorities. */
export function outboundConnections(settings: OutboundSettings, limits: OutboundLimits): OutboundConnections {
  const { caFile, httpsProxy } = settings;
  // A `ca` option replaces Node's own list, NODE_EXTRA_CA_CERTS included, so the built-in ones are named again.
  // Parsing that list takes tens of milliseconds: once for all connections.
  const trusted =
    caFile === null
      ? {}
      : { secureContext: createSecureContext({ ca: [...rootCertificates, readFileSync(caFile, 'utf8')] }) };
  const tls = { ...trusted, timeout: limits.connectMilliseconds };
  const common = {
    headersTimeout: limits.headersMilliseconds,
    bodyTimeout: limits.bodyMilliseconds,
    keepAliveTimeout: 10_000,
    connections: 8,
  };
  const direct = new Agent({ ...common, connect: tls });
  if (httpsProxy === null) return { outward: new Agent({ ...common, connect: tls }), direct };
  return { outward: new ProxyAgent({ ...common, uri: httpsProxy, requestTls: tls, proxyTls: tls }), direct };
}
