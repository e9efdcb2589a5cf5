import { paths } from '../../../web/paths.js';
import type { StockWork } from '../workbench.queries.js';

/** One thing to do, with where it is done. */
interface WorkLine {
  readonly text: string;
  readonly href: string;
  readonly action: string;
}

/** What there is to do in stock, the most urgent first; what is done is left out. */
export function workOf(work: StockWork): readonly WorkLine[] {
  const { low, toReceive, late, toPick, onTheWay, counting, waiting, uncounted } = work;
  const lines: (WorkLine & { readonly count: number })[] = [
    { count: toPick, text: `${things(toPick)} to pick`, href: paths.stockPicking(), action: 'Pick' },
    {
      count: toReceive,
      text: `${linesOf(toReceive)} of orders to receive${late > 0 ? `, ${late} late` : ''}`,
      href: `${paths.purchaseOrders()}?state=open`,
      action: 'Receive',
    },
    {
      count: onTheWay,
      text: `${onTheWay === 1 ? '1 transfer' : `${onTheWay} transfers`} on the way`,
      href: `${paths.stockTransfers()}?open=true`,
      action: 'Record what arrived',
    },
    {
      count: counting,
      text: `${counting === 1 ? '1 count' : `${counting} counts`} to finish`,
      href: `${paths.stockCounts()}?open=true`,
      action: 'Go on counting',
    },
    {
      count: low,
      text: `${low === 1 ? '1 level' : `${low} levels`} too low`,
      href: `${paths.stock()}?low=true`,
      action: 'Look',
    },
    {
      count: waiting,
      text: `${things(waiting)} that approved requests wait for`,
      href: paths.purchaseOrders(),
      action: 'Order',
    },
    {
      count: uncounted,
      text: `${uncounted === 1 ? '1 place' : `${uncounted} places`} not counted for a year`,
      href: paths.stockPlaces(),
      action: 'See which',
    },
  ];
  return lines.filter(({ count }) => count > 0).map(({ text, href, action }) => ({ text, href, action }));
}

function things(count: number): string {
  return count === 1 ? '1 thing' : `${count} things`;
}

function linesOf(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
