import { Body, Controller, Get, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { ApiTokensQueries, TOKEN_STATES, type TokenSummary } from '../../auth/api-tokens.queries.js';
import { ApiTokens, type IssuedToken } from '../../auth/api-tokens.service.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { PERMISSIONS } from '../../auth/permissions.js';
import { InputError } from '../../common/errors.js';
import type { Page } from '../../common/paging.js';
import { Answers, choice, instant, list, orNull, page, record, recordId, text, whole } from '../api-schema.js';
import { NoParametersGuard } from '../no-parameters.guard.js';
import { RecordIdPipe } from '../path-ids.pipe.js';
import { NewTokenBody, ownerOf } from './tokens.parameters.js';

const tokenSchema = record({
  id: whole(),
  name: text('What it is for.'),
  prefix: text('How the token begins.'),
  owner: record({ kind: choice(['person', 'service']), name: text() }),
  scopes: list(choice(PERMISSIONS), 'The most that it may do.'),
  state: choice(TOKEN_STATES),
  issuedAt: instant(),
  expiresAt: instant(),
  lastUsedAt: orNull(instant('Accurate to a minute.')),
});

const issuedSchema = record({
  id: whole(),
  secret: orNull(text('The token itself, this once; null when the same request was sent before.')),
  expiresAt: instant(),
});

/** Tokens of programs, for administrators' scripts. */
@ApiTags('Tokens')
@Controller('api/v1/tokens')
@UseGuards(NoParametersGuard)
export class TokensApiController {
  constructor(
    private readonly tokens: ApiTokens,
    private readonly queries: ApiTokensQueries,
  ) {}

  @Access('tokens:administer')
  @Get()
  @Answers({ summary: 'List tokens, those that count first', schema: page(tokenSchema) })
  async list(): Promise<Page<TokenSummary>> {
    return { items: await this.queries.list(), next: null, asOf: new Date().toISOString() };
  }

  @Access('tokens:administer', { audit: 'token.issued' })
  @Post()
  @HttpCode(200)
  @Answers({
    summary: 'Issue a token to a service or a person',
    description: 'No scope may be given that the caller lacks. The token is in this answer only.',
    schema: issuedSchema,
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key issues nothing again.' })
  issue(
    @Body() { name, scopes, days, ...owner }: NewTokenBody,
    @Current() { actor, permissions }: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<IssuedToken> {
    const whose = ownerOf(owner);
    if (whose === null) {
      throw new InputError('The token cannot be issued.', [
        { field: 'service', message: 'give either service or person' },
      ]);
    }
    return this.tokens.issue({ actor, permissions }, { name, owner: whose, scopes, days }, key);
  }

  @Access('tokens:administer', { audit: 'token.revoked' })
  @Post(':id/revoke')
  @HttpCode(200)
  @Answers({
    summary: 'Revoke a token',
    description: '409 when it was revoked before.',
    schema: tokenSchema,
    parameter: recordId('token'),
  })
  async revoke(
    @Param('id', RecordIdPipe) id: number,
    @Current() { actor }: CurrentAccess,
  ): Promise<TokenSummary | null> {
    await this.tokens.revoke(id, actor);
    return this.queries.one(id);
  }
}
