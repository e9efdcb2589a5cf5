import type { EntityManager } from 'typeorm';
import type { StoredFormFactorEvidence } from './device.entity.js';
import type { FormFactorCatalogue } from './domain/form-factor/catalogue.js';
import type { FormFactorOverride } from './domain/form-factor/classification.js';
import { classifyDevice } from './domain/form-factor/classify.js';
import type { FormFactor } from './domain/form-factor/form-factor.js';
import type { NamingRule } from './domain/form-factor/signals.js';
import type { ChangeCause } from './form-factor-change.entity.js';

/** What classifies: the catalogue, its version, and the council's naming convention, which is part of the version. */
export interface ClassificationBasis {
  readonly catalogue: FormFactorCatalogue;
  readonly version: string;
  readonly namingRules: readonly NamingRule[];
}

/** Why machines are classified now; a person's decision comes with who and why. */
export interface ClassificationCause {
  readonly cause: ChangeCause;
  readonly actor?: string;
  readonly reason?: string;
}

/** What classifying came to. */
export interface ClassificationSummary {
  /** Machines that were looked at. */
  readonly classified: number;
  /** Machines whose row was written. */
  readonly written: number;
  /** Machines that had a class and got another one. */
  readonly changed: number;
}

/** A machine as far as its class depends on it; `basis` is its `changed_at` with all its digits. */
export interface UnclassifiedDevice {
  readonly id: number;
  readonly basis: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly name: string | null;
  readonly operatingSystem: string | null;
}

export const DEVICE_COLUMNS = `device.id, device.changed_at::text as basis, coalesce(device.manufacturer, '') as manufacturer,
  coalesce(device.model, '') as model, device.name, device.operating_system as "operatingSystem"`;

/**
 * Ids of live decisions with the machine that each is about now: a decision about a machine that turned out to be
 * another one goes with it. Decisions are few and machines many, hence one look at the primary key for each (a subquery
 * with a limit is not turned into a scan of all machines).
 */
export const LIVE_DEVICE_OVERRIDES = `
  with recursive followed as (
    select override.id, override.device_id from device_form_factor_override override where override.withdrawn_at is null
    union
    select followed.id, machine.merged_into_id
    from followed
    cross join lateral (select merged_into_id from device where device.id = followed.device_id limit 1) as machine
    where machine.merged_into_id is not null
  ), live as (
    select followed.id, followed.device_id
    from followed
    cross join lateral (select merged_into_id from device where device.id = followed.device_id limit 1) as machine
    where machine.merged_into_id is null
  )`;

/**
 * Classifies these machines and writes what differs, in the caller's transaction, which must hold the identity lock: no
 * summary and no decision can then change between reading and writing.
 */
export async function classifyDevices(
  tx: EntityManager,
  basis: ClassificationBasis,
  devices: readonly UnclassifiedDevice[],
  cause: ClassificationCause,
): Promise<ClassificationSummary> {
  if (devices.length === 0) return { classified: 0, written: 0, changed: 0 };
  const ofDevices = await deviceOverrides(
    tx,
    devices.map((device) => device.id),
  );
  const ofModels = await modelOverrides(tx);
  // Machines that say the same of themselves are the same: an estate has thousands of machines and hundreds of models.
  const verdicts = new Map<string, Verdict>();
  const numbers = devices.map((device) => {
    const deviceOverride = ofDevices.get(device.id);
    const key = inputText(device, basis.namingRules.length > 0, deviceOverride !== undefined);
    const known = verdicts.get(key);
    if (known !== undefined) return known.number;
    const number = verdicts.size;
    verdicts.set(key, { number, ...toVerdict(basis, device, deviceOverride, ofModels) });
    return number;
  });
  return { classified: devices.length, ...(await write(tx, devices, numbers, [...verdicts.values()], cause)) };
}

/** What the class of a machine follows from, as one text. */
function inputText(device: UnclassifiedDevice, isNameRead: boolean, isDecided: boolean): string {
  const { id, manufacturer, model, operatingSystem, name } = device;
  return JSON.stringify([manufacturer, model, operatingSystem, isNameRead ? name : null, isDecided ? id : null]);
}

/** A classification as it is stored. */
interface StoredVerdict {
  readonly manufacturer_key: string;
  readonly model_key: string;
  readonly form_factor: FormFactor;
  readonly form_factor_superclass: string;
  readonly form_factor_rule: string;
  readonly form_factor_confidence: number;
  readonly form_factor_decided_by: string;
  readonly form_factor_contradicted: boolean;
  readonly form_factor_evidence: StoredFormFactorEvidence;
}

interface Verdict extends StoredVerdict {
  readonly number: number;
}

function toVerdict(
  { catalogue, namingRules }: ClassificationBasis,
  { manufacturer, model, name, operatingSystem }: UnclassifiedDevice,
  deviceOverride: FormFactorOverride | undefined,
  ofModels: ReadonlyMap<string, FormFactorOverride>,
): StoredVerdict {
  const key = catalogue.keyOf(manufacturer, model);
  const verdict = classifyDevice(
    catalogue,
    {
      manufacturer,
      model,
      signals: { deviceName: name ?? undefined, operatingSystem: operatingSystem ?? undefined },
      deviceOverride,
      modelOverride: key.isPlaceholder ? undefined : ofModels.get(keyText(key.manufacturer, key.model)),
    },
    namingRules,
  );
  const { reason, evidence, contradictions } = verdict;
  return {
    manufacturer_key: key.manufacturer,
    model_key: key.model,
    form_factor: verdict.class,
    form_factor_superclass: verdict.superclass,
    form_factor_rule: verdict.rule,
    form_factor_confidence: verdict.confidence,
    form_factor_decided_by: verdict.decidedBy,
    form_factor_contradicted: contradictions.length > 0,
    form_factor_evidence: { reason, evidence, contradictions },
  };
}

/** Columns of `device` that a classification writes, with the types in which they travel. */
const COLUMNS = {
  manufacturer_key: 'text',
  model_key: 'text',
  form_factor: 'text',
  form_factor_superclass: 'text',
  form_factor_rule: 'text',
  form_factor_confidence: 'float8',
  form_factor_decided_by: 'text',
  form_factor_contradicted: 'boolean',
  form_factor_evidence: 'jsonb',
} as const satisfies Record<keyof StoredVerdict, string>;
const NAMES = Object.keys(COLUMNS);
const of = (table: string): string => `(${NAMES.map((name) => `${table}.${name}`).join(', ')})`;

/** Writes the verdicts on these machines; `numbers` says which is whose. */
async function write(
  tx: EntityManager,
  devices: readonly UnclassifiedDevice[],
  numbers: readonly number[],
  verdicts: readonly Verdict[],
  { cause, actor, reason }: ClassificationCause,
): Promise<{ written: number; changed: number }> {
  const [counts] = await tx.query<{ written: number; changed: number }[]>(
    `with verdict as materialized (
       select * from jsonb_to_recordset($1::jsonb) as verdict(number integer,
         ${Object.entries(COLUMNS)
           .map(([name, type]) => `${name} ${type}`)
           .join(', ')})
     ), earlier as materialized (
       select device.id, given.basis, given.number, device.form_factor, device.form_factor_superclass,
              device.form_factor_at, ${of('device')} is distinct from ${of('verdict')} as differs
       from unnest($2::integer[], $3::timestamptz[], $4::integer[]) as given(id, basis, number)
       join verdict on verdict.number = given.number
       join device on device.id = given.id
     ), written as (
       update device
       set (${NAMES.join(', ')}, form_factor_basis, form_factor_at) =
         row (${of('verdict').slice(1, -1)}, earlier.basis,
              case when earlier.differs then now() else device.form_factor_at end)
       from earlier join verdict on verdict.number = earlier.number
       where device.id = earlier.id
         and (earlier.differs or device.form_factor_basis is distinct from earlier.basis)
       returning device.id
     ), recorded as (
       insert into form_factor_change (device_id, from_form_factor, from_superclass, to_form_factor, to_superclass,
                                       rule, cause, reason, changed_by)
       select earlier.id, earlier.form_factor, earlier.form_factor_superclass, verdict.form_factor,
              verdict.form_factor_superclass, verdict.form_factor_rule, $5,
              coalesce($7::text, verdict.form_factor_evidence ->> 'reason'), $6
       from earlier join verdict on verdict.number = earlier.number
       where earlier.form_factor_at is not null and earlier.form_factor <> verdict.form_factor
       returning id
     )
     select (select count(*) from written)::integer as written, (select count(*) from recorded)::integer as changed`,
    [
      JSON.stringify(verdicts),
      devices.map((device) => device.id),
      devices.map((device) => device.basis),
      numbers,
      cause,
      actor ?? null,
      reason ?? null,
    ],
  );
  return counts ?? { written: 0, changed: 0 };
}

interface OverrideRow {
  readonly form_factor: FormFactor;
  readonly reason: string;
  readonly decided_by: string;
  readonly decided_at: Date;
}

/** What people decided about these machines; a machine's own decision before that of one merged into it, then the latest. */
async function deviceOverrides(
  tx: EntityManager,
  ids: readonly number[],
): Promise<ReadonlyMap<number, FormFactorOverride>> {
  const rows = await tx.query<(OverrideRow & { device_id: number })[]>(
    `${LIVE_DEVICE_OVERRIDES}
     select distinct on (live.device_id) live.device_id, override.form_factor, override.reason, override.decided_by,
            override.decided_at
     from live join device_form_factor_override override on override.id = live.id
     where live.device_id = any($1::integer[])
     order by live.device_id, override.device_id = live.device_id desc, override.decided_at desc, override.id desc`,
    [ids],
  );
  return new Map(rows.map((row) => [row.device_id, toOverride(row)]));
}

async function modelOverrides(tx: EntityManager): Promise<ReadonlyMap<string, FormFactorOverride>> {
  const rows = await tx.query<(OverrideRow & { manufacturer_key: string; model_key: string })[]>(
    `select manufacturer_key, model_key, form_factor, reason, decided_by, decided_at
     from model_override where withdrawn_at is null`,
  );
  return new Map(rows.map((row) => [keyText(row.manufacturer_key, row.model_key), toOverride(row)]));
}

function toOverride(row: OverrideRow): FormFactorOverride {
  return { formFactor: row.form_factor, decidedBy: row.decided_by, reason: row.reason, decidedAt: row.decided_at };
}

// Keys are of letters, digits and single spaces, so that no two pairs give one text.
function keyText(manufacturer: string, model: string): string {
  return `${manufacturer}\n${model}`;
}
