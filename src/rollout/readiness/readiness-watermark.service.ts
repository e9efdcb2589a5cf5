import type { EntityManager } from 'typeorm';
import type { CurrentProgramme } from '../programme.queries.js';

/** Up to when changes have been taken in, and by which settings. */
export interface Watermark {
  readonly changedUntil: Date;
  readonly settingsVersion: number;
}

/** Puts the mark to now and returns where it was; whoever runs at the same time waits here. */
export async function moveWatermark(
  tx: EntityManager,
  programme: CurrentProgramme,
  now: Date,
): Promise<Watermark | null> {
  const [before] = await tx.query<Watermark[]>(
    `select changed_until as "changedUntil", settings_version as "settingsVersion" from readiness_watermark
     where programme_id = $1 for update`,
    [programme.id],
  );
  await tx.query(
    `insert into readiness_watermark (programme_id, changed_until, settings_version) values ($1, $2, $3)
     on conflict on constraint readiness_watermark_pkey do update
       set changed_until = excluded.changed_until, settings_version = excluded.settings_version`,
    [programme.id, now, programme.settingsVersion],
  );
  return before ?? null;
}
