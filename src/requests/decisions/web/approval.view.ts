import { shownDay, shownTime, type ShownTime } from '../../../common/uk-time.js';
import type { Count } from '../../../database/bounded-count.js';
import { paths } from '../../../web/paths.js';
import { OUTCOME_WORDS, STEP_KIND_WORDS } from '../../domain/decision-words.js';
import { financialYearWords } from '../../domain/financial-year.js';
import { shownPounds } from '../../domain/money.js';
import { DELIVERY_WORDS } from '../../domain/request-words.js';
import type { Background, EarlierDecision, PersonToDecide, ProductStock } from '../approval-details.queries.js';
import { queueWords } from '../approvals.columns.js';
import type { PersonOfApproval, WaitingApproval } from '../approvals.queries.js';

interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly link?: string;
}

/** A request that waits, with what is needed to decide about it. */
export interface ApprovalView {
  readonly id: number;
  readonly title: string;
  readonly href: string;
  /** What its tick is sent as. */
  readonly tick: string;
  readonly overdue: boolean;
  readonly facts: readonly Fact[];
}

/** How many requests wait, to be followed by "for your decision". */
export function waitingWords(count: Count): string {
  if (count === null) return 'Requests wait';
  if (count.more) return `More than ${count.rows} requests wait`;
  return count.rows === 1 ? '1 request waits' : `${count.rows} requests wait`;
}

/** What its page and its card in the list show. */
export function approvalView(approval: WaitingApproval, background: Background, now: Date): ApprovalView {
  const { requestId, revision, step, requester, overdue } = approval;
  return {
    id: requestId,
    title: `Request ${requestId} from ${nameOf(requester)}`,
    href: paths.approval(requestId),
    tick: `${requestId}:${revision}:${step}`,
    overdue,
    facts: factsOf(approval, background, now),
  };
}

export function nameOf({ displayName }: Pick<PersonOfApproval, 'displayName'>): string {
  return displayName ?? 'somebody who is not in the directory';
}

function factsOf(approval: WaitingApproval, background: Background, now: Date): Fact[] {
  const { things, totalPence, neededBy, delivery, site, reason, exceptions, kind, onBehalfOf, dueAt } = approval;
  const where = queueWords(approval);
  return [
    { label: 'For', value: whomWords(approval) },
    {
      label: 'What',
      value: things.map(({ name, quantity }) => `${quantity} × ${name}`).join(', '),
      note: stockWords(approval, background.products),
    },
    { label: 'Total', value: shownPounds(totalPence) },
    budgetFact(approval, background),
    ...(reason === null ? [] : [{ label: 'What it is for', value: reason }]),
    ...(exceptions === 0
      ? []
      : [{ label: 'Exceptions', value: `${exceptions}, each with its reason beside who gets it` }]),
    { label: 'Needed by', value: neededBy === null ? 'No day was given' : shownDay(neededBy) },
    { label: 'Delivery', value: delivery === 'home' ? DELIVERY_WORDS.home : `To a site: ${site ?? 'none was given'}` },
    {
      label: 'Asked of',
      value: STEP_KIND_WORDS[kind],
      ...(where !== null
        ? { note: where }
        : onBehalfOf === null
          ? {}
          : { note: `You decide in the place of ${nameOf(onBehalfOf)}` }),
    },
    { label: 'Due', value: shownTime(dueAt, now)?.text ?? '' },
  ];
}

function whomWords({ people, names, requester }: WaitingApproval): string {
  const known = names.map((name) => name ?? 'somebody without a name');
  const [only] = known;
  if (people === 1) return only === requester.displayName ? `${only}, who asks for it` : (only ?? '');
  const others = people - known.length;
  return `${people} people: ${known.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

/** Stock of what is asked for: only what there is too little of is told in full. */
function stockWords({ things }: Pick<WaitingApproval, 'things'>, products: ReadonlyMap<number, ProductStock>): string {
  const short = things.flatMap(({ productId, name, quantity }) => {
    const { available = 0, onOrder = 0, expectedOn = null } = products.get(productId) ?? {};
    if (available >= quantity) return [];
    const coming =
      onOrder === 0
        ? 'none on order'
        : `${onOrder} on order${expectedOn === null ? '' : `, expected on ${shownDay(expectedOn)}`}`;
    return [`${name}: ${available} in stock, ${coming}`];
  });
  return short.length === 0 ? 'All of it is in stock' : `Part of it would wait for stock. ${short.join('; ')}`;
}

function budgetFact(
  { costCentreCode, costCentreName, totalPence }: WaitingApproval,
  { budgets, year }: Background,
): Fact {
  const label = 'Budget';
  if (costCentreCode === null) return { label, value: 'No cost centre was given' };
  const value = [costCentreCode, costCentreName].filter(Boolean).join(': ');
  const figures = budgets.get(costCentreCode);
  if (figures === undefined || figures.amount === null || figures.left === null) {
    return { label, value, note: `No budget is set for ${financialYearWords(year)}` };
  }
  return { label, value, note: budgetWords(figures.amount, figures.left, totalPence, financialYearWords(year)) };
}

/** What a budget comes to with a request, in pence. @param left neither spent nor committed; below zero when more is */
function budgetWords(amount: number, left: number, total: number, year: string): string {
  const budget = `the budget of ${shownPounds(amount)} for ${year}`;
  const over = shownPounds(total - left);
  if (left < 0) return `Over budget already: ${budget} is exceeded by ${shownPounds(-left)}, and by ${over} after this`;
  const rest = `${shownPounds(left)} is left of ${budget}`;
  return total > left
    ? `This goes over the budget by ${over}: ${rest}`
    : `${rest}; ${shownPounds(left - total)} is left after this`;
}

/** Somebody whom the request is for. */
export interface PersonView {
  readonly name: string;
  readonly note: string;
  readonly href: string | null;
  readonly total: string;
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly price: string;
    readonly notes: readonly string[];
    readonly private: string | null;
  }[];
  readonly has: readonly string[];
}

/** One person of the request: what they get, and what they have now. */
export function personView(
  { person, lines, holdings }: PersonToDecide,
  products: ReadonlyMap<number, Pick<ProductStock, 'name'>>,
): PersonView {
  const productName = (id: number): string => products.get(id)?.name ?? 'something';
  return {
    name: person.displayName ?? 'Somebody who is not in the directory',
    note: [person.jobTitle, person.site].filter((part) => part !== null && part !== '').join(', '),
    href: person.id === null ? null : paths.person(person.id),
    total: shownPounds(lines.reduce((sum, { pricePence }) => sum + pricePence, 0)),
    lines: lines.map((line) => ({
      name: line.product,
      quantity: line.quantity,
      price: shownPounds(line.pricePence),
      notes: [
        ...(line.replaces === null ? [] : [`Gives back ${line.replaces}`]),
        ...(line.exceptionReason === null ? [] : [`Exception: ${line.exceptionReason}`]),
      ],
      private: line.privateReason,
    })),
    has: [
      ...holdings.machines.map(({ label }) => label),
      ...[...holdings.held].map(([productId, quantity]) => `${quantity} × ${productName(productId)}`),
      ...holdings.awaited.map(
        ({ productId, quantity }) => `Waits for ${quantity} × ${productName(productId)} by another request`,
      ),
    ],
  };
}

/** A decision that was made about an earlier step. */
export function earlierView(
  { kind, outcome, reason, decidedBy, onBehalfOf, decidedAt }: EarlierDecision,
  now: Date,
): { readonly text: string; readonly who: string; readonly reason: string | null; readonly at: ShownTime | null } {
  const decider = decidedBy ?? 'somebody who is not in the directory';
  return {
    text: `${STEP_KIND_WORDS[kind]}: ${OUTCOME_WORDS[outcome]}`,
    who: onBehalfOf === null ? decider : `${decider} in the place of ${onBehalfOf}`,
    reason,
    at: shownTime(decidedAt, now),
  };
}
