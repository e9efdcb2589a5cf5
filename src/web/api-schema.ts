import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProduces, ApiResponse } from '@nestjs/swagger';

/** The part of OpenAPI's schema language that the API's answers need. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'number';
  readonly nullable?: boolean;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
}

export const text = (description?: string): Schema => ({ type: 'string', ...(description ? { description } : {}) });
export const whole = (description?: string): Schema => ({ type: 'integer', ...(description ? { description } : {}) });
export const flag = (description?: string): Schema => ({ type: 'boolean', ...(description ? { description } : {}) });
/** A time in UTC, ISO 8601. */
export const instant = (description?: string): Schema => ({ ...text(description), format: 'date-time' });
export const choice = (choices: readonly string[], description?: string): Schema => ({
  ...text(description),
  enum: [...choices],
});
export const orNull = (schema: Schema): Schema => ({ ...schema, nullable: true });
export const list = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description ? { description } : {}),
});
/** An object that has all of these members and no others. */
export const record = (properties: Record<string, Schema>, description?: string): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...(description ? { description } : {}),
});
/** An object whose members are the source's and not ours. */
export const anyObject = (description: string): Schema => ({ type: 'object', additionalProperties: true, description });

/** The answer of a list. */
export const page = (items: Schema): Schema =>
  record({
    items: list(items),
    next: orNull(text('Send it as `cursor` for the next page; null on the last page.')),
    asOf: orNull(
      instant('When the sources of the list last succeeded, the oldest of them; null before the first time.'),
    ),
  });

const problem = record(
  {
    type: text(),
    title: text(),
    status: whole(),
    detail: text('What to do about it.'),
    instance: text('Id of the request; it is in the log too.'),
    errors: list(record({ field: text(), message: text() })),
  },
  'Problem details for HTTP APIs (RFC 9457).',
);

/** What the API's description says of one route: what it does, its path parameter and its answer. */
export function Answers(options: {
  readonly summary: string;
  readonly description?: string;
  readonly schema: Schema;
  readonly parameter?: { readonly name: string; readonly schema: Schema; readonly description: string };
  /** 202 where the work is done later. */
  readonly status?: 200 | 201 | 202;
  /** Statuses of refusals besides 400, 404 for a record's id, and 503. */
  readonly refusals?: readonly number[];
}): MethodDecorator {
  const { summary, description, schema, parameter, status = 200, refusals = [] } = options;
  return applyDecorators(
    ApiOperation({ summary, ...(description ? { description } : {}) }),
    ApiProduces('application/json'),
    ApiResponse({ status, schema, description: 'The answer.' }),
    ...(parameter ? [ApiParam(parameter)] : []),
    AnswersProblems([...(parameter ? [400, 404] : [400]), ...refusals, 503]),
  );
}

/** What the API's description says of the refusals and failures of one route. */
export function AnswersProblems(statuses: readonly number[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: PROBLEMS[status] ?? '',
        content: { 'application/problem+json': { schema: problem } },
      }),
    ),
  );
}

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` names the fields.',
  404: 'There is no such record.',
  409: 'The record is not in a state that allows this, or somebody else was quicker.',
  503: 'The database does not answer; try again.',
};

/** The path parameter of a numbered record. */
export const recordId = (of: string): { name: string; schema: Schema; description: string } => ({
  name: 'id',
  schema: { type: 'integer' },
  description: `Id of the ${of}.`,
});
