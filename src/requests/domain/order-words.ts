/** Where an order at a supplier stands: `closed` when all came or the rest was given up, `cancelled` when nothing came. */
export const ORDER_STATES = ['open', 'closed', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export const ORDER_STATE_WORDS: Readonly<Record<OrderState, string>> = {
  open: 'Open',
  closed: 'Closed',
  cancelled: 'Cancelled',
};

/** Longest texts and largest figures that an order takes; the database takes no more. */
export const ORDER_LIMITS = {
  /** As much as the register of devices keeps of it. */
  number: 64,
  supplier: 200,
  deliveryNote: 100,
  reason: 2_000,
  quantity: 100_000,
  pricePence: 10_000_000,
  /** Lines of one order. */
  lines: 200,
  /** Machines received at once. */
  machines: 1_000,
} as const;
