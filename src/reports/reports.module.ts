import { Module } from '@nestjs/common';
import { DevicesModule } from '../devices/devices.module.js';
import { IdentityModule } from '../devices/identity.module.js';
import { LifecycleModule } from '../devices/lifecycle/lifecycle.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { LicencesModule } from '../licences/licences.module.js';
import { SearchApiController } from './api/search-api.controller.js';
import { WholePersonController } from './api/whole-person.controller.js';
import { DeviceTimelineQueries } from './device-timeline.queries.js';
import { PersonPageQueries } from './person-page.queries.js';
import { SearchQueries } from './search.queries.js';
import { DevicePageController } from './web/device-page.controller.js';
import { PersonPageController } from './web/person-page.controller.js';
import { SearchController } from './web/search.controller.js';
import { WholeDeviceQueries } from './whole-device.queries.js';
import { WholePersonQueries } from './whole-person.queries.js';

/** Read-only questions across people, machines and licences. */
@Module({
  imports: [DirectoryModule, DevicesModule, IdentityModule, LicencesModule, LifecycleModule],
  controllers: [
    SearchApiController,
    WholePersonController,
    SearchController,
    DevicePageController,
    PersonPageController,
  ],
  providers: [SearchQueries, WholePersonQueries, PersonPageQueries, WholeDeviceQueries, DeviceTimelineQueries],
})
export class ReportsModule {}
