import type { KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { verifyChain, type Verification, type VerificationOptions } from '../audit/chain-verification.js';
import { readHeads, writeHead } from '../audit/head-files.js';
import { fingerprintOf, publicOf } from '../audit/published-head.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { Transactor } from '../database/transactor.js';
import { signingKey } from './signing-key.js';

/** What looking at chain and published heads came to. */
export interface Attestation extends Verification {
  /** Published heads that the chain was compared with. */
  readonly publishedHeads: number;
  /** Published files that prove nothing, and why, in sentences. */
  readonly refusedHeads: readonly string[];
}

/** A head that was just published. */
export interface Publication {
  readonly file: string;
  readonly head: number;
  readonly hash: string;
  readonly publicKey: string;
}

interface Where {
  /** Folder of published heads; that of the settings unless given. */
  readonly folder?: string;
  /** Public keys that are trusted besides the one of the settings. */
  readonly formerKeys?: readonly KeyObject[];
}

/** Proves the trail to the outside: signs and publishes its head, and holds the chain against what was published. */
@Injectable()
export class AttestationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactor: Transactor,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The public key that published heads are checked with; null where no key is set. */
  async publicKey(): Promise<KeyObject | null> {
    const key = await signingKey(this.config);
    return key && publicOf(key);
  }

  /** Walks the whole chain and compares it with every published head. Writes nothing. */
  async verify(options: VerificationOptions & Where = {}): Promise<Attestation> {
    const { folder = this.config.audit.publishFolder, formerKeys = [], ...walk } = options;
    const own = await this.publicKey();
    const [chain] = await this.dataSource.query<{ installation_id: string }[]>(
      'select installation_id from audit_chain',
    );
    const keys = own === null ? formerKeys : [own, ...formerKeys];
    const { heads, refused } = await readHeads(folder, chain?.installation_id ?? '', keys);
    const verification = await verifyChain(this.dataSource, { ...walk, heads });
    return { ...verification, publishedHeads: heads.length, refusedHeads: refused };
  }

  /**
   * Signs the head of the chain and writes it into the folder, then says so in the trail.
   * @throws KeyMissing where no key is set
   */
  async publish(actor: Actor, folder: string = this.config.audit.publishFolder): Promise<Publication> {
    const key = await signingKey(this.config);
    if (key === null) throw new KeyMissing();
    const [chain] = await this.dataSource.query<{ installation_id: string; head_id: string; head_hash: Buffer }[]>(
      'select installation_id, head_id, head_hash from audit_chain',
    );
    if (chain === undefined) throw new Error('The audit trail has lost its head: audit_chain has no row.');
    const [head, hash] = [Number(chain.head_id), chain.head_hash.toString('hex')];
    const file = await writeHead(folder, { installation: chain.installation_id, head, hash }, key, new Date());
    const publicKey = fingerprintOf(key);
    await this.transactor.run((tx) =>
      appendToAudit(tx, {
        event: 'audit.head-published',
        actor,
        subject: { kind: 'audit-entry', id: head },
        details: { hash, publicKey },
      }),
    );
    return { file, head, hash, publicKey };
  }

  /** Verifies, writes what came of it into the trail, and publishes the head of a chain that is whole. */
  async attest(actor: Actor, signal?: AbortSignal): Promise<{ verified: Attestation; published: Publication | null }> {
    const verified = await this.verify(signal ? { signal } : {});
    const { firstBreak, publishedHeads: heads, refusedHeads: refused } = verified;
    await this.transactor.run((tx) =>
      appendToAudit(tx, {
        event: firstBreak === null ? 'audit.verified' : 'audit.break-found',
        actor,
        subject: { kind: 'audit-entry', id: firstBreak?.id ?? verified.head.id },
        details: { heads, refused: refused.length, ...(firstBreak === null ? {} : { kind: firstBreak.kind }) },
      }),
    );
    // A head over a broken chain would vouch for it.
    if (firstBreak !== null || (await this.publicKey()) === null) return { verified, published: null };
    return { verified, published: await this.publish(actor) };
  }
}

/** There is nothing to sign with. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing';

  constructor() {
    super('No key is set to sign the head of the audit trail with.');
  }
}
