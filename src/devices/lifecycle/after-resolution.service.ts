import type { EntityManager } from 'typeorm';
import { arrayLiteral } from '../neighbourhood.queries.js';
import { joinBoxedMachines } from './boxed-machines.service.js';
import { followMachines } from './custody-moves.service.js';

interface Concerned {
  readonly boxed: boolean;
  readonly placed: boolean;
}

/**
 * Lets what people keep of machines follow what the resolver has just found out: boxed machines join their enrolments,
 * custody and register entries go where their devices went. In the resolver's transaction, so that nobody ever sees one
 * machine twice. One look-up where nothing of this concerns the devices.
 */
export async function followResolution(tx: EntityManager, deviceIds: readonly number[]): Promise<void> {
  const [concerned] = await tx.query<Concerned[]>(
    `select exists (select from boxed_device) as boxed,
            exists (select from device_custody where device_id = any($1::integer[]))
              or exists (select from device_custody where recorded_for = any($1::integer[]))
              or exists (select from device_register where device_id = any($1::integer[])) as placed`,
    [arrayLiteral(deviceIds)],
  );
  const boxed = concerned?.boxed ? await joinBoxedMachines(tx, deviceIds) : [];
  if (concerned?.placed || boxed.length > 0) await followMachines(tx, [...deviceIds, ...boxed]);
}
