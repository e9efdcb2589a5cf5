import type { ApprovalQueue, PassedOverReason, StepKind } from './decision-words.js';

/** What routes and times of approvals go by. */
export interface ApprovalSettings {
  /** Total in pence from which the budget holder of the cost centre decides too. */
  readonly budgetHolderFromPence: number;
  /** Total in pence from which IT decides too, without any exception; null for never. */
  readonly itFromPence: number | null;
  /** Managers upwards who are tried in somebody's place before a queue is. */
  readonly managersUp: number;
  /** Working days after which a reminder is sent, a decision is due, and a queue decides instead. */
  readonly reminderDays: number;
  readonly dueDays: number;
  readonly escalationDays: number;
}

/** Somebody of the directory, as far as a route needs them. */
export interface RoutePerson {
  readonly entraId: string;
  readonly managerEntraId: string | null;
  /** Whether the directory has them with an account that is not disabled. */
  readonly active: boolean;
  /** Who stands in for them today, whoever these are; null while they decide themselves. */
  readonly standIns: readonly string[] | null;
}

/** What a route follows from. Everybody goes by their object id. */
export interface RouteFacts {
  readonly requester: string;
  /** Who asks, and everybody who gets something. */
  readonly parties: readonly string[];
  readonly totalPence: number;
  /** Whether a line breaks a rule, with a reason. */
  readonly isException: boolean;
  /** Of the cost centre; null without a cost centre, or where it names nobody. */
  readonly budgetHolder: string | null;
  /** The requester, the budget holder, managers above both, and everybody who stands in for one of these. */
  readonly people: ReadonlyMap<string, RoutePerson>;
  /** The person behind accounts that are linked. */
  readonly linked: ReadonlyMap<string, string>;
}

/** Who decides a step: a person or a queue. */
export interface Approver {
  readonly approver: string | null;
  readonly queue: ApprovalQueue | null;
  /** Why it is in a queue that is for somebody else's decisions; null for a person, and where it belongs there. */
  readonly queueReason: PassedOverReason | null;
  /** Who would have decided and cannot, in the order in which they were tried. */
  readonly passedOver: readonly { readonly entraId: string; readonly reason: PassedOverReason }[];
}

export interface RoutedStep extends Approver {
  readonly kind: StepKind;
}

/** Who decides about a request, in this order. */
export interface ApprovalRoute {
  readonly steps: readonly RoutedStep[];
  /** Steps that are not asked, because whoever would decide them decides another one. */
  readonly leftOut: readonly { readonly kind: StepKind; readonly sameAs: StepKind }[];
}

/** Works out who decides: the line manager of whoever asks, the budget holder, IT; nobody is asked twice. */
export function routeOf(facts: RouteFacts, settings: ApprovalSettings): ApprovalRoute {
  const steps: RoutedStep[] = [];
  const leftOut: { kind: StepKind; sameAs: StepKind }[] = [];
  for (const step of stepsWanted(facts, settings)) {
    const same = steps.find((each) => isSame(each, step, facts));
    if (same) leftOut.push({ kind: step.kind, sameAs: same.kind });
    else steps.push(step);
  }
  return { steps, leftOut };
}

/** Everything that has to be decided, and by whom, although it may be the same person twice. */
export function stepsWanted(facts: RouteFacts, settings: ApprovalSettings): RoutedStep[] {
  return kindsOf(facts, settings).map((kind) => ({ kind, ...approverOf(kind, facts, settings) }));
}

/** What a request has to be asked about. */
function kindsOf({ totalPence, isException }: RouteFacts, settings: ApprovalSettings): StepKind[] {
  const isDear = settings.itFromPence !== null && totalPence >= settings.itFromPence;
  return [
    'line_manager',
    ...(totalPence >= settings.budgetHolderFromPence ? (['budget_holder'] as const) : []),
    ...(isException || isDear ? (['it'] as const) : []),
  ];
}

function approverOf(kind: StepKind, facts: RouteFacts, settings: ApprovalSettings): Approver {
  if (kind === 'it') return { approver: null, queue: 'it', queueReason: null, passedOver: [] };
  const first = kind === 'budget_holder' ? facts.budgetHolder : managerOf(facts.requester, facts);
  return approverFrom(first, facts, settings);
}

/**
 * Whoever decides in somebody's place: they themselves if they can, or else the first of the managers above who can, or
 * else the queue, with the reason why the first could not.
 */
export function approverFrom(
  first: string | null,
  facts: Pick<RouteFacts, 'people' | 'parties' | 'linked'>,
  { managersUp }: Pick<ApprovalSettings, 'managersUp'>,
): Approver {
  const passedOver: { entraId: string; reason: PassedOverReason }[] = [];
  let candidate = first;
  for (let level = 0; level <= managersUp && candidate !== null; level++) {
    const tried: string = candidate;
    if (passedOver.some(({ entraId }) => entraId === tried)) break;
    const reason = whyNot(tried, facts);
    if (reason === null) return { approver: tried, queue: null, queueReason: null, passedOver };
    passedOver.push({ entraId: tried, reason });
    candidate = managerOf(tried, facts);
  }
  return { approver: null, queue: 'approvals', queueReason: passedOver[0]?.reason ?? 'missing', passedOver };
}

/** Why somebody cannot decide; null when they can, or somebody who stands in for them can. */
export function whyNot(
  entraId: string,
  facts: Pick<RouteFacts, 'people' | 'parties' | 'linked'>,
): PassedOverReason | null {
  const person = facts.people.get(entraId);
  if (!person) return 'missing';
  if (!person.active) return 'left';
  if (isParty(entraId, facts)) return 'conflicted';
  if (person.standIns === null) return null;
  const canDecide = person.standIns.some(
    (standIn) => facts.people.get(standIn)?.active === true && !isParty(standIn, facts),
  );
  return canDecide ? null : 'absent';
}

/** The person whose account it is, where several are linked. */
export function personBehind(entraId: string, linked: ReadonlyMap<string, string>): string {
  return linked.get(entraId) ?? entraId;
}

/** Whether two steps are decided by the same person, with whatever account, or in the same queue. */
export function isSame(
  a: Pick<Approver, 'approver' | 'queue'>,
  b: Pick<Approver, 'approver' | 'queue'>,
  { linked }: Pick<RouteFacts, 'linked'>,
): boolean {
  if (a.approver === null || b.approver === null) return a.approver === b.approver && a.queue === b.queue;
  return personBehind(a.approver, linked) === personBehind(b.approver, linked);
}

function isParty(entraId: string, { parties, linked }: Pick<RouteFacts, 'parties' | 'linked'>): boolean {
  const person = personBehind(entraId, linked);
  return parties.some((party) => personBehind(party, linked) === person);
}

function managerOf(entraId: string, { people }: Pick<RouteFacts, 'people'>): string | null {
  return people.get(entraId)?.managerEntraId ?? null;
}
