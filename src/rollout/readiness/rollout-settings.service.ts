import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError, type FieldError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import type { DerivationSettings } from '../domain/derivation-settings.js';
import { READINESS_KEY, readinessSettingsErrors, type ReadinessSettings } from '../domain/readiness/settings.js';
import { ProgrammeQueries } from '../programme.queries.js';

/** What can be set about a programme. */
export interface RolloutSettingsInput extends DerivationSettings {
  readonly readiness: ReadinessSettings;
}

/** Changes the settings of the programme; every change is a version of its own, with its reason. */
@Injectable()
export class RolloutSettingsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
  ) {}

  /**
   * Keeps new settings; the job works everybody's readiness out by them within a minute.
   * @param version the version that was looked at
   * @throws ConflictError when there is a later one, InputError for what cannot be kept
   */
  async change(
    { version, reason, ...input }: RolloutSettingsInput & { readonly version: number; readonly reason: string },
    actor: Actor,
  ): Promise<{ readonly version: number }> {
    const errors = [...readinessSettingsErrors(input.readiness), ...derivationErrors(input)];
    if (errors.length > 0) throw new InputError('These settings cannot be kept.', errors);
    return this.transactor.run(async (tx) => {
      const programme = await this.programmes.current(tx);
      if (programme === null) throw new NotFoundError('There is no programme. Plan one first.');
      await tx.query('select 1 from rollout_programme where id = $1 for update', [programme.id]);
      const latest = (await this.programmes.one(programme.id, tx)) ?? programme;
      if (latest.settingsVersion !== version) {
        throw new ConflictError('Somebody else has changed the settings. Look at theirs, then send yours again.');
      }
      const { readiness, handoverConfirmationDays, missesThatEscalate } = input;
      const settings = { ...latest.settings, handoverConfirmationDays, missesThatEscalate, [READINESS_KEY]: readiness };
      await tx.query(
        'insert into rollout_settings (programme_id, version, settings, reason, actor) values ($1, $2, $3, $4, $5)',
        [programme.id, version + 1, JSON.stringify(settings), reason, actor],
      );
      await appendToAudit(tx, {
        event: 'rollout-settings.changed',
        actor,
        subject: { kind: 'rollout-programme', id: programme.id },
        details: { version: version + 1 },
      });
      return { version: version + 1 };
    });
  }
}

function derivationErrors({ handoverConfirmationDays, missesThatEscalate }: DerivationSettings): FieldError[] {
  const isWithin = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;
  return [
    ...(isWithin(handoverConfirmationDays, 60)
      ? []
      : [{ field: 'handoverConfirmationDays', message: 'Enter a whole number from 1 to 60' }]),
    ...(isWithin(missesThatEscalate, 10)
      ? []
      : [{ field: 'missesThatEscalate', message: 'Enter a whole number from 1 to 10' }]),
  ];
}
