import { UntetherError } from '../common/errors.js';

/** The tag that was sent in `If-Match` is not that of the record as it is (RFC 9110, section 13.1.1). */
export class PreconditionFailedError extends UntetherError {
  readonly status = 412;
  readonly title = 'It was changed meanwhile';
}

/** The version that was looked at has to be sent (RFC 6585, section 3). */
export class PreconditionRequiredError extends UntetherError {
  readonly status = 428;
  readonly title = 'Say which version you looked at';
}

/**
 * The version that `If-Match` names: the number at the beginning of the tag that the record was answered with. A wildcard
 * or a weak tag never matches (RFC 9110, section 13.1.1).
 * @param of what the record is called, such as `custody`
 * @throws PreconditionRequiredError without the header, PreconditionFailedError for what no record was answered with
 */
export function versionIn(header: string | undefined, of: string): string {
  if (header === undefined || header.trim() === '') {
    throw new PreconditionRequiredError(
      `Send the version that you looked at: the ETag of the ${of}, or its version in quotation marks, as If-Match.`,
    );
  }
  const version = /^"(0|[1-9]\d{0,17})(?:\.[\w-]{1,64})?"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new PreconditionFailedError(`If-Match is not the ETag of a ${of}. Read the ${of} again and decide anew.`);
  }
  return version;
}
