import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AccountsService } from './accounts.service.js';
import { ApiTokensQueries } from './api-tokens.queries.js';
import { ApiTokens } from './api-tokens.service.js';
import { BearerTokens } from './bearer-tokens.service.js';
import { Callers } from './callers.service.js';
import { OpenConnections } from './open-connections.js';
import { OwnObjects } from './own-objects.queries.js';
import { RightsQueries } from './rights.queries.js';
import { problemsOf, routePoliciesOf } from './route-policies.js';
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
    SessionsService,
  ],
  exports: [ApiTokens, ApiTokensQueries, Callers, OpenConnections, SessionsService],
})
export class AuthModule implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error naming every route that does not say who may call it, which keeps the application from starting. */
  onModuleInit(): void {
    const problems = problemsOf(routePoliciesOf(this.discovery, this.scanner, this.reflector));
    if (problems.length > 0) throw new Error(`These routes let nobody in:\n${problems.join('\n')}`);
  }
}
