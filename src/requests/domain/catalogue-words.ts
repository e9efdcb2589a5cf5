import { shownDay } from '../../common/uk-time.js';

/** What there is of a product. */
export interface Supply {
  readonly available: number;
  readonly onOrder: number;
  readonly expectedOn: string | null;
  readonly usualDays: number | null;
}

/** What people are told of stock and waiting before they ask, in one or two sentences. */
export function supplyWords({ available, onOrder, expectedOn, usualDays }: Supply): string {
  const usual =
    usualDays === null ? '' : ` Usually ${usualDays <= 1 ? 'a day' : `${usualDays} days`} from asking to hand-over.`;
  if (available > 0) return `${available} in stock.${usual}`;
  if (onOrder === 0) return `None in stock.${usual}`;
  const when = expectedOn === null ? '' : `, expected ${shownDay(expectedOn)}`;
  return `None in stock, ${onOrder} on order${when}.${usual}`;
}
