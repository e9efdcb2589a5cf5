import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { appendToAudit } from '../audit/audit-trail.js';
import { ForbiddenError } from '../common/errors.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { Transactor } from '../database/transactor.js';
import { ACCESS_POLICY, type AccessPolicy } from './access.decorator.js';
import { NoAccessError, UnauthenticatedError } from './access.errors.js';
import { Callers, type Caller } from './callers.service.js';
import { isSafe, refuseOtherSites } from './cross-site.js';
import { rememberAccess, type CurrentAccess } from './current-access.js';
import { OwnObjects } from './own-objects.queries.js';
import { surfaceOf } from './surface.js';

/** Largest number of a Postgres `integer`. */
const LARGEST_ID = 2_147_483_647;

/** Lets a request through to what its caller may do, and nothing else: a route without a policy lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
    private readonly ownObjects: OwnObjects,
    private readonly transactor: Transactor,
    private readonly modules: ModuleRef,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (policy === undefined) throw new ForbiddenError('Nobody may do this.');
    const surface = surfaceOf(request.url);
    refuseOtherSites(request, surface, this.config.publicUrl);
    if (policy.kind === 'open') return true;

    const caller = await this.callers.of(request, surface);
    const { access } = caller;
    rememberAccess(request, access);
    refuseWithoutStanding(caller);
    if (await this.allows(policy, access, caller.standing === 'service', request)) return true;
    if (!isSafe(request.method)) await this.keepRefusal(policy, access, request);
    throw new ForbiddenError(refusalOf(policy));
  }

  private async allows(
    policy: AccessPolicy,
    access: CurrentAccess,
    isService: boolean,
    request: FastifyRequest,
  ): Promise<boolean> {
    if (policy.kind !== 'permission') return !isService && access.permissions.has('own:read');
    if (access.permissions.has(policy.permission)) return true;
    if (policy.own === null || access.personEntraId === null || !access.permissions.has('own:read')) return false;
    const id = idOf(request.params);
    if (id === null) return false;
    return this.ownObjects.concerns(access.personEntraId, policy.own, id, this.modules);
  }

  /** An attempt to change something is kept although nothing was changed (OWASP ASVS 5.0, v5.0.0-16.3.2). */
  private async keepRefusal(policy: AccessPolicy, access: CurrentAccess, request: FastifyRequest): Promise<void> {
    const permission = policy.kind === 'permission' ? policy.permission.replace(':', '-') : 'sign-in';
    await this.transactor.run((tx) =>
      appendToAudit(tx, {
        event: 'access.refused',
        actor: access.actor,
        subject: null,
        details: { permission, object: idOf(request.params) },
      }),
    );
  }
}

function refuseWithoutStanding({ standing, access }: Caller): void {
  if (standing === 'enabled' || standing === 'service') return;
  if (standing === 'disabled' && access.surface === 'api') {
    throw new UnauthenticatedError('The account that this belongs to is disabled in the directory.');
  }
  throw new NoAccessError(
    standing === 'disabled'
      ? 'Your account is disabled in the directory. If you think that this is wrong, ask the service desk.'
      : 'The directory that Untether reads does not have you. New accounts appear within the hour; after that, ask the service desk.',
  );
}

function refusalOf(policy: AccessPolicy): string {
  return policy.kind === 'permission'
    ? `This needs the permission ${policy.permission}, which your roles do not give you.`
    : 'This is for people of the directory.';
}

/** The number in the path; null when there is none that could be one. */
function idOf(parameters: unknown): number | null {
  const { id } = (parameters ?? {}) as { id?: unknown };
  if (typeof id !== 'string' || !/^[1-9]\d{0,9}$/.test(id) || Number(id) > LARGEST_ID) return null;
  return Number(id);
}
