import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { FormPost, Submission } from '../form.js';
import { LISTS } from '../lists.js';
import { NoParametersGuard } from '../no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../page.js';
import { Page } from '../page-route.js';
import { RecordIdPipe } from '../path-ids.pipe.js';
import { paths } from '../paths.js';
import { DefaultForm, NewViewParameters, ViewForm } from './saved-views.parameters.js';
import { SavedViewsQueries } from './saved-views.queries.js';
import { SavedViews, type ViewWords } from './saved-views.service.js';
import { savedViewsView, viewFormView } from './saved-views.view.js';

/** The views of lists that a person keeps. */
@Controller()
export class SavedViewsController {
  constructor(
    private readonly views: SavedViews,
    private readonly queries: SavedViewsQueries,
  ) {}

  @Page('saved-views')
  @Access('estate:read')
  @UseGuards(NoParametersGuard)
  async list(@Current() access: CurrentAccess): Promise<PageView> {
    return pageView('web/views/saved-views.njk', savedViewsView(await this.queries.of(access, null)));
  }

  @Page('saved-views/new')
  @Access('estate:read')
  newForm(@Query() { list, query }: NewViewParameters, @Current() access: CurrentAccess): PageView {
    const view = { action: paths.newSavedView(list, query), list, name: '', sharedWith: null, isDefault: false };
    return pageView('web/views/saved-view-form.njk', viewFormView(view, access.roles, null));
  }

  @FormPost('saved-views/new', { form: 'newForm' })
  @Access('estate:read', { audit: 'saved-view.saved' })
  async save(
    @Query() { list, query }: NewViewParameters,
    @Body() form: ViewForm,
    @Submission() key: string,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { id } = await this.views.save(access, { ...wordsOf(form), list, query }, key);
    return redirectTo(`${LISTS[list].path}?view=${id}`, 'The view is saved.');
  }

  @Page('saved-views/:id')
  @Access('estate:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const view = await this.queries.one(access, id);
    return pageView(
      'web/views/saved-view-form.njk',
      viewFormView({ ...view, action: paths.savedView(id) }, access.roles, view),
    );
  }

  @FormPost('saved-views/:id', { form: 'form' })
  @Access('estate:read', { audit: 'saved-view.changed' })
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() form: ViewForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.views.change(access, id, wordsOf(form));
    return redirectTo(paths.savedViews(), 'The view is changed.');
  }

  @FormPost('saved-views/:id/default', { form: 'form' })
  @Access('estate:read', { audit: 'saved-view.default-chosen' })
  async choose(
    @Param('id', RecordIdPipe) id: number,
    @Body() { isDefault }: DefaultForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.views.choose(access, id, isDefault);
    return redirectTo(
      paths.savedViews(),
      isDefault ? 'You begin the list with this view now.' : 'You begin with the whole list again.',
    );
  }

  @FormPost('saved-views/:id/delete', { form: 'form' })
  @Access('estate:read', { audit: 'saved-view.deleted' })
  async remove(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<Redirect> {
    await this.views.remove(access, id);
    return redirectTo(paths.savedViews(), 'The view is deleted.');
  }
}

function wordsOf({ name, sharedWith, isDefault }: ViewForm): ViewWords {
  return { name, sharedWith: sharedWith === 'me' ? null : sharedWith, isDefault };
}
