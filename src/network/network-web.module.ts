import { Module } from '@nestjs/common';
import { ConnectionCheckWebModule } from './connection-check/connection-check-web.module.js';
import { NetworkModule } from './network.module.js';
import { NetworkSettingsWebModule } from './settings/network-settings-web.module.js';

/** Networks for people and programs: pages and API. */
@Module({ imports: [ConnectionCheckWebModule, NetworkModule, NetworkSettingsWebModule] })
export class NetworkWebModule {}
