import { does, refuses, type GuardProof } from './guard-proofs.js';

/** Reservations and picks. */
export const FULFILMENT_GUARDS: readonly GuardProof[] = [
  refuses(
    'reservation_active_key',
    'a line has one promise at a place',
    ({ approved, equipment: { places } }) =>
      // Of nothing more than the line may have: the first promise is of fewer by now.
      `update reservation set quantity = 1 where request_line_id = ${approved.lines[1]};
            insert into reservation (request_line_id, product_id, place_id, quantity, expires_at)
            select id, product_id, ${places.stores}, 1, now() from request_line where id = ${approved.lines[1]}`,
  ),
  refuses(
    'reservation_line_fkey',
    'what is promised is what was asked for',
    ({ approved, equipment: { products, places } }) =>
      `update reservation set quantity = 1 where request_line_id = ${approved.lines[1]};
            insert into reservation (request_line_id, product_id, place_id, quantity, expires_at, state, ended_at)
            values (${approved.lines[1]}, ${products.dock}, ${places.stores}, 1, now(), 'released', now())`,
  ),
  refuses(
    'reservation_level_fkey',
    'what is promised is at a place',
    ({ approved }) =>
      `insert into reservation (request_line_id, product_id, place_id, quantity, expires_at, state, ended_at)
            select id, product_id, 999, 1, now(), 'released', now() from request_line where id = ${approved.lines[1]}`,
  ),
  refuses(
    'reservation_quantity_check',
    'a promise is of something',
    ({ reservations }) => `update reservation set quantity = 0 where id = ${reservations.laptop}`,
  ),
  refuses(
    'reservation_picked_check',
    'no more is picked than was promised',
    ({ reservations }) =>
      `update reservation set picked = 4, state = 'released', ended_at = now() where id = ${reservations.headsets}`,
  ),
  refuses(
    'reservation_state_check',
    'a promise has a known state',
    ({ reservations }) => `update reservation set state = 'lost', ended_at = now() where id = ${reservations.laptop}`,
  ),
  refuses(
    'reservation_whole_check',
    'a promise that is not picked is not over',
    ({ reservations }) =>
      `update reservation set state = 'picked', ended_at = now() where id = ${reservations.headsets}`,
  ),
  refuses(
    'reservation_ended_check',
    'a promise that is over says since when',
    ({ reservations }) => `update reservation set state = 'released' where id = ${reservations.headsets}`,
  ),
  refuses(
    'pick_machine_key',
    'a machine is in one pair of hands',
    ({ picked, equipment: { machines, places }, approved, reservations }) =>
      `update reservation set picked = 1, state = 'picked', ended_at = now() where id = ${reservations.laptop};
            insert into pick (reservation_id, request_line_id, product_id, place_id, device_id, quantity, picked_by)
            select ${reservations.laptop}, id, product_id, ${places.stores}, ${machines[0]}, 1, 'system:test'
            from request_line where id = ${approved.lines[0]} and request_id <> ${picked.id}`,
  ),
  refuses(
    'pick_quantity_check',
    'a machine is one',
    ({ pick }) => `update pick set quantity = 2, state = 'put_back', ended_at = now() where id = ${pick}`,
  ),
  refuses(
    'pick_state_check',
    'a pick has a known state',
    ({ pick }) => `update pick set state = 'lost' where id = ${pick}`,
  ),
  refuses(
    'pick_ended_check',
    'a pick that is over says since when',
    ({ pick }) => `update pick set ended_at = now() where id = ${pick}`,
  ),
  refuses(
    'pick_received_check',
    'a receipt says how it is known',
    ({ pick }) => `update pick set received_at = now() where id = ${pick}`,
  ),
  refuses(
    'pick_reservation_fkey',
    'only what is promised is picked',
    ({ pick }) => `update pick set reservation_id = 999 where id = ${pick}`,
  ),
  refuses(
    'pick_line_fkey',
    'what is picked is what was asked for',
    ({ pick, equipment: { products } }) => `update pick set product_id = ${products.dock} where id = ${pick}`,
  ),
  does(
    'pick_count',
    'what a line has is the sum of what was picked for it',
    ({ pick }) => `update pick set state = 'put_back', ended_at = now() where id = ${pick}`,
    ({ picked }) => `select picked = 0 as done from request_line where id = ${picked.lines[0]}`,
  ),
];
