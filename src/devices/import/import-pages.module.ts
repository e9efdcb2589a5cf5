import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { ImportListsController } from './api/import-lists.controller.js';
import { ImportListQueries } from './import-list.queries.js';
import { ImportModule } from './import.module.js';
import { ImportPagesController } from './web/import-pages.controller.js';

/** Imports as pages, and past imports as lists; apart from the services, which commands use without a server. */
@Module({
  imports: [DirectoryModule, ImportModule],
  controllers: [ImportListsController, ImportPagesController],
  providers: [ImportListQueries],
})
export class ImportPagesModule {}
