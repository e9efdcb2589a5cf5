import { Controller, Query } from '@nestjs/common';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import type { Page as PageOf } from '../../../common/paging.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { pageView, type PageView } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { paths } from '../../../web/paths.js';
import { ChoiceField, PageParameters } from '../../../web/query-fields.js';
import { MOVE_STATES, type MoveState } from '../../domain/move-words.js';
import { MovesQueries, type MoveSummary } from '../../moves.queries.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { ReadinessResultsQueries } from '../../readiness/readiness-results.queries.js';
import { actorsOf, readinessLines } from '../../web/readiness-lines.js';
import { TeamQueries } from '../team.queries.js';
import { memberLine, teamAddress, teamCounts } from './my-team.view.js';

/** What the page of a team can be asked for. */
export class MyTeamParameters extends PageParameters {
  @ChoiceField('Only those who report to you, or everybody below you.', ['direct', 'all'], 'direct')
  who?: 'direct' | 'all';

  @ChoiceField('Where the move stands.', MOVE_STATES)
  state?: MoveState;
}

const NOBODY: PageOf<MoveSummary> = { items: [], next: null, asOf: null };

/** A manager's team: who is ready, who is blocked and why, and what the manager is to answer. */
@Controller()
export class MyTeamController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly moves: MovesQueries,
    private readonly team: TeamQueries,
    private readonly results: ReadinessResultsQueries,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('my-team')
  @SignedIn()
  async show(
    @Query() { who = 'direct', state, limit, cursor }: MyTeamParameters,
    @Current() { personEntraId }: CurrentAccess,
  ): Promise<PageView> {
    const now = new Date();
    const programme = await this.programmes.current();
    const line = { line: personEntraId ?? '', direct: who === 'direct' };
    const [page, states] =
      programme === null
        ? [NOBODY, []]
        : await Promise.all([
            this.moves.page(programme.id, { ...line, state }, { limit, cursor }),
            this.team.states(programme.id, line),
          ]);
    const ids = page.items.map(({ id }) => id);
    const [results, answers] = await Promise.all([this.results.ofMoves(ids), this.team.answers(ids)]);
    const names = await this.actors.of(actorsOf(results));
    return pageView('rollout/people/web/my-team.njk', {
      title: 'My team’s moves',
      section: 'my-team',
      programme: programme?.name ?? null,
      who,
      tabs: [
        { text: 'Those who report to me', href: teamAddress({}), current: who === 'direct' },
        { text: 'Everybody below me', href: teamAddress({ who: 'all' }), current: who === 'all' },
      ],
      counts: teamCounts(states, who, state),
      members: page.items.map((move) =>
        memberLine(
          move,
          readinessLines(
            results.filter(({ moveId, blocks }) => moveId === move.id && blocks),
            names,
            now,
          ),
          answers.filter(({ moveId }) => moveId === move.id),
          now,
        ),
      ),
      all: state === undefined ? null : teamAddress({ who }),
      next: page.next === null ? null : teamAddress({ who, state, cursor: page.next }),
      mine: paths.myMove(),
    });
  }
}
