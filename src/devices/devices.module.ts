import { Module } from '@nestjs/common';
import { DeviceKeepers } from '../auth/own-objects.queries.js';
import { DeviceFormFactorController } from './api/device-form-factor.controller.js';
import { DevicesExportController } from './api/devices-export.controller.js';
import { DevicesController } from './api/devices.controller.js';
import { ModelsController } from './api/models.controller.js';
import { DevicesQueries } from './devices.queries.js';
import { FormFactorModule } from './form-factor.module.js';
import { IdentityModule } from './identity.module.js';
import { RegisterQueries } from './register.queries.js';
import { DeviceKeeperQueries } from './lifecycle/device-keepers.queries.js';

/** Machines and what each source says of them. */
@Module({
  imports: [IdentityModule, FormFactorModule],
  controllers: [DevicesController, DevicesExportController, DeviceFormFactorController, ModelsController],
  providers: [DevicesQueries, { provide: DeviceKeepers, useClass: DeviceKeeperQueries }, RegisterQueries],
  exports: [DevicesQueries, RegisterQueries],
})
export class DevicesModule {}
