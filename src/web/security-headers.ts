import type { IncomingMessage } from 'node:http';

/**
 * What a page may load and do: files of this site, and the inline scripts of this one answer, which carry its nonce.
 * @param nonce base64, new for every answer.
 * @param formTargets other origins that a form's answer may lead to, such as the sign-in service's.
 */
export function pagePolicy(nonce: string, formTargets: readonly string[] = []): string {
  return policyOf({
    'default-src': "'none'",
    'script-src': `'self' 'nonce-${nonce}'`,
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': "'self'",
    'form-action': ["'self'", ...formTargets].join(' '),
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
  });
}

/** What anything that is no page may load and do. */
const NO_PAGE_POLICY = policyOf({
  'default-src': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
});

function policyOf(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** A year, with subdomains (OWASP ASVS 5.0, 3.4.1). */
const STRICT_TRANSPORT = 'max-age=31536000; includeSubDomains';

/**
 * Headers of every answer, refusals and errors included: what the OWASP Secure Headers Project recommends for a site
 * that loads nothing from elsewhere and is never framed. Pages have a policy of their own instead.
 * @param overHttps whether people reach this site over https only.
 */
export function securityHeaders(overHttps: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': NO_PAGE_POLICY,
    ...(overHttps ? { 'strict-transport-security': STRICT_TRANSPORT } : {}),
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
 * rebinding) sends that site's name.
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
