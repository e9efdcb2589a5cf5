import { describeContentType, GraphFailure, readRetryAfter, sanitise } from './graph-errors.js';
import type { TransportAnswer } from './graph-http.js';

const WHERE = 'Entra ID, App registrations, Certificates & secrets';

/** What an administrator does about each refusal (learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const FIXES: Readonly<Record<string, { readonly what: string; readonly fix: string }>> = {
  AADSTS7000222: {
    what: 'The client secret has expired',
    fix: `Make a new client secret in ${WHERE}, or better a certificate, and put it into the Graph settings.`,
  },
  AADSTS7000215: {
    what: 'The client secret is wrong',
    fix: `Copy the secret's value, not its id, from ${WHERE} into the Graph settings; make a new one if it is not shown any more.`,
  },
  AADSTS90002: {
    what: 'The tenant does not exist',
    fix: "Copy the tenant id from Entra ID, Overview, into the Graph settings, and check the sign-in address of the tenant's cloud.",
  },
  AADSTS900023: {
    what: 'The tenant id is not valid',
    fix: 'Copy the tenant id from Entra ID, Overview, into the Graph settings.',
  },
  AADSTS700016: {
    what: 'The app registration was not found in this tenant',
    fix: 'Copy the application (client) id from the app registration, Overview, into the Graph settings, and check that the tenant id is the one of the same tenant.',
  },
  AADSTS700027: {
    what: 'The certificate was not accepted',
    fix: `The certificate has expired or is not the one uploaded in ${WHERE}. Upload the certificate that is in the Graph settings, or make a new pair.`,
  },
  AADSTS700024: {
    what: 'The signed proof of identity is outside its time of validity',
    fix: "Set this machine's clock (NTP). With workload identity, check that the platform still renews the token file.",
  },
  AADSTS70021: {
    what: 'The federated identity matches none that the app registration trusts',
    fix: 'Compare issuer, subject and audience of the federated credential in the app registration with those of the platform.',
  },
  AADSTS7000112: {
    what: 'The application is disabled in this tenant',
    fix: 'In Entra ID, Enterprise applications, allow the application to sign in again.',
  },
  AADSTS53003: {
    what: 'A Conditional Access policy blocks the application',
    fix: 'Ask whoever owns the Conditional Access policies for workload identities to allow it from this network.',
  },
};
const ALIASES: Readonly<Record<string, string>> = {
  AADSTS700211: 'AADSTS70021',
  AADSTS700213: 'AADSTS70021',
  AADSTS700030: 'AADSTS700027',
};
const PASSING = new Set(['temporarily_unavailable', 'server_error', 'timeout']);

/**
 * Reads an answer of the sign-in service or of a managed identity endpoint: null when it carries a token, else the
 * failure. Microsoft's description is not repeated, only its AADSTS code.
 */
export function classifyTokenAnswer(answer: TransportAnswer, now: Date): GraphFailure | null {
  const body = parseObject(answer.text);
  const { status } = answer;
  if (status === 200 && typeof body?.access_token === 'string' && body.access_token !== '') return null;

  const code = readCode(body);
  const retryAfterSeconds = readRetryAfter(answer.headers, now);
  const details = { status, graphCode: code, retryAfterSeconds, requestId: sanitise(body?.trace_id) };
  const shown = code ?? `status ${status}`;
  if (status === 429) {
    return new GraphFailure('throttled', `The sign-in service asked for a pause (${shown}).`, {
      ...details,
      fix: 'Nothing to do: the next run tries again.',
    });
  }
  const refused = body !== null && typeof body.error === 'string' && !PASSING.has(body.error);
  if (status < 400 || status >= 500 || status === 408 || !refused) {
    const kind = describeContentType(answer.headers);
    return new GraphFailure('temporary', `The sign-in service gave no usable answer (${shown}, ${kind}).`, {
      ...details,
      fix: 'Check that this machine reaches the sign-in service itself, not the page of a proxy. The next run tries again.',
    });
  }
  const known = code === null ? undefined : FIXES[ALIASES[code] ?? code];
  return new GraphFailure(
    'unauthorised',
    `${known?.what ?? 'The sign-in service refused the application'} (${shown}).`,
    {
      ...details,
      fix:
        known?.fix ??
        'Look the code up at https://login.microsoftonline.com/error and check tenant id, client id and credential in the Graph settings.',
    },
  );
}

function readCode(body: Record<string, unknown> | null): string | null {
  if (body === null) return null;
  const described =
    typeof body.error_description === 'string' ? /\bAADSTS\d{4,8}\b/.exec(body.error_description) : null;
  if (described !== null) return described[0];
  const [first] = Array.isArray(body.error_codes) ? (body.error_codes as unknown[]) : [];
  return typeof first === 'number' ? `AADSTS${first}` : sanitise(body.error);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
