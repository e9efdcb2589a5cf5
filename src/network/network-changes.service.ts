import type { EntityManager } from 'typeorm';

/** What changed: sites by name, whatever the case; homes by the Entra object id of who lives there; or everything. */
export type ChangedNetwork =
  { readonly kind: 'site' | 'home'; readonly subjects: readonly string[] } | { readonly kind: 'everything' };

/**
 * Notes, in the transaction of the change, that something changed by which networks are judged. What depends on the
 * verdicts reads the notes. A site is noted as the directory’s office in lower case, whether or not it is entered.
 */
export async function noteNetworkChange(tx: EntityManager, change: ChangedNetwork): Promise<void> {
  const subjects = change.kind === 'everything' ? [''] : change.subjects;
  if (subjects.length === 0) return;
  // Everybody takes the rows in the same order, so that two never wait for each other.
  await tx.query(
    `insert into network_change (kind, subject, changed_at)
     select $1, subject, clock_timestamp() from (
       select distinct case $1 when 'site' then lower(subject) else subject end collate "C" as subject
       from unnest($2::text[]) as given(subject) order by 1) as changed
     on conflict on constraint network_change_pkey do update set changed_at = excluded.changed_at`,
    [change.kind, subjects],
  );
}

/** The same for sites by id. */
export async function noteSitesChange(tx: EntityManager, siteIds: readonly number[]): Promise<void> {
  const sites = await tx.query<{ name: string }[]>('select name from network_site where id = any($1::integer[])', [
    siteIds,
  ]);
  await noteNetworkChange(tx, { kind: 'site', subjects: sites.map(({ name }) => name) });
}
