import { Controller, Get, Header, Query, UseGuards } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Access, SignedIn } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { paths } from '../../web/paths.js';
import { LONGEST_SEARCH, saysEnough, searchText } from '../domain/search-text.js';
import { SearchQueries } from '../search.queries.js';
import { SearchParameters, SHOWN_FIRST, SuggestionParameters } from './search.parameters.js';
import { onlyTarget, searchView } from './search.view.js';
import { suggestionsView, type Suggestion } from './suggestions.view.js';

/** Suggestions of each kind. */
const SUGGESTED = 5;

/** The one box: the page that everybody at the service desk starts from, its results and its suggestions. */
@Controller()
export class SearchController {
  constructor(private readonly searches: SearchQueries) {}

  @SignedIn()
  @Page('')
  @UseGuards(NoParametersGuard)
  home(@Current() { permissions }: CurrentAccess): PageView | Redirect {
    return permissions.has('estate:read') ? pageView('reports/web/home.njk', {}) : redirectTo(paths.me());
  }

  @Access('estate:read')
  @Page('search')
  async search(@Query() { q = '', list, show }: SearchParameters): Promise<PageView | Redirect> {
    const now = new Date();
    const text = searchText(q.slice(0, LONGEST_SEARCH));
    const shown = Number(show ?? SHOWN_FIRST);
    const problem = problemOf(q);
    if (text.typed === '' || problem !== null) {
      const view = searchView(text.typed, null, shown, now, problem);
      return pageView('reports/web/search.njk', view, { status: problem === null ? 200 : 400 });
    }
    const result = await this.searches.find(text.typed, shown);
    const target = list === undefined ? onlyTarget(text.typed, result) : null;
    if (target !== null) return redirectTo(target);
    return pageView('reports/web/search.njk', searchView(text.typed, result, shown, now));
  }

  @Access('estate:read')
  @Get('search/suggestions')
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiExcludeEndpoint()
  async suggestions(@Query() { q = '' }: SuggestionParameters): Promise<{ items: readonly Suggestion[] }> {
    if (problemOf(q) !== null || searchText(q).typed === '') return { items: [] };
    return { items: suggestionsView(await this.searches.find(q, SUGGESTED), new Date()) };
  }
}

/** Why a text is not looked up; null when it can be. Nothing typed is no problem. */
function problemOf(q: string): string | null {
  if (q.length > LONGEST_SEARCH) return `Type at most ${LONGEST_SEARCH} characters.`;
  const text = searchText(q);
  if (text.typed === '' || saysEnough(text)) return null;
  return 'Type at least two letters or digits.';
}
