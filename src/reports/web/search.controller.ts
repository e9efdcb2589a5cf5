import { Controller, Query } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Page, pageView, type PageView } from '../../web/page.js';
import { WhoHasWhatQueries } from '../who-has-what.queries.js';
import { SearchParameters } from './search.parameters.js';
import { searchView } from './search.view.js';

/** Who has what: one box, people with their machines and machines with their person. */
@Controller()
export class SearchController {
  constructor(private readonly whoHasWhat: WhoHasWhatQueries) {}

  @Access('estate:read')
  @Page('search')
  async search(@Query() { q = '' }: SearchParameters): Promise<PageView> {
    const found = q === '' ? null : await this.whoHasWhat.find(q);
    return pageView('reports/web/search.njk', searchView(q, found, new Date()));
  }
}
