import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownNumber } from '../../../common/shown-number.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { megabitsTyped, speedWords } from '../inventory-words.js';
import { RemoteAccessQueries, type RemoteAccessView } from '../remote-access.queries.js';
import { RemoteAccessService } from '../remote-access.service.js';
import { NewRemoteAccessForm, ReasonForm, RemoteAccessForm, remoteAccessOf } from './inventory-forms.js';

/** What goes through a gateway, to choose from. */
const TRAFFIC = [
  { value: 'all', text: 'Everything', hint: 'Calls go through it too.' },
  { value: 'split', text: 'Only what needs it', hint: 'Calls go straight to the internet (split tunnel).' },
];

/** Entering, changing and removing gateways for remote access. */
@Controller('network/remote-access')
export class RemoteAccessPagesController {
  constructor(
    private readonly queries: RemoteAccessQueries,
    private readonly gateways: RemoteAccessService,
  ) {}

  @Page('new')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  newForm(): PageView {
    return pageView('network/sites/web/remote-access.njk', {
      title: 'Add a gateway for remote access',
      action: paths.newRemoteAccess(),
      gateway: null,
      traffic: TRAFFIC,
      manages: true,
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('network:manage', { audit: 'remote-access.added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Body() form: NewRemoteAccessForm,
    @Current() access: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    await this.gateways.add(remoteAccessOf(form), key, access.actor);
    return redirectTo(paths.networkRemoteAccess(), 'The gateway was added. Enter the ranges of its addresses next.');
  }

  @Page(':id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const gateway = await this.#gateway(id);
    return pageView('network/sites/web/remote-access.njk', {
      title: gateway.name,
      action: paths.remoteAccess(id),
      gateway: {
        ...gateway,
        download: megabitsTyped(gateway.downloadKbps),
        upload: megabitsTyped(gateway.uploadKbps),
        through: gateway.allTraffic ? 'all' : 'split',
      },
      facts: factsOf(gateway),
      traffic: TRAFFIC,
      manages: permissions.has('network:manage'),
    });
  }

  @FormPost(':id', { form: 'form' })
  @Access('network:manage', { audit: 'remote-access.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version, ...form }: RemoteAccessForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.gateways.change(id, remoteAccessOf(form), version, access.actor);
    return redirectTo(paths.networkRemoteAccess(), 'The gateway was changed.');
  }

  @Page(':id/remove')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  async removeForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const gateway = await this.#gateway(id);
    return pageView('network/sites/web/remove.njk', {
      title: `Remove ${gateway.name}`,
      section: 'remote-access',
      what: 'gateway',
      effect: 'Nobody is counted on it any more.',
      action: paths.removeRemoteAccess(id),
      back: paths.remoteAccess(id),
      version: gateway.version,
    });
  }

  @FormPost(':id/remove', { form: 'removeForm' })
  @Access('network:manage', { audit: 'remote-access.removed' })
  @UseGuards(NoParametersGuard)
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason, version }: ReasonForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.gateways.remove(id, reason, version, access.actor);
    return redirectTo(paths.networkRemoteAccess(), 'The gateway was removed.');
  }

  async #gateway(id: number): Promise<RemoteAccessView> {
    const gateway = await this.queries.one(id);
    if (gateway === null) throw new NotFoundError('There is no such gateway.');
    return gateway;
  }
}

function factsOf(gateway: RemoteAccessView): readonly { readonly label: string; readonly value: string }[] {
  return [
    { label: 'Sessions at once', value: shownNumber(gateway.sessions) },
    { label: 'Download', value: speedWords(gateway.downloadKbps) },
    { label: 'Upload', value: speedWords(gateway.uploadKbps) },
    { label: 'What goes through it', value: gateway.allTraffic ? 'Everything' : 'Only what needs it' },
    { label: 'Ranges of addresses', value: shownNumber(gateway.ranges) },
  ];
}
