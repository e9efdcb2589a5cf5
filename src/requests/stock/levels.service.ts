import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { onceForKey } from '../../database/command-receipts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';

const LEVEL = { table: 'stock_level', called: 'level' };

/** Says how low levels may fall before somebody is to act. */
@Injectable()
export class LevelsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Watches a product at a place, whether some of it are there or not yet.
   * @param key the same key is done once
   * @throws ConflictError for a product or a place that is not there
   */
  watch(
    input: { readonly productId: number; readonly placeId: number; readonly threshold: number },
    key: string | null,
    actor: Actor,
  ): Promise<{ readonly id: number }> {
    const { productId, placeId, threshold } = input;
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { watch: 'stock-level', ...input } }, async () => {
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into stock_level (product_id, place_id, threshold) values ($1, $2, $3)
             on conflict on constraint stock_level_pkey do update
               set threshold = excluded.threshold, version = nextval('equipment_version_sequence')
             returning id::integer`,
            [productId, placeId, threshold],
          )
          .catch(
            orConflictOf({
              stock_level_product_fkey: 'There is no such product. Look at the list of products.',
              stock_level_place_fkey: 'There is no such place. Look at the list of places.',
            }),
          );
        const id = row?.id ?? 0;
        await appendToAudit(tx, { event: 'stock-level.threshold-set', actor, subject: { kind: 'stock-level', id } });
        return { id };
      }),
    );
  }

  /**
   * Sets the threshold of a level.
   * @param threshold null not to watch it any more
   * @param version of the level that was looked at
   * @throws NotFoundError; ChangedMeanwhileError
   */
  setThreshold(id: number, threshold: number | null, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, LEVEL, id, version);
      await tx.query(
        `update stock_level set threshold = $2, version = nextval('equipment_version_sequence') where id = $1`,
        [id, threshold],
      );
      await appendToAudit(tx, { event: 'stock-level.threshold-set', actor, subject: { kind: 'stock-level', id } });
    });
  }
}
