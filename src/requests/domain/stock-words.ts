/** What changes how many are on hand. */
export const MOVEMENT_KINDS = [
  'received',
  'picked',
  'put_back',
  'returned',
  'sent',
  'arrived',
  'counted',
  'machine_in',
  'machine_out',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

export const MOVEMENT_KIND_WORDS: Readonly<Record<MovementKind, string>> = {
  received: 'Received',
  picked: 'Picked',
  put_back: 'Put back',
  returned: 'Brought back',
  sent: 'Sent to another place',
  arrived: 'Arrived from another place',
  counted: 'Corrected after a count',
  machine_in: 'Machine came into stock',
  machine_out: 'Machine left stock',
};

/** Most of one thing that is moved or counted at once: more is a typing error. */
export const MOST_MOVED = 10_000;
