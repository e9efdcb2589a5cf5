import { Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import { ActorNamesQueries } from '../../directory/actor-names.queries.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, type PageView } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { MoveStandpointQueries } from '../move-standpoint.queries.js';
import { MovesQueries } from '../moves.queries.js';
import { ReadinessResultsQueries } from '../readiness/readiness-results.queries.js';
import { moveCommands } from './move-commands.js';
import { moveView } from './move.view.js';
import { actorsOf, readinessLines } from './readiness-lines.js';

/** A move: where it stands, what is doubtful, who is to do what, and everything that is known of it. */
@Controller('moves/:id')
export class MovePageController {
  constructor(
    private readonly moves: MovesQueries,
    private readonly standpoints: MoveStandpointQueries,
    private readonly results: ReadinessResultsQueries,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  async move(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const now = new Date();
    const [move, results] = await Promise.all([this.moves.one(id), this.results.ofMoves([id])]);
    if (move === null)
      throw new NotFoundError('There is no move with this number. Look for the person in the list of moves.');
    const { permissions } = access;
    const standpoint = await this.standpoints.of(move, access);
    const names = await this.actors.of([...move.facts.map(({ actor }) => actor), ...actorsOf(results)]);
    return pageView('rollout/web/move.njk', {
      ...moveView(move, permissions.has('estate:read'), names, now),
      section: permissions.has('rollout:read') ? 'workbench' : 'my-move',
      commands: moveCommands(move, standpoint, permissions),
      readiness: readinessLines(results, names, now),
    });
  }
}
