import { Module } from '@nestjs/common';
import { NetworkModule } from './network.module.js';

/** Networks for people and programs: pages and API. */
@Module({ imports: [NetworkModule] })
export class NetworkWebModule {}
