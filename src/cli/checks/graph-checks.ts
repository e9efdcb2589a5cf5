import type { GraphSettings } from '../../config/config.types.js';
import { GraphClient } from '../../graph/graph-client.js';
import { GraphFailure } from '../../graph/graph-errors.js';
import { GraphTransport } from '../../graph/graph-http.js';
import { fail, judgeClock, ok, warn, type Check } from './check.js';
import { judgePermissions, wantedPermissions } from './permissions.js';

const DAY = 86_400_000;
/** Entra ID allows five minutes of difference when it checks times in tokens and signed proofs. */
const GRAPH_CLOCK_LIMITS = { warn: 30_000, fail: 300_000 };
const ANSWER_MILLISECONDS = 20_000;

/**
 * Looks at the way to Microsoft Graph: proxy, TLS, clock, credential, token and every permission.
 * @param callRecords whether Teams call records are read
 */
export async function checkGraph(
  settings: GraphSettings,
  callRecords: boolean,
  now: Date = new Date(),
): Promise<readonly Check[]> {
  const transport = new GraphTransport(settings);
  const client = new GraphClient(() => settings);
  try {
    const reached = await checkConnection(settings, transport);
    const credential = checkCredential(client.credentialExpiresAt(), now);
    if (reached.some((check) => check.status === 'fail')) return [checkProxy(settings), ...reached, ...credential];
    return [checkProxy(settings), ...reached, ...credential, ...(await checkToken(client, callRecords))];
  } finally {
    await transport.close();
    await client.onModuleDestroy();
  }
}

function checkProxy(settings: GraphSettings): Check {
  if (settings.httpsProxy === null) return ok('proxy', 'Microsoft Graph is asked directly.');
  // The address may hold a password.
  return ok('proxy', `Microsoft Graph is asked through ${new URL(settings.httpsProxy).host}.`);
}

/** Asks Graph without a token: the refusal proves the connection, and its Date header tells the time. */
async function checkConnection(settings: GraphSettings, transport: GraphTransport): Promise<readonly Check[]> {
  const { host } = new URL(settings.baseUrl);
  const sent = Date.now();
  try {
    const answer = await transport.send({
      url: `${settings.baseUrl}/v1.0/subscribedSkus`,
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    const date = Date.parse(answer.headers.get('date') ?? '');
    // The header has whole seconds, so that half of one is the best guess.
    const offset = (sent + Date.now()) / 2 - (date + 500);
    return [
      ok('tls', `${host} shows a certificate that is trusted.`),
      Number.isNaN(date)
        ? warn('graph clock', `${host} does not say what time it is.`, 'Check that no proxy answers in its place.')
        : judgeClock('graph clock', 'Microsoft Graph', offset, GRAPH_CLOCK_LIMITS),
    ];
  } catch (error) {
    if (!(error instanceof GraphFailure)) {
      return [fail('connection', `${host} did not answer in time.`, 'Check the network, DNS and HTTPS_PROXY.')];
    }
    if (error.code !== 'contract_broken') return [fail('connection', error.message, error.fix)];
    return [
      fail(
        'tls',
        error.message,
        'If a proxy or firewall opens TLS connections here, set GRAPH_CA_FILE to a PEM file with the certificate of its authority. Otherwise check GRAPH_BASE_URL.',
      ),
    ];
  }
}

/** The end of a certificate is known; that of a client secret only Entra ID knows. */
function checkCredential(expiresAt: Date | null, now: Date): readonly Check[] {
  if (expiresAt === null) return [];
  const days = Math.floor((expiresAt.getTime() - now.getTime()) / DAY);
  const fix = 'Make a new certificate, add it to the app registration and put it into GRAPH_CLIENT_CERTIFICATE_FILE.';
  const date = expiresAt.toISOString().slice(0, 10);
  if (days < 0) return [fail('certificate', `The certificate has expired on ${date}.`, fix)];
  if (days <= 7) return [fail('certificate', `The certificate expires on ${date}, in ${days} days.`, fix)];
  if (days <= 30) return [warn('certificate', `The certificate expires on ${date}, in ${days} days.`, fix)];
  return [ok('certificate', `The certificate is good until ${date}.`)];
}

async function checkToken(client: GraphClient, callRecords: boolean): Promise<readonly Check[]> {
  try {
    const { roles, expiresAt } = await client.tokenFacts();
    return [
      ok('token', `The sign-in service gives access tokens; the present one ends at ${expiresAt.toISOString()}.`),
      ...judgePermissions(roles, wantedPermissions(callRecords)),
    ];
  } catch (error) {
    if (error instanceof GraphFailure) return [fail('token', error.message, error.fix)];
    throw error;
  }
}
