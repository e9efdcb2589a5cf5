import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { DecisionsModule } from '../decisions/decisions.module.js';
import { FulfilmentModule } from '../fulfilment/fulfilment.module.js';
import { RequestCommandsController } from './api/request-commands.controller.js';
import { RequestsController } from './api/requests.controller.js';
import { AskingModule } from './asking.module.js';
import { CheckRequestController } from './web/check-request.controller.js';
import { NewRequestController } from './web/new-request.controller.js';
import { PersonLinesController } from './web/person-lines.controller.js';
import { RequestListsController } from './web/request-lists.controller.js';
import { RequestPageController } from './web/request-page.controller.js';

/** Asking for equipment, for people and programs: pages and API. */
@Module({
  imports: [AskingModule, DecisionsModule, DirectoryModule, FulfilmentModule],
  controllers: [
    RequestCommandsController,
    RequestsController,
    CheckRequestController,
    NewRequestController,
    PersonLinesController,
    RequestListsController,
    RequestPageController,
  ],
})
export class AskingWebModule {}
