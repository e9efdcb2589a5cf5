import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFoundError } from '../../common/errors.js';
import type { EvidenceFile, EvidenceType } from '../../common/evidence-file.js';
import { utc } from '../../database/sql-conditions.js';
import type { SurveyResult } from '../domain/network-words.js';

/** A survey of the Wi-Fi at a site, without its file; days such as `2026-11-23`. */
export interface WifiSurveyView {
  readonly id: number;
  readonly siteId: number;
  readonly site: string;
  readonly surveyedOn: string;
  readonly result: SurveyResult;
  readonly floors: string | null;
  readonly clientsSupported: number | null;
  readonly expiresOn: string | null;
  readonly evidenceName: string | null;
  readonly evidenceType: EvidenceType | null;
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly evidenceHash: string | null;
  readonly evidenceBytes: number | null;
  readonly withdrawnAt: string | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnReason: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

const SELECT = `
  select survey.id, survey.site_id as "siteId", site.name as site, survey.surveyed_on::text as "surveyedOn", survey.result,
         survey.floors, survey.clients_supported as "clientsSupported", survey.expires_on::text as "expiresOn",
         survey.evidence_name as "evidenceName", survey.evidence_type as "evidenceType",
         survey.evidence_hash as "evidenceHash", length(survey.evidence) as "evidenceBytes",
         ${utc('survey.withdrawn_at')} as "withdrawnAt", survey.withdrawn_by as "withdrawnBy",
         survey.withdrawn_reason as "withdrawnReason", survey.changed_by as "changedBy",
         ${utc('survey.changed_at')} as "changedAt", survey.version::text as version
  from wifi_survey as survey join network_site as site on site.id = survey.site_id`;

/** Reads surveys of the Wi-Fi, and the files that prove them. */
@Injectable()
export class SurveysQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The surveys of a site, also those that were withdrawn, the latest first. */
  ofSite(siteId: number): Promise<WifiSurveyView[]> {
    return this.dataSource.query<WifiSurveyView[]>(
      `${SELECT} where survey.site_id = $1 order by survey.surveyed_on desc, survey.id desc limit 200`,
      [siteId],
    );
  }

  /** One survey; null when there is none. */
  async one(id: number): Promise<WifiSurveyView | null> {
    const [survey] = await this.dataSource.query<WifiSurveyView[]>(`${SELECT} where survey.id = $1`, [id]);
    return survey ?? null;
  }

  /** The file that proves a survey. @throws NotFoundError when there is none */
  async file(id: number): Promise<EvidenceFile> {
    const [file] = await this.dataSource.query<EvidenceFile[]>(
      `select evidence_name as "fileName", evidence_type as "mediaType", evidence as content
       from wifi_survey where id = $1 and evidence is not null`,
      [id],
    );
    if (!file) throw new NotFoundError('This survey has no file.');
    return file;
  }
}
