import { Body, Controller, UseGuards } from '@nestjs/common';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { londonDay, shownDays, shownTime } from '../../../common/uk-time.js';
import { actorWords } from '../../../directory/actor-names.queries.js';
import { NamedPeopleQueries } from '../../../directory/named-people.queries.js';
import { personOf } from '../../../audit/actor.js';
import { FormPost, Submission } from '../../../web/form.js';
import { OptionalText, RequiredDay, RequiredId, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { decidingPerson } from '../decision-rights.queries.js';
import { DelegationsQueries, type Delegation } from '../delegations.queries.js';
import { DelegationsService } from '../delegations.service.js';
import { LinkedAccountsQueries } from '../linked-accounts.queries.js';
import { LinkedAccountsService } from '../linked-accounts.service.js';

class DelegationForm {
  @OptionalText({ longest: 256 })
  from?: string;

  @RequiredText('Enter who decides in your place', { longest: 256 })
  to: string;

  @RequiredDay('Enter the first day')
  fromDay: string;

  @RequiredDay('Enter the last day')
  untilDay: string;

  @RequiredText('Enter why', { longest: 500 })
  reason: string;
}

class EndForm {
  @RequiredId('Choose what to end')
  delegationId: number;
}

class LinkForm {
  @RequiredText('Enter the second account', { longest: 256 })
  account: string;

  @RequiredText('Enter the usual account of the person', { longest: 256 })
  person: string;
}

class UnlinkForm {
  @RequiredText('Load the page again', { longest: 64 })
  account: string;
}

/** Who decides in whose place, and which accounts are one person’s. */
@Controller('approvals')
export class DelegationPagesController {
  constructor(
    private readonly delegations: DelegationsService,
    private readonly queries: DelegationsQueries,
    private readonly accounts: LinkedAccountsService,
    private readonly accountsQueries: LinkedAccountsQueries,
    private readonly people: NamedPeopleQueries,
  ) {}

  @Page('delegations')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async list(@Current() access: CurrentAccess): Promise<PageView> {
    const person = decidingPerson(access);
    const administers = access.permissions.has('requests:administer');
    const delegations = await this.queries.list(administers ? null : person);
    const makers = await this.people.of(delegations.flatMap(({ createdBy }) => personOf(createdBy) ?? []));
    const now = new Date();
    const view = (each: Delegation): object => ({
      ...each,
      from: each.fromName ?? 'somebody who is not in the directory',
      to: each.toName ?? 'Somebody who is not in the directory',
      fromYou: each.fromEntraId === person,
      toYou: each.toEntraId === person,
      days: shownDays(each.fromDay, each.untilDay),
      by: actorWords(each.createdBy, makers),
      made: shownTime(each.createdAt, now),
      ended: each.endedAt === null ? null : shownTime(each.endedAt, now),
    });
    const isOpen = ({ endedAt, untilDay }: Delegation): boolean => endedAt === null && untilDay >= londonDay(now);
    return pageView('requests/decisions/web/delegations.njk', {
      title: 'Who decides in your place',
      section: 'approvals',
      administers,
      open: delegations.filter(isOpen).map(view),
      past: delegations.filter((each) => !isOpen(each)).map(view),
    });
  }

  @FormPost('delegations', { form: 'list' })
  @SignedIn({ audit: 'approval-delegation.made' })
  @UseGuards(NoParametersGuard)
  async make(
    @Body() { from, to, fromDay, untilDay, reason }: DelegationForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.delegations.make({ from: from ?? null, to, fromDay, untilDay, reason, idempotencyKey }, access);
    return redirectTo(paths.approvalDelegations(), 'The delegation was made.');
  }

  @FormPost('delegations/end', { form: 'list' })
  @SignedIn({ audit: 'approval-delegation.ended' })
  @UseGuards(NoParametersGuard)
  async end(@Body() { delegationId }: EndForm, @Current() access: CurrentAccess): Promise<Redirect> {
    await this.delegations.end(delegationId, access);
    return redirectTo(paths.approvalDelegations(), 'The delegation was ended.');
  }

  @Page('linked-accounts')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  async linked(): Promise<PageView> {
    const [linked, suggested] = [await this.accountsQueries.linked(), await this.accountsQueries.suggested()];
    const makers = await this.people.of(linked.flatMap(({ linkedBy }) => personOf(linkedBy) ?? []));
    const now = new Date();
    return pageView('requests/decisions/web/linked-accounts.njk', {
      title: 'Accounts of one person',
      section: 'approvals',
      linked: linked.map((pair) => ({
        ...pair,
        by: actorWords(pair.linkedBy, makers),
        at: shownTime(pair.linkedAt, now),
      })),
      suggested: suggested.map((pair) => ({
        ...pair,
        why: pair.because === 'employee-id' ? 'The same employee id' : 'The name says that it is a second account',
      })),
    });
  }

  @FormPost('linked-accounts', { form: 'linked' })
  @Access('requests:administer', { audit: 'linked-account.confirmed' })
  @UseGuards(NoParametersGuard)
  async link(@Body() { account, person }: LinkForm, @Current() access: CurrentAccess): Promise<Redirect> {
    await this.accounts.confirm({ account, person }, access);
    return redirectTo(paths.linkedAccounts(), 'The accounts count as one person’s now.');
  }

  @FormPost('linked-accounts/remove', { form: 'linked' })
  @Access('requests:administer', { audit: 'linked-account.removed' })
  @UseGuards(NoParametersGuard)
  async unlink(@Body() { account }: UnlinkForm, @Current() access: CurrentAccess): Promise<Redirect> {
    await this.accounts.remove(account, access);
    return redirectTo(paths.linkedAccounts(), 'The accounts count as those of two people now.');
  }
}
