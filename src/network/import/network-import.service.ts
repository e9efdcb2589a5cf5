import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit, type AuditEntry } from '../../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError, type FieldError } from '../../common/errors.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { Transactor } from '../../database/transactor.js';
import { contentHash } from '../../sheets/file-bytes.js';
import { shownFileName } from '../../sheets/file-name.js';
import { IMPORT_LIMITS, MOST_LISTED_PROBLEMS, type ImportLimits } from '../../sheets/import-limits.js';
import type { ReadSheet } from '../../sheets/sheet-reading.js';
import type { RowProblem } from '../../sheets/sheet-row.js';
import { NetworkImport } from '../network-import.entity.js';
import type { ImportHeader } from './domain/import-header.js';
import type { ImportedKind } from './domain/import-words.js';
import { snapshotOf } from './domain/snapshot.js';
import { NetworkImportApplication } from './network-import-application.service.js';
import { NetworkImportComparison } from './network-import-comparison.service.js';
import { NetworkImportReading } from './network-import-reading.service.js';
import { NetworkImportQueries, type NetworkImportSummary } from './network-import.queries.js';

/** How a file is to be read, and for whom. */
export interface NetworkStageOptions {
  readonly kind: ImportedKind;
  /** Who imports. */
  readonly actor: Actor;
  /** The name that the file was sent under; it is shown, and may say the month of the figures. */
  readonly fileName?: string | null;
  /** The day of the figures of a file of coverage, unless its name says the month. */
  readonly snapshot?: string | null;
  /** The same key from the same actor gives the same import. */
  readonly idempotencyKey?: string | null;
  readonly limits?: ImportLimits;
}

/** All postcodes of the United Kingdom, of which there are 1.7 million, in one file. */
const POSTCODE_LIMITS: ImportLimits = { ...IMPORT_LIMITS, bytes: 300 * 1024 * 1024, rows: 2_000_000 };
const LONGEST_KEY = 200;
/** Comparing and writing 100,000 rows takes seconds; longer than pages may take. */
const LONG_STATEMENTS = `set local statement_timeout = '300s'`;
/** Below this, comparing is quick however it is planned. */
const MANY_ROWS = 200;

/**
 * Imports of what is known of networks and of the coverage of areas: read and check a file, show what it would do, do it
 * once. Every step is a change of state that only one caller can make, however many try at once.
 */
@Injectable()
export class NetworkImportService {
  constructor(
    private readonly transactor: Transactor,
    private readonly reading: NetworkImportReading,
    private readonly comparison: NetworkImportComparison,
    private readonly application: NetworkImportApplication,
    private readonly queries: NetworkImportQueries,
  ) {}

  /**
   * Reads a file, checks all of it and compares it with what is known. Nothing but the dry run is kept.
   * @param source the bytes of the file
   * @throws InputError when the file cannot be read, or no row of it can be imported; nothing is kept then
   */
  async stage(
    source: AsyncIterable<Uint8Array | string>,
    options: NetworkStageOptions,
    now = new Date(),
  ): Promise<NetworkImportSummary> {
    const { kind, actor } = options;
    const limits = options.limits ?? (kind === 'postcode_coverage' ? POSTCODE_LIMITS : IMPORT_LIMITS);
    const fileName = shownFileName(options.fileName ?? null);
    const snapshot = snapshotOf(kind, options.snapshot ?? null, fileName, now);
    const begun = await this.#begin(options, fileName, snapshot);
    if (!begun.fresh) return this.#repeated(begun.id, source, limits);
    try {
      const file = await this.reading.read(source, { importId: begun.id, kind, snapshot, limits, now });
      if (file.rows >= MANY_ROWS) await this.transactor.run((tx) => this.comparison.measure(tx));
      return await this.#finishReading(begun.id, kind, file, actor);
    } catch (error) {
      // Should even this fail, the next import forgets it; the first error is the one to report.
      await this.transactor
        .run((tx) => tx.query('delete from network_import where id = $1', [begun.id]))
        .catch(() => undefined);
      throw error;
    }
  }

  /**
   * Applies an import, exactly as its dry run shows it, in one transaction. Refused rows are left out.
   * @throws ConflictError when it was applied before, or when what is known changed since the dry run; the dry run is then
   * made again, to be looked at once more
   */
  async apply(importId: number, actor: Actor): Promise<NetworkImportSummary> {
    const applied = await this.#run(async (tx) => {
      const { kind, comparisonHash } = await this.#lockChecked(tx, importId);
      await this.application.lock(tx, kind);
      const hash = await this.comparison.compare(tx, importId, kind);
      if (hash !== comparisonHash) {
        await tx.query('update network_import set checked_at = now() where id = $1', [importId]);
        return null;
      }
      await this.application.apply(tx, importId, kind, actor);
      await tx.query(
        `update network_import set state = 'applied', applied_by = $2, applied_at = now()
         where id = $1 and state = 'checked'`,
        [importId, actor],
      );
      const summary = await this.queries.summary(importId, tx);
      await appendToAudit(tx, entryOf('network-import.applied', actor, summary));
      return summary;
    });
    if (applied) return applied;
    throw new ConflictError(
      'What is known changed since the dry run. It was made again: look at it and apply once more.',
    );
  }

  /** A transaction that may take long. */
  async #run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.transactor.run(async (tx) => {
        await tx.query(LONG_STATEMENTS);
        return work(tx);
      });
    } catch (error) {
      if (sqlstateOf(error) !== SQLSTATE.uniqueViolation) throw error;
      throw new ConflictError(
        'Two rows are about the same record after all. Keep one of them and send the file again.',
      );
    }
  }

  async #begin(
    { kind, actor, idempotencyKey }: NetworkStageOptions,
    fileName: string | null,
    snapshot: string | null,
  ): Promise<{ id: number; fresh: boolean }> {
    const key = idempotencyKey?.slice(0, LONGEST_KEY) ?? null;
    return this.transactor.run(async (tx) => {
      await tx.query(FORGET_ABANDONED);
      const [begun] = await tx.query<{ id: number }[]>(
        `insert into network_import (kind, file_name, snapshot, created_by, idempotency_key) values ($1, $2, $3, $4, $5)
         on conflict (created_by, idempotency_key) where idempotency_key is not null do nothing returning id`,
        [kind, fileName, snapshot, actor, key],
      );
      if (begun) return { id: begun.id, fresh: true };
      const [earlier] = await tx.query<{ id: number; kind: string }[]>(
        'select id, kind from network_import where created_by = $1 and idempotency_key = $2',
        [actor, key],
      );
      if (!earlier) throw new ConflictError('A request with the same key has just ended. Send it again.');
      if (earlier.kind !== kind) throw new InputError('This idempotency key was used for another file.');
      return { id: earlier.id, fresh: false };
    });
  }

  /** The answer to a request that was sent before: the import that it made, if it is the same file. */
  async #repeated(
    id: number,
    source: AsyncIterable<Uint8Array | string>,
    limits: ImportLimits,
  ): Promise<NetworkImportSummary> {
    const digest = await contentHash(source, limits.bytes);
    return this.transactor.run(async (tx) => {
      const earlier = await tx.findOneBy(NetworkImport, { id });
      if (!earlier || earlier.state === 'reading') {
        throw new ConflictError('The same request is being worked on. Wait for its answer.');
      }
      if (earlier.contentHash !== digest) throw new InputError('This idempotency key was used for another file.');
      return this.queries.summary(id, tx);
    });
  }

  async #finishReading(
    importId: number,
    kind: ImportedKind,
    { format, contentHash: digest, header, rows }: ReadSheet<ImportHeader>,
    actor: Actor,
  ): Promise<NetworkImportSummary> {
    return this.#run(async (tx) => {
      await tx.query(
        `update network_import set state = 'checked', checked_at = now(), format = $2, content_hash = $3, columns = $4,
           ignored_columns = $5, rows_read = $6 where id = $1 and state = 'reading'`,
        [
          importId,
          format,
          digest,
          JSON.stringify(header.columns.map((column) => ({ header: column.header, field: column.field.name }))),
          JSON.stringify(header.ignored),
          rows,
        ],
      );
      await this.comparison.compare(tx, importId, kind);
      const summary = await this.queries.summary(importId, tx);
      const { counts } = summary;
      if (counts.new + counts.changed + counts.unchanged === 0) throw await nothingToImport(tx, importId, rows);
      await appendToAudit(tx, entryOf('network-import.staged', actor, summary));
      return summary;
    });
  }

  /** Takes the import for this transaction. @throws ConflictError when it is not waiting to be applied */
  async #lockChecked(tx: EntityManager, importId: number): Promise<{ kind: ImportedKind; comparisonHash: string }> {
    const [found] = await tx.query<{ kind: ImportedKind; comparisonHash: string }[]>(
      `select kind, comparison_hash as "comparisonHash" from network_import where id = $1 and state = 'checked' for update`,
      [importId],
    );
    if (found) return found;
    const other = await tx.findOneBy(NetworkImport, { id: importId });
    if (!other) throw new NotFoundError('There is no such import. Send the file again.');
    throw new ConflictError(
      other.state === 'reading'
        ? 'The file is still being read.'
        : 'The import was applied before; it is applied only once.',
    );
  }
}

/** A reading that a crash cut short, and dry runs that nobody applied; their rows go with them. */
const FORGET_ABANDONED = `
  delete from network_import
  where (state = 'reading' and created_at < now() - interval '6 hours')
     or (state = 'checked' and created_at < now() - interval '30 days')`;

function entryOf(event: AuditEventName, actor: Actor, { id, kind, counts }: NetworkImportSummary): AuditEntry {
  return { event, actor, subject: { kind: 'network-import', id }, details: { kind, ...counts } };
}

async function nothingToImport(tx: EntityManager, importId: number, rows: number): Promise<InputError> {
  const refused = await tx.query<{ line: number; problems: RowProblem[] }[]>(
    'select line, problems from network_import_row where import_id = $1 order by line limit $2',
    [importId, MOST_LISTED_PROBLEMS],
  );
  const fields: FieldError[] = refused.flatMap(({ line, problems }) =>
    problems.map(({ column, message, fix }) => ({
      field: `line ${line}${column ? `, ${column}` : ''}`,
      message: `${message} ${fix}`,
    })),
  );
  const [first] = fields;
  const what = rows === 1 ? 'The one row of the file cannot be imported' : `None of the ${rows} rows can be imported`;
  return new InputError(`${what}. ${first ? `Row at ${first.field}: ${first.message}` : ''}`, fields);
}
