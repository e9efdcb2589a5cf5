import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { londonDay, shownDay, shownTime } from '../../../common/uk-time.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { FormPost, Submission } from '../../../web/form.js';
import { RequiredChoice, RequiredDay, RequiredText } from '../../../web/form-fields.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { lastDayOfWaiver } from '../../domain/readiness/waiver.js';
import { readinessSettingsOf } from '../../domain/readiness/settings.js';
import { READINESS_RULES, RULE_WORDS, type ReadinessRule } from '../../domain/readiness/rules.js';
import { MovesQueries, type MoveSummary } from '../../moves.queries.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { WaiversQueries } from '../waivers.queries.js';
import { WaiversService } from '../waivers.service.js';

/** Which rule is waived, why and until when. */
class WaiverForm {
  @RequiredChoice('Choose the rule', READINESS_RULES)
  rule: ReadinessRule;

  @RequiredText('Enter the reason', { longest: 2_000, lines: true })
  reason: string;

  @RequiredDay('Enter the last day on which it holds')
  expiresOn: string;
}

/** Why a waiver is withdrawn. */
class WithdrawalForm {
  @RequiredText('Enter the reason', { longest: 2_000, lines: true })
  reason: string;
}

/** What is waived for a move, and the forms that grant and withdraw it. */
@Controller('moves/:id/waivers')
export class WaiverPagesController {
  constructor(
    private readonly moves: MovesQueries,
    private readonly programmes: ProgrammeQueries,
    private readonly queries: WaiversQueries,
    private readonly waivers: WaiversService,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  async list(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const move = await this.#move(id);
    const [found, programme] = await Promise.all([this.queries.ofMove(id), this.programmes.current()]);
    const names = await this.actors.of(found.flatMap(({ grantedBy, endedBy }) => [grantedBy, endedBy]));
    const { notWaivable } = readinessSettingsOf(programme?.settings ?? {});
    const live = new Set(found.filter(({ endedAt }) => endedAt === null).map(({ rule }) => rule));
    const isOwn = move.person.entraId === access.personEntraId;
    return pageView('rollout/readiness/web/waivers.njk', {
      title: `Waivers of ${move.person.displayName ?? 'somebody without a name'}`,
      section: access.permissions.has('rollout:read') ? 'workbench' : 'my-move',
      moveId: id,
      isOwn,
      mayGrant: access.permissions.has('rollout:manage') && !isOwn,
      rules: READINESS_RULES.filter((rule) => !notWaivable.includes(rule) && !live.has(rule)).map((value) => ({
        value,
        text: RULE_WORDS[value],
      })),
      notWaivable: notWaivable.map((rule) => RULE_WORDS[rule]),
      lastDay: shownDay(lastDayOfWaiver(londonDay(now))),
      waivers: found.map((waiver) => ({
        ...waiver,
        title: RULE_WORDS[waiver.rule],
        by: names(waiver.grantedBy),
        grantedAt: shownTime(waiver.grantedAt, now),
        until: shownDay(waiver.expiresOn),
        endedAt: shownTime(waiver.endedAt, now),
        endedBy: names(waiver.endedBy),
      })),
    });
  }

  @FormPost('', { form: 'list' })
  @Access('rollout:manage', { audit: 'waiver.granted' })
  @UseGuards(NoParametersGuard)
  async grant(
    @Param('id', RecordIdPipe) moveId: number,
    @Body() form: WaiverForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    await this.waivers.grant({ ...form, moveId, idempotencyKey }, access);
    return redirectTo(paths.waivers(moveId), 'The waiver is granted.');
  }

  @Page(':waiverId')
  @Access('rollout:manage')
  @UseGuards(NoParametersGuard)
  async withdrawal(
    @Param('id', RecordIdPipe) id: number,
    @Param('waiverId', RecordIdPipe) waiverId: number,
  ): Promise<PageView> {
    const move = await this.#move(id);
    const waiver = (await this.queries.ofMove(id)).find((each) => each.id === waiverId);
    if (waiver === undefined) throw new NotFoundError('This move has no such waiver.');
    return pageView('rollout/readiness/web/withdraw-waiver.njk', {
      title: 'Withdraw a waiver',
      section: 'workbench',
      moveId: id,
      waiver,
      person: move.person.displayName ?? 'Somebody without a name',
      rule: RULE_WORDS[waiver.rule],
      until: shownDay(waiver.expiresOn),
    });
  }

  @FormPost(':waiverId', { form: 'withdrawal' })
  @Access('rollout:manage', { audit: 'waiver.withdrawn' })
  @UseGuards(NoParametersGuard)
  async withdraw(
    @Param('id', RecordIdPipe) moveId: number,
    @Param('waiverId', RecordIdPipe) waiverId: number,
    @Body() { reason }: WithdrawalForm,
    @Current() access: CurrentAccess,
  ): Promise<Redirect> {
    await this.waivers.withdraw({ moveId, waiverId, reason }, access);
    return redirectTo(paths.waivers(moveId), 'The waiver is withdrawn.');
  }

  async #move(id: number): Promise<MoveSummary> {
    const [move] = await this.moves.some([id]);
    if (move === undefined) throw new NotFoundError('There is no move with this number.');
    return move;
  }
}
