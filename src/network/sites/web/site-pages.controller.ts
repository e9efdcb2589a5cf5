import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { SitesQueries } from '../sites.queries.js';
import { SitesService } from '../sites.service.js';
import { NewSiteForm, SiteForm } from './inventory-forms.js';

/** Entering and changing sites. */
@Controller('network/sites')
export class SitePagesController {
  constructor(
    private readonly queries: SitesQueries,
    private readonly sites: SitesService,
  ) {}

  @Page('new')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    const offices = await this.queries.officesNotEntered();
    const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
    return pageView('network/sites/web/new-site.njk', {
      title: 'Enter a site',
      offices: [
        { value: '', text: 'None of these' },
        ...offices.map((office) => ({ value: office.name, text: `${office.name} (${people(office.people)})` })),
      ],
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('network:manage', { audit: 'network-site.added' })
  @UseGuards(NoParametersGuard)
  async add(@Body() form: NewSiteForm, @Current() access: CurrentAccess, @Submission() key: string): Promise<Redirect> {
    const { id } = await this.sites.add({ ...placesOf(form), name: nameOf(form) }, key, access.actor);
    return redirectTo(paths.networkSite(id), 'The site is entered. Enter its links and its survey of the Wi-Fi next.');
  }

  @Page(':id/edit')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const site = await this.queries.one(id);
    if (site === null) throw new NotFoundError('There is no such site.');
    return pageView('network/sites/web/site.njk', { title: `Change ${site.name}`, site });
  }

  @FormPost(':id/edit', { form: 'form' })
  @Access('network:manage', { audit: 'network-site.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() form: SiteForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.sites.change(id, { ...placesOf(form), name: form.name }, form.version, access.actor);
    return redirectTo(paths.networkSite(id), 'The site was changed.');
  }
}

function nameOf({ office, name }: NewSiteForm): string {
  if (office !== undefined && name === undefined) return office;
  if (name !== undefined && office === undefined) return name;
  const message =
    name === undefined ? 'Choose an office, or enter another name' : 'Choose an office or enter a name, not both';
  throw new InputError(`${message}.`, [{ field: name === undefined ? 'office' : 'name', message }]);
}

function placesOf({ desks, docks, wiredPorts }: { desks?: number; docks?: number; wiredPorts?: number }): {
  readonly desks: number | null;
  readonly docks: number | null;
  readonly wiredPorts: number | null;
} {
  return { desks: desks ?? null, docks: docks ?? null, wiredPorts: wiredPorts ?? null };
}
