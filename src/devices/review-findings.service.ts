import type { EntityManager } from 'typeorm';
import type { ReviewFinding } from './domain/identity/machines.js';

/**
 * Brings the open reviews about the records just resolved in step with what the resolver asks now: opens and updates those asked,
 * closes as expired those that the records have answered. Settled reviews stay as they are.
 * @returns how many were opened.
 */
export async function recordFindings(
  tx: EntityManager,
  openReviewIds: readonly number[],
  findings: readonly ReviewFinding[],
): Promise<number> {
  if (openReviewIds.length > 0)
    await tx.query(
      `update device_review set state = 'expired', expired_at = now()
     where id = any($1::integer[]) and state = 'open' and not fingerprint = any($2::text[])`,
      [openReviewIds, findings.map((finding) => finding.fingerprint)],
    );
  if (findings.length === 0) return 0;
  const open = await tx.query<unknown[]>(
    `select from device_review where state = 'open' and fingerprint = any($1::text[])`,
    [findings.map((finding) => finding.fingerprint)],
  );
  const rows = findings.map(({ kind, fingerprint, shared, machines }) => ({
    kind,
    fingerprint,
    evidence: { shared, machines: [...machines].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)) },
  }));
  const changed = await tx.query<{ id: number; machines: number[][] }[]>(
    `insert into device_review as review (kind, fingerprint, evidence)
     select kind, fingerprint, evidence
     from jsonb_to_recordset($1::jsonb) as row(kind text, fingerprint text, evidence jsonb)
     on conflict (fingerprint) where state <> 'settled' do update
     set state = 'open', kind = excluded.kind, evidence = excluded.evidence, expired_at = null
     where (review.state, review.kind, review.evidence) is distinct from ('open', excluded.kind, excluded.evidence)
     returning id, evidence -> 'machines' as machines`,
    [JSON.stringify(rows)],
  );
  const named = changed.flatMap(({ id, machines }) => machines.flat().map((record) => ({ id, record })));
  await tx.query('delete from device_review_record where review_id = any($1::integer[])', [
    changed.map(({ id }) => id),
  ]);
  await tx.query(
    'insert into device_review_record (review_id, record_id) select * from unnest($1::integer[], $2::integer[])',
    [named.map(({ id }) => id), named.map(({ record }) => record)],
  );
  return findings.length - open.length;
}
