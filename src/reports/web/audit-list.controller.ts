import { Controller } from '@nestjs/common';
import { personOf } from '../../audit/actor.js';
import { AuditQueries, type AuditFilter, type AuditListEntry } from '../../audit/audit.queries.js';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import type { Page as PageOf, PageRequest } from '../../common/paging.js';
import { shownTime } from '../../common/uk-time.js';
import { NamedPeopleQueries } from '../../directory/named-people.queries.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { AUDIT_LIST, type ShownAuditEntry } from './audit-list.js';

/** The audit trail for people. */
@Controller()
export class AuditListController {
  constructor(
    private readonly lists: ListPages,
    private readonly audit: AuditQueries,
    private readonly people: NamedPeopleQueries,
  ) {}

  @Page('audit')
  @Access('audit:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const { entries, checked, published } = await this.audit.state();
    const now = new Date();
    const data = {
      entries,
      checked: checked && { ...checked, time: shownTime(checked.at, now) },
      published: published && { ...published, time: shownTime(published.at, now) },
    };
    return this.lists.show(
      AUDIT_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.page(filter, { limit, cursor }, access),
        count: (filter) => this.audit.count(filter),
      },
      { template: 'reports/web/audit.njk', data },
    );
  }

  private async page(
    filter: AuditFilter,
    request: PageRequest,
    access: CurrentAccess,
  ): Promise<PageOf<ShownAuditEntry>> {
    const page = await this.audit.list(filter, request);
    const named = access.permissions.has('estate:read') ? await this.people.of(peopleIn(page.items)) : null;
    const items = page.items.map((entry) => ({ ...entry, person: named?.get(personOf(entry.actor) ?? '') ?? null }));
    return { ...page, items };
  }
}

function peopleIn(entries: readonly AuditListEntry[]): string[] {
  return entries.flatMap(({ actor }) => personOf(actor) ?? []);
}
