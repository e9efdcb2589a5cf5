import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { LevelsQueries } from '../levels.queries.js';
import { PlacesQueries } from '../places.queries.js';
import { PlacesService } from '../places.service.js';
import { NewPlaceForm, PlaceForm } from './stock-forms.js';

/** Places where stock is kept: the list, entering and renaming. */
@Controller('stock/places')
export class PlacePagesController {
  constructor(
    private readonly queries: PlacesQueries,
    private readonly levels: LevelsQueries,
    private readonly places: PlacesService,
  ) {}

  @Page('')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async list(@Current() { permissions }: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const writes = permissions.has('stock:write');
    const [places, notEntered] = await Promise.all([this.queries.all(), writes ? this.queries.notEntered() : []]);
    return pageView('requests/stock/web/places.njk', {
      title: 'Places',
      writes,
      exports: permissions.has('estate:export'),
      notEntered,
      places: places.map((place) => ({ ...place, countedAt: shownTime(place.countedAt, now) })),
    });
  }

  @Page('new')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    return pageView('requests/stock/web/place.njk', {
      title: 'Add a place',
      action: paths.newStockPlace(),
      place: null,
      notEntered: await this.queries.notEntered(),
      writes: true,
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('stock:write', { audit: 'stock-place.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Body() { name }: NewPlaceForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.places.add(name, key, access.actor);
    return redirectTo(paths.stockPlace(id), 'The place was added.');
  }

  @Page(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const place = await this.queries.one(id);
    if (place === null) throw new NotFoundError('There is no such place.');
    return pageView('requests/stock/web/place.njk', {
      title: place.name,
      action: paths.stockPlace(id),
      place,
      facts: [
        { label: 'On hand', value: place.onHand },
        { label: 'Reserved', value: place.reserved },
        { label: 'Machines', value: place.machines },
        { label: 'Counted last', value: shownTime(place.countedAt, new Date())?.text ?? 'Never' },
      ],
      levels: await this.levels.of({ placeId: id }),
      writes: permissions.has('stock:write'),
    });
  }

  @FormPost(':id', { form: 'form' })
  @Access('stock:write', { audit: 'stock-place.changed' })
  @UseGuards(NoParametersGuard)
  async rename(
    @Param('id', RecordIdPipe) id: number,
    @Body() { name, version }: PlaceForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.places.rename(id, name, version, access.actor);
    return redirectTo(paths.stockPlace(id), 'The place was renamed.');
  }
}
