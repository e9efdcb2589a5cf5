import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { MovesQueries } from '../moves.queries.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { ReadinessCommandsController } from './api/readiness-commands.controller.js';
import { ReadinessController } from './api/readiness.controller.js';
import { ReadinessModule } from './readiness.module.js';
import { ApplicationPagesController } from './web/application-pages.controller.js';
import { ReadinessPagesController } from './web/readiness-pages.controller.js';
import { SettingsPagesController } from './web/settings-pages.controller.js';
import { WaiverPagesController } from './web/waiver-pages.controller.js';

/** Readiness for people and programs: pages and API. */
@Module({
  imports: [ReadinessModule, DirectoryModule],
  controllers: [
    ReadinessController,
    ReadinessCommandsController,
    ReadinessPagesController,
    WaiverPagesController,
    ApplicationPagesController,
    SettingsPagesController,
  ],
  providers: [MovesQueries, ProgrammeQueries],
})
export class ReadinessWebModule {}
