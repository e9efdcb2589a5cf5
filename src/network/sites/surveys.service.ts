import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { evidenceIn, type SentFile } from '../../common/evidence-file.js';
import { londonDay } from '../../common/uk-time.js';
import { onceForKey } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import type { SurveyResult } from '../domain/network-words.js';
import { noteSitesChange } from '../network-changes.service.js';
import { lockSite, lockVersion } from './record-version.service.js';

/** What a survey of the Wi-Fi found; days such as `2026-11-23`. */
export interface SurveyInput {
  readonly surveyedOn: string;
  readonly result: SurveyResult;
  /** Which floors or parts were surveyed; null is all of it. */
  readonly floors: string | null;
  /** Clients that the Wi-Fi serves at once; null where the survey does not say. */
  readonly clientsSupported: number | null;
  /** Last day on which it counts; null for as long as the thresholds say. */
  readonly expiresOn: string | null;
}

/** Enters surveys of the Wi-Fi at sites. What a survey found is never changed: a wrong one is withdrawn. */
@Injectable()
export class SurveysService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Enters a survey, with the file that proves it if there is one.
   * @param key the same key is done once
   * @throws NotFoundError; InputError for impossible days and for a file that cannot be kept
   */
  async add(
    siteId: number,
    input: SurveyInput,
    file: SentFile | null,
    key: string | null,
    actor: Actor,
    now = new Date(),
  ): Promise<{ readonly id: number }> {
    checkDays(input, londonDay(now));
    const evidence = file === null ? null : evidenceIn(file);
    const digest = evidence === null ? null : digestOf(evidence.content);
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'survey', siteId, digest, ...input } }, async () => {
        await lockSite(tx, siteId);
        const [row] = await tx.query<{ id: number }[]>(
          `insert into wifi_survey (site_id, surveyed_on, result, floors, clients_supported, expires_on, evidence_name,
             evidence_type, evidence_hash, evidence, changed_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
          [
            siteId,
            input.surveyedOn,
            input.result,
            input.floors,
            input.clientsSupported,
            input.expiresOn,
            evidence?.fileName ?? null,
            evidence?.mediaType ?? null,
            digest,
            evidence?.content ?? null,
            actor,
          ],
        );
        const id = row?.id ?? 0;
        await noteSitesChange(tx, [siteId]);
        await appendToAudit(tx, {
          event: 'wifi-survey.added',
          actor,
          subject: { kind: 'wifi-survey', id },
          details: { site: siteId, result: input.result, digest },
        });
        return { id };
      }),
    );
  }

  /**
   * Adds the file that proves a survey which has none.
   * @param version of the survey that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when it has one; InputError for a file that cannot be kept
   */
  async addEvidence(id: number, file: SentFile, version: string, actor: Actor): Promise<void> {
    const { fileName, mediaType, content } = evidenceIn(file);
    const digest = digestOf(content);
    await this.transactor.run(async (tx) => {
      await lockVersion(tx, 'wifi_survey', id, version);
      const [, changed] = await tx.query<[unknown[], number]>(
        `update wifi_survey set evidence_name = $2, evidence_type = $3, evidence_hash = $4, evidence = $5, changed_by = $6,
           changed_at = now(), version = nextval('network_version_sequence')
         where id = $1 and evidence is null and withdrawn_at is null`,
        [id, fileName, mediaType, digest, content, actor],
      );
      if (changed === 0) {
        throw new ConflictError('This survey has its file, or was withdrawn. Withdraw it and enter it again.');
      }
      await appendToAudit(tx, {
        event: 'wifi-survey.evidence-added',
        actor,
        subject: { kind: 'wifi-survey', id },
        details: { digest },
      });
    });
  }

  /**
   * Says that a survey does not count. It stays, with the reason.
   * @param version of the survey that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when it was withdrawn before
   */
  withdraw(id: number, reason: string, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockVersion(tx, 'wifi_survey', id, version);
      const [rows] = await tx.query<[{ siteId: number }[], number]>(
        `update wifi_survey set withdrawn_at = now(), withdrawn_by = $2, withdrawn_reason = $3, changed_by = $2,
           changed_at = now(), version = nextval('network_version_sequence')
         where id = $1 and withdrawn_at is null returning site_id as "siteId"`,
        [id, actor, reason],
      );
      const [withdrawn] = rows;
      if (!withdrawn) throw new ConflictError('This survey was withdrawn before.');
      await noteSitesChange(tx, [withdrawn.siteId]);
      await appendToAudit(tx, {
        event: 'wifi-survey.withdrawn',
        actor,
        subject: { kind: 'wifi-survey', id },
        details: { site: withdrawn.siteId },
      });
    });
  }
}

function checkDays({ surveyedOn, expiresOn }: SurveyInput, today: string): void {
  const refuse = (field: string, message: string): never => {
    throw new InputError(`${message}.`, [{ field, message }]);
  };
  if (surveyedOn > today) refuse('surveyedOn', 'Enter a day that is not in the future');
  if (expiresOn !== null && expiresOn < surveyedOn) {
    refuse('expiresOn', 'Enter a last day that is not before the survey');
  }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
