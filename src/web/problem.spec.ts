import { HttpException } from '@nestjs/common';
import { ConflictError, ForbiddenError, InputError, NotFoundError, UpstreamError } from '../common/errors.js';
import { describeProblem } from './problem.js';

/** As TypeORM wraps what the driver throws, with the statement and the values in its message. */
const failedQuery = (code: string): Error =>
  Object.assign(new Error('select secret from table where value = "x"'), {
    name: 'QueryFailedError',
    driverError: Object.assign(new Error('secret value "x"'), { code, severity: 'ERROR' }),
  });

describe('problems', () => {
  it.each([
    [new InputError('Put it right.'), 422],
    [new InputError('Put it right.', [], 400), 400],
    [new NotFoundError('There is none.'), 404],
    [new ForbiddenError('You may not.'), 403],
    [new ConflictError('Somebody was faster.'), 409],
    [new UpstreamError('Graph does not answer.'), 502],
  ])('of our own keep their words: %s', (error, status) =>
    expect(describeProblem(error)).toMatchObject({ status, title: error.title, detail: error.message }),
  );

  it.each(['57P01', '57P02', '57P03', '08006', '53300'])('of an absent database (%s) are 503', (code) =>
    expect(describeProblem(failedQuery(code)).status).toBe(503),
  );
  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ETIMEDOUT'])('of an unreachable database (%s) are 503', (code) =>
    expect(describeProblem(Object.assign(new Error('connect'), { code })).status).toBe(503),
  );
  it('of a statement that was ended for taking too long are 503', () =>
    expect(describeProblem(failedQuery('57014'))).toMatchObject({ status: 503, logLevel: 'warn' }));

  it.each([
    [new HttpException('Cannot GET /x', 404), 404, 'Not found'],
    [new HttpException('x', 405), 405, 'Method not allowed'],
    [new HttpException('x', 421), 421, 'Wrong host'],
    [new HttpException('x', 418), 418, 'The request is not valid'],
    [
      Object.assign(new Error('body'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }),
      413,
      'The request is too large',
    ],
  ])('of the framework get our words: %s', (error, status, title) =>
    expect(describeProblem(error)).toMatchObject({ status, title }),
  );

  it.each([
    failedQuery('42703'),
    failedQuery('22021'),
    new TypeError("Cannot read properties of undefined (reading '/srv/app/x.js')"),
    Object.assign(new Error('x'), { statusCode: 200 }),
    Object.assign(new Error('x'), { statusCode: 404 }),
    'a text',
    null,
    undefined,
  ])('that nobody foresaw are 500 and tell nothing: %s', (error) => {
    const problem = describeProblem(error);
    expect(problem).toMatchObject({ status: 500, logLevel: 'error', fields: [] });
    expect(JSON.stringify(problem)).not.toMatch(/secret|undefined|srv|select/);
  });
});
