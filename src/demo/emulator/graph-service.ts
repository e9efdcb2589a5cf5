import { type AccessTokens, type AccessGrant, type TokenRefusal } from './access-tokens.js';
import { answerBatch } from './batch.js';
import { listCalls, listSessions, readCallRecord } from './call-records.js';
import { deltaPage, restartUrl } from './delta.js';
import type { EmulatedRequest, Reply } from './exchange.js';
import {
  type AnswerContext,
  answerOf,
  directoryThrottled,
  type FaultAnswer,
  intuneThrottled,
} from './faults/answers.js';
import { type Effect, effectNamed, type FaultSet, firstAtStage } from './faults/fault-set.js';
import { errorBody, GraphFailure, identifyRequest, type RequestIdentity } from './graph-failure.js';
import { readItem, readManager, readOrganization } from './items.js';
import { countRecords, listPage } from './listing.js';
import { mayCall } from './permissions.js';
import { parseQuery, type QueryOptions } from './query-options.js';
import { resourceUnitCost, ThrottlingMeter } from './resource-units.js';
import { type Route, routeOf } from './routes.js';
import type { GraphContext, ServiceCall, ServiceResult } from './service-call.js';

type GuardedRoute = Exclude<Route, { kind: 'batch' }>;

// Sample answers of json-batching and of Microsoft's dev-proxy (ProxyUtils.BuildGraphResponseHeaders).
const STANDARD_HEADERS = {
  'Cache-Control': 'no-cache',
  'Strict-Transport-Security': 'max-age=31536000',
  Vary: 'Accept-Encoding',
  'x-ms-ags-diagnostic': JSON.stringify({
    ServerInfo: { DataCenter: 'UK South', Slice: 'E', Ring: '5', ScaleUnit: '000', RoleInstance: 'UNTETHER-EMULATOR' },
  }),
};
const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
const LOAD_SHOWN_FROM = 0.8;

/** The paths of Microsoft Graph: authorisation, faults, and the answer in Graph's conventions. */
export class GraphService {
  private readonly meter: ThrottlingMeter;

  /** @param enforceLimits whether the published throttling limits are enforced */
  constructor(
    private readonly context: GraphContext,
    private readonly accessTokens: AccessTokens,
    private readonly faults: FaultSet,
    private readonly enforceLimits: boolean,
    private readonly clientId: string,
    private readonly seed: number,
  ) {
    this.meter = new ThrottlingMeter(context.clock);
  }

  /** The faults that hit a request; each call counts as one request for them. */
  effectsOn(request: EmulatedRequest): Effect[] {
    const target = `${request.path}${request.query === '' ? '' : `?${request.query}`}`.replaceAll(/%24/gi, '$');
    const page = this.context.tokens.pageNumber(tokenIn(request.query));
    return this.faults.effectsOn({ target, page, now: this.context.clock() });
  }

  /** Answers a request that the given faults hit. */
  async answer(request: EmulatedRequest, effects: readonly Effect[]): Promise<Reply> {
    const identity = identifyRequest(request.headers['client-request-id']);
    const answers = this.answerContext(request, identity);
    const fault = firstAtStage(effects, 'answer');
    if (fault !== undefined) return this.complete(answerOf(fault, answers), identity);
    try {
      return await this.answerTruly(request, effects, identity, answers);
    } catch (error) {
      if (!(error instanceof GraphFailure)) throw error;
      const body = errorBody(error.code, error.message, identity, new Date(this.context.clock()));
      return this.complete(
        { status: error.status, headers: error.headers, body: request.method === 'HEAD' ? '' : body },
        identity,
      );
    }
  }

  private async answerTruly(
    request: EmulatedRequest,
    effects: readonly Effect[],
    identity: RequestIdentity,
    answers: AnswerContext,
  ): Promise<Reply> {
    const grant = await this.accessTokens.check(request.headers['authorization']);
    if (typeof grant === 'string') throw unauthorised(grant, request.origin);
    const route = routeOf(request.path);
    requireMethod(request, route);
    if (route.kind === 'batch') {
      const failEnvelope = effectNamed(effects, 'batch-envelope-424') !== undefined;
      const item = (inner: EmulatedRequest): Promise<Reply> => {
        if (/\/\$batch$/i.test(inner.path))
          throw new GraphFailure(400, 'BadRequest', 'A batch cannot contain a batch.');
        return this.answer(inner, this.effectsOn(inner));
      };
      const { status, body } = await answerBatch(request, item, this.seed, failEnvelope);
      return this.complete({ status, headers: {}, body }, identity);
    }
    const options = parseQuery(request.query);
    const costs = this.spend(route, options);
    if (costs.load.share > 1 && this.enforceLimits) {
      return this.complete(
        costs.units === 0
          ? intuneThrottled(answers)
          : directoryThrottled(String(costs.load.retryAfterSeconds), answers),
        identity,
      );
    }
    const result = this.dispatch(route, { request, options, grant: this.permit(route, grant), effects });
    const headers: Record<string, string> = { ...result.headers };
    if (costs.units > 0) headers['x-ms-resource-unit'] = String(costs.units);
    if (costs.load.share > LOAD_SHOWN_FROM) headers['x-ms-throttle-limit-percentage'] = costs.load.share.toFixed(2);
    return { ...this.complete({ status: 200, headers, body: result.body }, identity), resourceUnits: costs.units };
  }

  private permit(route: GuardedRoute, grant: AccessGrant): AccessGrant {
    if (mayCall(route.guard, grant.roles)) return grant;
    throw new GraphFailure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }

  private dispatch(route: GuardedRoute, call: ServiceCall): ServiceResult {
    switch (route.kind) {
      case 'list':
        return listPage(route.collection, call, this.context);
      case 'count':
        return countRecords(route.collection, call, this.context);
      case 'delta':
        return deltaPage(route.collection, call, this.context);
      case 'item':
        return readItem(route.collection, route.id, call, this.context);
      case 'manager':
        return readManager(route.id, call, this.context);
      case 'organization':
        return readOrganization(call, this.context);
      case 'calls':
        return listCalls(call, this.context);
      case 'call':
        return readCallRecord(route.id, call, this.context);
      case 'sessions':
        return listSessions(route.id, call, this.context);
    }
  }

  private spend(
    route: GuardedRoute,
    options: QueryOptions,
  ): { units: number; load: ReturnType<ThrottlingMeter['spendIntune']> } {
    if (route.kind === 'calls' || route.kind === 'call' || route.kind === 'sessions') {
      return { units: 0, load: this.meter.spendCalls(route.kind === 'calls') };
    }
    const intune = 'collection' in route && route.collection.family === 'intune';
    if (intune) return { units: 0, load: this.meter.spendIntune() };
    const units = resourceUnitCost(route.guard, options);
    return { units, load: this.meter.spendDirectory(units, this.context.view.tenant.list('users').length) };
  }

  private complete(answer: FaultAnswer, identity: RequestIdentity): Reply {
    return {
      status: answer.status,
      headers: {
        ...STANDARD_HEADERS,
        ...(answer.body !== '' && { 'Content-Type': JSON_TYPE, 'OData-Version': '4.0' }),
        'request-id': identity.requestId,
        'client-request-id': identity.clientRequestId,
        ...answer.headers,
      },
      body: answer.body,
    };
  }

  private answerContext(request: EmulatedRequest, identity: RequestIdentity): AnswerContext {
    return {
      identity,
      now: new Date(this.context.clock()),
      tenantId: this.context.tenantId,
      clientId: this.clientId,
      restartUrl: restartUrl(request.origin, request.path, this.selectOf(request)),
    };
  }

  private selectOf(request: EmulatedRequest): string | undefined {
    const token = tokenIn(request.query);
    return token === undefined ? undefined : this.context.tokens.selectOf(token);
  }
}

// The token of a link, decoded; undefined without one or with one that cannot be decoded.
function tokenIn(query: string): string | undefined {
  const token = /(?:^|&)(?:\$|%24)?(?:skip|delta)token=([^&]*)/i.exec(query)?.[1];
  try {
    return token === undefined ? undefined : decodeURIComponent(token);
  } catch {
    return undefined;
  }
}

function requireMethod(request: EmulatedRequest, route: Route): void {
  const allowed = route.kind === 'batch' ? 'POST' : 'GET';
  if (request.method === allowed) return;
  throw new GraphFailure(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.', {
    Allow: allowed,
  });
}

function unauthorised(refusal: TokenRefusal, origin: string): GraphFailure {
  const messages: Readonly<Record<TokenRefusal, string>> = {
    missing: 'Access token is empty.',
    malformed: 'Access token validation failure.',
    expired: 'Lifetime validation failed, the token is expired.',
    'wrong-tenant': 'Access token validation failure. Invalid tenant.',
  };
  const challenge = `Bearer realm="", authorization_uri="${origin}/common/oauth2/authorize", error="invalid_token"`;
  return new GraphFailure(401, 'InvalidAuthenticationToken', messages[refusal], { 'WWW-Authenticate': challenge });
}
