import { Controller } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { pageView, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { READINESS_WORDS, WORK_STYLE_WORDS } from '../../domain/move-words.js';
import { ASSUMED_FOR_WORDS } from '../../domain/readiness/assumption.js';
import { RULE_WORDS } from '../../domain/readiness/rules.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { assumptionsIn } from '../assumptions.js';
import { BlockersQueries } from '../blockers.queries.js';
import { MOST_PEOPLE, WhatIfQueries } from '../what-if.queries.js';
import { BLOCKER_LIST } from './readiness-lists.js';

const choices = (words: Readonly<Record<string, string>>): readonly { value: string; text: string }[] =>
  Object.entries(words).map(([value, text]) => ({ value, text }));

/** What stands in people's way, and what would be if it did not. */
@Controller('rollout')
export class ReadinessPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly programmes: ProgrammeQueries,
    private readonly blockers: BlockersQueries,
    private readonly whatIf: WhatIfQueries,
  ) {}

  @Page('blockers')
  @Access('rollout:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const programme = await this.programmes.current();
    const stock = programme === null ? [] : await this.blockers.stock(programme);
    return this.lists.show(
      BLOCKER_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) =>
          programme === null
            ? Promise.resolve({ items: [], next: null, asOf: null })
            : this.blockers.page(programme.id, filter, { limit, cursor }),
        count: ({ rule, owner }) =>
          programme === null
            ? Promise.resolve({ rows: 0, more: false })
            : this.blockers.count(programme.id, { rule, owner }),
      },
      { template: 'rollout/readiness/web/blockers.njk', data: { programme: programme?.name ?? null, stock } },
    );
  }

  @Page('what-if')
  @Access('rollout:read')
  async ask(@ListQuery() query: RawQuery): Promise<PageView> {
    const { assumptions, errors, typed } = assumptionsIn(query);
    const programme = await this.programmes.current();
    const isAsked = programme !== null && assumptions.length > 0 && errors.length === 0;
    const answer = isAsked ? await this.whatIf.ask(programme.id, assumptions) : null;
    return pageView(
      'rollout/readiness/web/what-if.njk',
      {
        title: 'What if?',
        programme: programme?.name ?? null,
        rows: typed.map((values, index) => ({ number: index + 1, values })),
        errors,
        errorOf: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
        rules: choices(RULE_WORDS),
        outcomes: choices(READINESS_WORDS),
        whom: choices(ASSUMED_FOR_WORDS),
        workStyles: choices(WORK_STYLE_WORDS),
        answer,
        groups: answer && [
          { title: 'By site', rows: answer.bySite, unnamed: 'Nobody said' },
          { title: 'By team', rows: answer.byTeam, unnamed: 'No team' },
          { title: 'By wave', rows: answer.byWave, unnamed: 'No wave' },
        ],
        mostPeople: MOST_PEOPLE,
      },
      { status: errors.length > 0 ? 400 : 200 },
    );
  }
}
