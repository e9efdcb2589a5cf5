import type { IncomingMessage } from 'node:http';

/**
 * Headers of every answer, refusals and errors included: what the OWASP Secure Headers Project recommends for a site
 * that loads nothing from elsewhere and is never framed. Without Strict-Transport-Security, which belongs to https.
 * @param inlineScriptHash hash source of the page template's one inline script.
 */
export function securityHeaders(inlineScriptHash: string): Readonly<Record<string, string>> {
  const policy = {
    'default-src': "'none'",
    'script-src': `'self' ${inlineScriptHash}`,
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': "'self'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    // Data about people stays in no cache; files that never change say so themselves.
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
  };
}

/**
 * Whether a request names this machine, once and plainly. A page of another site whose name is made to point here (DNS
 * rebinding) sends that site's name, and there is no sign-in yet that would keep it out.
 */
export function isMeantForThisMachine(request: Pick<IncomingMessage, 'headersDistinct' | 'url'>): boolean {
  const hosts = request.headersDistinct['host'] ?? [];
  // An address with a host of its own would take precedence over the header (RFC 9112, section 3.2.2).
  return hosts.length === 1 && isLoopbackHost(hosts[0]) && request.url?.startsWith('/') === true;
}

/** Whether the value of a Host header is a name of this machine, with or without a port. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host);
}
