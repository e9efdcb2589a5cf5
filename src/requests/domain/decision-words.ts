/** What a step of an approval asks. */
export const STEP_KINDS = ['line_manager', 'budget_holder', 'it'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const STEP_KIND_WORDS: Readonly<Record<StepKind, string>> = {
  line_manager: 'Line manager',
  budget_holder: 'Budget holder',
  it: 'IT, because of an exception',
};

/** Queues for what no named person decides. */
export const APPROVAL_QUEUES = ['approvals', 'it'] as const;
export type ApprovalQueue = (typeof APPROVAL_QUEUES)[number];

export const APPROVAL_QUEUE_WORDS: Readonly<Record<ApprovalQueue, string>> = {
  approvals: 'Queue for approvals',
  it: 'IT’s queue for exceptions',
};

/** What it takes to decide what waits in a queue. */
export const QUEUE_PERMISSIONS = {
  approvals: 'requests:decide',
  it: 'requests:decide-exceptions',
} as const satisfies Readonly<Record<ApprovalQueue, string>>;

/** Why somebody cannot decide, and a step went to somebody above them or to a queue. */
export const PASSED_OVER_REASONS = ['missing', 'absent', 'left', 'conflicted'] as const;
export type PassedOverReason = (typeof PASSED_OVER_REASONS)[number];

/** Why a step is in a queue; null for one that belongs there. */
export type QueueReason = PassedOverReason | 'escalated';

export const QUEUE_REASON_WORDS: Readonly<Record<QueueReason, string>> = {
  missing: 'the directory or the cost centre names nobody who decides',
  absent: 'whoever decides is away, and so is everybody who stands in',
  left: 'whoever decides has left',
  conflicted: 'whoever decides asks for it or gets it',
  escalated: 'nobody decided in time',
};

/** What can be decided about a step. */
export const OUTCOMES = ['approved', 'rejected', 'returned'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  approved: 'Approved',
  rejected: 'Rejected',
  returned: 'Returned for changes',
};

/** The queues that somebody with these permissions works. */
export function queuesOf(permissions: ReadonlySet<string>): readonly ApprovalQueue[] {
  return APPROVAL_QUEUES.filter((queue) => permissions.has(QUEUE_PERMISSIONS[queue]));
}
