import { Global, Module } from '@nestjs/common';
import { ListPages } from './list-page.js';
import { SavedViewsController } from './saved-views/saved-views.controller.js';
import { SavedViewsQueries } from './saved-views/saved-views.queries.js';
import { SavedViews } from './saved-views/saved-views.service.js';

/** The one mechanism of all lists, and the views of them that people keep. */
@Global()
@Module({
  controllers: [SavedViewsController],
  providers: [ListPages, SavedViewsQueries, SavedViews],
  exports: [ListPages],
})
export class ListPagesModule {}
