import 'reflect-metadata';

import { randomBytes, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
// Clients refuse server certificates that live longer than 825 days (CA/Browser Forum baseline requirements, as Apple
// applies them also to private authorities).
const SERVER_DAYS = 820;
const RENEW_BEFORE_DAYS = 30;

/** What an HTTPS server needs, and the file that its clients must trust. */
export interface ServerCertificate {
  /** Absolute or folder-relative path of the authority's PEM file, as given by the folder. */
  readonly authorityFile: string;
  readonly authorityPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/**
 * The certificate of `localhost`, `127.0.0.1` and `::1`, signed by an authority of its own. Both are made on first use and
 * kept in the folder, so that whoever trusted the authority once goes on doing so; they are renewed before they run out.
 * The authority's private key is thrown away after signing: nobody can sign anything else with it.
 */
export async function loadOrCreateServerCertificate(folder: string, now: Date): Promise<ServerCertificate> {
  const authorityFile = join(folder, 'certificate-authority.pem');
  const certificateFile = join(folder, 'server.pem');
  const privateKeyFile = join(folder, 'server-key.pem');
  const [authorityPem, certificatePem, privateKeyPem] = await Promise.all(
    [authorityFile, certificateFile, privateKeyFile].map(readIfPresent),
  );
  if (authorityPem && certificatePem && privateKeyPem && isFresh(certificatePem, now)) {
    return { authorityFile, authorityPem, certificatePem, privateKeyPem };
  }
  const made = await createServerCertificate(now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writePrivately(privateKeyFile, made.privateKeyPem);
  await writePrivately(certificateFile, made.certificatePem);
  await writePrivately(authorityFile, made.authorityPem);
  return { authorityFile, ...made };
}

function isFresh(certificatePem: string, now: Date): boolean {
  return new X509Certificate(certificatePem).notAfter.getTime() - now.getTime() > RENEW_BEFORE_DAYS * DAY_MS;
}

async function createServerCertificate(now: Date): Promise<Omit<ServerCertificate, 'authorityFile'>> {
  const authorityKeys = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const serverKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const notBefore = new Date(now.getTime() - DAY_MS);
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Untether demonstration authority',
    notBefore,
    notAfter: new Date(now.getTime() + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: authorityKeys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: authority.subject,
    notBefore,
    notAfter: new Date(now.getTime() + SERVER_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  });
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
  return {
    authorityPem: authority.toString('pem'),
    certificatePem: certificate.toString('pem'),
    privateKeyPem: PemConverter.encode(privateKey, 'PRIVATE KEY'),
  };
}

// A positive number of 127 bits, as RFC 5280 section 4.1.2.2 asks for.
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 1;
  return bytes.toString('hex');
}

async function readIfPresent(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Writes a file that only its owner may read, in one step: a reader sees the old content or the new, never a part. */
export async function writePrivately(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  await writeFile(temporary, content, { mode: 0o600 });
  await rename(temporary, file);
}
