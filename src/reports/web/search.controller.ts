import { Controller, Inject, Query } from '@nestjs/common';
import { Page } from '../../web/page.js';
import { SHELL, type Shell } from '../../web/shell.js';
import { WhoHasWhatQueries } from '../who-has-what.queries.js';
import { SearchParameters } from './search.parameters.js';
import { searchView } from './search.view.js';

/** Who has what: one box, people with their machines and machines with their person. */
@Controller()
export class SearchController {
  constructor(
    private readonly whoHasWhat: WhoHasWhatQueries,
    @Inject(SHELL) private readonly shell: Shell,
  ) {}

  @Page('search')
  async search(@Query() { q = '' }: SearchParameters): Promise<string> {
    const found = q === '' ? null : await this.whoHasWhat.find(q);
    return this.shell.views.render('reports/web/search.njk', searchView(q, found, new Date()));
  }
}
