import { ownHostCheck } from './own-host.js';

function asks(host: string | string[], url = '/'): { headersDistinct: Record<string, string[]>; url: string } {
  return { headersDistinct: { host: [host].flat() }, url };
}

describe('V-70: the host that a request names', () => {
  it('B259: is the public one and no other', () => {
    const isOurs = ownHostCheck('https://untether.example', false);
    expect(isOurs(asks('untether.example'))).toBe(true);
    expect(isOurs(asks('UNTETHER.example'))).toBe(true);
    for (const host of [
      'evil.com',
      'untether.example.evil.com',
      'untether.example:8443',
      'untether.example@evil.com',
      'untether.example.',
      '',
      'localhost',
      '127.0.0.1:3000',
    ]) {
      expect([host, isOurs(asks(host))]).toEqual([host, false]);
    }
    expect(isOurs(asks(['untether.example', 'evil.com']))).toBe(false);
    expect(isOurs(asks([]))).toBe(false);
    expect(isOurs(asks('untether.example', 'http://evil.com/'))).toBe(false);
  });

  it('may be this machine in the demonstration, and while no public address is set', () => {
    for (const isOurs of [ownHostCheck('https://untether.example', true), ownHostCheck(null, false)]) {
      expect(isOurs(asks('localhost:3000'))).toBe(true);
      expect(isOurs(asks('[::1]:3000'))).toBe(true);
      expect(isOurs(asks('localhost.evil.com'))).toBe(false);
    }
  });

  it('does not matter to those who ask whether the process lives', () => {
    const isOurs = ownHostCheck('https://untether.example', false);
    expect(isOurs(asks('10.0.0.7:3000', '/health/ready'))).toBe(true);
    expect(isOurs(asks('10.0.0.7:3000', '/health/ready?x=1'))).toBe(false);
    expect(isOurs(asks('10.0.0.7:3000', '/health/sync'))).toBe(false);
  });
});
