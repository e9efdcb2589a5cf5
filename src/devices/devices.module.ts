import { Module } from '@nestjs/common';
import { DevicesExportController } from './api/devices-export.controller.js';
import { DevicesController } from './api/devices.controller.js';
import { DevicesQueries } from './devices.queries.js';

/** Machines and what each source says of them. */
@Module({
  controllers: [DevicesController, DevicesExportController],
  providers: [DevicesQueries],
  exports: [DevicesQueries],
})
export class DevicesModule {}
