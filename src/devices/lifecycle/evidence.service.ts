import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, NotFoundError } from '../../common/errors.js';
import { evidenceIn, type SentFile } from '../../common/evidence-file.js';
import { Transactor } from '../../database/transactor.js';
import type { CustodyActor } from './custody-actor.js';

/** A file that was kept. */
export interface EvidenceAdded {
  readonly id: number;
  readonly deviceId: number;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly contentHash: string;
}

/** Keeps the files that prove what was done with a machine. What is kept is never changed and never taken away. */
@Injectable()
export class EvidenceService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Adds a file to a machine; the same file to the same machine is kept once.
   * @throws InputError for a kind of file that is not taken, one that is not what it says, or one that is too large;
   * NotFoundError and ConflictError for a device that is not there or was merged.
   */
  async add(deviceId: number, file: SentFile, by: CustodyActor): Promise<EvidenceAdded> {
    const { fileName, mediaType: type } = evidenceIn(file);
    const contentHash = createHash('sha256').update(file.content).digest('hex');
    return this.transactor.run(async (tx) => {
      const [device] = await tx.query<{ merged_into_id: number | null }[]>(
        'select merged_into_id from device where id = $1 for share',
        [deviceId],
      );
      if (!device) throw new NotFoundError('There is no such device.');
      if (device.merged_into_id !== null) {
        throw new ConflictError(`It turned out to be device ${device.merged_into_id}. Use that one.`);
      }
      const [earlier] = await tx.query<{ id: number; file_name: string }[]>(
        'select id, file_name from custody_evidence where device_id = $1 and content_hash = $2 and media_type = $3',
        [deviceId, contentHash, type],
      );
      const bytes = file.content.length;
      if (earlier)
        return { id: earlier.id, deviceId, fileName: earlier.file_name, mediaType: type, bytes, contentHash };
      const [added] = await tx.query<{ id: number }[]>(
        `insert into custody_evidence (device_id, file_name, media_type, content_hash, content, uploaded_by)
         values ($1, $2, $3, $4, $5, $6) returning id`,
        [deviceId, fileName, type, contentHash, file.content, by.actor],
      );
      const id = added?.id ?? 0;
      await appendToAudit(tx, {
        event: 'device.evidence-added',
        actor: by.actor,
        subject: { kind: 'device', id: deviceId },
        details: { evidence: id, digest: contentHash },
      });
      return { id, deviceId, fileName, mediaType: type, bytes, contentHash };
    });
  }
}
