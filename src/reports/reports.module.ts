import { Module } from '@nestjs/common';
import { DevicesModule } from '../devices/devices.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { LicencesModule } from '../licences/licences.module.js';
import { WholePersonController } from './api/whole-person.controller.js';
import { SearchController } from './web/search.controller.js';
import { WhoHasWhatQueries } from './who-has-what.queries.js';
import { WholePersonQueries } from './whole-person.queries.js';

/** Read-only questions across people, machines and licences. */
@Module({
  imports: [DirectoryModule, DevicesModule, LicencesModule],
  controllers: [WholePersonController, SearchController],
  providers: [WhoHasWhatQueries, WholePersonQueries],
})
export class ReportsModule {}
