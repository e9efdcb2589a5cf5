/** Where a booking stands; `booked` and `waiting` are live, the others are over. */
export const BOOKING_STATES = ['booked', 'waiting', 'cancelled', 'missed', 'attended', 'delivered'] as const;
export type BookingState = (typeof BOOKING_STATES)[number];

export const BOOKING_STATE_WORDS: Readonly<Record<BookingState, string>> = {
  booked: 'Booked',
  waiting: 'On the waiting list',
  cancelled: 'Cancelled',
  missed: 'Missed',
  attended: 'Attended',
  delivered: 'Delivered',
};
