import { shownDay } from '../../../common/uk-time.js';
import { DELIVERY_WORDS, type Delivery } from '../../domain/request-words.js';
import {
  compareRevisions,
  type ComparedField,
  type ComparedLine,
  type ComparedRevision,
} from '../../domain/revision-comparison.js';
import type { RevisionOfRequest, WholeRequest } from '../whole-request.queries.js';
import { nameOf } from './request-page.view.js';

const FIELD_WORDS: Readonly<Record<ComparedField, string>> = {
  neededBy: 'Needed by',
  delivery: 'Delivery',
  site: 'Site',
  reason: 'What it is for',
  costCentreCode: 'Cost centre',
};

/** What one version changed of the one before, in sentences. */
export interface ChangesOfRevision {
  readonly revision: number;
  readonly changes: readonly string[];
}

/** What each later version changed, the latest first; nothing for a request of one version. */
export function changesView(request: WholeRequest): ChangesOfRevision[] {
  return request.revisions
    .slice(1)
    .map((after, place) => {
      const before = request.revisions[place];
      return {
        revision: after.revision,
        changes: before
          ? sentences(request, compareRevisions(compared(request, before), compared(request, after)))
          : [],
      };
    })
    .reverse();
}

function compared(request: WholeRequest, revision: RevisionOfRequest): ComparedRevision {
  return {
    ...revision,
    lines: request.lines
      .filter((line) => line.revision === revision.revision)
      .map(({ beneficiary, product, quantity, exceptionReason, replaces }) => ({
        beneficiaryEntraId: beneficiary.entraId,
        productId: product.id,
        quantity,
        exceptionReason,
        replacesDeviceId: replaces?.id ?? null,
      })),
  };
}

function sentences(request: WholeRequest, changes: ReturnType<typeof compareRevisions>): string[] {
  const words = (line: ComparedLine): string => {
    const known = request.lines.find(
      ({ beneficiary, product }) => beneficiary.entraId === line.beneficiaryEntraId && product.id === line.productId,
    );
    return known ? `${line.quantity} × ${known.product.name} for ${nameOf(known.beneficiary)}` : '';
  };
  return [
    ...changes.fields.map(
      ({ field, from, to }) => `${FIELD_WORDS[field]}: ${shown(field, from)}, now ${shown(field, to)}`,
    ),
    ...changes.added.map((line) => `Added: ${words(line)}`),
    ...changes.removed.map((line) => `Taken away: ${words(line)}`),
    ...changes.changed.map(({ from, to }) => {
      const what = [
        ...(from.quantity === to.quantity ? [] : [`${from.quantity} before`]),
        ...changeOf('reason', from.exceptionReason, to.exceptionReason),
        ...changeOf('machine to give back', from.replacesDeviceId, to.replacesDeviceId),
      ];
      return `Changed: ${words(to)} (${what.join(', ')})`;
    }),
  ];
}

/** How something of a line changed that is there or not. */
function changeOf(what: string, before: unknown, after: unknown): string[] {
  if (before === after) return [];
  return [before === null ? `with a ${what} now` : after === null ? `no ${what} any more` : `another ${what}`];
}

function shown(field: ComparedField, value: string | null): string {
  if (value === null) return 'nothing';
  if (field === 'neededBy') return shownDay(value);
  return field === 'delivery' ? DELIVERY_WORDS[value as Delivery] : value;
}
