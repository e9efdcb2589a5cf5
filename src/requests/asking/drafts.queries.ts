import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
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

  /** Cost centres that can pay, by code. */
  costCentres(): Promise<{ readonly code: string; readonly name: string }[]> {
    return this.dataSource.query('select code, name from cost_centre order by code limit 500');
  }
}
