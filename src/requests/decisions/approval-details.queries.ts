import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { londonDay } from '../../common/uk-time.js';
import { utc } from '../../database/sql-conditions.js';
import { BeneficiariesQueries, type Beneficiary } from '../asking/beneficiaries.queries.js';
import { standingsOf } from '../budget/budget.queries.js';
import type { BudgetFigures } from '../domain/budget-standing.js';
import type { Outcome, StepKind } from '../domain/decision-words.js';
import { NOTHING_HELD, type Holdings } from '../domain/eligibility.js';
import { financialYearOf } from '../domain/financial-year.js';
import { availabilityOf } from '../stock/levels.queries.js';
import type { WaitingApproval } from './approvals.queries.js';

/** A line as whoever decides sees it. */
export interface LineToDecide {
  readonly beneficiaryEntraId: string;
  readonly productId: number;
  readonly product: string;
  readonly quantity: number;
  readonly pricePence: number;
  readonly exceptionReason: string | null;
  /** For whoever decides, and nobody else who reads about requests. */
  readonly privateReason: string | null;
  /** The machine that is given back. */
  readonly replaces: string | null;
}

/** Somebody whom a request is for, with what they get and have. */
export interface PersonToDecide {
  readonly person: Pick<Beneficiary, 'entraId' | 'displayName' | 'jobTitle' | 'site'> & { readonly id: number | null };
  readonly lines: readonly LineToDecide[];
  readonly holdings: Holdings;
}

/** A decision about an earlier step of the same revision. */
export interface EarlierDecision {
  readonly step: number;
  readonly kind: StepKind;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly onBehalfOf: string | null;
  readonly decidedAt: string;
}

/** How much of a product there is for whoever is approved now. */
export interface ProductStock {
  readonly id: number;
  readonly name: string;
  /** In stock, promised to nobody, and awaited by nobody who was approved. */
  readonly available: number;
  readonly onOrder: number;
  /** The earliest day on which more are expected; null when no order says. */
  readonly expectedOn: string | null;
}

/** What a decision is made with besides the request itself. */
export interface Background {
  readonly year: number;
  /** How budgets stand in the financial year of today, by code; requests without a cost centre have none. */
  readonly budgets: ReadonlyMap<string, BudgetFigures>;
  readonly products: ReadonlyMap<number, ProductStock>;
}

/** Reads everything with which somebody decides. */
@Injectable()
export class ApprovalDetailsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly beneficiaries: BeneficiariesQueries,
  ) {}

  /** Budgets and stock behind some requests. @param more products that are shown besides those that are asked for */
  async background(
    approvals: readonly WaitingApproval[],
    now: Date,
    more: readonly number[] = [],
  ): Promise<Background> {
    const year = financialYearOf(londonDay(now));
    const codes = new Set(approvals.flatMap(({ costCentreCode }) => costCentreCode ?? []));
    const budgets = await standingsOf(this.dataSource, [...codes], year);
    const ids = new Set([...approvals.flatMap(({ things }) => things.map(({ productId }) => productId)), ...more]);
    return { year, budgets, products: await this.#stock([...ids]) };
  }

  async #stock(ids: readonly number[]): Promise<ReadonlyMap<number, ProductStock>> {
    if (ids.length === 0) return new Map();
    const availability = await availabilityOf(this.dataSource, ids);
    const rows = await this.dataSource.query<Pick<ProductStock, 'id' | 'name' | 'expectedOn'>[]>(
      `select product.id, product.name,
         (select min(purchase_order.expected_on)::text from purchase_order_line as line
          join purchase_order on purchase_order.id = line.order_id and purchase_order.state = 'open'
          where line.product_id = product.id and line.received < line.quantity) as "expectedOn"
       from product where product.id = any($1::integer[])`,
      [ids],
    );
    return new Map(
      rows.map((row) => {
        const { free = 0, waiting = 0, onOrder = 0 } = availability.get(row.id) ?? {};
        return [row.id, { ...row, available: Math.max(free - waiting, 0), onOrder }];
      }),
    );
  }

  /** Whom requests are for, person by person: what they get, what they have, and what they wait for by other requests. */
  async people(
    approvals: readonly Pick<WaitingApproval, 'requestId' | 'revision'>[],
  ): Promise<ReadonlyMap<number, readonly PersonToDecide[]>> {
    if (approvals.length === 0) return new Map();
    const lines = await this.dataSource.query<StoredLine[]>(LINES, [
      approvals.map(({ requestId }) => requestId),
      approvals.map(({ revision }) => revision),
    ]);
    const ids = [...new Set(lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId))];
    const [known, holdings] = [
      await this.beneficiaries.some(ids),
      await this.beneficiaries.holdings(this.dataSource.manager, ids, null),
    ];
    const names = new Set(known.map(({ entraId }) => entraId));
    const people: readonly PersonToDecide['person'][] = [
      ...known,
      ...ids
        .filter((entraId) => !names.has(entraId))
        .map((entraId) => ({ id: null, entraId, displayName: null, jobTitle: null, site: null })),
    ];
    return new Map(
      approvals.map(({ requestId }) => {
        const asked = lines.filter((line) => line.requestId === requestId);
        const ofRequest = people.flatMap((person) => {
          const theirs = asked.filter(({ beneficiaryEntraId }) => beneficiaryEntraId === person.entraId);
          if (theirs.length === 0) return [];
          return [{ person, lines: theirs, holdings: besides(theirs, holdings.get(person.entraId) ?? NOTHING_HELD) }];
        });
        return [requestId, ofRequest];
      }),
    );
  }

  /** What was decided about this revision before. */
  earlier({ requestId, revision }: Pick<WaitingApproval, 'requestId' | 'revision'>): Promise<EarlierDecision[]> {
    return this.dataSource.query<EarlierDecision[]>(
      `select decision.step, step.kind, decision.outcome, decision.reason, decider.display_name as "decidedBy",
         principal.display_name as "onBehalfOf", ${utc('decision.decided_at')} as "decidedAt"
       from decision
       join approval_step as step on (step.request_id, step.revision, step.step) = (decision.request_id, decision.revision, decision.step)
       left join person as decider on decider.entra_id = decision.decided_by
       left join person as principal on principal.entra_id = decision.on_behalf_of
       where (decision.request_id, decision.revision) = ($1, $2) order by decision.step`,
      [requestId, revision],
    );
  }
}

interface StoredLine extends LineToDecide {
  readonly requestId: number;
}

/** What somebody has and waits for, without what a request asks for that is not decided: all of it counts as awaited. */
function besides(lines: readonly LineToDecide[], holdings: Holdings): Holdings {
  const asked = (productId: number): number =>
    lines.reduce((sum, line) => sum + (line.productId === productId ? line.quantity : 0), 0);
  return {
    ...holdings,
    awaited: holdings.awaited
      .map((each) => ({ ...each, quantity: each.quantity - asked(each.productId) }))
      .filter(({ quantity }) => quantity > 0),
  };
}

const LINES = `
  select line.request_id as "requestId", line.beneficiary_entra_id as "beneficiaryEntraId", line.product_id as "productId", product.name as product, line.quantity,
    line.quantity * line.price_pence as "pricePence", line.exception_reason as "exceptionReason",
    line.private_reason as "privateReason", coalesce(device.name, device.serial_number) as replaces
  from request_line as line join product on product.id = line.product_id
  left join device on device.id = line.replaces_device_id
  where (line.request_id, line.revision) in (select * from unnest($1::integer[], $2::integer[])) order by line.id`;
