import {
  ConflictError,
  ForbiddenError,
  InputError,
  NotFoundError,
  UntetherError,
  type ConflictRow,
} from '../../common/errors.js';
import type { Held } from '../domain/lifecycle/decision.js';
import { standingLabel } from '../domain/lifecycle/standing.js';
import type { TargetRefusal } from './custody-execution.service.js';
import { PromisedMachineError } from './promised-stock.queries.js';

/** The error that a refused command ends with, when it was for one machine. */
export function errorOfRefusal(
  { kind, message }: TargetRefusal,
  wanted: readonly ConflictRow[],
  machine: Held | null,
): UntetherError {
  switch (kind) {
    case 'unknown':
      return new NotFoundError(message);
    case 'permission':
    case 'self':
      return new ForbiddenError(message);
    case 'person':
      return new InputError(message, [{ field: 'holder', message }]);
    case 'evidence':
      return new InputError(message, [{ field: 'evidence', message }]);
    case 'merged':
    case 'contested':
      return new ConflictError(message);
    case 'promised':
      return new PromisedMachineError(message);
    case 'state':
    case 'changed':
      return new ConflictError(message, machine === null ? null : { ours: wanted, theirs: shownCustody(machine) });
  }
}

/** Custody in words, as the page of a conflict shows it; people by their object id. */
export function shownCustody({ standing, holder, place }: Held): ConflictRow[] {
  return [
    { label: 'State', value: standingLabel(standing) },
    { label: 'Holder', value: holder ?? '' },
    { label: 'Place', value: place ?? '' },
  ];
}
