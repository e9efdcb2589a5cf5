import { Inject, Injectable, Optional } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit, type AuditEntry } from '../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import type { ModelKey } from './domain/form-factor/catalogue.js';
import { FORM_FACTORS, isFormFactor, type FormFactor } from './domain/form-factor/form-factor.js';
import {
  classifyDevices,
  DEVICE_COLUMNS,
  LIVE_DEVICE_OVERRIDES,
  type ClassificationBasis,
  type ClassificationCause,
  type UnclassifiedDevice,
} from './form-factor-classification.service.js';
import { CLASSIFICATION_BASIS, shippedBasis } from './form-factor.service.js';
import { takeIdentityLock } from './identity-resolution.service.js';

/** What a decision, or taking it back, led to. */
export interface OverrideOutcome {
  readonly overrideId: number;
  /** Machines that it is about. */
  readonly devices: number;
  /** Those of them that got another class by it. */
  readonly changed: number;
}

const LONGEST_REASON = 2_000;
const LONGEST_NAME = 200;
const AT_ONCE = 5_000;

/**
 * What people decide about the form of machines. Each command is one transaction, states who and why, takes effect on the
 * machines concerned before it returns, and leaves a line of history for each machine whose class it changed.
 */
@Injectable()
export class FormFactorOverrides {
  readonly #given: ClassificationBasis | undefined;

  constructor(
    private readonly transactor: Transactor,
    @Optional() @Inject(CLASSIFICATION_BASIS) given?: ClassificationBasis,
  ) {
    this.#given = given;
  }

  /**
   * Says what every machine of a model is, also those that come later.
   * @throws InputError for a class that does not exist, no reason, or a name that firmware carries where nobody entered
   * one; ConflictError when somebody has decided about the model already.
   */
  async overrideModel(
    manufacturer: string,
    model: string,
    formFactor: string,
    actor: Actor,
    reason: string,
  ): Promise<OverrideOutcome> {
    const decided = checkClass(formFactor);
    checkReason(reason);
    const key = this.#keyOf(manufacturer, model);
    return this.#decide(async (tx) => {
      const [row] = await tx.query<{ id: number }[]>(
        `insert into model_override (manufacturer_key, model_key, manufacturer, model, form_factor, reason, decided_by)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (manufacturer_key, model_key) where withdrawn_at is null do nothing returning id`,
        [key.manufacturer, key.model, manufacturer.trim(), model.trim(), decided, reason, actor],
      );
      if (row === undefined) {
        throw new ConflictError('Somebody has decided about this model already. Withdraw that decision first.');
      }
      const subject = { kind: 'model-override', id: row.id };
      return {
        id: row.id,
        devices: await devicesOfModel(tx, key),
        cause: { cause: 'override', actor, reason },
        entry: { event: 'form-factor.model-overridden', actor, subject, details: { formFactor: decided } },
      };
    });
  }

  /**
   * Takes the decision about a model back; the catalogue holds again.
   * @throws NotFoundError when there is none, InputError without a reason.
   */
  async withdrawModelOverride(
    manufacturer: string,
    model: string,
    actor: Actor,
    reason: string,
  ): Promise<OverrideOutcome> {
    checkReason(reason);
    const key = this.#keyOf(manufacturer, model);
    return this.#decide(async (tx) => {
      const [rows] = await tx.query<[{ id: number }[], number]>(
        `update model_override set withdrawn_at = now(), withdrawn_by = $3, withdrawal_reason = $4
         where manufacturer_key = $1 and model_key = $2 and withdrawn_at is null returning id`,
        [key.manufacturer, key.model, actor, reason],
      );
      const [row] = rows;
      if (row === undefined) throw new NotFoundError('There is no decision about this model that could be withdrawn.');
      const subject = { kind: 'model-override', id: row.id };
      return {
        id: row.id,
        devices: await devicesOfModel(tx, key),
        cause: { cause: 'withdrawal', actor, reason },
        entry: { event: 'form-factor.model-override-withdrawn', actor, subject },
      };
    });
  }

  /**
   * Says what one machine is, whatever its model.
   * @throws NotFoundError for an unknown machine, ConflictError for one that was merged into another or is decided
   * about already, InputError for a class that does not exist or no reason.
   */
  async overrideDevice(deviceId: number, formFactor: string, actor: Actor, reason: string): Promise<OverrideOutcome> {
    const decided = checkClass(formFactor);
    checkReason(reason);
    return this.#decide(async (tx) => {
      const device = await liveDevice(tx, deviceId);
      const [row] = await tx.query<{ id: number }[]>(
        `insert into device_form_factor_override (device_id, form_factor, reason, decided_by) values ($1, $2, $3, $4)
         on conflict (device_id) where withdrawn_at is null do nothing returning id`,
        [deviceId, decided, reason, actor],
      );
      if (row === undefined) {
        throw new ConflictError(`Somebody has decided about device ${deviceId} already. Withdraw that decision first.`);
      }
      const subject = { kind: 'device', id: deviceId };
      return {
        id: row.id,
        devices: [device],
        cause: { cause: 'override', actor, reason },
        entry: { event: 'form-factor.device-overridden', actor, subject, details: { formFactor: decided } },
      };
    });
  }

  /**
   * Takes the decision about a machine back, that of machines which turned out to be this one included.
   * @throws NotFoundError for an unknown machine or when there is none, ConflictError for a machine that was merged,
   * InputError without a reason.
   */
  async withdrawDeviceOverride(deviceId: number, actor: Actor, reason: string): Promise<OverrideOutcome> {
    checkReason(reason);
    return this.#decide(async (tx) => {
      const device = await liveDevice(tx, deviceId);
      const [rows] = await tx.query<[{ id: number }[], number]>(
        `${LIVE_DEVICE_OVERRIDES}
         update device_form_factor_override override
         set withdrawn_at = now(), withdrawn_by = $2, withdrawal_reason = $3
         from live where live.id = override.id and live.device_id = $1 and override.withdrawn_at is null
         returning override.id`,
        [deviceId, actor, reason],
      );
      const [row] = rows;
      if (row === undefined) {
        throw new NotFoundError(`There is no decision about device ${deviceId} that could be withdrawn.`);
      }
      const subject = { kind: 'device', id: deviceId };
      return {
        id: row.id,
        devices: [device],
        cause: { cause: 'withdrawal', actor, reason },
        entry: { event: 'form-factor.device-override-withdrawn', actor, subject },
      };
    });
  }

  async #decide(work: (tx: EntityManager) => Promise<Decided>): Promise<OverrideOutcome> {
    const basis = this.#given ?? shippedBasis();
    return this.transactor.run(async (tx) => {
      await takeIdentityLock(tx);
      const { id, devices, cause, entry } = await work(tx);
      let changed = 0;
      for (let from = 0; from < devices.length; from += AT_ONCE) {
        changed += (await classifyDevices(tx, basis, devices.slice(from, from + AT_ONCE), cause)).changed;
      }
      const details = { ...entry.details, override: id, devices: devices.length, changed };
      await appendToAudit(tx, { ...entry, details });
      return { overrideId: id, devices: devices.length, changed };
    });
  }

  #keyOf(manufacturer: string, model: string): ModelKey {
    const fields = Object.entries({ manufacturer, model }).filter(
      ([, name]) => name.trim() === '' || name.length > LONGEST_NAME,
    );
    if (fields.length > 0) {
      const message = `must name it, in at most ${LONGEST_NAME} characters`;
      throw new InputError(
        'The request does not name a model.',
        fields.map(([field]) => ({ field, message })),
      );
    }
    const key = (this.#given ?? shippedBasis()).catalogue.keyOf(manufacturer, model);
    if (!key.isPlaceholder) return key;
    const message = 'is what firmware says where nobody entered a name; its machines have nothing in common';
    throw new InputError('This is not the name of a model. Decide about each machine instead.', [
      { field: 'model', message },
    ]);
  }
}

/** A stored decision that has still to take effect. */
interface Decided {
  readonly id: number;
  readonly devices: readonly UnclassifiedDevice[];
  readonly cause: ClassificationCause;
  /** What the trail says of it, but for what it leads to. */
  readonly entry: AuditEntry;
}

async function devicesOfModel(tx: EntityManager, key: ModelKey): Promise<UnclassifiedDevice[]> {
  return tx.query(
    `select ${DEVICE_COLUMNS} from device
     where merged_into_id is null and manufacturer_key = $1 and model_key = $2 order by id`,
    [key.manufacturer, key.model],
  );
}

async function liveDevice(tx: EntityManager, id: number): Promise<UnclassifiedDevice> {
  const [row] = await tx.query<(UnclassifiedDevice & { merged_into_id: number | null })[]>(
    `select ${DEVICE_COLUMNS}, device.merged_into_id from device where id = $1`,
    [id],
  );
  if (row === undefined) throw new NotFoundError(`There is no device ${id}.`);
  if (row.merged_into_id !== null) {
    throw new ConflictError(`Device ${id} turned out to be device ${row.merged_into_id}. Decide about that one.`);
  }
  return row;
}

function checkClass(formFactor: string): FormFactor {
  if (isFormFactor(formFactor)) return formFactor;
  throw new InputError('There is no such class.', [
    { field: 'class', message: `give one of ${FORM_FACTORS.join(', ')}` },
  ]);
}

function checkReason(reason: string): void {
  const { length } = [...reason.trim()];
  if (length > 0 && length <= LONGEST_REASON) return;
  const message = `must say why, in at most ${LONGEST_REASON} characters`;
  throw new InputError('A reason is needed.', [{ field: 'reason', message }]);
}
