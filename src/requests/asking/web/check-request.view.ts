import { londonDay, shownDay } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { supplyWords } from '../../domain/catalogue-words.js';
import { APPROVAL_QUEUE_WORDS, QUEUE_REASON_WORDS, STEP_KIND_WORDS } from '../../domain/decision-words.js';
import { eligibilityFindings, type Finding, type Holdings } from '../../domain/eligibility.js';
import { shownPounds } from '../../domain/money.js';
import { DELIVERY_WORDS } from '../../domain/request-words.js';
import type { Beneficiary } from '../beneficiaries.queries.js';
import type { Catalogue } from '../catalogue.queries.js';
import { faultsOfDetails } from '../draft-check.js';
import type { StoredDraftLine } from '../draft-rows.queries.js';
import type { Decider, OwnDraft } from '../drafts.queries.js';

/** What a person of a draft gets. */
export interface PersonOfDraft {
  readonly name: string;
  /** Where just this person’s things are changed. */
  readonly href: string;
  readonly total: string;
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly price: string;
    readonly notes: readonly string[];
  }[];
}

/** What is still missing before a draft can be submitted. */
export interface Missing {
  /** Machines to choose, each as a select. */
  readonly machines: readonly {
    readonly field: string;
    readonly label: string;
    readonly options: readonly { readonly value: string; readonly text: string }[];
  }[];
  /** What one reason is given for. */
  readonly reasons: readonly string[];
  /** What is put right on another page: that of one person, or that of the whole draft. */
  readonly others: readonly {
    /** Name of the field that the error of a submission is about. */
    readonly field: string;
    readonly text: string;
    readonly href: string;
  }[];
}

/** How many of one product everybody together gets. */
export interface ThingOfDraft {
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
  /** What there is of it, and how many will wait. */
  readonly supply: string;
}

/** What the check page knows besides the draft. */
export interface Checked {
  readonly people: readonly Beneficiary[];
  /** Object ids of those for whom it cannot be asked any more. */
  readonly refused: ReadonlySet<string>;
  readonly holdings: ReadonlyMap<string, Holdings>;
  readonly catalogue: Catalogue;
  readonly now: Date;
}

/** The check page of a draft. */
export function checkView(
  draft: OwnDraft,
  { people, refused, holdings, catalogue, now }: Checked,
): {
  readonly people: readonly PersonOfDraft[];
  readonly things: readonly ThingOfDraft[];
  readonly missing: Missing;
  /** Whether a line breaks a rule, with a reason that is given or still to be given. */
  readonly isException: boolean;
  readonly totalPence: number;
  readonly details: readonly { readonly label: string; readonly value: string }[];
} {
  const personOf = new Map(people.map((person) => [person.entraId, person]));
  const totalPence = sum(draft.stored);
  const findings = eligibilityFindings(draft.stored, holdings);
  return {
    people: people.map((person) =>
      personView(
        draft.id,
        person,
        draft.stored.filter(({ beneficiaryEntraId }) => beneficiaryEntraId === person.entraId),
        holdings.get(person.entraId),
      ),
    ),
    things: thingsOf(draft.stored, catalogue),
    missing: missingOf(draft, findings, personOf, holdings, [
      ...faultsOfDraft(draft, londonDay(now)),
      ...people.filter(({ entraId }) => refused.has(entraId)).map(faultOfPerson),
    ]),
    isException:
      findings.some(({ remedy }) => remedy === 'reason') ||
      draft.stored.some(({ exceptionReason }) => exceptionReason !== null),
    totalPence,
    details: detailsOf(draft, people.length, totalPence),
  };
}

/** What is missing of the draft as a whole. */
function faultsOfDraft({ details, stored }: OwnDraft, today: string): { field: string; text: string }[] {
  return [
    ...(stored.length === 0 ? [{ field: 'lines', text: 'Nothing is chosen yet.' }] : []),
    ...faultsOfDetails(details, today).map(({ field, message }) => ({ field, text: `${message}.` })),
  ];
}

function faultOfPerson({ displayName }: Beneficiary): { field: string; text: string } {
  const name = displayName ?? 'Somebody without a name';
  return { field: 'people', text: `${name} is not below you in the line any more, or has no active account.` };
}

function thingsOf(lines: readonly StoredDraftLine[], { products }: Catalogue): ThingOfDraft[] {
  const byProduct = new Map<number, StoredDraftLine[]>();
  for (const line of lines) byProduct.set(line.product.id, [...(byProduct.get(line.product.id) ?? []), line]);
  return [...byProduct].flatMap(([productId, [first, ...others]]) => {
    if (first === undefined) return [];
    const quantity = others.reduce((total, line) => total + line.quantity, first.quantity);
    const product = products.find(({ id }) => id === productId);
    return [
      {
        name: first.product.name,
        quantity,
        price: shownPounds(quantity * first.pricePence),
        supply: product === undefined ? 'Not offered any more.' : supplyWords(product, quantity),
      },
    ];
  });
}

/** Who decides, as the list of what happens next says it. */
export function deciderWords({ kind, name, queue, queueReason }: Decider): string {
  if (queue === null) return `${STEP_KIND_WORDS[kind]}: ${name ?? 'somebody without a name'}`;
  const why = queueReason === null ? '' : `, because ${QUEUE_REASON_WORDS[queueReason]}`;
  return `${STEP_KIND_WORDS[kind]}: ${APPROVAL_QUEUE_WORDS[queue]}${why}`;
}

function detailsOf(
  { details: { neededBy, delivery, site, reason, costCentreCode }, stored }: OwnDraft,
  people: number,
  totalPence: number,
): { label: string; value: string }[] {
  const items = stored.reduce((count, { quantity }) => count + quantity, 0);
  return [
    { label: 'For', value: people === 1 ? '1 person' : `${people} people` },
    { label: 'Items', value: String(items) },
    { label: 'Total', value: shownPounds(totalPence) },
    { label: 'Needed by', value: neededBy === null ? 'Not said yet' : shownDay(neededBy) },
    { label: 'Delivery', value: delivery === 'site' ? `To a site: ${site ?? 'not said yet'}` : DELIVERY_WORDS.home },
    ...(reason === null ? [] : [{ label: 'What it is for', value: reason }]),
    ...(costCentreCode === null ? [] : [{ label: 'Cost centre', value: costCentreCode }]),
  ];
}

function personView(
  requestId: number,
  person: Beneficiary,
  lines: readonly StoredDraftLine[],
  holdings: Holdings | undefined,
): PersonOfDraft {
  const labelOf = new Map(holdings?.machines.map(({ deviceId, label }) => [deviceId, label]));
  return {
    name: person.displayName ?? 'Without a name',
    href: paths.requestPerson(requestId, person.id),
    total: shownPounds(sum(lines)),
    lines: lines.map(({ product, quantity, pricePence, replacesDeviceId, exceptionReason, privateReason }) => ({
      name: product.name,
      quantity,
      price: shownPounds(quantity * pricePence),
      notes: [
        ...(replacesDeviceId === null
          ? []
          : [`Gives back ${labelOf.get(replacesDeviceId) ?? 'a machine that is not theirs'}`]),
        ...(exceptionReason === null ? [] : [`Reason: ${exceptionReason}`]),
        ...(privateReason === null ? [] : ['Private reason given']),
      ],
    })),
  };
}

function missingOf(
  { id, stored }: OwnDraft,
  findings: readonly Finding[],
  personOf: ReadonlyMap<string, Beneficiary>,
  holdings: ReadonlyMap<string, Holdings>,
  faults: readonly { readonly field: string; readonly text: string }[],
): Missing {
  const nameOf = (finding: Finding): string => personOf.get(finding.beneficiaryEntraId)?.displayName ?? 'Somebody';
  const productOf = new Map(stored.map((line) => [line.id, line.product.name]));
  return {
    machines: findings
      .filter(({ remedy }) => remedy === 'machine')
      .map((finding) => ({
        field: `line-${finding.lineId}`,
        label: `Which machine does ${nameOf(finding)} give back for ${productOf.get(finding.lineId) ?? 'this'}?`,
        options: [
          { value: '', text: 'None, for the reason below' },
          ...(holdings.get(finding.beneficiaryEntraId)?.machines ?? [])
            .filter(({ isReturnable }) => isReturnable)
            .map(({ deviceId, label }) => ({ value: String(deviceId), text: label })),
        ],
      })),
    reasons: findings
      .filter(({ remedy }) => remedy === 'reason')
      .map((finding) => `${nameOf(finding)}: ${finding.message}`),
    others: [
      ...faults.map((fault) => ({ ...fault, href: paths.chooseRequest(id) })),
      ...findings
        .filter(({ remedy }) => remedy === 'private-reason' || remedy === 'line')
        .map((finding) => ({
          field: `line-${finding.lineId}`,
          text: `${nameOf(finding)}: ${finding.message}`,
          href: paths.requestPerson(id, personOf.get(finding.beneficiaryEntraId)?.id ?? 0),
        })),
    ],
  };
}

function sum(lines: readonly StoredDraftLine[]): number {
  return lines.reduce((total, { quantity, pricePence }) => total + quantity * pricePence, 0);
}
