import { Module } from '@nestjs/common';
import { DevicesController } from './api/devices.controller.js';
import { DevicesQueries } from './devices.queries.js';

/** Machines and what each source says of them. */
@Module({ controllers: [DevicesController], providers: [DevicesQueries], exports: [DevicesQueries] })
export class DevicesModule {}
