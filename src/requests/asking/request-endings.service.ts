import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { FINISHED_LINE_STATES, type LineState } from '../domain/request-words.js';
import { closeIfDone } from '../fulfilment/closing.js';
import { releaseLines } from '../fulfilment/reserving.js';
import type { RequestActor } from '../request-actor.js';
import { BeneficiariesQueries } from './beneficiaries.queries.js';
import { draftLinesOf, draftOf, writeDetails, writeLines } from './draft-rows.queries.js';
import { askingPerson, expectState, lockOwnRequest, RequestChangedError } from './own-request.queries.js';
import { changeRequestState, lockRequest, recordRequestEvent, type LockedRequest } from './request-rows.queries.js';
import { onceIfKeyed, type RequestOutcome } from './requests.service.js';

/** Most revisions of one request, by the guard of its table. */
const MOST_REVISIONS = 1_000;
const ALL_GIVEN =
  'All of it was handed over or sent. What is not wanted is brought back, or put back when it returns, not cancelled.';
const ON_THE_WAY = 'Something of it was handed over or sent already. Cancel the rest, or make another request.';

interface Sent {
  readonly requestId: number;
  /** The version that was looked at; null when it does not matter. */
  readonly version: string | null;
  readonly idempotencyKey: string | null;
}

/** Opens requests again, cancels and copies them. Each command is one transaction. */
@Injectable()
export class RequestEndingsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly beneficiaries: BeneficiariesQueries,
  ) {}

  /**
   * Opens a request to be changed: a draft of the next revision, which is decided about anew once it was submitted. What
   * was kept for the revision before is released.
   * @throws ConflictError when something of it was handed over already
   */
  reopen({ requestId, version, idempotencyKey }: Sent, by: RequestActor): Promise<RequestOutcome> {
    return this.transactor.run((tx) =>
      onceIfKeyed(tx, by, idempotencyKey, { reopen: requestId, version }, async () => {
        const request = await lockOwnRequest(tx, requestId, by, version);
        expectState(request, ['submitted', 'returned', 'approved'], 'changed');
        const draft = await draftOf(tx, requestId, request.revision);
        if (draft === null) throw new Error('A request has no revision.');
        const lines = await linesOf(tx, request);
        if (lines.some(({ state }) => state === 'fulfilled' || state === 'received')) {
          throw new ConflictError(ON_THE_WAY);
        }
        const revision = request.revision + 1;
        if (revision > MOST_REVISIONS) throw new ConflictError('It was changed too often. Make a copy of it.');
        if ((await release(tx, lines, 'superseded', by)).length > 0) throw new ConflictError(ON_THE_WAY);
        const isOffered = new Set(draft.lines.flatMap(({ product }) => (product.offered ? [product.id] : [])));
        const kept = draftLinesOf(draft).filter(({ productId }) => isOffered.has(productId));
        const newVersion = await changeRequestState(tx, requestId, 'draft', revision);
        await writeDetails(tx, requestId, revision, draft.details);
        await writeLines(tx, requestId, revision, kept);
        await recordRequestEvent(tx, { requestId, revision, event: 'edited', actor: by.actor });
        await appendToAudit(tx, {
          event: 'request.reopened',
          actor: by.actor,
          subject: { kind: 'request', id: requestId },
          details: { before: request.state, revision },
        });
        return { id: requestId, state: 'draft' as const, revision, version: newVersion };
      }),
    );
  }

  /**
   * Cancels a request, by whoever made it or an administrator of requests: everything that is kept for it is released.
   * What was handed over stays with whoever has it, and the request goes on for that alone.
   * @throws ConflictError when it is over, or all of it was handed over or sent
   */
  cancel(
    { requestId, version, reason, idempotencyKey }: Sent & { readonly reason: string },
    by: RequestActor,
  ): Promise<RequestOutcome> {
    return this.transactor.run((tx) =>
      onceIfKeyed(tx, by, idempotencyKey, { cancel: requestId, version, reason }, async () => {
        const request = await this.#cancellable(tx, requestId, version, by);
        expectState(request, ['draft', 'submitted', 'returned', 'approved'], 'cancelled');
        if (reason.trim() === '') throw new InputError('Say why.', [{ field: 'reason', message: 'Enter the reason' }]);
        const lines = await linesOf(tx, request);
        const sent = await release(tx, lines, 'cancelled', by);
        const isGiven = sent.length > 0 || lines.some(({ state }) => state === 'fulfilled' || state === 'received');
        if (isGiven && cancelledOf(await linesOf(tx, request)) === cancelledOf(lines))
          throw new ConflictError(ALL_GIVEN);
        const about = { requestId, revision: request.revision, actor: by.actor };
        await recordRequestEvent(tx, { ...about, event: 'cancelled', details: { reason, rest: isGiven } });
        const closed = isGiven ? await closeIfDone(tx, request, by.actor) : [];
        const left = isGiven ? request.state : 'cancelled';
        const state = closed.length > 0 ? 'closed' : left;
        const changed = await changeRequestState(tx, requestId, state, request.revision);
        await appendToAudit(tx, [
          {
            event: 'request.cancelled',
            actor: by.actor,
            subject: { kind: 'request', id: requestId },
            details: { before: request.state, after: state, revision: request.revision },
          },
          ...closed,
        ]);
        return { id: requestId, state, revision: request.revision, version: changed };
      }),
    );
  }

  /**
   * Begins a draft with what another request of one’s own asked for, at the prices of now: people who are still below
   * oneself, products that are still offered. Reasons and machines to give back are asked for anew.
   */
  copy({ requestId, idempotencyKey }: Omit<Sent, 'version'>, by: RequestActor): Promise<RequestOutcome> {
    return this.transactor.run((tx) =>
      onceIfKeyed(tx, by, idempotencyKey, { copy: requestId }, async () => {
        const request = await lockOwnRequest(tx, requestId, by, null);
        const draft = await draftOf(tx, requestId, request.revision);
        if (draft === null) throw new Error('A request has no revision.');
        const requester = askingPerson(by);
        const people = [...new Set(draft.lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId))];
        const refused = new Set(await this.beneficiaries.refused(tx, requester, people));
        const isOffered = new Set(draft.lines.flatMap(({ product }) => (product.offered ? [product.id] : [])));
        const lines = draftLinesOf(draft)
          .filter(({ beneficiaryEntraId, productId }) => !refused.has(beneficiaryEntraId) && isOffered.has(productId))
          .map((line) => ({ ...line, exceptionReason: null, privateReason: null, replacesDeviceId: null }));
        const [row] = await tx.query<{ id: number; version: string }[]>(
          'insert into equipment_request (requester_entra_id) values ($1) returning id, version::text',
          [requester],
        );
        if (!row) throw new Error('The request was not stored.');
        await writeDetails(tx, row.id, 1, { ...draft.details, neededBy: null });
        await writeLines(tx, row.id, 1, lines);
        await recordRequestEvent(tx, {
          requestId: row.id,
          revision: 1,
          event: 'copied',
          actor: by.actor,
          details: { from: requestId },
        });
        await appendToAudit(tx, {
          event: 'request.copied',
          actor: by.actor,
          subject: { kind: 'request', id: row.id },
          details: { from: requestId, lines: lines.length },
        });
        return { id: row.id, state: 'draft' as const, revision: 1, version: row.version };
      }),
    );
  }

  async #cancellable(
    tx: EntityManager,
    requestId: number,
    version: string | null,
    by: RequestActor,
  ): Promise<LockedRequest> {
    if (!by.permissions.has('requests:administer')) return lockOwnRequest(tx, requestId, by, version);
    const request = await lockRequest(tx, requestId);
    // A draft that was never submitted is its requester’s own affair.
    const isTheirs = request?.requesterEntraId === by.personEntraId;
    if (request === null || (request.state === 'draft' && request.revision === 1 && !isTheirs)) {
      throw new NotFoundError('There is no such request.');
    }
    if (version === null || version === request.version) return request;
    throw new RequestChangedError('The request was changed meanwhile. Look at it again and decide anew.');
  }
}

interface LineStanding {
  readonly id: number;
  readonly state: LineState;
  readonly cancelled: number;
}

const cancelledOf = (lines: readonly LineStanding[]): number =>
  lines.reduce((sum, { cancelled }) => sum + cancelled, 0);

/** The lines of the present revision, locked by number. */
function linesOf(tx: EntityManager, { id, revision }: LockedRequest): Promise<LineStanding[]> {
  return tx.query<LineStanding[]>(
    'select id, state, cancelled from request_line where request_id = $1 and revision = $2 order by id for no key update',
    [id, revision],
  );
}

/** Releases what is kept for lines that nobody was handed. @returns those of which something is on its way to somebody */
async function release(
  tx: EntityManager,
  lines: readonly LineStanding[],
  why: 'cancelled' | 'superseded',
  by: RequestActor,
): Promise<readonly number[]> {
  const lineIds = lines
    .filter(({ state }) => state !== 'fulfilled' && !FINISHED_LINE_STATES.has(state))
    .map(({ id }) => id);
  return lineIds.length === 0 ? [] : (await releaseLines(tx, { lineIds, why }, by)).given;
}
