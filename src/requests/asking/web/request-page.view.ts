import { shownDay, shownTime, type ShownTime } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { shownPounds } from '../../domain/money.js';
import { nextStepWords, standingWords, type LineCounts } from '../../domain/request-progress.js';
import { DELIVERY_WORDS, LINE_STATE_WORDS, type LineState } from '../../domain/request-words.js';
import type { RequestSight } from '../request-access.queries.js';
import type { LineOfRequest, PersonOfRequest, WholeRequest } from '../whole-request.queries.js';
import { lineTag, requestTag } from './request-tag.js';

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
        ? requestTag('draft', 'Being changed')
        : requestTag(request.state, standingWords(request.state, counts)),
    next: sight.isRequester ? nextStepWords(request.state, counts) : '',
    facts: factsOf(request, lines, isPart, now),
    lines: lines.map((line) => lineView(line, isPart, now, personEntraId)),
    isPart,
  };
}

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
