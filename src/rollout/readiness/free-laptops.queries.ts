import type { EntityManager } from 'typeorm';
import type { ApprovedModel } from '../domain/readiness/settings.js';
import { LAPTOP_CLASSES, WAITING_LIST } from './readiness-facts.queries.js';

/**
 * Free laptops, each with whether it can be given to anybody: of an approved model, or of any while none is approved, not
 * known to be unfit, and with Windows 11, which a machine of an approved model that never reported is set up with. The same
 * as `windows11Rule` and `healthRule` say of a laptop that is put aside. Where approved requests are promised some of what
 * is on a shelf, only as many as nobody is promised are free.
 * Parameters: makers and models that are approved, in lower case, in two lists.
 */
export const FREE_LAPTOPS = (makers: string, models: string): string => `
  select device.id, device.manufacturer, device.model, custody.place,
         device.upgrade_eligibility is distinct from 'notCapable'
         and (device.compliance_state is null or device.compliance_state not in ('noncompliant', 'conflict', 'error'))
         and (cardinality(${makers}::text[]) = 0 or approved.yes)
         and (coalesce(device.upgrade_eligibility = 'upgraded', false)
              or coalesce(substring(device.operating_system_version from '^10\\.0\\.(\\d{5})(?:\\.|$)')::integer >= 22000, false)
              or (approved.yes and device.operating_system_version is null)) as suitable
  from device_custody as custody
  join device on device.id = custody.device_id
  cross join lateral (
    select exists (select from unnest(${makers}::text[], ${models}::text[]) as model(manufacturer, model)
                   where model.manufacturer = lower(trim(device.manufacturer))
                     and model.model = lower(trim(device.model))) as yes) as approved
  left join (
    select machine.custody_id, row_number() over (partition by machine.product_id, machine.place_id
                                                  order by machine.custody_id) > level.on_hand - level.reserved as promised
    from stock_machine as machine
    join stock_level as level on level.product_id = machine.product_id and level.place_id = machine.place_id
    where level.reserved > 0
  ) as shelf on shelf.custody_id = custody.id
  where shelf.promised is not true and custody.state = 'in_stock' and custody.substate = 'available' and custody.set_aside_at is null
    and not custody.contested and device.merged_into_id is null and device.form_factor in ${LAPTOP_CLASSES}`;

/** Free stock of one model at one place. */
export interface FreeStock {
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly place: string | null;
  /** Machines that can be given to anybody. */
  readonly suitable: number;
  /** Machines of a model that is not approved, that are not known to run Windows 11, or that are not fit. */
  readonly unsuitable: number;
}

/** Free laptops by model and place. */
export function freeStock(tx: EntityManager, approved: readonly ApprovedModel[]): Promise<FreeStock[]> {
  return tx.query<FreeStock[]>(
    `select manufacturer, model, place, (count(*) filter (where suitable))::integer as suitable,
            (count(*) filter (where not suitable))::integer as unsuitable
     from (${FREE_LAPTOPS('$1', '$2')}) as free
     group by manufacturer, model, place order by manufacturer, model, place`,
    approvedNames(approved),
  );
}

/**
 * Lets free stock reach as far as it goes in the queue of those who wait for a laptop: who is ready otherwise comes first,
 * then earlier waves, then lower numbers. Their places do not depend on what it reaches, so that once is enough.
 * @returns the moves to which it reaches now and did not, or does not any more
 */
export async function shareStock(
  tx: EntityManager,
  programmeId: number,
  approved: readonly ApprovedModel[],
): Promise<readonly number[]> {
  const rows = await tx.query<{ id: number }[]>(
    `with queue as (
       select evaluation.move_id,
              row_number() over (order by evaluation.otherwise_ready desc, wave.starts_on nulls last, evaluation.move_id)
                <= (select count(*) from (${FREE_LAPTOPS('$2', '$3')}) as free where suitable) as reached
       from readiness_evaluation as evaluation
       join move on move.id = evaluation.move_id and move.programme_id = $1 and move.state in ${WAITING_LIST}
       left join wave on wave.id = move.wave_id
       where evaluation.waits_for_laptop),
     shared as (
       update readiness_evaluation as evaluation set stock_in_reach = queue.reached from queue
       where queue.move_id = evaluation.move_id and evaluation.stock_in_reach <> queue.reached
       returning evaluation.move_id as id)
     select id from shared order by id`,
    [programmeId, ...approvedNames(approved)],
  );
  return rows.map(({ id }) => id);
}

/** The two lists that `FREE_LAPTOPS` takes. */
export function approvedNames(approved: readonly ApprovedModel[]): [string[], string[]] {
  const plain = (name: string): string => name.trim().toLowerCase();
  return [approved.map(({ manufacturer }) => plain(manufacturer)), approved.map(({ model }) => plain(model))];
}
