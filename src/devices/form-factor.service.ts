import { Inject, Injectable, Optional } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../audit/audit-trail.js';
import { Transactor } from '../database/transactor.js';
import { formFactorCatalogueVersion, loadFormFactorCatalogue } from './form-factor-catalogue.js';
import {
  classifyDevices,
  DEVICE_COLUMNS,
  type ClassificationBasis,
  type ClassificationSummary,
  type UnclassifiedDevice,
} from './form-factor-classification.service.js';
import type { FormFactor } from './domain/form-factor/form-factor.js';
import { takeIdentityLock } from './identity-resolution.service.js';

/** Injection token of a `ClassificationBasis` other than the catalogue that ships with the product. */
export const CLASSIFICATION_BASIS = Symbol('CLASSIFICATION_BASIS');

/** Machines that one transaction takes up: some two megabytes and well under a second. */
const BATCH_SIZE = 5_000;
const NOTHING: ClassificationSummary = { classified: 0, written: 0, changed: 0 };

let shipped: ClassificationBasis | undefined;

/** The catalogue that ships with the product, read once and only when it is needed; no naming convention. */
export function shippedBasis(): ClassificationBasis {
  shipped ??= { catalogue: loadFormFactorCatalogue(), version: formFactorCatalogueVersion(), namingRules: [] };
  return shipped;
}

/** Beginnings of hostnames and the class of machine that they stand for. */
export type NamingConvention = readonly { readonly prefix: string; readonly formFactor: FormFactor }[];

/** The shipped catalogue with a naming convention beside it; another convention classifies every machine anew. */
export function basisWith(convention: NamingConvention): ClassificationBasis {
  const basis = shippedBasis();
  if (convention.length === 0) return basis;
  const words = convention.map(({ prefix, formFactor }) => `${prefix}=${formFactor}`).join(',');
  return {
    ...basis,
    version: `${basis.version} ${words}`,
    namingRules: convention.map(({ prefix, formFactor }) => ({ pattern: new RegExp(`^${prefix}`, 'i'), formFactor })),
  };
}

/** Keeps the class of every machine in step with its summary, the catalogue and what people decided. */
@Injectable()
export class FormFactorService {
  readonly #given: ClassificationBasis | undefined;

  constructor(
    private readonly transactor: Transactor,
    @Optional() @Inject(CLASSIFICATION_BASIS) given?: ClassificationBasis,
  ) {
    this.#given = given;
  }

  /**
   * Classifies the machines whose summary changed since they were classified last, and every machine when the catalogue
   * is another one. In batches of one transaction each; can be stopped or killed at any point and run again, and writes
   * only what differs, so that a second run writes nothing.
   * @throws the signal's reason when it is aborted; between two batches.
   */
  async classifyPending(signal?: AbortSignal): Promise<ClassificationSummary> {
    const basis = this.#given ?? shippedBasis();
    if (!(await this.#isNewCatalogue(basis))) return this.#inBatches(basis, 'waiting', signal);
    const total = await this.#inBatches(basis, 'every', signal);
    // Only now: whoever is interrupted before begins again and finds the written ones in order.
    await this.transactor.run((tx) =>
      tx.query(
        `insert into form_factor_catalogue (version) values ($1)
         on conflict (id) do update set version = excluded.version, applied_at = now()`,
        [basis.version],
      ),
    );
    return total;
  }

  async #isNewCatalogue(basis: ClassificationBasis): Promise<boolean> {
    const rows = await this.transactor.run((tx) =>
      tx.query<unknown[]>('select from form_factor_catalogue where version = $1', [basis.version]),
    );
    return rows.length === 0;
  }

  async #inBatches(
    basis: ClassificationBasis,
    which: 'waiting' | 'every',
    signal: AbortSignal | undefined,
  ): Promise<ClassificationSummary> {
    let total = NOTHING;
    for (let after: number | null = 0; after !== null;) {
      signal?.throwIfAborted();
      const from: number = after;
      const batch = await this.transactor.run((tx) => classifyBatch(tx, basis, which, from));
      total = add(total, batch.summary);
      after = batch.last;
    }
    return total;
  }
}

/** A summary that was not classified yet, as an index knows it. */
const WAITING = 'device.form_factor_basis is distinct from device.changed_at';

async function classifyBatch(
  tx: EntityManager,
  basis: ClassificationBasis,
  which: 'waiting' | 'every',
  after: number,
): Promise<{ last: number | null; summary: ClassificationSummary }> {
  await takeIdentityLock(tx);
  const devices = await tx.query<(UnclassifiedDevice & { waiting: boolean })[]>(
    `select ${DEVICE_COLUMNS}, ${WAITING} as waiting from device
     where device.merged_into_id is null and ${which === 'waiting' ? WAITING : 'true'} and device.id > $1
     order by device.id limit ${BATCH_SIZE}`,
    [after],
  );
  const [waiting, others] = [devices.filter((device) => device.waiting), devices.filter((device) => !device.waiting)];
  const summary = add(
    await classifyDevices(tx, basis, waiting, { cause: 'records' }),
    await classifyDevices(tx, basis, others, { cause: 'catalogue' }),
  );
  if (summary.changed > 0) {
    const { classified, changed } = summary;
    await appendToAudit(tx, {
      event: 'form-factor.machines-reclassified',
      actor: 'system:classification',
      subject: null,
      details: { classified, changed, cause: which === 'every' ? 'catalogue' : 'records' },
    });
  }
  return { last: devices.length < BATCH_SIZE ? null : (devices.at(-1)?.id ?? null), summary };
}

function add(a: ClassificationSummary, b: ClassificationSummary): ClassificationSummary {
  return {
    classified: a.classified + b.classified,
    written: a.written + b.written,
    changed: a.changed + b.changed,
  };
}
