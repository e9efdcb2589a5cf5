import { Module } from '@nestjs/common';
import { AreasController } from './api/areas.controller.js';
import { AreasQueries } from './areas.queries.js';
import { AreaPagesController } from './web/area-pages.controller.js';

/** Coverage of areas: page and API. */
@Module({ controllers: [AreasController, AreaPagesController], providers: [AreasQueries] })
export class AreasModule {}
