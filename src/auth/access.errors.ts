import { UntetherError } from '../common/errors.js';

/** Nobody is signed in, or the token is not one that counts. Pages lead to the sign-in instead of showing it. */
export class UnauthenticatedError extends UntetherError {
  readonly status = 401;
  readonly title = 'Sign in first';
}

/** Somebody has signed in whom the directory does not know, or whose account there is disabled. */
export class NoAccessError extends UntetherError {
  readonly status = 403;
  readonly title = 'You have no access to Untether';
}
