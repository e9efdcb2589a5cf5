/**
 * The states of a machine in our hands. `return_due` is still with its holder; `recovered` is back and not wiped;
 * `disposed` is terminal.
 */
export const CUSTODY_STATES = [
  'on_order',
  'in_stock',
  'allocated',
  'in_use',
  'return_due',
  'recovered',
  'wiped',
  'awaiting_disposal',
  'disposed',
  'missing',
  'stolen',
  'written_off',
] as const;
export type CustodyState = (typeof CUSTODY_STATES)[number];

/** What stock is for, and whether a machine in use is a place's and not a person's. */
export const SUBSTATES = ['available', 'held', 'quarantined', 'repair', 'shared'] as const;
export type Substate = (typeof SUBSTATES)[number];

/** A state with its substate, in the form in which the transitions name it. */
export const STANDINGS = [
  'on_order',
  'in_stock:available',
  'in_stock:held',
  'in_stock:quarantined',
  'in_stock:repair',
  'allocated',
  'in_use',
  'in_use:shared',
  'return_due',
  'return_due:shared',
  'recovered',
  'wiped',
  'awaiting_disposal',
  'disposed',
  'missing',
  'stolen',
  'written_off',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** Where a machine may start from: a standing, or `none` while no custody is recorded of it. */
export type Origin = Standing | 'none';

const LABELS: Readonly<Record<Origin, string>> = {
  none: 'No custody recorded',
  on_order: 'On order',
  'in_stock:available': 'In stock, available',
  'in_stock:held': 'In stock, held',
  'in_stock:quarantined': 'In stock, quarantined',
  'in_stock:repair': 'In repair',
  allocated: 'Allocated',
  in_use: 'In use',
  'in_use:shared': 'In use, shared',
  return_due: 'Return due',
  'return_due:shared': 'Return due, shared',
  recovered: 'Recovered, not wiped',
  wiped: 'Wiped',
  awaiting_disposal: 'Awaiting disposal',
  disposed: 'Disposed of',
  missing: 'Missing',
  stolen: 'Stolen',
  written_off: 'Written off',
};

/** The standing of a state and its substate. */
export function standingOf(state: CustodyState, substate: Substate | null): Standing {
  return (substate === null ? state : `${state}:${substate}`) as Standing;
}

/** State and substate of a standing, as they are stored. */
export function partsOf(standing: Standing): { readonly state: CustodyState; readonly substate: Substate | null } {
  const [state, substate] = standing.split(':') as [CustodyState, Substate | undefined];
  return { state, substate: substate ?? null };
}

/** What people call a standing. */
export function standingLabel(standing: Origin): string {
  return LABELS[standing];
}

/** Whether a machine in this standing is with somebody, or put aside for somebody. */
export function hasHolder(standing: Origin): boolean {
  return standing === 'allocated' || standing === 'in_use' || standing === 'return_due';
}
