import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { IdentityExportController } from './api/identity-export.controller.js';
import { ModelsExportController } from './api/models-export.controller.js';
import { DevicesModule } from './devices.module.js';
import { FormFactorModule } from './form-factor.module.js';
import { IdentityModule } from './identity.module.js';
import { DeviceListController } from './web/device-list.controller.js';
import { ModelListsController } from './web/model-lists.controller.js';
import { ReviewListsController } from './web/review-lists.controller.js';

/** The lists about machines, as pages. */
@Module({
  imports: [DevicesModule, DirectoryModule, FormFactorModule, IdentityModule],
  controllers: [
    DeviceListController,
    ModelListsController,
    ModelsExportController,
    ReviewListsController,
    IdentityExportController,
  ],
})
export class DeviceListsModule {}
