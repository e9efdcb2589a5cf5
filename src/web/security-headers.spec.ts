import { isLoopbackHost, securityHeaders } from './security-headers.js';

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
  const policy = securityHeaders("'sha256-abc='")['content-security-policy'] ?? '';
  it('loads nothing from elsewhere and runs nothing inline but the template’s own line', () => {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'sha256-abc='");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(policy).toContain("frame-ancestors 'none'");
  });
});
