import { Module } from '@nestjs/common';
import { NotificationsModule } from '../../notifications/notifications.module.js';
import { LowStockJobs } from './low-stock.jobs.js';
import { LowStockService } from './low-stock.service.js';
import { RequestMessageFactsQueries } from './message-facts.queries.js';
import { RequestTemplates } from './request-templates.service.js';

/** What people are told by mail about requests and stock. For any process. */
@Module({
  imports: [NotificationsModule],
  providers: [LowStockJobs, LowStockService, RequestMessageFactsQueries, RequestTemplates],
  exports: [LowStockJobs, LowStockService, NotificationsModule, RequestMessageFactsQueries, RequestTemplates],
})
export class RequestMessagesModule {}
