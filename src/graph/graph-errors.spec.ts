import { brokenContract, classifyAnswer, readRetryAfter, sanitise, type GraphFailure } from './graph-errors.js';

const NOW = new Date('2026-11-23T09:00:00Z');

function classify(status: number, body: unknown, headers: Record<string, string> = {}): GraphFailure {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return classifyAnswer({ status, headers: new Headers(headers), text, permission: 'Device.Read.All', now: NOW });
}
const error = (code: string, message = 'words', more: object = {}): object => ({ error: { code, message, ...more } });

describe('classifying an answer', () => {
  it.each<[string, number, unknown, string]>([
    ['429 of the directory', 429, error('TooManyRequests'), 'throttled'],
    ['429 without a body', 429, '', 'throttled'],
    ['throttling that comes as 503', 503, error('Request_ThrottledTemporarily'), 'throttled'],
    ['408', 408, '', 'temporary'],
    ['500', 500, error('UnknownError'), 'temporary'],
    ['502 with HTML', 502, '<html>Bad gateway</html>', 'temporary'],
    ['503', 503, error('ServiceUnavailable'), 'temporary'],
    ['504', 504, 'null', 'temporary'],
    ['401', 401, error('InvalidAuthenticationToken'), 'unauthorised'],
    ['403', 403, error('Authorization_RequestDenied'), 'forbidden'],
    ['403 with HTML', 403, '<html>no</html>', 'forbidden'],
    ['403 without Entra ID P1', 403, error('Authentication_RequestFromNonPremiumTenantOrB2CTenant'), 'unlicensed'],
    ['no Intune', 403, error('Forbidden', 'Request not applicable to target tenant.'), 'unlicensed'],
    [
      'no Intune, as 400',
      400,
      error('BadRequest', '{"Message":"Request not applicable to target tenant"}'),
      'unlicensed',
    ],
    ['410', 410, '', 'cursor_lost'],
    ['400 syncStateNotFound', 400, error('SyncStateNotFound'), 'cursor_lost'],
    ['404 resyncRequired', 404, error('resyncrequired'), 'cursor_lost'],
    [
      '409 resync in the inner error',
      409,
      error('Conflict', '', { innererror: { code: 'resyncRequired' } }),
      'cursor_lost',
    ],
    ['400', 400, error('Request_BadRequest'), 'contract_broken'],
    ['404', 404, error('Request_ResourceNotFound'), 'contract_broken'],
    ['501', 501, error('NotImplemented'), 'contract_broken'],
    ['302', 302, '', 'contract_broken'],
  ])('%s', (_words, status, body, code) => {
    const failure = classify(status, body);

    expect(failure).toMatchObject({ code, status });
    expect(failure.fix.length).toBeGreaterThan(20);
  });

  it('tells an expired page token from a lost delta link', () => {
    expect(classify(400, error('Directory_ExpiredPageToken'))).toMatchObject({
      code: 'cursor_lost',
      pageTokenExpired: true,
    });
    expect(classify(400, error('syncStateNotFound')).pageTokenExpired).toBe(false);
  });

  it('names the missing permission', () => {
    const failure = classify(403, error('Authorization_RequestDenied'));

    expect(failure.permission).toBe('Device.Read.All');
    expect(failure.fix).toContain('Device.Read.All');
  });

  it('takes the request id from the header, else from innerError or innererror', () => {
    expect(classify(500, error('x'), { 'request-id': 'from-header' }).requestId).toBe('from-header');
    expect(classify(500, error('x', '', { innerError: { 'request-id': 'a' } })).requestId).toBe('a');
    expect(classify(500, error('x', '', { innererror: { 'request-id': 'b' } })).requestId).toBe('b');
  });

  it("reads Intune's JSON text inside the message", () => {
    const failure = classify(500, error('', '{"_version":3,"ErrorCode":"Forbidden","Message":"words"}'));

    expect(failure.graphCode).toBe('Forbidden');
  });

  it('survives bodies of any shape', () => {
    for (const body of [
      '',
      'null',
      '[]',
      '{"error":null}',
      '{"error":"text"}',
      '{"error":{"code":7}}',
      '{"error":{"message":"{"}}',
    ]) {
      expect(classify(400, body)).toMatchObject({ code: 'contract_broken', graphCode: null });
    }
  });

  it('keeps nothing of what Microsoft says about people, and sanitises codes', () => {
    const failure = classify(404, error('<script>Resource</script>x'.repeat(20), 'alex@contoso.example not found'));

    expect(JSON.stringify({ ...failure, message: failure.message })).not.toMatch(/alex|contoso|[<>]script/);
    expect(failure.graphCode).toHaveLength(80);
    expect(sanitise('a b/c\u0000d')).toBe('abcd');
    expect(sanitise('   ')).toBeNull();
  });

  it('builds a broken contract from words', () => {
    expect(brokenContract('Odd').message).toBe('Odd.');
  });
});

describe('Retry-After', () => {
  const read = (value?: string, date?: string): number | null => {
    const headers = new Headers();
    if (value !== undefined) headers.set('retry-after', value);
    if (date !== undefined) headers.set('date', date);
    return readRetryAfter(headers, NOW);
  };

  it.each<[string | undefined, string | undefined, number | null]>([
    ['30', undefined, 30],
    ['2.128', undefined, 2.128],
    ['1e9', undefined, 1e9],
    ['0', undefined, null],
    ['-1', undefined, null],
    ['', undefined, null],
    ['garbage', undefined, null],
    ['30, 60', undefined, null],
    [undefined, undefined, null],
    ['Mon, 23 Nov 2026 09:00:45 GMT', undefined, 45],
    ['Mon, 23 Nov 2026 09:10:45 GMT', 'Mon, 23 Nov 2026 09:10:00 GMT', 45],
    ['Mon, 23 Nov 2026 08:50:45 GMT', 'Mon, 23 Nov 2026 08:50:00 GMT', 45],
    ['Mon, 23 Nov 2026 08:59:00 GMT', undefined, null],
    ['Monday next week', undefined, null],
  ])('F-02 F-03 %s with Date %s is %s seconds', (value, date, expected) => {
    expect(read(value, date)).toBe(expected);
  });
});
