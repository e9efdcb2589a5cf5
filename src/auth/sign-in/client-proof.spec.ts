import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import type { SignInCredential } from '../../config/config.types.js';
import { makeSelfSigned } from '../../../test/support/self-signed.js';
import { clientProof } from './client-proof.js';

const SERVER = {
  issuer: 'https://login.example/tenant/v2.0',
  token_endpoint: 'https://login.example/tenant/oauth2/v2.0/token',
};
const CLIENT = { client_id: 'the-client' };

/** What the token endpoint is sent besides the code. */
async function sentWith(credential: SignInCredential): Promise<URLSearchParams> {
  const body = new URLSearchParams();
  const prove = await clientProof(credential);
  // The library waits for a proof that takes its time, although its types do not say so.
  await (prove(SERVER, CLIENT, body, new Headers()) as unknown as Promise<void> | undefined);
  return body;
}

describe('the proof which application redeems a code', () => {
  it('V-77: is signed with the certificate’s key, and its header has nothing of a key but the thumbprint', async () => {
    const pair = await makeSelfSigned('rsa');
    const body = await sentWith({ kind: 'certificate', pem: `${pair.certificate}\n${pair.privateKey}` });
    const assertion = body.get('client_assertion') ?? '';
    expect(Object.fromEntries(body)).toEqual({
      client_id: 'the-client',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const header = decodeProtectedHeader(assertion);
    expect(Object.keys(header).sort()).toEqual(['alg', 'typ', 'x5t#S256']);
    const { fingerprint256 } = new X509Certificate(pair.certificate);
    expect(Buffer.from(String(header['x5t#S256']), 'base64url').toString('hex').toUpperCase()).toBe(
      fingerprint256.replaceAll(':', ''),
    );
    const { payload } = await jwtVerify(assertion, await importX509(pair.certificate, 'PS256'), {
      algorithms: ['PS256'],
      audience: SERVER.token_endpoint,
      issuer: 'the-client',
      subject: 'the-client',
    });
    expect((payload.exp ?? 0) - Date.now() / 1000).toBeLessThan(600);
    expect(payload.jti).toBeTruthy();
  });

  it('is the secret in the body, never in a header', async () => {
    const body = await sentWith({ kind: 'secret', secret: 'kept to itself' });
    expect(Object.fromEntries(body)).toEqual({ client_id: 'the-client', client_secret: 'kept to itself' });
  });

  it('is what the platform’s file holds at that moment', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-proof-'));
    try {
      const tokenFile = path.join(folder, 'token');
      for (const token of ['first', 'second']) {
        writeFileSync(tokenFile, `${token}\n`);
        expect((await sentWith({ kind: 'federated-token', tokenFile })).get('client_assertion')).toBe(token);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
