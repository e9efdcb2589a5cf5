import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readSelection } from '../devices/domain/lifecycle/selection.js';
import { findSelection } from '../devices/lifecycle/bulk-selection.queries.js';
import { ForbiddenError, InputError, NotFoundError } from '../common/errors.js';
import { possibleStatements, type StatementName } from './domain/statements.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MovesQueries, type WholeMove } from './moves.queries.js';

/** Who looks at a move. */
export interface Onlooker {
  readonly personEntraId: string | null;
  readonly permissions: ReadonlySet<string>;
}

/** How somebody stands to a move, and what they may say about it as it is. */
export interface Standpoint {
  readonly isOneself: boolean;
  /** Whether they are above the person in the line. */
  readonly isAbove: boolean;
  /** Whether they stand in for the person today. */
  readonly isDelegate: boolean;
  /** Nothing while the programme does not run. */
  readonly statements: readonly StatementName[];
}

/** Reads how people stand to moves, and which machine they mean. */
@Injectable()
export class MoveStandpointQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly circle: MoveCircleQueries,
    private readonly moves: MovesQueries,
  ) {}

  /**
   * A move with how somebody stands to it, for whoever is about to say something about it.
   * @throws NotFoundError without such a move; ForbiddenError for whom it does not concern
   */
  async concerning(
    moveId: number,
    by: Onlooker,
  ): Promise<{ readonly move: WholeMove; readonly standpoint: Standpoint }> {
    const move = await this.moves.one(moveId);
    if (move === null) throw new NotFoundError('There is no move with this number.');
    const standpoint = await this.of(move, by);
    const { isOneself, isAbove, isDelegate } = standpoint;
    if (!isOneself && !isAbove && !isDelegate && !by.permissions.has('rollout:read')) {
      throw new ForbiddenError('This is the move of somebody who is not in your line.');
    }
    return { move, standpoint };
  }

  /** How somebody stands to a move. */
  async of(move: WholeMove, by: Onlooker): Promise<Standpoint> {
    const { personEntraId, permissions } = by;
    const tx = this.dataSource.manager;
    const nobody = new Set<number>();
    const [below, delegated, running] = await Promise.all([
      personEntraId === null ? nobody : this.circle.below(tx, personEntraId, [move.id]),
      personEntraId === null ? nobody : this.circle.delegatedTo(tx, personEntraId, [move.id]),
      tx.query<unknown[]>(`select 1 from rollout_programme where id = $1 and state = 'running'`, [move.programmeId]),
    ]);
    const stands = { isAbove: below.has(move.id), isDelegate: delegated.has(move.id) };
    const stated = {
      state: move.state,
      personEntraId: move.person.entraId,
      version: move.version,
      deferredUntil: move.deferredUntil,
      hasLaptop: move.laptop !== null,
      deferralIsOver: move.doubts.some(({ kind }) => kind === 'deferral-over'),
    };
    return {
      isOneself: personEntraId === move.person.entraId,
      ...stands,
      statements: running.length === 0 ? [] : possibleStatements(stated, { personEntraId, permissions, ...stands }),
    };
  }

  /**
   * Number of the machine that a serial number, an asset tag or `#17` means.
   * @throws InputError on the field `machine` when it means none, or several
   */
  async machineNamed(text: string): Promise<number> {
    const [found] = await findSelection(this.dataSource.manager, readSelection(text).slice(0, 1));
    if (found !== undefined && found.deviceId !== null) return found.deviceId;
    const message = found?.problem ?? 'Name the machine';
    throw new InputError(message, [{ field: 'machine', message }]);
  }
}
