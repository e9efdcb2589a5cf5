import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeviceKeepers } from '../../auth/own-objects.queries.js';

/** Who has a machine: its holder or, while custody says nothing of it, the primary user whom Intune names. */
@Injectable()
export class DeviceKeeperQueries extends DeviceKeepers {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  override async keeperOf(deviceId: number): Promise<string | null> {
    const rows = await this.dataSource.query<{ keeper: string | null }[]>(
      `select case when custody.id is null then device.user_entra_id else custody.holder_entra_id end as keeper
       from device left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
       where device.id = $1 and device.merged_into_id is null`,
      [deviceId],
    );
    return rows[0]?.keeper ?? null;
  }
}
