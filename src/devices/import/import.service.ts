import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit, type AuditEntry } from '../../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError, type FieldError } from '../../common/errors.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { Transactor } from '../../database/transactor.js';
import type { RowProblem } from '../../sheets/sheet-row.js';
import { shownFileName } from '../../sheets/file-name.js';
import { contentHash } from '../../sheets/file-bytes.js';
import { SearchIndexService } from '../search-index.service.js';
import { ImportApplication, type UndoCounts } from './import-application.service.js';
import { ImportComparison } from './import-comparison.service.js';
import { IMPORT_LIMITS, MOST_LISTED_PROBLEMS, type ImportLimits } from '../../sheets/import-limits.js';
import { ImportMappings } from './import-mappings.service.js';
import { ImportReading, type ReadFile } from './import-reading.service.js';
import { ImportQueries, type ImportPreview, type ImportSummary, type RowSelection } from './import.queries.js';
import { RegisterImport } from './register-import.entity.js';

/** How a file is to be read, and for whom. */
export interface StageOptions {
  /** Who imports. */
  readonly actor: Actor;
  /** The name that the file was sent under; only shown. */
  readonly fileName?: string | null;
  /** Name of a saved mapping; without one, known headers are used. */
  readonly mapping?: string | null;
  /** The same key from the same actor gives the same import. */
  readonly idempotencyKey?: string | null;
  readonly limits?: ImportLimits;
}

/** What undoing did, and the state of the import after it. */
export interface UndoResult extends UndoCounts {
  readonly import: ImportSummary;
}

const LONGEST_KEY = 200;
const LONGEST_REASON = 2_000;
/** Comparing and writing 100,000 rows takes seconds; longer than pages may take. */
const LONG_STATEMENTS = `set local statement_timeout = '300s'`;

/** Below this, comparing is quick however it is planned. */
const MANY_ROWS = 200;

/**
 * Imports of what people know of machines: read and check a file, show what it would do, do it once, undo it once. Every
 * step is a change of state that only one caller can make, however many try at once.
 */
@Injectable()
export class ImportService {
  constructor(
    private readonly transactor: Transactor,
    private readonly reading: ImportReading,
    private readonly comparison: ImportComparison,
    private readonly application: ImportApplication,
    private readonly mappings: ImportMappings,
    private readonly queries: ImportQueries,
    private readonly searchIndex: SearchIndexService,
  ) {}

  /**
   * Reads a file, checks all of it and compares it with the register. Nothing but the dry run is kept.
   * @param source the bytes of the file
   * @throws InputError when the file cannot be read, or no row of it can be imported; nothing is kept then
   */
  async stage(source: AsyncIterable<Uint8Array | string>, options: StageOptions): Promise<ImportSummary> {
    const limits = options.limits ?? IMPORT_LIMITS;
    const mapping = options.mapping ? await this.mappings.byName(options.mapping) : null;
    const begun = await this.#begin(options, mapping?.name ?? null);
    if (!begun.fresh) return this.#repeated(begun.id, source, limits);
    try {
      const file = await this.reading.read(begun.id, source, mapping?.columns ?? null, limits);
      if (file.rows >= MANY_ROWS) await this.transactor.run((tx) => this.comparison.measure(tx));
      return await this.#finishReading(begun.id, file, options.actor);
    } catch (error) {
      // Should even this fail, the next import forgets it; the first error is the one to report.
      await this.transactor
        .run((tx) => tx.query('delete from register_import where id = $1', [begun.id]))
        .catch(() => undefined);
      throw error;
    }
  }

  /** The dry run, a page of rows at a time. @throws NotFoundError */
  preview(importId: number, selection: RowSelection = {}): Promise<ImportPreview> {
    return this.queries.preview(importId, selection);
  }

  /**
   * Chooses the machine of a row that fits several.
   * @throws ConflictError when the row is not waiting for a choice
   */
  async decide(importId: number, line: number, deviceId: number, actor: Actor): Promise<ImportSummary> {
    return this.#run(async (tx) => {
      await this.#lockChecked(tx, importId);
      const [, decided] = await tx.query<[unknown, number]>(
        `update register_import_row set decided_device_id = $3, decided_by = $4
         where import_id = $1 and line = $2 and outcome <> 'refused' and $3 = any(candidate_device_ids)`,
        [importId, line, deviceId, actor],
      );
      if (decided !== 1) throw new ConflictError('That machine is not one of those that the row fits.');
      await this.comparison.compare(tx, importId);
      const summary = await this.queries.summary(importId, tx);
      const subject = { kind: 'import', id: importId };
      await appendToAudit(tx, { event: 'import.row-decided', actor, subject, details: { line, device: deviceId } });
      return summary;
    });
  }

  /**
   * Applies an import, exactly as its dry run shows it, in one transaction. Conflicts and refused rows are left out.
   * @throws ConflictError when it was applied before, or when the register changed since the dry run; the dry run is then
   * made again, to be looked at once more
   */
  async apply(importId: number, actor: Actor): Promise<ImportSummary> {
    const applied = await this.#run(async (tx) => {
      const shown = await this.#lockChecked(tx, importId);
      await this.application.lockRegister(tx);
      const hash = await this.comparison.compare(tx, importId);
      if (hash !== shown.comparisonHash) {
        await tx.query('update register_import set checked_at = now() where id = $1', [importId]);
        return null;
      }
      await this.application.apply(tx, importId, actor);
      await tx.query(
        `update register_import set state = 'applied', applied_by = $2, applied_at = now()
         where id = $1 and state = 'checked'`,
        [importId, actor],
      );
      const summary = await this.queries.summary(importId, tx);
      await appendToAudit(tx, entryOf('import.applied', actor, summary));
      return summary;
    });
    if (!applied) {
      throw new ConflictError(
        'The register or the estate changed since the dry run. It was made again: look at it and apply once more.',
      );
    }
    await this.searchIndex.takeOverAfterCommand();
    return applied;
  }

  /**
   * Brings back exactly what was there before an import. Entries that somebody changed since are left alone; their rows
   * say so (`preview` with `undoRefused`).
   * @throws ConflictError when the import is not applied
   */
  async undo(importId: number, actor: Actor, reason: string): Promise<UndoResult> {
    const text = reason.replaceAll('\0', '').trim();
    if (text === '' || text.length > LONGEST_REASON) {
      throw new InputError('Say why the import is undone.', [
        { field: 'reason', message: `Enter 1 to ${LONGEST_REASON} characters.` },
      ]);
    }
    const result = await this.#run(async (tx) => {
      const [, undone] = await tx.query<[unknown, number]>(
        `update register_import set state = 'undone', undone_by = $2, undone_at = now(), undo_reason = $3
         where id = $1 and state = 'applied'`,
        [importId, actor, text],
      );
      if (undone !== 1) await this.#explainState(tx, importId, 'undone');
      await this.application.lockRegister(tx);
      const counts = await this.application.undo(tx, importId);
      const summary = await this.queries.summary(importId, tx);
      await appendToAudit(tx, {
        event: 'import.undone',
        actor,
        subject: { kind: 'import', id: importId },
        details: { ...counts },
      });
      return { ...counts, import: summary };
    });
    await this.searchIndex.takeOverAfterCommand();
    return result;
  }

  /** Links entries without a machine to the one that now fits; to be called when machines were resolved. */
  linkMachines(): Promise<number> {
    return this.#run(async (tx) => {
      await this.application.lockRegister(tx);
      return this.comparison.link(tx);
    });
  }

  /** A transaction that may take long, and in which whoever else got hold of a tag or machine first wins. */
  async #run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.transactor.run(async (tx) => {
        await tx.query(LONG_STATEMENTS);
        return work(tx);
      });
    } catch (error) {
      if (sqlstateOf(error) !== SQLSTATE.uniqueViolation) throw error;
      throw new ConflictError('Another entry of the register has the same asset tag, serial number or machine by now.');
    }
  }

  async #begin(options: StageOptions, mappingName: string | null): Promise<{ id: number; fresh: boolean }> {
    const key = options.idempotencyKey?.slice(0, LONGEST_KEY) ?? null;
    return this.transactor.run(async (tx) => {
      await tx.query(FORGET_ABANDONED);
      const [begun] = await tx.query<{ id: number }[]>(
        `insert into register_import (file_name, mapping_name, started_by, idempotency_key) values ($1, $2, $3, $4)
         on conflict (started_by, idempotency_key) where idempotency_key is not null do nothing returning id`,
        [shownFileName(options.fileName ?? null), mappingName, options.actor, key],
      );
      if (begun) return { id: begun.id, fresh: true };
      const [earlier] = await tx.query<{ id: number }[]>(
        'select id from register_import where started_by = $1 and idempotency_key = $2',
        [options.actor, key],
      );
      if (!earlier) throw new ConflictError('A request with the same key has just ended. Send it again.');
      return { id: earlier.id, fresh: false };
    });
  }

  /** The answer to a request that was sent before: the import that it made, if it is the same file. */
  async #repeated(
    id: number,
    source: AsyncIterable<Uint8Array | string>,
    limits: ImportLimits,
  ): Promise<ImportSummary> {
    const digest = await contentHash(source, limits.bytes);
    return this.transactor.run(async (tx) => {
      const earlier = await tx.findOneBy(RegisterImport, { id });
      if (!earlier || earlier.state === 'reading') {
        throw new ConflictError('The same request is being worked on. Wait for its answer.');
      }
      if (earlier.contentHash !== digest) throw new InputError('This idempotency key was used for another file.');
      return this.queries.summary(id, tx);
    });
  }

  async #finishReading(importId: number, file: ReadFile, actor: Actor): Promise<ImportSummary> {
    return this.#run(async (tx) => {
      await this.reading.refuseAcrossRows(tx, importId, file.header);
      await this.comparison.compare(tx, importId);
      const columns = file.header.columns.map(({ header, field }) => ({ header, field: field.name }));
      await tx.query(
        `update register_import set state = 'checked', checked_at = now(), format = $2, content_hash = $3, columns = $4,
           ignored_columns = $5 where id = $1 and state = 'reading'`,
        [importId, file.format, file.contentHash, JSON.stringify(columns), JSON.stringify(file.header.ignored)],
      );
      const summary = await this.queries.summary(importId, tx);
      if (summary.counts.refused === file.rows) throw await nothingToImport(tx, importId, file.rows);
      await appendToAudit(tx, entryOf('import.staged', actor, summary));
      return summary;
    });
  }

  /** Takes the import for this transaction. @throws ConflictError when it is not waiting to be applied */
  async #lockChecked(tx: EntityManager, importId: number): Promise<{ comparisonHash: string }> {
    const [found] = await tx.query<{ comparison_hash: string }[]>(
      `select comparison_hash from register_import where id = $1 and state = 'checked' for update`,
      [importId],
    );
    return found ? { comparisonHash: found.comparison_hash } : this.#explainState(tx, importId, 'applied');
  }

  async #explainState(tx: EntityManager, importId: number, wanted: 'applied' | 'undone'): Promise<never> {
    const found = await tx.findOneBy(RegisterImport, { id: importId });
    if (!found) throw new NotFoundError('There is no such import. Send the file again.');
    switch (found.state) {
      case 'reading':
        throw new ConflictError('The file is still being read.');
      case 'checked':
        throw new ConflictError('The import was not applied, so there is nothing to undo.');
      case 'applied':
        throw new ConflictError('The import was applied before; it is applied only once.');
      case 'undone':
        throw new ConflictError(`The import was undone and cannot be ${wanted} again. Send the file again.`);
    }
  }
}

/** A reading that a crash cut short, and dry runs that nobody applied; their rows go with them. */
const FORGET_ABANDONED = `
  delete from register_import
  where (state = 'reading' and started_at < now() - interval '6 hours')
     or (state = 'checked' and started_at < now() - interval '30 days')`;

function entryOf(event: AuditEventName, actor: Actor, { id, counts }: ImportSummary): AuditEntry {
  return { event, actor, subject: { kind: 'import', id }, details: { ...counts } };
}

async function nothingToImport(tx: EntityManager, importId: number, rows: number): Promise<InputError> {
  const refused = await tx.query<{ line: number; problems: RowProblem[] }[]>(
    'select line, problems from register_import_row where import_id = $1 order by line limit $2',
    [importId, MOST_LISTED_PROBLEMS],
  );
  const fields: FieldError[] = refused.flatMap(({ line, problems }) =>
    problems
      .filter((problem) => problem.severity === 'refused')
      .map(({ column, message, fix }) => ({
        field: `line ${line}${column ? `, ${column}` : ''}`,
        message: `${message} ${fix}`,
      })),
  );
  const [first] = fields;
  const what = rows === 1 ? 'The one row of the file cannot be imported' : `None of the ${rows} rows can be imported`;
  return new InputError(`${what}. ${first ? `Row at ${first.field}: ${first.message}` : ''}`, fields);
}
