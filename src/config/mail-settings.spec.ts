import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from './config.js';
import { ConfigError } from './config.error.js';

const GIVEN = { PUBLIC_URL: 'https://untether.example', MAIL_FROM: 'untether@council.example' };

/** Names of the settings that are wrong. */
function wrong(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name }) => name);
    throw error;
  }
}

describe('the mail server', () => {
  it('is none unless one is named', () => expect(loadConfig({}).mail).toBeNull());

  it('is spoken to with STARTTLS, on this machine without', () => {
    const mail = (url: string): unknown => loadConfig({ ...GIVEN, SMTP_URL: url }).mail;
    const from = { name: 'Untether', address: 'untether@council.example' };
    expect(mail('smtp://mail.example')).toEqual({
      ...{ host: 'mail.example', port: 587, security: 'starttls', signIn: null, caFile: null, from },
    });
    expect(mail('smtps://us%40er:p%3Aw@mail.example')).toMatchObject({
      ...{ port: 465, security: 'tls', signIn: { user: 'us@er', password: 'p:w' } },
    });
    expect(mail('smtp://127.0.0.1:2525')).toMatchObject({ port: 2525, security: 'none' });
    expect(mail('smtp://[::1]:2525')).toMatchObject({ host: '::1', security: 'none' });
  });

  it('may be named in a file', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-mail-'));
    try {
      const file = path.join(folder, 'smtp');
      writeFileSync(file, 'smtps://user:kept@mail.example\n');
      chmodSync(file, 0o600);
      expect(loadConfig({ ...GIVEN, SMTP_URL_FILE: file }).mail?.signIn).toEqual({ user: 'user', password: 'kept' });
      expect(wrong({ ...GIVEN, SMTP_URL_FILE: path.join(folder, 'nothing') })).toEqual(['SMTP_URL_FILE']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    'http://mail.example',
    'mail.example',
    'smtp://',
    'smtp://mail.example/path',
    'smtp://mail.example?requireTLS=false',
    'smtp://user@mail.example',
    'smtp://user:%ff@mail.example',
    'smtp://user:a%0d%0aQUIT@mail.example',
  ])('is not %s', (url) => expect(wrong({ ...GIVEN, SMTP_URL: url })).toEqual(['SMTP_URL']));

  it('needs an address to send from and one for links', () => {
    expect(wrong({ SMTP_URL: 'smtp://mail.example' })).toEqual(['MAIL_FROM', 'PUBLIC_URL']);
    expect(wrong({ MAIL_FROM: 'untether@council.example' })).toEqual(['SMTP_URL']);
  });

  it.each([
    ['Equipment team <it@council.example>', { name: 'Equipment team', address: 'it@council.example' }],
    ['it@council.example', { name: 'Untether', address: 'it@council.example' }],
  ])('sends from %s', (from, expected) => {
    expect(loadConfig({ ...GIVEN, SMTP_URL: 'smtp://mail.example', MAIL_FROM: from }).mail?.from).toEqual(expected);
  });

  it.each(['nobody', 'A\r\nBcc: x@evil.example <a@b.example>', '<a@b.example>', 'A <a@b.example>, c@d.example', 'a@b'])(
    'does not send from %j',
    (from) => expect(wrong({ ...GIVEN, SMTP_URL: 'smtp://mail.example', MAIL_FROM: from })).toEqual(['MAIL_FROM']),
  );
});
