import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions, type DatabaseAddress, type DatabaseLimits } from './data-source.js';
import { Transactor } from './transactor.js';

/** Gives every module the data source and the transactor. */
@Module({})
export class DatabaseModule {
  static forRoot(address: DatabaseAddress, limits: DatabaseLimits): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(address, limits), retryAttempts: 3, retryDelay: 1_000 })],
      providers: [Transactor],
      exports: [Transactor],
    };
  }
}
