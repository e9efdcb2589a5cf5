import { Module } from '@nestjs/common';
import { BundlesQueries } from './bundles.queries.js';
import { BundlesService } from './bundles.service.js';
import { CountsQueries } from './counts.queries.js';
import { CountsService } from './counts.service.js';
import { LevelsQueries } from './levels.queries.js';
import { LevelsService } from './levels.service.js';
import { MachineTransfersService } from './machine-transfers.service.js';
import { MovementsQueries } from './movements.queries.js';
import { PlacesQueries } from './places.queries.js';
import { PlacesService } from './places.service.js';
import { ProductsQueries } from './products.queries.js';
import { ProductsService } from './products.service.js';
import { StockJobs } from './stock.jobs.js';
import { TransfersQueries } from './transfers.queries.js';
import { TransfersService } from './transfers.service.js';
import { WorkbenchQueries } from './workbench.queries.js';

const COMMANDS = [
  ProductsService,
  BundlesService,
  PlacesService,
  LevelsService,
  TransfersService,
  MachineTransfersService,
  CountsService,
];
const QUESTIONS = [
  ProductsQueries,
  BundlesQueries,
  PlacesQueries,
  LevelsQueries,
  MovementsQueries,
  TransfersQueries,
  CountsQueries,
  WorkbenchQueries,
];

/** The catalogue, and the stock that serves requests. */
@Module({ providers: [...COMMANDS, ...QUESTIONS, StockJobs], exports: [...COMMANDS, ...QUESTIONS] })
export class StockModule {}
