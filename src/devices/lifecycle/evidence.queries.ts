import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFoundError } from '../../common/errors.js';
import { utc } from '../../database/sql-conditions.js';
import type { EvidenceFile, EvidenceType } from '../../common/evidence-file.js';

/** A file of a machine, without its content. */
export interface EvidenceView {
  readonly id: number;
  readonly fileName: string;
  readonly mediaType: EvidenceType;
  readonly bytes: number;
  readonly contentHash: string;
  readonly uploadedBy: string;
  readonly uploadedAt: string;
}

/** Devices that turned out to be the machine, itself included. */
const DEVICES = `
  with recursive own as (
    select id from device where id = $1 and merged_into_id is null
    union
    select device.id from own join device on device.merged_into_id = own.id
  )`;
/** A file of the machine, or one that a step of its history names, as a collection note for many machines. */
const BELONGS = `(evidence.device_id in (select id from own) or exists (
  select from custody_event event where event.evidence_id = evidence.id and event.device_id in (select id from own)))`;

/** Reads evidence, always through the machine that it is about. */
@Injectable()
export class EvidenceQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The files of a machine, the latest first. */
  ofDevice(deviceId: number): Promise<EvidenceView[]> {
    return this.dataSource.query<EvidenceView[]>(
      `${DEVICES}
       select evidence.id, evidence.file_name as "fileName", evidence.media_type as "mediaType",
              octet_length(evidence.content) as bytes, evidence.content_hash as "contentHash",
              evidence.uploaded_by as "uploadedBy", ${utc('evidence.uploaded_at')} as "uploadedAt"
       from custody_evidence evidence where ${BELONGS} order by evidence.id desc limit 200`,
      [deviceId],
    );
  }

  /** One file of a machine. @throws NotFoundError when the machine has no such file, whoever else may have it */
  async file(deviceId: number, evidenceId: number): Promise<EvidenceFile> {
    const [file] = await this.dataSource.query<EvidenceFile[]>(
      `${DEVICES}
       select evidence.file_name as "fileName", evidence.media_type as "mediaType", evidence.content
       from custody_evidence evidence where evidence.id = $2 and ${BELONGS}`,
      [deviceId, evidenceId],
    );
    if (!file) throw new NotFoundError('This machine has no such file.');
    return file;
  }
}
