import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { APPROVAL_SETTINGS } from '../decisions/approval-settings.js';
import { routeFacts } from '../decisions/route-facts.queries.js';
import { routeOf, type RoutedStep, type RouteFacts } from '../domain/approval-route.js';
import type { Holdings } from '../domain/eligibility.js';
import type { RequestState } from '../domain/request-words.js';
import { BeneficiariesQueries, type Beneficiary } from './beneficiaries.queries.js';
import { draftLinesOf, draftOf, type DraftDetails, type StoredDraftLine } from './draft-rows.queries.js';
import type { DraftLine } from '../domain/line-plan.js';

/** A request of one’s own as the pages that change it need it. */
export interface OwnDraft {
  readonly id: number;
  readonly state: RequestState;
  readonly revision: number;
  readonly version: string;
  readonly details: DraftDetails;
  readonly lines: readonly DraftLine[];
  readonly stored: readonly StoredDraftLine[];
}

/** Somebody who would decide: a person by name, or a queue. */
export interface Decider extends Pick<RoutedStep, 'kind' | 'queue' | 'queueReason'> {
  readonly name: string | null;
}

/** Reads drafts for whoever makes them. */
@Injectable()
export class DraftsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly beneficiaries: BeneficiariesQueries,
  ) {}

  /** A request that somebody made; null when there is none of theirs. */
  async own(id: number, personEntraId: string): Promise<OwnDraft | null> {
    const tx = this.dataSource.manager;
    const [request] = await tx.query<Pick<OwnDraft, 'id' | 'state' | 'revision' | 'version'>[]>(
      'select id, state, revision, version::text from equipment_request where id = $1 and requester_entra_id = $2',
      [id, personEntraId],
    );
    const draft = request ? await draftOf(tx, id, request.revision) : null;
    if (!request || draft === null) return null;
    return { ...request, details: draft.details, lines: draftLinesOf(draft), stored: draft.lines };
  }

  /** What people have, and wait for by other requests than this one. */
  holdings(entraIds: readonly string[], exceptRequestId: number | null = null): Promise<ReadonlyMap<string, Holdings>> {
    return this.beneficiaries.holdings(this.dataSource.manager, entraIds, exceptRequestId);
  }

  /** The people of a draft, by name. */
  peopleOf(draft: OwnDraft): Promise<Beneficiary[]> {
    return this.beneficiaries.some([...new Set(draft.lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId))]);
  }

  /** Object ids of the people of a draft for whom whoever makes it may not ask any more. */
  async refusedOf(draft: OwnDraft, requesterEntraId: string): Promise<ReadonlySet<string>> {
    const people = [...new Set(draft.lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId))];
    return new Set(await this.beneficiaries.refused(this.dataSource.manager, requesterEntraId, people));
  }

  /** Who would decide about a draft if it were submitted now, in this order. */
  async deciders(
    { id, revision }: OwnDraft,
    { totalPence, isException }: Pick<RouteFacts, 'totalPence' | 'isException'>,
  ): Promise<Decider[]> {
    const facts = await routeFacts(this.dataSource.manager, { requestId: id, revision });
    const { steps } = routeOf({ ...facts, totalPence, isException }, APPROVAL_SETTINGS);
    const people = await this.beneficiaries.some(steps.flatMap(({ approver }) => approver ?? []));
    const nameOf = new Map(people.map(({ entraId, displayName }) => [entraId, displayName]));
    return steps.map(({ kind, approver, queue, queueReason }) => ({
      kind,
      name: approver === null ? null : (nameOf.get(approver) ?? 'Somebody without a name'),
      queue,
      queueReason,
    }));
  }

  /** Sites where people work, by name. */
  async sites(): Promise<string[]> {
    const rows = await this.dataSource.query<{ site: string }[]>(
      `select office_location as site from person where presence = 'present' and office_location <> ''
       group by office_location order by lower(office_location), office_location limit 500`,
    );
    return rows.map(({ site }) => site);
  }

  /** Cost centres that can pay, by code. */
  costCentres(): Promise<{ readonly code: string; readonly name: string }[]> {
    return this.dataSource.query('select code, name from cost_centre order by code limit 500');
  }
}
