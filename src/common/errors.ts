/** How loudly an error is written to the log. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One thing wrong with what was sent: the field, what is wrong with it and what would be right. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An error that was foreseen: it has an HTTP status, a log level and a sentence that says what to do next. */
export abstract class UntetherError extends Error {
  abstract readonly status: number;
  abstract readonly title: string;
  readonly logLevel: LogLevel = 'info';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What was sent cannot be accepted; `fields` says which part and how to put it right. */
export class InputError extends UntetherError {
  readonly status: number;
  readonly title = 'The request is not valid';
  readonly fields: readonly FieldError[];

  /** `status` is 400 for a malformed request and 422 for one that is well formed but cannot be accepted. */
  constructor(message: string, fields: readonly FieldError[] = [], status: 400 | 413 | 415 | 422 = 422) {
    super(message);
    this.fields = fields;
    this.status = status;
  }
}

/** Nothing is stored under what was asked for. */
export class NotFoundError extends UntetherError {
  readonly status = 404;
  readonly title = 'Not found';
}

/** The person or token may not do this. */
export class ForbiddenError extends UntetherError {
  readonly status = 403;
  readonly title = 'Not allowed';
}

/** One side of a conflict, as label and value in words for a person. */
export interface ConflictRow {
  readonly label: string;
  readonly value: string;
}

/** Both sides of a conflict: what was asked for here, and what is there now. Rows of the same label stand together. */
export interface ConflictDetails {
  readonly ours: readonly ConflictRow[];
  readonly theirs: readonly ConflictRow[];
}

/** Somebody or something else got there first, or the record is not in a state that allows this. */
export class ConflictError extends UntetherError {
  readonly status = 409;
  readonly title = 'Conflict';

  constructor(
    message: string,
    /** Both sides where there are two; a form shows them and offers to send again. */
    readonly details: ConflictDetails | null = null,
  ) {
    super(message);
  }
}

/** A system that Untether depends on did not answer as it should. */
export class UpstreamError extends UntetherError {
  readonly status: number;
  readonly title = 'A system that Untether depends on is not available';
  override readonly logLevel = 'warn';

  /** `status` is 502 for a bad answer and 503 for none. */
  constructor(message: string, status: 502 | 503 = 502, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
