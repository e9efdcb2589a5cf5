/**
 * How long a sign-in lasts. OWASP ASVS 5.0 asks for both limits (v5.0.0-7.3.1 and 7.3.2) and leaves the figures to a
 * documented decision. NIST SP 800-63B-4, section 2.2.3 (AAL2), allows an hour without activity and 24 hours in all;
 * eight hours are a working day, so that a browser left open at a shared desk is signed out by the next morning.
 */
export const IDLE_SECONDS = 60 * 60;
export const ABSOLUTE_SECONDS = 8 * 60 * 60;
