import { Controller, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access, SignedIn } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { FormPost, Submission } from '../../web/form.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { valuesOf } from '../../web/submitted-form.js';
import { MoveAnswersQueries, type LatestAnswer } from '../move-answers.queries.js';
import { MoveStandpointQueries, type Standpoint } from '../move-standpoint.queries.js';
import { MoveChangedError, MoveStatementsService } from '../move-statements.service.js';
import { questionFields, questionsFor, readAnswers } from './answers-form.js';
import { moveView } from './move.view.js';

/** All that is asked about a move, in one form. */
@Controller('moves/:id/answers')
export class AnswersController {
  constructor(
    private readonly standpoints: MoveStandpointQueries,
    private readonly answers: MoveAnswersQueries,
    private readonly statements: MoveStatementsService,
  ) {}

  @Page('')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const { move, standpoint, latest, choices, questions } = await this.#asked(id, access);
    const { isOneself } = standpoint;
    const reads = mayReadNeed(latest, standpoint, access);
    const need = latest.find(({ question }) => question === 'assistive-technology')?.details.need;
    const { title, desktops } = moveView(move, false, () => '', new Date());
    return pageView('rollout/web/answers.njk', {
      title: isOneself ? 'Your answers' : `Answers about ${title}`,
      section: isOneself ? 'my-move' : access.permissions.has('rollout:read') ? 'workbench' : 'my-team',
      id,
      isOneself,
      version: move.version,
      possible: standpoint.statements.includes('answer'),
      fields: questionFields(questions, latest, choices, isOneself),
      need: reads ? (need ?? '') : '',
      isNeedHidden: !reads && need !== undefined,
      desktops,
      laptop: move.laptop?.model ?? null,
      back: { href: wayBack(id, standpoint, access), text: 'Back' },
    });
  }

  @FormPost('', { form: 'form' })
  // Who may answer is for the service: it goes by the line, which no permission knows.
  @SignedIn({ audit: 'move.answered' })
  async save(
    @Param('id', RecordIdPipe) moveId: number,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() submission: string,
  ): Promise<Redirect> {
    const { standpoint, latest, choices, questions } = await this.#asked(moveId, access);
    const { version, ...typed } = valuesOf(request);
    if (typeof version !== 'string' || !/^(0|[1-9]\d{0,17})$/.test(version)) {
      throw new InputError('The form came without its version. Load the page again and send it once more.');
    }
    const way = wayBack(moveId, standpoint, access);
    const answers = readAnswers(typed, questions, latest, choices, {
      mayReadNeed: mayReadNeed(latest, standpoint, access),
      actor: access.actor,
    });
    if (answers.length === 0 && standpoint.statements.includes('answer')) {
      return redirectTo(way, 'Nothing was changed: all is as it was answered before.');
    }
    try {
      await this.statements.state({ moveId, version }, { statement: 'answer', answers }, access, submission);
    } catch (error) {
      if (error instanceof MoveChangedError) throw new ConflictError(error.message);
      throw error;
    }
    return redirectTo(way, 'The answers are stored.');
  }

  async #asked(id: number, access: CurrentAccess) {
    const { move, standpoint } = await this.standpoints.concerning(id, access);
    const [latest, choices] = await Promise.all([this.answers.latest(id), this.answers.choices(move.programmeId)]);
    const questions = questionsFor(standpoint, access.permissions.has('rollout:manage'));
    return { move, standpoint, latest, choices, questions };
  }
}

/** What somebody needs is for them, for whoever said it, and for who runs the rollout. */
function mayReadNeed(latest: readonly LatestAnswer[], { isOneself }: Standpoint, access: CurrentAccess): boolean {
  const from = latest.find(({ question }) => question === 'assistive-technology')?.details.needFrom;
  return isOneself || access.permissions.has('rollout:manage') || from === access.actor;
}

function wayBack(id: number, { isOneself, isAbove }: Standpoint, { permissions }: CurrentAccess): string {
  if (isOneself) return paths.myMove();
  return isAbove && !permissions.has('rollout:manage') ? paths.myTeam() : paths.move(id);
}
