import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { serveArrivals } from './stock-arrivals.js';
import { takeStockOfMachines } from './stock-machines.js';

const PLACE = { table: 'stock_place', called: 'place' };
const SENTENCES = {
  stock_place_name_key: 'There is a place of this name already. Use that one, or choose another name.',
};

/** Enters the places where stock is kept. */
@Injectable()
export class PlacesService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Enters a place. Machines that custody has available there are stock from now on.
   * @param name as custody spells it, in any case
   * @param key the same key is done once
   * @throws ConflictError for a name that is taken
   */
  add(name: string, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'stock-place', name } }, async () => {
        const [row] = await tx
          .query<{ id: number }[]>('insert into stock_place (name, changed_by) values ($1, $2) returning id', [
            name,
            actor,
          ])
          .catch(orConflictOf(SENTENCES));
        const id = row?.id ?? 0;
        await serveArrivals(tx, await takeStockOfMachines(tx, actor), actor);
        await appendToAudit(tx, { event: 'stock-place.added', actor, subject: { kind: 'stock-place', id } });
        return { id };
      }),
    );
  }

  /**
   * Renames a place. Custody knows places by their names, so that none may stand there when the name becomes another one.
   * @param version of the place that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError for a name that is taken, and while machines stand there
   */
  rename(id: number, name: string, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, PLACE, id, version);
      const machines = await tx.query<unknown[]>(
        `select from stock_machine join stock_place on stock_place.id = stock_machine.place_id
         where stock_place.id = $1 and lower(stock_place.name) <> lower($2) limit 1`,
        [id, name],
      );
      if (machines.length > 0) {
        throw new ConflictError(
          'Machines stand at this place, and custody knows it by its name. Move them to a place of the new name instead.',
        );
      }
      await tx
        .query(
          `update stock_place set name = $2, changed_by = $3, changed_at = now(),
             version = nextval('equipment_version_sequence')
           where id = $1`,
          [id, name, actor],
        )
        .catch(orConflictOf(SENTENCES));
      await serveArrivals(tx, await takeStockOfMachines(tx, actor), actor);
      await appendToAudit(tx, { event: 'stock-place.changed', actor, subject: { kind: 'stock-place', id } });
    });
  }
}
