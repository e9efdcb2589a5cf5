import { PreconditionFailedError, PreconditionRequiredError } from '../custody-refusals.js';

/**
 * The version of custody that `If-Match` names: the number at the beginning of the tag that the custody was answered
 * with. A wildcard or a weak tag never matches (RFC 9110, section 13.1.1).
 * @throws PreconditionRequiredError without the header, PreconditionFailedError for what no custody was answered with
 */
export function versionIn(header: string | undefined): string {
  if (header === undefined || header.trim() === '') {
    throw new PreconditionRequiredError(
      'Send the version that you looked at: the ETag of the custody, or its version in quotation marks, as If-Match.',
    );
  }
  const version = /^"(0|[1-9]\d{0,17})(?:\.[\w-]{1,64})?"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new PreconditionFailedError('If-Match is not the ETag of a custody. Read the custody again and decide anew.');
  }
  return version;
}
