import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { IsOptional, Matches } from 'class-validator';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { MessagesQueries } from '../../../notifications/messages.queries.js';
import { FormPost } from '../../../web/form.js';
import { OptionalText, RequiredChoice, RequiredId } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { isRolloutTemplate, TEMPLATE_DESCRIPTIONS, type RolloutTemplate } from '../../domain/messages/templates.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { DueMessagesQueries } from '../due-messages.queries.js';
import { MessageSettingsQueries } from '../message-settings.queries.js';
import { MessageSettingsService } from '../message-settings.service.js';
import { RolloutTemplates } from '../rollout-templates.service.js';
import { previewView, templateRows } from './rollout-messages.view.js';

/** The move whose data a message is previewed with. */
class PreviewParameters {
  @IsOptional()
  @Matches(/^([1-9]\d{0,8})?$/, { message: 'give the number of a move' })
  move?: string;
}

/** Whether and when a message is sent. */
class SettingForm {
  @RequiredChoice('Choose whether it is sent', ['yes', 'no'])
  enabled: 'yes' | 'no';

  @OptionalText({ longest: 2 })
  days?: string;

  @RequiredId('Load the page again')
  version: number;
}

/** What the rollout tells people: which messages there are, what became of them, how they look and when they are sent. */
@Controller('rollout/messages')
export class RolloutMessagesController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly settings: MessageSettingsQueries,
    private readonly due: DueMessagesQueries,
    private readonly messages: MessagesQueries,
    private readonly templates: RolloutTemplates,
    private readonly service: MessageSettingsService,
  ) {}

  @Page('')
  @Access('messages:administer')
  @UseGuards(NoParametersGuard)
  async list(): Promise<PageView> {
    const now = new Date();
    const [programme, settings, counts] = await Promise.all([
      this.programmes.current(),
      this.settings.all(),
      this.messages.counts(),
    ]);
    const next = async (template: RolloutTemplate): Promise<Date | null> =>
      programme?.state === 'running' && settings[template].enabled
        ? this.due.next(programme.id, template, settings[template].days, now)
        : null;
    return pageView('rollout/messages/web/messages.njk', {
      title: 'Messages of the rollout',
      way: this.messages.way,
      running: programme?.state === 'running',
      rows: await templateRows(settings, counts, next, now),
    });
  }

  @Page(':template')
  @Access('messages:administer')
  async show(@Param('template') name: string, @Query() { move }: PreviewParameters): Promise<PageView> {
    const template = templateNamed(name);
    const now = new Date();
    const settings = await this.settings.all();
    const moveId = move ? Number(move) : await this.due.example(template);
    const preview = moveId === null ? null : await this.templates.preview(template, moveId, now);
    return pageView('rollout/messages/web/message-template.njk', {
      title: TEMPLATE_DESCRIPTIONS[template].label,
      template,
      description: TEMPLATE_DESCRIPTIONS[template],
      when: TEMPLATE_DESCRIPTIONS[template].when(settings[template].days ?? 0),
      setting: settings[template],
      move: moveId,
      preview: preview && previewView(preview),
    });
  }

  @FormPost(':template', { form: 'show' })
  @Access('messages:administer', { audit: 'message-template.switched' })
  async change(
    @Param('template') name: string,
    @Body() { enabled, days, version }: SettingForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const template = templateNamed(name);
    if (days !== undefined && !/^\d+$/.test(days)) {
      throw new InputError('The message cannot be set so.', [
        { field: 'days', message: 'Enter a whole number of days' },
      ]);
    }
    const setting = { template, enabled: enabled === 'yes', days: days === undefined ? null : Number(days), version };
    await this.service.change(setting, actor);
    return redirectTo(paths.rolloutMessages(), enabled === 'yes' ? 'The message is sent.' : 'The message is not sent.');
  }
}

function templateNamed(name: string): RolloutTemplate {
  if (!isRolloutTemplate(name)) throw new NotFoundError('There is no such message.');
  return name;
}
