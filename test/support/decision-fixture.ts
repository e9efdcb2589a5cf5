import type { DataSource } from 'typeorm';
import { openApproval } from '../../src/requests/decisions/approval.js';
import { draftRequest, type AskedLine } from './request-fixture.js';

/**
 * A request that was submitted and routed as the rules say.
 * @param options.exceptionReason of all its lines, as `options.privateReason`
 * @returns its id; it has one revision
 */
export async function routedRequest(
  dataSource: DataSource,
  requester: string,
  lines: readonly AskedLine[],
  options: { readonly exceptionReason?: string; readonly privateReason?: string; readonly at?: Date } = {},
): Promise<number> {
  const { id } = await draftRequest(dataSource, requester, lines);
  await dataSource.query('update request_line set exception_reason = $2, private_reason = $3 where request_id = $1', [
    id,
    options.exceptionReason ?? null,
    options.privateReason ?? null,
  ]);
  await dataSource.query(
    `update request_revision set submitted_at = now(), total_pence =
       (select sum(price_pence * quantity) from request_line where request_id = $1) where request_id = $1`,
    [id],
  );
  await dataSource.query(`update equipment_request set state = 'submitted' where id = $1`, [id]);
  await dataSource.transaction((tx) => openApproval(tx, { requestId: id, revision: 1 }, options.at ?? new Date()));
  return id;
}
