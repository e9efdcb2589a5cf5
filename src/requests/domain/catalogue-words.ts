import { shownDay } from '../../common/uk-time.js';

/** What there is of a product. */
export interface Supply {
  readonly available: number;
  readonly onOrder: number;
  readonly expectedOn: string | null;
  readonly usualDays: number | null;
}

/**
 * What people are told of stock and waiting before they ask, in a few short sentences.
 * @param wanted how many are asked for
 */
export function supplyWords({ available, onOrder, expectedOn, usualDays }: Supply, wanted = 1): string {
  const usual =
    usualDays === null ? '' : ` Usually ${usualDays <= 1 ? 'a day' : `${usualDays} days`} from asking to hand-over.`;
  const stock = `${available > 0 ? available : 'None'} in stock`;
  if (available >= wanted) return `${stock}.${usual}`;
  const when = expectedOn === null ? '' : `, expected ${shownDay(expectedOn)}`;
  const order = onOrder === 0 ? '' : `, ${onOrder} on order${when}`;
  const waits = wanted === 1 ? '' : ` ${wanted - Math.max(available, 0)} of ${wanted} will wait.`;
  return `${stock}${order}.${waits}${usual}`;
}
