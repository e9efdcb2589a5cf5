import type { MoveFact, MoveFactDetails, MoveFactKind } from '../../src/rollout/domain/move-fact.js';

type Details<Kind extends MoveFactKind> = Kind extends keyof MoveFactDetails
  ? MoveFactDetails[Kind]
  : Readonly<Record<string, never>>;
type About = { readonly moveId?: number | null; readonly deviceId?: number | null; readonly key?: string };

/** The day on which the facts of specs begin. */
export const FIRST_DAY = Date.parse('2026-01-05T09:00:00Z');

/** So many days after the first day, at nine in the morning in winter. */
export function onDay(day: number): Date {
  return new Date(FIRST_DAY + day * 86_400_000);
}

/** A fact about move 1, or about what `about` says. */
export function fact<Kind extends MoveFactKind>(
  day: number,
  kind: Kind,
  details: Details<Kind>,
  about: About = {},
): MoveFact {
  const { moveId = 1, deviceId = null, key = `${kind}:${day}:${about.moveId ?? 1}:${about.deviceId ?? 0}` } = about;
  return { kind, moveId, deviceId, at: onDay(day), details, key } as MoveFact;
}
