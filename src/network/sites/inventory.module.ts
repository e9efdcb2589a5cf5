import { Module } from '@nestjs/common';
import { LinksQueries } from './links.queries.js';
import { LinksService } from './links.service.js';
import { RangesQueries } from './ranges.queries.js';
import { RangesService } from './ranges.service.js';
import { RemoteAccessQueries } from './remote-access.queries.js';
import { RemoteAccessService } from './remote-access.service.js';
import { SitesQueries } from './sites.queries.js';
import { SitesService } from './sites.service.js';
import { SurveysQueries } from './surveys.queries.js';
import { SurveysService } from './surveys.service.js';

const COMMANDS = [SitesService, LinksService, SurveysService, RangesService, RemoteAccessService];
const QUESTIONS = [SitesQueries, LinksQueries, SurveysQueries, RangesQueries, RemoteAccessQueries];

/** What people enter of networks: sites, links, surveys, ranges of addresses and gateways for remote access. */
@Module({ providers: [...COMMANDS, ...QUESTIONS], exports: [...COMMANDS, ...QUESTIONS] })
export class InventoryModule {}
