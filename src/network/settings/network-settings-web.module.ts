import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { NetworkModule } from '../network.module.js';
import { NetworkSettingsController } from './api/network-settings.controller.js';
import { NetworkSettingsService } from './network-settings.service.js';
import { NetworkSettingsPagesController } from './web/network-settings-pages.controller.js';

/** By what networks are judged, for people and programs: pages and API. */
@Module({
  imports: [DirectoryModule, NetworkModule],
  controllers: [NetworkSettingsController, NetworkSettingsPagesController],
  providers: [NetworkSettingsService],
})
export class NetworkSettingsWebModule {}
