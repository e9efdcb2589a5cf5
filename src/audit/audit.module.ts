import { Module } from '@nestjs/common';
import { AuditQueries } from './audit.queries.js';

/** Reading the trail; writing it is a function that needs nothing but a transaction. */
@Module({ providers: [AuditQueries], exports: [AuditQueries] })
export class AuditModule {}
