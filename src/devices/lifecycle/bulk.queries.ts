import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFoundError } from '../../common/errors.js';
import { utc } from '../../database/sql-conditions.js';
import type { CommandInput } from '../domain/lifecycle/command-input.js';
import { commandWords, type CustodyCommand } from '../domain/lifecycle/commands.js';
import type { BulkMode, BulkSummary } from './bulk.service.js';

/** One line of a bulk action and what became of it. */
export interface BulkLine {
  readonly line: number;
  /** As it was typed or scanned. */
  readonly given: string;
  readonly deviceId: number | null;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly outcome: 'ready' | 'refused' | 'done' | 'undone';
  readonly reason: string | null;
}

/** A bulk action with all its lines. */
export interface BulkView {
  readonly id: number;
  readonly command: CustodyCommand;
  readonly label: string;
  readonly input: CommandInput;
  readonly state: 'checked' | 'done';
  readonly mode: BulkMode | null;
  readonly actor: string;
  readonly checkedAt: string;
  readonly doneAt: string | null;
  readonly counts: BulkSummary['counts'];
  readonly lines: readonly BulkLine[];
}

/** Reads bulk actions; there are at most a thousand lines to one. */
@Injectable()
export class BulkQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One bulk action of this actor. @throws NotFoundError also for somebody else's */
  async one(id: number, actor: string): Promise<BulkView> {
    const [bulk] = await this.dataSource.query<Omit<BulkView, 'label' | 'counts'>[]>(
      `select bulk.id, bulk.command, bulk.input, bulk.state, bulk.mode, bulk.actor,
              ${utc('bulk.checked_at')} as "checkedAt", ${utc('bulk.done_at')} as "doneAt",
              (select json_agg(json_build_object('line', line.line, 'given', line.given, 'deviceId', line.device_id,
                 'name', device.name, 'serialNumber', device.serial_number, 'outcome', line.outcome,
                 'reason', line.reason) order by line.line)
               from custody_bulk_line line left join device on device.id = line.device_id
               where line.bulk_id = bulk.id) as lines
       from custody_bulk bulk where bulk.id = $1 and bulk.actor = $2`,
      [id, actor],
    );
    if (!bulk) throw new NotFoundError('There is no such bulk action of yours.');
    const counts = { ready: 0, refused: 0, done: 0, undone: 0 };
    for (const { outcome } of bulk.lines) counts[outcome]++;
    return { ...bulk, label: commandWords(bulk.command).label, counts };
  }
}
