import { givenSessionCookie, removedSessionCookie, sessionCookie, sessionCookieOf } from './session-cookie.js';

const VALUE = 'a'.repeat(43);

describe('the cookie of a session', () => {
  it('has the __Host- prefix and Secure over https, and neither on this machine', () => {
    const secure = sessionCookie('https://untether.example');
    expect(givenSessionCookie(secure, VALUE)).toBe(
      `__Host-untether-session=${VALUE}; Path=/; HttpOnly; SameSite=Lax; Secure`,
    );
    expect(removedSessionCookie(secure)).toBe(
      '__Host-untether-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
    for (const address of [null, 'http://localhost:3000']) {
      expect(givenSessionCookie(sessionCookie(address), VALUE)).toBe(
        `untether-session=${VALUE}; Path=/; HttpOnly; SameSite=Lax`,
      );
    }
  });

  it('is read once and whole; what could be planted beside it counts for nothing', () => {
    const cookie = sessionCookie('https://untether.example');
    const read = (header: string | undefined): string | null =>
      sessionCookieOf({ headers: { cookie: header } }, cookie);
    expect(read(`a=b; __Host-untether-session=${VALUE};c=d`)).toBe(VALUE);
    for (const header of [
      undefined,
      '',
      `untether-session=${VALUE}`,
      `__Host-untether-session=${VALUE}; __Host-untether-session=${'b'.repeat(43)}`,
      `__Host-untether-session=${VALUE}a`,
      `__Host-untether-session="${VALUE}"`,
      `__host-untether-session=${VALUE}`,
    ]) {
      expect([header, read(header)]).toEqual([header, null]);
    }
  });
});
