import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { ApiTokensQueries, type TokenSummary } from '../../auth/api-tokens.queries.js';
import { ApiTokens } from '../../auth/api-tokens.service.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { InputError, NotFoundError } from '../../common/errors.js';
import { shownTime } from '../../common/uk-time.js';
import { FormPost, Submission } from '../form.js';
import { NoParametersGuard } from '../no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../page.js';
import { Page } from '../page-route.js';
import { RecordIdPipe } from '../path-ids.pipe.js';
import { paths } from '../paths.js';
import { DAYS, NewTokenForm, ownerOf } from './tokens.parameters.js';
import { scopeChoices, tokenLine } from './tokens.view.js';

/** Tokens of programs, for administrators: see, issue and revoke them. */
@Controller()
export class TokensController {
  constructor(
    private readonly tokens: ApiTokens,
    private readonly queries: ApiTokensQueries,
  ) {}

  @Access('tokens:administer')
  @Page('tokens')
  @UseGuards(NoParametersGuard)
  async list(): Promise<PageView> {
    const now = new Date();
    const tokens = (await this.queries.list()).map((token) => tokenLine(token, now));
    return pageView('web/tokens/tokens.njk', { title: 'API tokens', tokens });
  }

  @Access('tokens:administer')
  @Page('tokens/new')
  @UseGuards(NoParametersGuard)
  newForm(@Current() { permissions }: CurrentAccess): PageView {
    const days = DAYS.map((value) => ({ value, text: `${value} days` }));
    return pageView('web/tokens/new-token.njk', { title: 'Issue a token', scopes: scopeChoices(permissions), days });
  }

  @Access('tokens:administer', { audit: 'token.issued' })
  @FormPost('tokens/new', { form: 'newForm' })
  async issue(
    @Body() form: NewTokenForm,
    @Submission() key: string,
    @Current() { actor, permissions }: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const { name, scopes, days } = form;
    const owner = ownerOf({ [form.owner]: form[form.owner] });
    if (owner === null) {
      const message = form.owner === 'service' ? 'Name the service' : 'Give the user principal name of the person';
      throw new InputError('The token cannot be issued.', [{ field: form.owner, message }]);
    }
    const issued = await this.tokens.issue({ actor, permissions }, { name, owner, scopes, days: Number(days) }, key);
    if (issued.secret === null) {
      return redirectTo(
        paths.tokens(),
        'The token was issued before. It is not shown again; revoke it if you lost it.',
      );
    }
    const { secret, expiresAt } = issued;
    const expires = shownTime(expiresAt, new Date());
    return pageView('web/tokens/issued-token.njk', { title: 'Copy the token now', name, secret, expires });
  }

  @Access('tokens:administer')
  @Page('tokens/:id/revoke')
  @UseGuards(NoParametersGuard)
  async revokeForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const token = tokenLine(await this.tokenOf(id), new Date());
    return pageView('web/tokens/revoke-token.njk', { title: 'Revoke a token', token });
  }

  @Access('tokens:administer', { audit: 'token.revoked' })
  @FormPost('tokens/:id/revoke', { form: 'revokeForm' })
  async revoke(@Param('id', RecordIdPipe) id: number, @Current() { actor }: CurrentAccess): Promise<Redirect> {
    await this.tokens.revoke(id, actor);
    return redirectTo(paths.tokens(), 'The token is revoked.');
  }

  private async tokenOf(id: number): Promise<TokenSummary> {
    const token = await this.queries.one(id);
    if (!token)
      throw new NotFoundError('There is no token with this number. The list of tokens shows those there are.');
    return token;
  }
}
