import { Module } from '@nestjs/common';
import { ConnectionCheckWebModule } from './connection-check/connection-check-web.module.js';
import { NetworkModule } from './network.module.js';

/** Networks for people and programs: pages and API. */
@Module({ imports: [ConnectionCheckWebModule, NetworkModule] })
export class NetworkWebModule {}
