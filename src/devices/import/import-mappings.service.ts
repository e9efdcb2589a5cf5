import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError, NotFoundError, type FieldError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { headerKey, MOST_COLUMNS } from '../../sheets/header-row.js';
import type { ColumnMapping } from './domain/column-mapping.js';
import { registerField, type RegisterFieldName } from './domain/register-fields.js';
import { FILE_KINDS, ImportMapping, type FileKind } from './import-mapping.entity.js';

/** A saved mapping as answers show it. */
export interface SavedMapping {
  readonly name: string;
  readonly fileKind: FileKind;
  readonly columns: ColumnMapping;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly changedBy: string;
  readonly changedAt: Date;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u;

/** Mappings of columns to fields, saved under names for files that come again. */
@Injectable()
export class ImportMappings {
  constructor(private readonly transactor: Transactor) {}

  /** All mappings by name. */
  async list(): Promise<SavedMapping[]> {
    return this.transactor.run((tx) => tx.find(ImportMapping, { order: { name: 'ASC' }, take: 1_000 }));
  }

  /** @throws NotFoundError */
  async byName(name: string): Promise<SavedMapping> {
    const found = await this.transactor.run((tx) =>
      tx
        .createQueryBuilder(ImportMapping, 'mapping')
        .where('lower(mapping.name) = lower(:name)', { name: name.replaceAll('\0', '') })
        .getOne(),
    );
    if (!found) throw new NotFoundError('There is no import mapping with that name.');
    return found;
  }

  /**
   * Saves a mapping, in place of an earlier one of the same name.
   * @param columns header of the file to name of the field
   * @throws InputError naming every part that is wrong
   */
  async save(
    name: string,
    fileKind: string,
    columns: Readonly<Record<string, string>>,
    actor: Actor,
  ): Promise<SavedMapping> {
    const mapping = checked(name, fileKind, columns);
    await this.transactor.run(async (tx) => {
      const [saved] = await tx.query<{ id: number }[]>(
        `insert into import_mapping (name, file_kind, columns, created_by, changed_by) values ($1, $2, $3, $4, $4)
         on conflict (lower(name)) do update set name = excluded.name, file_kind = excluded.file_kind,
           columns = excluded.columns, changed_by = excluded.changed_by, changed_at = now()
         returning id`,
        [mapping.name, mapping.fileKind, JSON.stringify(mapping.columns), actor],
      );
      const subject = { kind: 'import-mapping', id: saved?.id ?? 0 };
      await appendToAudit(tx, { event: 'import-mapping.saved', actor, subject, details: { fileKind } });
    });
    return this.byName(mapping.name);
  }
}

function isFileKind(kind: string): kind is FileKind {
  return FILE_KINDS.some((known) => known === kind);
}

function checked(name: string, fileKind: string, columns: Readonly<Record<string, string>>) {
  const errors: FieldError[] = [];
  if (!NAME.test(name))
    errors.push({ field: 'name', message: 'Use 1 to 80 letters, digits, spaces, dots and hyphens.' });
  if (!isFileKind(fileKind)) errors.push({ field: 'fileKind', message: `Use one of ${FILE_KINDS.join(', ')}.` });
  const entries = Object.entries(columns);
  if (entries.length === 0 || entries.length > MOST_COLUMNS) {
    errors.push({ field: 'columns', message: `Map 1 to ${MOST_COLUMNS} columns.` });
  }
  const mapped = new Map<string, RegisterFieldName>();
  const [keys, fields] = [new Set<string>(), new Set<string>()];
  for (const [header, fieldName] of entries.slice(0, MOST_COLUMNS)) {
    const field = registerField(fieldName);
    const where = `columns.${header.slice(0, 60)}`;
    if (headerKey(header) === '' || header.length > 200 || header.includes('\0')) {
      errors.push({ field: where, message: 'This is not the header of a column.' });
    } else if (keys.has(headerKey(header))) errors.push({ field: where, message: 'This header stands twice.' });
    if (!field) errors.push({ field: where, message: 'There is no such field.' });
    else if (fields.has(field.name))
      errors.push({ field: where, message: 'Another column already stands for this field.' });
    else mapped.set(header.trim(), field.name);
    keys.add(headerKey(header));
    fields.add(fieldName);
  }
  if (!fields.has('assetTag') && !fields.has('serialNumber')) {
    errors.push({
      field: 'columns',
      message: 'Map a column to assetTag or serialNumber; nothing else says which machine it is.',
    });
  }
  if (errors.length > 0 || !isFileKind(fileKind)) throw new InputError('The mapping cannot be saved.', errors);
  return { name, fileKind, columns: Object.fromEntries(mapped) };
}
