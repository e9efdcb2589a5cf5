import { shownDay, shownTime, type ShownTime } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { shownPounds } from '../../domain/money.js';
import { nextStepWords, standingWords, type LineCounts } from '../../domain/request-progress.js';
import {
  DELIVERY_WORDS,
  FINISHED_LINE_STATES,
  LINE_STATE_WORDS,
  type LineState,
  type RequestState,
} from '../../domain/request-words.js';
import type { RequestSight } from '../request-access.queries.js';
import type { LineOfRequest, PersonOfRequest, WholeRequest } from '../whole-request.queries.js';
import { BEING_CHANGED, lineTag, requestTag } from './request-tag.js';

interface Fact {
  readonly label: string;
  readonly value: string;
}

/** One line of the request as its page shows it. */
interface LineView {
  readonly person: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: string | null;
  readonly tag: { readonly text: string; readonly tag: string };
  readonly notes: readonly string[];
  readonly private: string | null;
  readonly picks: readonly {
    readonly text: string;
    readonly machine: { readonly text: string; readonly href: string } | null;
    readonly at: ShownTime | null;
    readonly note: string | null;
  }[];
}

/** What the page of a request shows above its history. */
export function requestView(
  request: WholeRequest,
  sight: RequestSight,
  personEntraId: string | null,
  now: Date,
): {
  readonly tag: { readonly text: string; readonly tag: string };
  readonly next: string;
  readonly facts: readonly Fact[];
  readonly lines: readonly LineView[];
  readonly isPart: boolean;
} {
  const lines = request.lines.filter(({ revision }) => revision === request.revision);
  const counts = countsOf(lines);
  const isPart = sight.people !== null;
  return {
    tag:
      request.state === 'draft'
        ? requestTag('draft', BEING_CHANGED)
        : requestTag(request.state, standingWords(request.state, counts)),
    next: sight.isRequester ? nextStepWords(request.state, counts) : '',
    facts: factsOf(request, lines, isPart, now),
    lines: lines.map((line) => lineView(line, isPart, now, personEntraId)),
    isPart,
  };
}

/** What the reader can do with the request, as it is now. */
export function offersOf(
  { state, revision, lines }: WholeRequest,
  { isRequester, mayCancel }: RequestSight,
  personEntraId: string | null,
): {
  readonly canGoOn: boolean;
  readonly canChange: boolean;
  readonly canCancel: boolean;
  readonly canCopy: boolean;
  /** Whether all of it was handed over or sent, so that it can only be brought back. */
  readonly isGiven: boolean;
  /** Whether something of it waits for the reader to confirm that they have it. */
  readonly toConfirm: boolean;
} {
  const present = lines.filter((line) => line.revision === revision);
  const given = present.filter((line) => line.state === 'fulfilled' || line.state === 'received');
  const isSent = present.some((line) => sentOf(line) > 0);
  const isGiven =
    (given.length > 0 || isSent) &&
    present.every((line) => FINISHED_LINE_STATES.has(line.state) || sentOf(line) >= line.quantity - line.cancelled);
  return {
    canGoOn: isRequester && state === 'draft',
    canChange: isRequester && CHANGEABLE.has(state) && given.length === 0 && !isSent,
    canCancel: mayCancel && !isGiven,
    canCopy: isRequester,
    isGiven: isGiven && mayCancel,
    toConfirm: present.some(
      ({ beneficiary, picks }) =>
        beneficiary.entraId === personEntraId &&
        picks.some((pick) => pick.state === 'dispatched' || pick.state === 'handed_over'),
    ),
  };
}

/** How many of a line were sent or handed over, and not brought back. */
function sentOf({ picks }: LineOfRequest): number {
  return picks.reduce((sum, { state, quantity }) => sum + (SENT.has(state) ? quantity : 0), 0);
}

const SENT: ReadonlySet<string> = new Set(['dispatched', 'handed_over', 'received']);

/** States in which whoever asked can begin the next version. */
const CHANGEABLE: ReadonlySet<RequestState> = new Set(['submitted', 'returned', 'approved']);

export function nameOf(person: PersonOfRequest): string {
  return person.displayName ?? 'Somebody who is not in the directory';
}

function countsOf(lines: readonly LineOfRequest[]): LineCounts {
  const counts: Partial<Record<LineState, number>> = {};
  for (const { state } of lines) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function factsOf(request: WholeRequest, lines: readonly LineOfRequest[], isPart: boolean, now: Date): Fact[] {
  const revision = request.revisions.find((each) => each.revision === request.revision);
  if (!revision) return [];
  const people = new Set(lines.map(({ beneficiary }) => beneficiary.entraId)).size;
  const { neededBy, delivery, site, reason, costCentreCode, costCentreName, submittedAt, totalPence } = revision;
  const submitted = shownTime(submittedAt, now);
  return [
    { label: 'Asked by', value: nameOf(request.requester) },
    ...(isPart ? [] : [{ label: 'For', value: people === 1 ? '1 person' : `${people} people` }]),
    ...(submitted === null ? [] : [{ label: 'Submitted', value: submitted.text }]),
    ...(request.revision > 1 ? [{ label: 'Version', value: String(request.revision) }] : []),
    ...(neededBy === null ? [] : [{ label: 'Needed by', value: shownDay(neededBy) }]),
    { label: 'Delivery', value: delivery === 'home' ? DELIVERY_WORDS.home : `To a site: ${site ?? ''}` },
    ...(isPart ? [] : [{ label: 'Total', value: shownPounds(totalPence) }]),
    ...(costCentreCode === null
      ? []
      : [{ label: 'Cost centre', value: [costCentreCode, costCentreName].filter(Boolean).join(': ') }]),
    ...(reason === null ? [] : [{ label: 'What it is for', value: reason }]),
  ];
}

function lineView(line: LineOfRequest, isPart: boolean, now: Date, reader: string | null): LineView {
  const { beneficiary, product, bundle, quantity, pricePence, state, replaces, exceptionReason, waitingSince } = line;
  const since = shownTime(waitingSince, now);
  const reserved = line.reservations.map(({ place, quantity: kept }) => `${kept} reserved at ${place}`);
  return {
    person: beneficiary.entraId === reader ? `${nameOf(beneficiary)} (you)` : nameOf(beneficiary),
    name: product.name,
    quantity,
    price: isPart ? null : shownPounds(pricePence * quantity),
    tag: lineTag(state, LINE_STATE_WORDS[state]),
    notes: [
      ...(bundle === null ? [] : [`Part of ${bundle.name}`]),
      ...(replaces === null ? [] : [`Gives back ${replaces.name ?? 'a machine without a name'}`]),
      ...(exceptionReason === null ? [] : [`Reason: ${exceptionReason}`]),
      ...reserved,
      ...(since === null ? [] : [`Waits since ${since.text}; who was approved first is served first`]),
      ...(line.cancelled > 0 && line.cancelled < quantity ? [`${line.cancelled} cancelled`] : []),
    ],
    private: line.privateReason,
    picks: line.picks.map((pick) => ({
      text: `${PICK_WORDS[pick.state] ?? pick.state}${pick.quantity > 1 ? `: ${pick.quantity}` : ''}, from ${pick.place}`,
      machine:
        pick.machine === null
          ? null
          : {
              text: pick.machine.serialNumber ?? pick.machine.name ?? 'a machine without a serial number',
              href: paths.device(pick.machine.id),
            },
      at: shownTime(pick.receivedAt ?? pick.handedOverAt ?? pick.dispatchedAt ?? pick.pickedAt, now),
      note: [
        pick.tracking === null ? null : `the carrier’s number is ${pick.tracking}`,
        pick.receivedHow === 'observed' ? 'receipt taken from the first sign-in, not confirmed by the person' : null,
      ]
        .filter((part) => part !== null)
        .join('; '),
    })),
  };
}

const PICK_WORDS: Readonly<Record<string, string>> = {
  picked: 'Picked',
  dispatched: 'Sent',
  handed_over: 'Handed over',
  received: 'Received',
  put_back: 'Put back',
  returned: 'Brought back',
};
