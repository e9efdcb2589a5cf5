import type { EntityManager } from 'typeorm';
import { ConflictError } from '../../common/errors.js';
import { arrayLiteral } from '../neighbourhood.queries.js';
import type { Step } from './custody-writing.service.js';

/** What is told of a machine that the shelf cannot spare. */
export const PROMISED =
  'All machines of its model that are free at this place are promised to approved requests. Take one from another ' +
  'place, or pick it for the request. One that is not there is reported missing or stolen.';

/** What became of a machine that is not there, whatever was promised: the latest promise waits again. */
const GONE: ReadonlySet<string> = new Set(['missing', 'stolen', 'written_off']);

/** A machine that cannot leave the shelf: what is free there is promised to approved requests. */
export class PromisedMachineError extends ConflictError {}

/** Levels are locked, so that what is free stays so until the step is taken. */
const PROMISED_MACHINES = `
  with leaving as (
    select custody_id, product_id, place_id from stock_machine where custody_id = any($1::integer[])
  ), level as materialized (
    select product_id, place_id, on_hand - reserved as free from stock_level
    where (product_id, place_id) in (select product_id, place_id from leaving)
    order by product_id, place_id for no key update
  )
  select custody_id as id from (
    select custody_id, row_number() over (partition by product_id, place_id order by custody_id) > free as promised
    from leaving join level using (product_id, place_id)
  ) as ranked where promised`;

/**
 * Machines that cannot leave the shelf, because it would then hold fewer than are promised to requests.
 * @returns the numbers of their devices
 */
export async function promisedAmong(tx: EntityManager, steps: readonly Step[]): Promise<ReadonlySet<number>> {
  const leaving = steps.flatMap(({ machine: { custodyId, deviceId, standing, place }, to }) =>
    custodyId !== null &&
    standing === 'in_stock:available' &&
    !GONE.has(to.standing) &&
    (to.standing !== standing || to.place !== place)
      ? [{ custodyId, deviceId }]
      : [],
  );
  if (leaving.length === 0) return new Set();
  const rows = await tx.query<{ id: number }[]>(PROMISED_MACHINES, [
    arrayLiteral(leaving.map(({ custodyId }) => custodyId)),
  ]);
  const promised = new Set(rows.map(({ id }) => id));
  return new Set(leaving.filter(({ custodyId }) => promised.has(custodyId)).map(({ deviceId }) => deviceId));
}
