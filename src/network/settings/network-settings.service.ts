import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { networkSettingsErrors, type NetworkSettings } from '../domain/network-settings.js';
import { noteNetworkChange } from '../network-changes.service.js';

/** New settings, why, and which version was looked at; 0 for those that nobody has changed. */
export interface NetworkSettingsChange {
  readonly settings: NetworkSettings;
  readonly reason: string;
  readonly version: number;
}

const CHANGED = 'Somebody else has changed the settings. Look at theirs, then send yours again.';
const LARGEST_VERSION = 2_147_483_646;

/** Changes by what networks are judged; every change is a version of its own, with its reason. */
@Injectable()
export class NetworkSettingsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Keeps new settings. Verdicts go by them at once, and the readiness of people within a minute.
   * @throws ConflictError when there is a later version, InputError for what cannot be kept
   */
  async change(
    { settings, reason, version }: NetworkSettingsChange,
    actor: Actor,
  ): Promise<{ readonly version: number }> {
    const errors = networkSettingsErrors(settings);
    if (errors.length > 0) throw new InputError('These settings cannot be kept.', errors);
    if (!Number.isInteger(version) || version < 0 || version > LARGEST_VERSION) throw new ConflictError(CHANGED);
    return this.transactor.run(async (tx) => {
      // Whoever sends the same version at the same time waits for this one, and then finds it there.
      const kept = await tx.query<{ version: number }[]>(
        `insert into network_settings (version, settings, reason, actor)
         select $1::integer + 1, $2, $3, $4
         where $1::integer = (select coalesce(max(version), 0) from network_settings)
         on conflict on constraint network_settings_pkey do nothing
         returning version`,
        [version, JSON.stringify(settings), reason, actor],
      );
      if (kept[0] === undefined) throw new ConflictError(CHANGED);
      await noteNetworkChange(tx, { kind: 'everything' });
      await appendToAudit(tx, {
        event: 'network-settings.changed',
        actor,
        subject: { kind: 'network-settings', id: version + 1 },
        details: { version: version + 1 },
      });
      return { version: version + 1 };
    });
  }
}
