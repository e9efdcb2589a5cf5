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
  async mayBook(moveId: number, by: BookingActor, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    if (by.permissions.has('rollout:manage')) return true;
    const personEntraId = personOf(by);
    return personEntraId !== null && this.circle.concerns(personEntraId, moveId, tx);
  }

  /** The same but for delegates: whoever stands in for somebody passes that on to nobody, and prolongs it for nobody. */
  async mayNameDelegates(
    moveId: number,
    by: BookingActor,
    tx: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    if (by.permissions.has('rollout:manage')) return true;
    const personEntraId = personOf(by);
    return personEntraId !== null && this.circle.isInLine(personEntraId, moveId, tx);
  }

  /** @throws ForbiddenError for whoever may not name delegates */
  async checkNaming(tx: EntityManager, moveId: number, by: BookingActor): Promise<void> {
    if (await this.mayNameDelegates(moveId, by, tx)) return;
    throw new ForbiddenError('Only the person, those above them or the rollout team may do this.');
  }

  /** @throws ForbiddenError for whoever may not book */
  async check(tx: EntityManager, moveId: number, by: BookingActor): Promise<void> {
    if (await this.mayBook(moveId, by, tx)) return;
    throw new ForbiddenError('Only the person, those above them, their delegate or the rollout team may do this.');
  }
}

/** A token of a person has the right only if its scopes say so. */
function personOf({ personEntraId, permissions }: BookingActor): string | null {
  return permissions.has('own:read') ? personEntraId : null;
}
