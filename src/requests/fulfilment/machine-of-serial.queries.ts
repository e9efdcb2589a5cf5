import type { EntityManager } from 'typeorm';
import { ConflictError, InputError } from '../../common/errors.js';
import { realSerial } from '../../devices/domain/identity/serial-number.js';
import {
  standingLabel,
  standingOf,
  type CustodyState,
  type Substate,
} from '../../devices/domain/lifecycle/standing.js';
import { lockMachines } from '../../devices/lifecycle/custody-facts.queries.js';
import { KEY_EXPRESSIONS } from '../../devices/neighbourhood.queries.js';

interface Bearer {
  readonly deviceId: number;
  readonly state: CustodyState | null;
  readonly substate: Substate | null;
  /** Null while it is no stock. */
  readonly productId: number | null;
  readonly placeId: number | null;
  readonly place: string | null;
}

const BEARERS = `
  select machine.id as "deviceId", custody.state, custody.substate, stock.product_id as "productId", stock.place_id as "placeId",
    place.name as place
  from (select device_id from device_record where ${KEY_EXPRESSIONS.serial} = $1
        union select device_id from boxed_device where serial_key = $1) as bearer
  join device as machine on machine.id = bearer.device_id and machine.merged_into_id is null
  left join device_custody as custody on custody.device_id = machine.id and custody.set_aside_at is null
  left join stock_machine as stock on stock.custody_id = custody.id
  left join stock_place as place on place.id = stock.place_id`;

/**
 * The machine with a serial number, locked, if it lies free at a place as a machine of a product.
 * @throws InputError for a serial number of no machine or of several, and for a machine that is something else;
 * ConflictError for one that is not free or elsewhere
 */
export async function lockFreeMachine(
  tx: EntityManager,
  serial: string,
  { productId, placeId }: { readonly productId: number; readonly placeId: number },
): Promise<{ readonly deviceId: number }> {
  const key = realSerial(serial);
  const bearers = key === null ? [] : await tx.query<Bearer[]>(BEARERS, [key]);
  if (bearers.length === 0) {
    throw wrongSerial('No machine has this serial number. Scan it again, or receive the machine first.');
  }
  await lockMachines(
    tx,
    bearers.map(({ deviceId }) => deviceId),
    false,
  );
  const now = await tx.query<Bearer[]>(BEARERS, [key]);
  const [machine, ...others] = now.filter((bearer) => bearer.productId !== null);
  if (!machine) {
    const [first] = now;
    const standing = first?.state ? standingOf(first.state, first.substate) : 'none';
    throw new ConflictError(
      standing === 'in_stock:available'
        ? 'The machine is no stock of this catalogue: its model belongs to no product, or its place is no place of stock.'
        : `The machine is not free: ${standingLabel(standing).toLowerCase()}. Take another one.`,
    );
  }
  if (others.length > 0) throw wrongSerial('Several machines have this serial number. Settle first which is which.');
  if (machine.productId !== productId)
    throw wrongSerial('This is another product. Take one of the product that was asked for.');
  if (machine.placeId !== placeId) {
    throw new ConflictError(
      `The machine is stock of another place: ${machine.place ?? ''}. Move it here first, or take another.`,
    );
  }
  return { deviceId: machine.deviceId };
}

function wrongSerial(message: string): InputError {
  return new InputError(message, [{ field: 'serial', message }]);
}
