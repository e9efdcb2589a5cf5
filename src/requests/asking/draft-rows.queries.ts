import type { EntityManager } from 'typeorm';
import { InputError, type FieldError } from '../../common/errors.js';
import type { DraftLine } from '../domain/line-plan.js';
import type { Delivery } from '../domain/request-words.js';
import type { RuledLine, RuledProduct } from '../domain/eligibility.js';

/** What a draft says besides its lines. */
export interface DraftDetails {
  /** A day such as `2026-12-04`; null while none is said. */
  readonly neededBy: string | null;
  readonly delivery: Delivery;
  readonly site: string | null;
  readonly reason: string | null;
  readonly costCentreCode: string | null;
}

/** A line of a draft as it is stored, with what the rules need to know of its product. */
export interface StoredDraftLine extends RuledLine {
  readonly bundleId: number | null;
  /** The price of the product now. */
  readonly pricePence: number;
}

/** A draft as it is stored. */
export interface StoredDraft {
  readonly details: DraftDetails;
  readonly lines: readonly StoredDraftLine[];
}

/** Reads a revision of a request as it is asked for; null when there is none. */
export async function draftOf(tx: EntityManager, requestId: number, revision: number): Promise<StoredDraft | null> {
  const [details] = await tx.query<DraftDetails[]>(
    `select needed_by::text as "neededBy", delivery, site, reason, cost_centre_code as "costCentreCode"
     from request_revision where request_id = $1 and revision = $2`,
    [requestId, revision],
  );
  if (!details) return null;
  const rows = await tx.query<(Omit<StoredDraftLine, 'product'> & { product: RuledProduct })[]>(
    `select line.id, line.beneficiary_entra_id as "beneficiaryEntraId", line.quantity, line.bundle_id as "bundleId",
       line.exception_reason as "exceptionReason", line.private_reason as "privateReason",
       line.replaces_device_id as "replacesDeviceId", product.price_pence as "pricePence",
       json_build_object('id', product.id, 'name', product.name, 'kind', product.kind, 'mostEach', product.most_each,
         'reasonNeeded', product.reason_needed, 'replacesKind', product.replaces_kind, 'offered', product.offered) as product
     from request_line as line join product on product.id = line.product_id
     where line.request_id = $1 and line.revision = $2 order by line.id`,
    [requestId, revision],
  );
  return { details, lines: rows };
}

/** The lines of a stored draft as they would be written again. */
export function draftLinesOf(draft: StoredDraft): DraftLine[] {
  return draft.lines.map((line) => ({
    beneficiaryEntraId: line.beneficiaryEntraId,
    productId: line.product.id,
    quantity: line.quantity,
    bundleId: line.bundleId,
    exceptionReason: line.exceptionReason,
    privateReason: line.privateReason,
    replacesDeviceId: line.replacesDeviceId,
  }));
}

/** Writes a revision that is a draft, as new or over what it said. */
export async function writeDetails(
  tx: EntityManager,
  requestId: number,
  revision: number,
  details: DraftDetails,
): Promise<void> {
  const { neededBy, delivery, site, reason, costCentreCode } = details;
  if (costCentreCode !== null) {
    const known = await tx.query<unknown[]>('select from cost_centre where code = $1', [costCentreCode]);
    if (known.length === 0) throw unknown([{ field: 'costCentreCode', message: 'Choose a cost centre of the list' }]);
  }
  await tx.query(
    `insert into request_revision (request_id, revision, needed_by, delivery, site, reason, cost_centre_code)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict on constraint request_revision_pkey do update set needed_by = excluded.needed_by,
       delivery = excluded.delivery, site = excluded.site, reason = excluded.reason, cost_centre_code = excluded.cost_centre_code`,
    [requestId, revision, neededBy, delivery, delivery === 'site' ? site : null, reason, costCentreCode],
  );
}

/**
 * Writes the lines of a draft in place of those it had, at the prices of now. A product that is not offered any more may
 * stay in it, so that everything else can be changed; it is refused when it is submitted.
 * @throws InputError for a product, bundle or machine that is not there
 */
export async function writeLines(
  tx: EntityManager,
  requestId: number,
  revision: number,
  lines: readonly DraftLine[],
): Promise<void> {
  await checkReferences(tx, { requestId, revision }, lines);
  await tx.query('delete from request_line where request_id = $1 and revision = $2', [requestId, revision]);
  await tx.query(
    `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, bundle_id, quantity, price_pence,
       exception_reason, private_reason, replaces_device_id)
     select $1, $2, line."beneficiaryEntraId", product.id, line."bundleId", line.quantity, product.price_pence,
       line."exceptionReason", line."privateReason", line."replacesDeviceId"
     from rows from (jsonb_to_recordset($3::jsonb) as ("beneficiaryEntraId" text, "productId" integer, "bundleId" integer,
       quantity integer, "exceptionReason" text, "privateReason" text, "replacesDeviceId" integer)) with ordinality
       as line("beneficiaryEntraId", "productId", "bundleId", quantity, "exceptionReason", "privateReason", "replacesDeviceId", place)
     join product on product.id = line."productId" order by line.place`,
    [requestId, revision, JSON.stringify(lines)],
  );
}

/** Writes into the lines of a draft what they are submitted with: the price of now, the reason, and what is given back. */
export async function completeLines(tx: EntityManager, lines: readonly StoredDraftLine[]): Promise<void> {
  await tx.query(
    `update request_line as line set price_pence = settled."pricePence", exception_reason = settled."exceptionReason",
       replaces_device_id = settled."replacesDeviceId"
     from jsonb_to_recordset($1::jsonb) as settled(id integer, "pricePence" integer, "exceptionReason" text,
       "replacesDeviceId" integer)
     where line.id = settled.id`,
    [JSON.stringify(lines)],
  );
}

async function checkReferences(
  tx: EntityManager,
  { requestId, revision }: { readonly requestId: number; readonly revision: number },
  lines: readonly DraftLine[],
): Promise<void> {
  const missing = await tx.query<{ kind: string; place: number }[]>(
    `select 'productId' as kind, place::integer - 1 as place from unnest($1::integer[]) with ordinality as given(id, place)
       where not exists (select from product where product.id = given.id and (product.offered
         or product.id in (select product_id from request_line where request_id = $4 and revision = $5)))
     union all
     select 'bundleId', place::integer - 1 from unnest($2::integer[]) with ordinality as given(id, place)
       where given.id is not null and not exists (select from bundle where bundle.id = given.id)
     union all
     select 'replacesDeviceId', place::integer - 1 from unnest($3::integer[]) with ordinality as given(id, place)
       where given.id is not null and not exists (select from device where device.id = given.id)
     order by 2 limit 10`,
    [
      lines.map(({ productId }) => productId),
      lines.map(({ bundleId }) => bundleId),
      lines.map(({ replacesDeviceId }) => replacesDeviceId),
      requestId,
      revision,
    ],
  );
  if (missing.length > 0) {
    throw unknown(
      missing.map(({ kind, place }) => ({ field: `lines.${place}.${kind}`, message: 'is not there or not offered' })),
    );
  }
}

function unknown(fields: readonly FieldError[]): InputError {
  return new InputError('Something that was named is not there.', fields);
}
