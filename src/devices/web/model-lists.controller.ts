import { Body, Controller, Query } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import { shownNumber } from '../../common/shown-number.js';
import { shownTime } from '../../common/uk-time.js';
import { FormPost } from '../../web/form.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import { listAddress, type RawQuery } from '../../web/list-request.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { paths } from '../../web/paths.js';
import { FORM_FACTOR_NAMES } from '../domain/device-words.js';
import { FORM_FACTORS, type FormFactor } from '../domain/form-factor/form-factor.js';
import { FormFactorOverrides } from '../form-factor-override.service.js';
import { FormFactorQueries, type ModelSubject } from '../form-factor.queries.js';
import { MODEL_LIST } from './model-list.js';
import { ModelDecisionForm, ModelNameParameters, ReasonForm } from './model-decision.parameters.js';

/** Models and what people decide about them: one decision for many machines. */
@Controller()
export class ModelListsController {
  constructor(
    private readonly lists: ListPages,
    private readonly models: FormFactorQueries,
    private readonly overrides: FormFactorOverrides,
  ) {}

  @Page('models')
  @Access('estate:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(MODEL_LIST, query, access, {
      page: ({ limit, cursor, ...filter }) => this.models.models(filter, { limit, cursor }),
      count: (filter) => this.models.count(filter),
    });
  }

  @Page('models/decision')
  @Access('estate:read')
  async decision(
    @Query() { manufacturer, model }: ModelNameParameters,
    @Current() access: CurrentAccess,
  ): Promise<PageView> {
    const subject = await this.models.subject(manufacturer, model);
    if (!subject) {
      throw new NotFoundError('No machine is of this model. Machines that name no model are decided one by one.');
    }
    return pageView('devices/web/model-decision.njk', {
      title: `${manufacturer} ${model}`,
      subject,
      machinesHref: listAddress(paths.devices(), { manufacturer, model }),
      names: FORM_FACTOR_NAMES,
      decidedAt: shownTime(subject.override?.decidedAt ?? null, new Date()),
      mayDecide: access.permissions.has('form-factor:decide'),
      choices: FORM_FACTORS.map((formFactor) => choiceOf(formFactor, subject)),
    });
  }

  @FormPost('models/decision', { form: 'decision' })
  @Access('form-factor:decide', { audit: 'form-factor.model-overridden' })
  async decide(
    @Query() { manufacturer, model }: ModelNameParameters,
    @Body() form: ModelDecisionForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { changed } = await this.overrides.overrideModel(manufacturer, model, form.class, access.actor, form.reason);
    return redirectTo(paths.modelDecision(manufacturer, model), `Decided. ${changedText(changed)}`);
  }

  @FormPost('models/withdrawal', { form: 'decision' })
  @Access('form-factor:decide', { audit: 'form-factor.model-override-withdrawn' })
  async withdraw(
    @Query() { manufacturer, model }: ModelNameParameters,
    @Body() { reason }: ReasonForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    const { changed } = await this.overrides.withdrawModelOverride(manufacturer, model, access.actor, reason);
    return redirectTo(paths.modelDecision(manufacturer, model), `Taken back. ${changedText(changed)}`);
  }
}

/** A class to choose, with what choosing it would change. */
function choiceOf(
  formFactor: FormFactor,
  { classes }: ModelSubject,
): { readonly value: string; readonly text: string; readonly hint: string } {
  const changing = classes.filter((each) => each.formFactor !== formFactor).reduce((sum, { free }) => sum + free, 0);
  return { value: formFactor, text: FORM_FACTOR_NAMES[formFactor], hint: `Changes ${machinesText(changing)}` };
}

function changedText(changed: number): string {
  return `${machinesText(changed)} got another class.`.replace(/^no/, 'No');
}

function machinesText(machines: number): string {
  if (machines === 0) return 'no machine';
  return machines === 1 ? '1 machine' : `${shownNumber(machines)} machines`;
}
