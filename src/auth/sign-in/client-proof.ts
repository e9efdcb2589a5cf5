import { createPrivateKey, X509Certificate, type webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ClientSecretPost, modifyAssertion, PrivateKeyJwt, type ClientAuth } from 'openid-client';
import type { SignInCredential } from '../../config/config.types.js';

/**
 * How the application proves which one it is when it redeems a code. With a certificate that is a signed assertion whose
 * header has no more than Entra ID asks for: `alg`, `typ` and the certificate's thumbprint
 * (learn.microsoft.com/entra/identity-platform/certificate-credentials).
 */
export async function clientProof(credential: SignInCredential): Promise<ClientAuth> {
  switch (credential.kind) {
    case 'secret':
      return ClientSecretPost(credential.secret);
    case 'certificate':
      return certificateProof(credential.pem);
    case 'federated-token':
      // Platforms replace the file every hour or so: read it every time.
      return (_server, client, body) => {
        body.set('client_id', client.client_id);
        body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
        body.set('client_assertion', readFileSync(credential.tokenFile, 'utf8').trim());
      };
  }
}

async function certificateProof(pem: string): Promise<ClientAuth> {
  const [privateKey] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/.exec(pem) ?? [];
  const [certificate] = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (privateKey === undefined || certificate === undefined) throw new TypeError('The certificate is incomplete.');
  const key: webcrypto.CryptoKey = await crypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' }),
    { name: 'RSA-PSS', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const thumbprint = Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(':', ''), 'hex');
  // The audience is made for the server at each proof, so the one that Entra ID documents is put in there.
  return (server, client, body, headers) =>
    PrivateKeyJwt(key, {
      [modifyAssertion]: (header, payload) => {
        delete header['kid'];
        header['typ'] = 'JWT';
        header['x5t#S256'] = thumbprint.toString('base64url');
        payload['aud'] = server.token_endpoint;
      },
    })(server, client, body, headers);
}
