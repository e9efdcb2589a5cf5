import { Body, Controller, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { OptionalText, RequiredChoice, RequiredDay, RequiredId, RequiredText, Tick } from '../../../web/form-fields.js';
import { listAddress } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { WORK_STYLES, type WorkStyle } from '../../domain/move-words.js';
import type { MoveFilter } from '../../move-filter.queries.js';
import { MovesQueries } from '../../moves.queries.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { fullestWords, siteRows } from '../../network/web/capacity.view.js';
import { WaveNetworksQueries } from '../../network/wave-networks.queries.js';
import { WavesQueries, type WavePreview, type WaveSummary } from '../waves.queries.js';
import { WavesService, type WavePlan } from '../waves.service.js';
import { memberLine, waveDays, waveFigures, waveValues, WORK_STYLE_CHOICES } from './wave.view.js';

class WaveForm {
  @RequiredText('Enter the name of the wave', { longest: 120 })
  name: string;

  @RequiredDay('Enter the first day')
  startsOn: string;

  @RequiredDay('Enter the last day')
  endsOn: string;

  @RequiredChoice('Choose how its members are found', ['query', 'hand'])
  membership: 'query' | 'hand';

  @OptionalText({ longest: 200 })
  directorate?: string;

  @OptionalText({ longest: 200 })
  team?: string;

  @OptionalText({ longest: 200 })
  site?: string;

  @RequiredChoice('Choose a work style, or any', ['any', ...WORK_STYLES])
  workStyle: WorkStyle | 'any';
}

class NewWaveForm extends WaveForm {
  @Tick()
  only = false;
}

class WaveChangeForm extends WaveForm {
  @RequiredId('Load the page again')
  version: number;
}

class MembersForm {
  @RequiredChoice('Choose what to do', ['query', 'add', 'remove'])
  action: 'query' | 'add' | 'remove';

  @OptionalText({ longest: 60_000, lines: true })
  people?: string;
}

/** Members that a wave's page lists; the list of moves has all. */
const MEMBERS_SHOWN = 100;

/** Waves: who moves when, and how far they are. */
@Controller('rollout/waves')
export class WavePagesController {
  constructor(
    private readonly service: WavesService,
    private readonly queries: WavesQueries,
    private readonly moves: MovesQueries,
    private readonly programmes: ProgrammeQueries,
    private readonly networks: WaveNetworksQueries,
  ) {}

  @Page('')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  async list(@Current() { permissions }: CurrentAccess): Promise<PageView> {
    const programme = await this.programmes.current();
    const waves = programme === null ? [] : await this.queries.all(programme.id);
    const networks = await this.networks.afterWaves(programme);
    return pageView('rollout/waves/web/waves.njk', {
      title: 'Waves',
      programme: programme?.name ?? null,
      manages: permissions.has('rollout:manage'),
      waves: waves.map((wave) => ({
        ...wave,
        days: waveDays(wave),
        network: fullestWords(networks.get(wave.id) ?? []),
      })),
    });
  }

  @Page('new')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  newForm(): PageView {
    return newPage({ membership: 'query', workStyle: 'any' }, null);
  }

  @FormPost('new', { form: 'newForm' })
  @Access('rollout:manage', { audit: 'wave.made' })
  @UseGuards(NoParametersGuard)
  async make(
    @Body() form: NewWaveForm,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<PageView | Redirect> {
    const plan = planOf(form);
    if (form.only) {
      const programme = await this.programmes.current();
      const preview =
        programme === null || plan.filter === null ? null : await this.queries.preview(programme.id, plan.filter, null);
      return newPage(valuesOf(request), preview);
    }
    const { waveId, added } = await this.service.make(plan, idempotencyKey, access);
    return redirectTo(paths.wave(waveId), `The wave was made with ${added} members.`);
  }

  @Page(':id')
  @Access('rollout:read')
  @UseGuards(NoParametersGuard)
  async one(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const wave = await this.#wave(id);
    const [members, capacity, preview, networks] = await Promise.all([
      this.moves.page(wave.programmeId, { waveId: id }, { limit: MEMBERS_SHOWN }, 'id'),
      this.queries.capacity(wave),
      wave.filter === null ? null : this.queries.preview(wave.programmeId, wave.filter, id),
      this.networks.afterWaves(await this.programmes.one(wave.programmeId)),
    ]);
    const now = new Date();
    return pageView('rollout/waves/web/wave.njk', {
      title: wave.name,
      id,
      wave,
      values: waveValues(wave),
      workStyles: WORK_STYLE_CHOICES,
      figures: waveFigures(wave, capacity),
      preview,
      networks: siteRows(networks.get(id) ?? []),
      fixesHref: listAddress(paths.networkFixes(), { waveId: String(id) }),
      manages: permissions.has('rollout:manage'),
      members: members.items.map((move) => memberLine(move, now)),
      more: members.next !== null,
      list: `${paths.workbench()}?waveId=${id}`,
      actions: [
        ...(wave.filter === null
          ? []
          : [{ value: 'query', text: 'Take in everybody whom the query finds and who is in no wave' }]),
        { value: 'add', text: 'Take in the people named below, also out of other waves' },
        { value: 'remove', text: 'Take out the people named below' },
      ],
    });
  }

  @FormPost(':id', { form: 'one' })
  @Access('rollout:manage', { audit: 'wave.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() form: WaveChangeForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.service.change(id, planOf(form), String(form.version), access);
    return redirectTo(paths.wave(id), 'The wave was changed.');
  }

  @FormPost(':id/members', { form: 'one' })
  @Access('rollout:manage', { audit: ['wave.members-added', 'wave.members-removed'] })
  @UseGuards(NoParametersGuard)
  async members(
    @Param('id', RecordIdPipe) id: number,
    @Body() { action, people }: MembersForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    if (action === 'query') {
      const { added } = await this.service.addMembers(id, 'query', idempotencyKey, access);
      return redirectTo(paths.wave(id), `${added} members were taken in.`);
    }
    const ids = await this.#named(await this.#wave(id), people ?? '');
    if (action === 'add') {
      const { added } = await this.service.addMembers(id, ids, idempotencyKey, access);
      return redirectTo(paths.wave(id), `${added} members were taken in.`);
    }
    const { removed } = await this.service.removeMembers(id, ids, access);
    return redirectTo(paths.wave(id), `${removed} members were taken out.`);
  }

  async #wave(id: number): Promise<WaveSummary & { readonly programmeId: number }> {
    const wave = await this.queries.one(id);
    if (wave === null) throw new NotFoundError('There is no such wave.');
    return wave;
  }

  async #named({ programmeId }: { readonly programmeId: number }, people: string): Promise<readonly number[]> {
    const names = [...new Set(people.split('\n').map((line) => line.trim()))].filter((name) => name !== '');
    if (names.length === 0)
      throw new InputError('Name people.', [{ field: 'people', message: 'Enter people, one a line' }]);
    const { ids, unknown } = await this.queries.movesNamed(programmeId, names);
    if (unknown.length > 0) {
      const message = `Not in this programme: ${unknown.slice(0, 10).join(', ')}`;
      throw new InputError('Nobody was taken in or out.', [{ field: 'people', message }]);
    }
    return ids;
  }
}

function newPage(values: object, preview: WavePreview | null): PageView {
  return pageView('rollout/waves/web/new-wave.njk', {
    title: 'Plan a wave',
    values,
    preview,
    workStyles: WORK_STYLE_CHOICES,
  });
}

function planOf({ name, startsOn, endsOn, membership, directorate, team, site, workStyle }: WaveForm): WavePlan {
  const filter: MoveFilter = {
    ...(directorate === undefined ? {} : { directorate }),
    ...(team === undefined ? {} : { team }),
    ...(site === undefined ? {} : { site }),
    ...(workStyle === 'any' ? {} : { workStyle }),
  };
  return { name, startsOn, endsOn, filter: membership === 'query' ? filter : null };
}
