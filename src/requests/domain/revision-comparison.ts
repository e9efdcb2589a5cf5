/** A line of a revision, as far as two revisions are compared. What is private is no part of it. */
export interface ComparedLine {
  readonly beneficiaryEntraId: string;
  readonly productId: number;
  readonly quantity: number;
  readonly exceptionReason: string | null;
  readonly replacesDeviceId: number | null;
}

/** What a revision says besides its lines. */
export interface ComparedRevision {
  readonly neededBy: string | null;
  readonly delivery: string;
  readonly site: string | null;
  readonly reason: string | null;
  readonly costCentreCode: string | null;
  readonly lines: readonly ComparedLine[];
}

export type ComparedField = 'neededBy' | 'delivery' | 'site' | 'reason' | 'costCentreCode';

/** What is different from one revision to the next. */
export interface RevisionChanges {
  readonly fields: readonly {
    readonly field: ComparedField;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  readonly added: readonly ComparedLine[];
  readonly removed: readonly ComparedLine[];
  readonly changed: readonly { readonly from: ComparedLine; readonly to: ComparedLine }[];
}

const FIELDS: readonly ComparedField[] = ['neededBy', 'delivery', 'site', 'reason', 'costCentreCode'];

/** Compares two revisions; lines are the same line when they are for the same person and product. */
export function compareRevisions(before: ComparedRevision, after: ComparedRevision): RevisionChanges {
  const key = (line: ComparedLine): string => `${line.productId} ${line.beneficiaryEntraId}`;
  const earlier = new Map(before.lines.map((line) => [key(line), line]));
  const later = new Map(after.lines.map((line) => [key(line), line]));
  return {
    fields: FIELDS.flatMap((field) =>
      before[field] === after[field] ? [] : [{ field, from: before[field], to: after[field] }],
    ),
    added: after.lines.filter((line) => !earlier.has(key(line))),
    removed: before.lines.filter((line) => !later.has(key(line))),
    changed: after.lines.flatMap((to) => {
      const from = earlier.get(key(to));
      const isSame =
        from === undefined ||
        (from.quantity === to.quantity &&
          from.exceptionReason === to.exceptionReason &&
          from.replacesDeviceId === to.replacesDeviceId);
      return isSame ? [] : [{ from, to }];
    }),
  };
}
