import { isLoopbackHost, pagePolicy, securityHeaders } from './security-headers.js';

describe('the host check', () => {
  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:65535'])('lets %s in', (host) =>
    expect(isLoopbackHost(host)).toBe(true),
  );
  it.each([
    undefined,
    '',
    'untether.example',
    'localhost.example',
    'evil-localhost',
    '127.0.0.1.example',
    '127.0.0.2',
    '0.0.0.0',
    '2130706433',
    '[::ffff:127.0.0.1]',
    '::1',
    'localhost:',
    'localhost:3000:1',
    'localhost, evil.example',
    'localhost\n',
    'user@localhost',
    'localhost/x',
  ])('keeps %j out', (host) => expect(isLoopbackHost(host)).toBe(false));
});

describe('the content security policy', () => {
  it('of a page loads nothing from elsewhere and runs nothing inline but what carries the nonce', () => {
    const policy = pagePolicy('abc=', ['https://login.example']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'nonce-abc=';");
    expect(policy).toContain("form-action 'self' https://login.example;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(pagePolicy('abc=')).not.toMatch(/unsafe|\*|https?:|data:/);
  });

  it('of everything else loads and runs nothing', () => {
    const policy = securityHeaders(false)['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/self|nonce|unsafe/);
  });
});

describe('strict transport security', () => {
  it('is asked for over https only, for a year', () => {
    expect(securityHeaders(true)['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect(securityHeaders(false)).not.toHaveProperty('strict-transport-security');
  });
});
