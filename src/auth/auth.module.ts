import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AccountsService } from './accounts.service.js';
import { ApiTokensQueries } from './api-tokens.queries.js';
import { ApiTokens } from './api-tokens.service.js';
import { BearerTokens } from './bearer-tokens.service.js';
import { Callers } from './callers.service.js';
import { OpenConnections } from './open-connections.js';
import { OwnObjects } from './own-objects.queries.js';
import { RightsQueries } from './rights.queries.js';
import { RoutePolicies } from './route-policies.js';
import { SessionsService } from './sessions.service.js';

/** Who may come in and what they may do: a guard before every route of every module. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    AccountsService,
    ApiTokens,
    ApiTokensQueries,
    BearerTokens,
    Callers,
    OpenConnections,
    OwnObjects,
    RightsQueries,
    RoutePolicies,
    SessionsService,
  ],
  exports: [ApiTokens, ApiTokensQueries, Callers, OpenConnections, SessionsService],
})
export class AuthModule {}
