import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startScriptedSmtp, type ScriptedSmtp } from '../../test/support/scripted-smtp.js';
import { makeSelfSigned, type KeyPair } from '../../test/support/self-signed.js';
import type { MailSettings } from '../config/mail-settings.js';
import { deliverBySmtp, reachMailServer, type DeliveryFailure } from './smtp-delivery.js';

const MAIL = { to: 'ada@council.example', subject: 'Test', text: 'Test\n', html: '<p>Test</p>' };

describe('a delivery by SMTP', () => {
  let plain: ScriptedSmtp;
  let secure: ScriptedSmtp;
  let identity: KeyPair;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'untether-smtp-'));
    identity = await makeSelfSigned('ec');
    writeFileSync(path.join(folder, 'ca.pem'), identity.certificate);
    plain = await startScriptedSmtp();
    secure = await startScriptedSmtp({ key: identity.privateKey, cert: identity.certificate });
  });
  afterAll(async () => {
    await plain.close();
    await secure.close();
    rmSync(folder, { recursive: true });
  });

  const settings = (
    port: number,
    security: MailSettings['security'],
    more: Partial<MailSettings> = {},
  ): MailSettings => ({
    ...{ host: '127.0.0.1', port, security, caFile: null },
    signIn: { user: 'untether', password: 'kept' },
    from: { name: 'Untether', address: 'untether@council.example' },
    ...more,
  });
  /** What came of it: the code of the failure, and whether the content would have gone out. */
  const deliver = async (to: MailSettings): Promise<{ code: string | null; marked: boolean }> => {
    let marked = false;
    const mark = (): Promise<void> => {
      marked = true;
      return Promise.resolve();
    };
    try {
      await deliverBySmtp(to, MAIL, 'key', mark);
      return { code: null, marked };
    } catch (error) {
      return { code: (error as DeliveryFailure).code, marked };
    }
  };

  it('says nothing secret to a server that offers no encryption where it is insisted on', async () => {
    const before = plain.commands.length;
    plain.replies.set('STARTTLS', '502 not here');
    expect(await deliver(settings(plain.port, 'starttls'))).toEqual({ code: 'tls', marked: false });
    plain.replies.clear();
    expect(plain.commands.slice(before)).not.toContain('AUTH');
    expect(plain.mails).toEqual([]);
  });

  it('trusts a server over TLS by its certificate alone', async () => {
    expect(await deliver(settings(secure.port, 'tls'))).toMatchObject({ marked: false });
    expect(secure.mails).toEqual([]);
    const caFile = path.join(folder, 'ca.pem');
    expect(await deliver(settings(secure.port, 'tls', { caFile }))).toEqual({ code: null, marked: true });
    expect(secure.mails).toHaveLength(1);
    expect(secure.commands).toContain('AUTH');
  });

  it('fails with what is wrong', async () => {
    expect(await deliver(settings(1, 'none'))).toEqual({ code: 'connection', marked: false });
    plain.replies.set('AUTH', '535 no');
    expect(await deliver(settings(plain.port, 'none'))).toEqual({ code: 'sign-in', marked: false });
    await expect(reachMailServer(settings(plain.port, 'none'))).rejects.toMatchObject({ code: 'sign-in' });
    plain.replies.clear();
    await expect(reachMailServer(settings(plain.port, 'none'))).resolves.toBeUndefined();
    expect(plain.mails).toEqual([]);
  });

  it('throws on what ends it before the content, and sends none of it', async () => {
    const lost = new Error('lost');
    await expect(deliverBySmtp(settings(plain.port, 'none'), MAIL, 'key', () => Promise.reject(lost))).rejects.toBe(
      lost,
    );
    expect(plain.mails).toEqual([]);
  });
});
