import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Reads what a machine is called. */
@Injectable()
export class DeviceTitleQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** What people know a machine by: hostname, asset tag, serial number or number; null when there is no such machine. */
  async of(deviceId: number): Promise<string | null> {
    const [row] = await this.dataSource.query<{ title: string }[]>(
      `select coalesce(device.name, entry.asset_tag, device.serial_number, 'device ' || device.id) as title
       from device left join device_register entry on entry.device_id = device.id
       where device.id = $1 and device.merged_into_id is null`,
      [deviceId],
    );
    return row?.title ?? null;
  }
}
