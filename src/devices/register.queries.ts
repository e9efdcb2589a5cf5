import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../database/sql-conditions.js';

/** What people know of a machine and Microsoft does not, as the register has it. */
export interface RegisterEntry {
  readonly assetTag: string | null;
  readonly purchasedOn: string | null;
  readonly pricePence: number | null;
  readonly supplier: string | null;
  readonly purchaseOrder: string | null;
  readonly warrantyEndsOn: string | null;
  readonly location: string | null;
  /** Whom the register's file names; a note, not custody. */
  readonly holderNote: string | null;
  readonly registerStatus: string | null;
  readonly notes: string | null;
  readonly importId: number | null;
  readonly changedAt: string;
}

/** Reads the register of what people know of machines. */
@Injectable()
export class RegisterQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The entry of a machine; null when the register has none. */
  async ofDevice(deviceId: number): Promise<RegisterEntry | null> {
    const [row] = await this.dataSource.query<{ entry: RegisterEntry }[]>(
      `select json_build_object(
         'assetTag', asset_tag, 'purchasedOn', purchased_on, 'pricePence', price_pence, 'supplier', supplier,
         'purchaseOrder', purchase_order, 'warrantyEndsOn', warranty_ends_on, 'location', location,
         'holderNote', holder_note, 'registerStatus', register_status, 'notes', notes, 'importId', import_id,
         'changedAt', ${utc('changed_at')}) as entry
       from device_register where device_id = $1 order by id limit 1`,
      [deviceId],
    );
    return row?.entry ?? null;
  }
}
