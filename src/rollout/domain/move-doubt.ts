/** What can be doubtful about a move: facts and statements that disagree, or that do not come. */
export const MOVE_DOUBTS = [
  'handover-unconfirmed',
  'recovered-desktop-seen',
  'laptop-gone',
  'several-laptops',
  'desktop-denied-but-known',
  'holder-and-user-differ',
  'leaver-has-equipment',
  'rolled-back-with-laptop',
  'missed-three-times',
  'deferral-over',
] as const;
export type MoveDoubtKind = (typeof MOVE_DOUBTS)[number];

/** One doubt about a move. */
export interface MoveDoubt {
  readonly kind: MoveDoubtKind;
  readonly deviceId: number | null;
  /** Since when (ISO 8601). */
  readonly since: string;
}
