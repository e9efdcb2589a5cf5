import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from './security-headers.js';

/** What of a request tells whom it is meant for. */
type Addressed = Pick<IncomingMessage, 'headersDistinct' | 'url'>;

/**
 * Tells whether a request names this site, once and plainly. A page of another site whose name is made to point here (DNS
 * rebinding) sends that site's name; so would a forged link that is meant to end up in what we write. What a proxy says
 * of the host (X-Forwarded-Host) is not looked at.
 * @param publicUrl where people open the site; null while it is this machine only.
 * @param alsoThisMachine whether names of this machine count besides, as in the demonstration.
 */
export function ownHostCheck(publicUrl: string | null, alsoThisMachine: boolean): (request: Addressed) => boolean {
  const own = publicUrl === null ? null : new URL(publicUrl).host;
  return ({ headersDistinct, url }) => {
    const hosts = headersDistinct['host'] ?? [];
    const [host] = hosts;
    // An address with a host of its own would take precedence over the header (RFC 9112, section 3.2.2).
    if (hosts.length !== 1 || host === undefined || url?.startsWith('/') !== true) return false;
    if (own !== null && host.toLowerCase() === own) return true;
    // Whoever looks after the process asks it by its address; the answers hold nothing that a name could lead to.
    if (/^\/health\/(live|ready)$/.test(url)) return true;
    return (own === null || alsoThisMachine) && isLoopbackHost(host);
  };
}
