import { Controller, UseGuards } from '@nestjs/common';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { shownDay } from '../../../common/uk-time.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, type PageView } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { QUESTION_WORDS } from '../../domain/move-answers.js';
import { MoveCircleQueries } from '../../move-circle.queries.js';
import { MovesQueries, type WholeMove } from '../../moves.queries.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { ReadinessResultsQueries } from '../../readiness/readiness-results.queries.js';
import { moveView } from '../../web/move.view.js';
import { actorsOf, readinessLines } from '../../web/readiness-lines.js';
import { MY_MOVE_WORDS } from '../my-move-words.js';
import { openQuestions } from '../open-questions.js';

/** Somebody's own move: where it stands, what comes next and what they can do; and whose delegate they are. */
@Controller()
export class MyMoveController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly moves: MovesQueries,
    private readonly results: ReadinessResultsQueries,
    private readonly actors: ActorNamesQueries,
    private readonly circle: MoveCircleQueries,
  ) {}

  @Page('my-move')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  async show(@Current() { personEntraId }: CurrentAccess): Promise<PageView> {
    const programme = personEntraId === null ? null : await this.programmes.current();
    const [move, standsInFor] =
      programme === null || personEntraId === null
        ? [null, []]
        : await Promise.all([
            this.#moveOf(programme.id, personEntraId),
            this.circle.standsInFor(programme.id, personEntraId),
          ]);
    const page = { title: 'My move', section: 'my-move', standsInFor };
    if (move === null) return pageView('rollout/people/web/my-move.njk', { ...page, move: null });
    const now = new Date();
    const results = await this.results.ofMoves([move.id]);
    const names = await this.actors.of(actorsOf(results));
    const { tag, desktops } = moveView(move, false, names, now);
    const lines = readinessLines(results, names, now);
    return pageView('rollout/people/web/my-move.njk', {
      ...page,
      move: {
        ...MY_MOVE_WORDS[move.state],
        tag,
        desktops,
        appointment: moveView(move, false, names, now).standing.find(({ label }) => label === 'Appointment'),
        isBooked: move.appointmentAt !== null,
        deferredUntil: move.deferredUntil === null ? null : shownDay(move.deferredUntil),
        laptop: move.laptop?.model ?? null,
        blockers: move.state === 'blocked' || move.atRisk ? lines.filter(({ blocks }) => blocks) : [],
        // Whose turn it is may be the service desk’s, yet only the person can measure.
        checksConnection: results.some(({ reason }) => reason === 'home-not-measured' || reason === 'home-not-ready'),
        homeBlocks: results.some(({ rule, blocks }) => rule === 'network-home' && blocks),
        questions: openQuestions(move.state, move.answers, false).map((question) => QUESTION_WORDS[question]),
        answer: paths.moveCommand(move.id, 'answers'),
        book: move.state === 'ready' || move.state === 'scheduled' ? paths.bookMove(move.id) : null,
        whole: paths.move(move.id),
      },
    });
  }

  async #moveOf(programmeId: number, personEntraId: string): Promise<WholeMove | null> {
    const id = await this.moves.ofPerson(programmeId, personEntraId);
    return id === null ? null : this.moves.one(id);
  }
}
