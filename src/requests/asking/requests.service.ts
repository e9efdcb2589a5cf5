import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { londonDay } from '../../common/uk-time.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { eligibilityFindings, type Finding } from '../domain/eligibility.js';
import type { DraftLine } from '../domain/line-plan.js';
import { shownPounds } from '../domain/money.js';
import type { RequestState } from '../domain/request-words.js';
import { openApproval } from '../decisions/approval.js';
import type { RequestActor } from '../request-actor.js';
import { BeneficiariesQueries } from './beneficiaries.queries.js';
import { checkDetails, checkLines } from './draft-check.js';
import {
  draftOf,
  completeLines,
  writeDetails,
  writeLines,
  type DraftDetails,
  type StoredDraft,
  type StoredDraftLine,
} from './draft-rows.queries.js';
import { askingPerson, expectState, lockOwnRequest } from './own-request.queries.js';
import { changeRequestState, recordRequestEvent, type LockedRequest } from './request-rows.queries.js';

/** What a command about a request came to. */
export interface RequestOutcome {
  readonly id: number;
  readonly state: RequestState;
  readonly revision: number;
  readonly version: string;
}

/** What is submitted with a draft. */
export interface Submission {
  readonly requestId: number;
  /** The version that was looked at; null when it does not matter. */
  readonly version: string | null;
  /** The amount in pence that was shown; null when it does not matter. */
  readonly totalPence: number | null;
  /** Why rules are not kept, for every line that needs such a reason and has none. */
  readonly exceptionReason: string | null;
  /** Machines that are given back, by line. */
  readonly returns: ReadonlyMap<number, number>;
  readonly idempotencyKey: string | null;
}

/** Drafts of requests, and their submission. Each command is one transaction. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly beneficiaries: BeneficiariesQueries,
  ) {}

  /**
   * Begins a draft, for oneself or for people below oneself in the line.
   * @throws InputError for what no draft can hold; ForbiddenError for a program
   */
  begin(
    {
      details,
      lines,
      idempotencyKey,
    }: { details: DraftDetails; lines: readonly DraftLine[]; idempotencyKey: string | null },
    by: RequestActor,
  ): Promise<RequestOutcome> {
    return this.transactor.run((tx) =>
      onceIfKeyed(tx, by, idempotencyKey, { begin: { details, lines } }, async () => {
        const requester = askingPerson(by);
        const [row] = await tx.query<{ id: number; version: string }[]>(
          'insert into equipment_request (requester_entra_id) values ($1) returning id, version::text',
          [requester],
        );
        if (!row) throw new Error('The request was not stored.');
        await this.#write(tx, { requestId: row.id, revision: 1, requester }, details, lines);
        await recordRequestEvent(tx, { requestId: row.id, revision: 1, event: 'begun', actor: by.actor });
        await appendToAudit(tx, {
          event: 'request.begun',
          actor: by.actor,
          subject: { kind: 'request', id: row.id },
          details: { lines: lines.length },
        });
        return { id: row.id, state: 'draft' as const, revision: 1, version: row.version };
      }),
    );
  }

  /**
   * Changes a draft; what is not given stays.
   * @throws ConflictError when it is no draft any more, or was changed meanwhile
   */
  change(
    change: {
      readonly requestId: number;
      readonly version: string | null;
      readonly details?: Partial<DraftDetails>;
      readonly lines?: readonly DraftLine[];
    },
    by: RequestActor,
  ): Promise<RequestOutcome> {
    return this.transactor.run(async (tx) => {
      const request = await lockOwnRequest(tx, change.requestId, by, change.version);
      expectState(request, ['draft'], 'changed');
      const draft = await this.#draft(tx, request);
      const place = { requestId: request.id, revision: request.revision, requester: request.requesterEntraId };
      await this.#write(tx, place, { ...draft.details, ...change.details }, change.lines ?? null);
      const version = await changeRequestState(tx, request.id, 'draft', request.revision);
      await appendToAudit(tx, {
        event: 'request.changed',
        actor: by.actor,
        subject: { kind: 'request', id: request.id },
        details: { revision: request.revision },
      });
      return { id: request.id, state: 'draft' as const, revision: request.revision, version };
    });
  }

  /**
   * Submits a draft: it is frozen, and whoever is to decide first is asked.
   * @throws InputError for what cannot be submitted, with what puts it right; ConflictError when it is no draft any more,
   * was changed meanwhile, or costs something else than was shown
   */
  submit(submission: Submission, by: RequestActor, now = new Date()): Promise<RequestOutcome> {
    const { requestId, returns, idempotencyKey, ...rest } = submission;
    const request = { submit: { requestId, returns: [...returns], ...rest } };
    return this.transactor.run((tx) =>
      onceIfKeyed(tx, by, idempotencyKey, request, () => this.#submit(tx, submission, by, now)),
    );
  }

  async #submit(tx: EntityManager, submission: Submission, by: RequestActor, now: Date): Promise<RequestOutcome> {
    const request = await lockOwnRequest(tx, submission.requestId, by, submission.version);
    expectState(request, ['draft'], 'submitted');
    const { id: requestId, revision } = request;
    const draft = withReturns(await this.#draft(tx, request), submission.returns);
    if (draft.lines.length === 0) throw new InputError('Choose at least one thing for one person first.');
    checkDetails(draft.details, londonDay(now));
    const people = [...new Set(draft.lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId))].sort();
    // Two requests for one person are checked one after the other, or each would miss what the other asks for.
    await tx.query(
      `select pg_advisory_xact_lock(hashtextextended('request for ' || person, 0)) from unnest($1::text[]) as person`,
      [people],
    );
    await this.#checkPeople(tx, request.requesterEntraId, people);
    const lines = await this.#eligible(tx, request, draft, people, submission.exceptionReason);
    const totalPence = draft.lines.reduce((sum, { pricePence, quantity }) => sum + pricePence * quantity, 0);
    if (submission.totalPence !== null && submission.totalPence !== totalPence) {
      throw new ConflictError(
        `Prices have changed: it is ${shownPounds(totalPence)} now, and ${shownPounds(submission.totalPence)} was shown. Check it once more.`,
      );
    }
    await completeLines(tx, lines);
    await tx.query(
      'update request_revision set submitted_at = $3, total_pence = $4 where request_id = $1 and revision = $2',
      [requestId, revision, now, totalPence],
    );
    const version = await changeRequestState(tx, requestId, 'submitted', revision);
    await recordRequestEvent(tx, { requestId, revision, event: 'submitted', actor: by.actor });
    await openApproval(tx, { requestId, revision });
    await appendToAudit(tx, {
      event: 'request.submitted',
      actor: by.actor,
      subject: { kind: 'request', id: requestId },
      details: { revision, people: people.length, lines: lines.length },
    });
    return { id: requestId, revision, state: 'submitted', version };
  }

  async #draft(tx: EntityManager, request: LockedRequest): Promise<StoredDraft> {
    const draft = await draftOf(tx, request.id, request.revision);
    if (draft === null) throw new Error('A request has no revision.');
    return draft;
  }

  async #write(
    tx: EntityManager,
    { requestId, revision, requester }: { requestId: number; revision: number; requester: string },
    details: DraftDetails,
    lines: readonly DraftLine[] | null,
  ): Promise<void> {
    if (lines !== null) {
      checkLines(lines);
      await this.#checkPeople(tx, requester, [...new Set(lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId))]);
    }
    await writeDetails(tx, requestId, revision, details);
    if (lines !== null) await writeLines(tx, requestId, revision, lines);
  }

  async #checkPeople(tx: EntityManager, requester: string, people: readonly string[]): Promise<void> {
    const refused = await this.beneficiaries.refused(tx, requester, people);
    if (refused.length === 0) return;
    const message = 'Ask for yourself, and for people who report to you or to somebody below you';
    throw new InputError(
      `${refused.length === 1 ? 'One person is' : `${refused.length} people are`} not below you in the line, or not active.`,
      [{ field: 'people', message }],
    );
  }

  /** The lines as they are stored, with the reason where a rule wants one. @throws InputError for what else is missing */
  async #eligible(
    tx: EntityManager,
    request: LockedRequest,
    draft: StoredDraft,
    people: readonly string[],
    exceptionReason: string | null,
  ): Promise<readonly StoredDraftLine[]> {
    const holdings = await this.beneficiaries.holdings(tx, people, request.id);
    const findings = eligibilityFindings(draft.lines, holdings);
    const excused = new Set(
      exceptionReason === null
        ? []
        : findings
            .filter(({ remedy, rule }) => remedy === 'reason' || rule === 'return-machine')
            .map(({ lineId }) => lineId),
    );
    const lines = draft.lines.map((line) => (excused.has(line.id) ? { ...line, exceptionReason } : line));
    const left = excused.size === 0 ? findings : eligibilityFindings(lines, holdings);
    if (left.length > 0) throw new InputError('Put the request right.', fieldsOf(left));
    return lines;
  }
}

/** Where on the check page something is put right: what one reason puts right for many people is said once. */
function fieldsOf(findings: readonly Finding[]): { field: string; message: string }[] {
  const fields = findings.map(({ lineId, remedy, message }) => {
    return { field: remedy === 'reason' ? 'exceptionReason' : `line-${lineId}`, message };
  });
  return [...new Map(fields.map((each) => [`${each.field} ${each.message}`, each])).values()];
}

function withReturns(draft: StoredDraft, returns: ReadonlyMap<number, number>): StoredDraft {
  const lines = draft.lines.map((line): typeof line => {
    const replacesDeviceId = returns.get(line.id);
    return replacesDeviceId === undefined ? line : { ...line, replacesDeviceId };
  });
  return { ...draft, lines };
}

/** Does a command once for its key; without a key whenever it is sent. */
export function onceIfKeyed<T>(
  tx: EntityManager,
  by: RequestActor,
  key: string | null,
  request: object,
  work: () => Promise<T>,
): Promise<T> {
  return key === null ? work() : once(tx, { actor: by.actor, key, request }, work);
}
