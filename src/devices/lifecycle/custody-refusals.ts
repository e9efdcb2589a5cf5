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

/** The tag that was sent in `If-Match` is not that of the custody as it is (RFC 9110, section 13.1.1). */
export class PreconditionFailedError extends UntetherError {
  readonly status = 412;
  readonly title = 'The custody was changed meanwhile';
}

/** The version that was looked at has to be sent (RFC 6585, section 3). */
export class PreconditionRequiredError extends UntetherError {
  readonly status = 428;
  readonly title = 'Say which version you looked at';
}

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
