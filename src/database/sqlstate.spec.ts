import { isDatabaseDown, sqlstateOf } from './sqlstate.js';

const coded = (code: string, more: object = {}): Error => Object.assign(new Error('failed'), { code, ...more });
const wrapped = (driverError: Error): Error => Object.assign(new Error('QueryFailedError'), { driverError });
const said = (message: string): Error => new Error(message);

describe('errors of the database', () => {
  it.each<[string, unknown, string | null]>([
    ['of the driver', coded('40001'), '40001'],
    ['in a wrapper of TypeORM', wrapped(coded('40P01')), '40P01'],
    ['in a cause', new Error('outer', { cause: coded('23505') }), '23505'],
    ['in a wrapper in a cause', new Error('outer', { cause: wrapped(coded('53100')) }), '53100'],
    ['under a code of Node', coded('ERR_SOMETHING', { cause: coded('57014') }), '57014'],
    ['of Node, which is none', coded('ECONNREFUSED'), null],
    ['of Node, with five letters', coded('EPIPE'), null],
    ['of Node, around one of Postgres', coded('EPIPE', { cause: coded('57P01') }), '57P01'],
    ['of an internal error', coded('XX000'), 'XX000'],
    ['of another kind', new Error('failed'), null],
    ['a number', coded(23505 as never), null],
    ['no error', 'failed', null],
    ['nothing', undefined, null],
  ])('have the SQLSTATE %s', (_title, error, expected) => {
    expect(sqlstateOf(error)).toBe(expected);
  });

  it('do not hang a search that goes round in circles', () => {
    const circle = new Error('circle');
    circle.cause = circle;
    expect(sqlstateOf(circle)).toBeNull();
    expect(isDatabaseDown(circle)).toBe(false);
  });

  it.each<[string, unknown, boolean]>([
    ['an administrator ended it', coded('57P01'), true],
    ['it is starting', coded('57P03'), true],
    ['the connection failed', coded('08006'), true],
    ['it has no connection left', coded('53300'), true],
    ['nothing listens', coded('ECONNREFUSED'), true],
    ['it closed the connection while we wrote', wrapped(coded('EPIPE')), true],
    ['its socket is gone', coded('ENOENT'), true],
    ['its host is unknown', coded('ENOTFOUND'), true],
    ['every address refused', Object.assign(said('all'), { errors: [coded('ECONNREFUSED')] }), true],
    ['the connection broke', said('Connection terminated unexpectedly'), true],
    ['no connection in time', said('timeout exceeded when trying to connect'), true],
    ['the broken connection is wrapped', wrapped(said('Connection terminated')), true],
    ['a statement was too slow', coded('57014'), false],
    ['a value was double', coded('23505'), false],
    ['the disk is full', coded('53100'), false],
    ['a statement failed because of the words in it', wrapped(coded('22P02')), false],
    ['something else', said('The connection terminated'), false],
  ])('tell whether the database is down: %s', (_title, error, expected) => {
    expect(isDatabaseDown(error)).toBe(expected);
  });
});
