import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ForbiddenError } from '../../common/errors.js';
import { MoveCircleQueries } from '../move-circle.queries.js';
import type { BookingActor } from './booking-actor.js';

/** Tells who may book and name delegates for a move. */
@Injectable()
export class BookingRights {
  constructor(
    private readonly dataSource: DataSource,
    private readonly circle: MoveCircleQueries,
  ) {}

  /** The rollout's manager, the person, everybody above them in the line, and their delegate. */
  async mayBook(
    moveId: number,
    { permissions, personEntraId }: BookingActor,
    tx: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    if (permissions.has('rollout:manage')) return true;
    // A token of a person has the right only if its scopes say so.
    return personEntraId !== null && permissions.has('own:read') && this.circle.concerns(personEntraId, moveId, tx);
  }

  /** @throws ForbiddenError for anybody else */
  async check(tx: EntityManager, moveId: number, by: BookingActor): Promise<void> {
    if (await this.mayBook(moveId, by, tx)) return;
    throw new ForbiddenError('Only the person, those above them, their delegate or the rollout team may do this.');
  }
}
