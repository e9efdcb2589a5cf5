import { londonDay, shownDay } from '../../../common/uk-time.js';
import { shownPounds } from '../money.js';
import {
  isOnItsWay,
  isReady,
  isTakenAsReceived,
  isToConfirm,
  type NamedThing,
  type RequestMessageFacts,
  type ThingForThem,
} from './message-facts.js';
import type { AboutRequest } from './request-templates.js';

/** What a message says, without the address of the page that it leads to. */
export interface RequestWording {
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly link: { readonly text: string; readonly page: 'request' | 'approval' | 'to-confirm' | 'stock' };
}

type Words = Omit<RequestWording, 'greeting'>;

/** So many levels of stock, and at how many places. */
export interface LowStockFacts {
  readonly firstName: string | null;
  readonly things: readonly { readonly product: string; readonly place: string; readonly missing: number }[];
}

const THE_REQUEST = { text: 'See the request', page: 'request' } as const;
const YOUR_THINGS = { text: 'See what you get', page: 'request' } as const;
/** Most that a mail lists; the page has them all. */
const MOST_LISTED = 10;

/**
 * The words of a message about a request, in British English and UK time. They name nobody but whoever gets the message,
 * and repeat nothing that anybody has written: reasons are read behind the sign-in.
 */
export function requestWording(template: AboutRequest, facts: RequestMessageFacts): RequestWording {
  return { greeting: greetingOf(facts.firstName), ...WORDS[template](facts) };
}

/** The words of the message about stock that is to be ordered. */
export function lowStockWording({ firstName, things }: LowStockFacts): RequestWording {
  const listed = things
    .slice(0, MOST_LISTED)
    .map(({ product, place, missing }) => `${product}, ${place}: ${missing} too few.`);
  const more = things.length - listed.length;
  return {
    greeting: greetingOf(firstName),
    subject: `Low stock: ${count(things.length, 'thing', 'things')} to order`,
    paragraphs: [
      'Less is free than there should be, with what is on order already counted:',
      ...listed,
      ...(more > 0 ? [`And ${more} more.`] : []),
    ],
    link: { text: 'See stock', page: 'stock' },
  };
}

const WORDS: Readonly<Record<AboutRequest, (facts: RequestMessageFacts) => Words>> = {
  'request-submitted': (facts) => ({
    subject: `Request ${facts.requestId}: submitted`,
    paragraphs: [
      `We have your request for ${extent(facts)}.`,
      'Somebody decides about it next. You are told as soon as they have.',
    ],
    link: THE_REQUEST,
  }),
  'decision-wanted': decision('waits for your decision'),
  'decision-reminder': decision('still waits for your decision'),
  'request-approved': (facts) => ({
    subject: `Request ${facts.requestId}: approved`,
    paragraphs: [`Your request for ${extent(facts)} is approved.`, ...whatIsKept(facts)],
    link: THE_REQUEST,
  }),
  'request-returned': ({ requestId }) => ({
    subject: `Request ${requestId}: please change it`,
    paragraphs: [
      'Your request came back. Its page says why.',
      'Change it and submit it again, or cancel it if it is not needed any more.',
    ],
    link: { text: 'See why, and change it', page: 'request' },
  }),
  'request-rejected': ({ requestId }) => ({
    subject: `Request ${requestId}: rejected`,
    paragraphs: ['Your request was rejected. Its page says why.'],
    link: { text: 'See why', page: 'request' },
  }),
  'request-waiting': ({ requestId, counts }) => ({
    subject: `Request ${requestId}: waiting for stock`,
    paragraphs: [
      `Approved and out of stock: ${linesWords(counts.back_ordered ?? 0)} of your request.`,
      'Whoever was approved first is served first, whoever asks. You need not do anything; you are told when it has come.',
    ],
    link: THE_REQUEST,
  }),
  'request-kept': (facts) => ({
    subject: `Request ${facts.requestId}: stock has come`,
    paragraphs: ['What your request waited for has come.', ...whatIsKept(facts)],
    link: THE_REQUEST,
  }),
  'reservation-expired': ({ requestId }) => ({
    subject: `Request ${requestId}: not kept any longer`,
    paragraphs: [
      'Something was kept for your request and was not collected in time, so that others can have it.',
      'Your request is still approved. If it is not needed any more, please cancel it.',
    ],
    link: THE_REQUEST,
  }),
  'request-ready': ({ requestId, theirs }) => ({
    subject: `Request ${requestId}: ready to collect`,
    paragraphs: [
      ...byPlace(theirs.filter(isReady)).map(([place, things]) => `Ready for you at ${place}: ${listed(things)}.`),
      'Please bring your staff badge.',
    ],
    link: YOUR_THINGS,
  }),
  'request-sent': ({ requestId, theirs }) => ({
    subject: `Request ${requestId}: sent to you`,
    paragraphs: [
      ...theirs
        .filter(isOnItsWay)
        .map(
          ({ tracking, ...thing }) =>
            `On its way to you: ${listed([thing])}${tracking === null ? '' : `, carrier’s number ${tracking}`}.`,
        ),
      'Please confirm when it has come.',
    ],
    link: { text: 'Confirm when it has come', page: 'to-confirm' },
  }),
  'confirm-receipt': ({ requestId, theirs }) => ({
    subject: `Request ${requestId}: do you have it?`,
    paragraphs: [
      `You were handed ${listed(theirs.filter(isToConfirm))}.`,
      'Please confirm that you have it. If you do not, tell the service desk today.',
    ],
    link: { text: 'Confirm that you have it', page: 'to-confirm' },
  }),
  'receipt-observed': ({ requestId, theirs }) => ({
    subject: `Request ${requestId}: noted that you have it`,
    paragraphs: [
      `You have signed in on a machine of this request, so we noted that you have ${listed(theirs.filter(isTakenAsReceived))}.`,
      'If that is wrong, tell the service desk.',
    ],
    link: YOUR_THINGS,
  }),
  'return-replaced': ({ requestId, toReturn }) => ({
    subject: `Request ${requestId}: please return ${toReturn === 1 ? 'the machine' : 'the machines'} that you had before`,
    paragraphs: [
      toReturn === 1
        ? 'You have its replacement, and the machine that you had before is to come back.'
        : `You have their replacements, and ${toReturn} machines that you had before are to come back.`,
      'Save what is only on it to OneDrive and return it to the service desk, or tell them where to collect it.',
    ],
    link: YOUR_THINGS,
  }),
  'request-cancelled': ({ requestId, isRequester, state }) => ({
    subject: `Request ${requestId}: cancelled`,
    paragraphs: [
      isRequester
        ? `Your request${state === 'cancelled' ? '' : ', as far as nothing was handed over,'} was cancelled. What was kept for it is free for others.`
        : 'A request from which you were to get something was cancelled. You need not collect anything.',
    ],
    link: isRequester ? THE_REQUEST : YOUR_THINGS,
  }),
};

function decision(what: string): (facts: RequestMessageFacts) => Words {
  return (facts) => ({
    subject: `Request ${facts.requestId} ${what}`,
    paragraphs: [
      `A request for ${extent(facts)}, ${shownPounds(facts.totalPence)} in all, ${what}.`,
      ...(facts.neededBy === null ? [] : [`It is needed by ${shownDay(facts.neededBy)}.`]),
      ...(facts.decideBy === null
        ? []
        : [`If you cannot decide by ${shownDay(londonDay(facts.decideBy))}, name somebody who stands in for you.`]),
    ],
    link: { text: 'Look at it and decide', page: 'approval' },
  });
}

function whatIsKept({ counts }: RequestMessageFacts): string[] {
  const kept = (counts.reserved ?? 0) + (counts.picking ?? 0);
  const waits = counts.back_ordered ?? 0;
  if (kept > 0 && waits === 0)
    return ['Everything is in stock and kept for it. You are told when it is ready or sent.'];
  if (kept > 0) return [`In stock and kept for it: ${linesWords(kept)}. Waiting for stock: ${linesWords(waits)}.`];
  return [];
}

function byPlace(things: readonly ThingForThem[]): [string, ThingForThem[]][] {
  return [...new Set(things.map(({ place }) => place))].map((at) => [at, things.filter(({ place }) => place === at)]);
}

/** Things by their names in the catalogue, and without a name where that would tell of somebody's health. */
function listed(things: readonly NamedThing[]): string {
  const named = new Map<string, number>();
  for (const { name, quantity, isPrivate } of things) {
    const called = isPrivate ? 'other equipment' : name;
    named.set(called, (named.get(called) ?? 0) + quantity);
  }
  return [...named].map(([name, quantity]) => (quantity === 1 ? name : `${quantity} × ${name}`)).join(', ');
}

function extent({ things, people }: RequestMessageFacts): string {
  return `${count(things, 'item', 'items')} for ${count(people, 'person', 'people')}`;
}

function linesWords(lines: number): string {
  return count(lines, 'line', 'lines');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function greetingOf(firstName: string | null): string {
  return firstName === null ? 'Hello,' : `Hello ${firstName},`;
}
