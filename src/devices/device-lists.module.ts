import { Module } from '@nestjs/common';
import { DevicesModule } from './devices.module.js';
import { DeviceListController } from './web/device-list.controller.js';

/** The lists about machines, as pages. */
@Module({
  imports: [DevicesModule],
  controllers: [DeviceListController],
})
export class DeviceListsModule {}
