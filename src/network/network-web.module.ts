import { Module } from '@nestjs/common';
import { AreasModule } from './areas/areas.module.js';
import { ConnectionCheckWebModule } from './connection-check/connection-check-web.module.js';
import { NetworkImportModule } from './import/network-import.module.js';
import { NetworkModule } from './network.module.js';
import { NetworkSettingsWebModule } from './settings/network-settings-web.module.js';
import { InventoryWebModule } from './sites/inventory-web.module.js';

/** Networks for people and programs: pages and API. */
@Module({
  imports: [
    AreasModule,
    NetworkImportModule,
    ConnectionCheckWebModule,
    NetworkModule,
    NetworkSettingsWebModule,
    InventoryWebModule,
  ],
})
export class NetworkWebModule {}
