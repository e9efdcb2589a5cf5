import { shownDay } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { eligibilityFindings, type Finding, type Holdings } from '../../domain/eligibility.js';
import { shownPounds } from '../../domain/money.js';
import { DELIVERY_WORDS } from '../../domain/request-words.js';
import type { Beneficiary } from '../beneficiaries.queries.js';
import type { StoredDraftLine } from '../draft-rows.queries.js';
import type { OwnDraft } from '../drafts.queries.js';

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
  /** What is put right on the page of one person. */
  readonly others: readonly { readonly text: string; readonly href: string }[];
}

/** The check page of a draft. */
export function checkView(
  draft: OwnDraft,
  people: readonly Beneficiary[],
  holdings: ReadonlyMap<string, Holdings>,
): {
  readonly people: readonly PersonOfDraft[];
  readonly missing: Missing;
  readonly totalPence: number;
  readonly details: readonly { readonly label: string; readonly value: string }[];
} {
  const personOf = new Map(people.map((person) => [person.entraId, person]));
  const totalPence = sum(draft.stored);
  return {
    people: people.map((person) =>
      personView(
        draft.id,
        person,
        draft.stored.filter(({ beneficiaryEntraId }) => beneficiaryEntraId === person.entraId),
        holdings.get(person.entraId),
      ),
    ),
    missing: missingOf(draft, eligibilityFindings(draft.stored, holdings), personOf, holdings),
    totalPence,
    details: detailsOf(draft, people.length, totalPence),
  };
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
    others: findings
      .filter(({ remedy }) => remedy === 'private-reason' || remedy === 'line')
      .map((finding) => ({
        text: `${nameOf(finding)}: ${finding.message}`,
        href: paths.requestPerson(id, personOf.get(finding.beneficiaryEntraId)?.id ?? 0),
      })),
  };
}

function sum(lines: readonly StoredDraftLine[]): number {
  return lines.reduce((total, { quantity, pricePence }) => total + quantity * pricePence, 0);
}
