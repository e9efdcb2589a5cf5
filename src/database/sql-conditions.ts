/** Collects the conditions of a query; values go into parameters, never into the text. */
export class SqlConditions {
  readonly parameters: unknown[] = [];
  private readonly conditions: string[] = [];

  /** Adds a condition; `write` gets the placeholder that stands for the value. */
  add(value: unknown, write: (placeholder: string) => string): this {
    this.conditions.push(write(this.parameter(value)));
    return this;
  }

  /** Adds a condition only when the caller gave a value. */
  addGiven<T>(value: T | undefined, write: (placeholder: string) => string): this {
    return value === undefined ? this : this.add(value, write);
  }

  /** Adds a condition that needs no value. */
  always(condition: string): this {
    this.conditions.push(condition);
    return this;
  }

  /** Takes a value into the parameters and returns its placeholder. */
  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  /** All conditions in one expression; `true` when there is none. */
  toSql(): string {
    return this.conditions.length === 0 ? 'true' : this.conditions.map((condition) => `(${condition})`).join(' and ');
  }
}

/** A LIKE pattern that matches texts beginning with `text`, in which no character is special. */
export function beginningWith(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** SQL that writes a `timestamptz` as ISO 8601 in UTC with milliseconds, whatever the session's time zone is. */
export function utc(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * SQL for "on this day or later" and "on this day or earlier", the day being one of the UK; a `timestamptz` column is
 * left bare, so that its index serves.
 * @param day placeholder of a text such as `2026-11-23`.
 */
export const onDay = {
  orLater: (column: string, day: string): string => `${column} >= ${day}::date::timestamp at time zone 'Europe/London'`,
  orEarlier: (column: string, day: string): string =>
    `${column} < (${day}::date + 1)::timestamp at time zone 'Europe/London'`,
} as const;
