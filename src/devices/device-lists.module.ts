import { Module } from '@nestjs/common';
import { ModelsExportController } from './api/models-export.controller.js';
import { DevicesModule } from './devices.module.js';
import { FormFactorModule } from './form-factor.module.js';
import { DeviceListController } from './web/device-list.controller.js';
import { ModelListsController } from './web/model-lists.controller.js';

/** The lists about machines, as pages. */
@Module({
  imports: [DevicesModule, FormFactorModule],
  controllers: [DeviceListController, ModelListsController, ModelsExportController],
})
export class DeviceListsModule {}
