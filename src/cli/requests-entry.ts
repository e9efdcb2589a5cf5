import { appendToAudit } from '../audit/audit-trail.js';
import { shownNumber } from '../common/shown-number.js';
import { Transactor } from '../database/transactor.js';
import type { RequestsStory } from '../demo/tenant/requests-records.js';
import { takeStockOfMachines } from '../requests/stock/stock-machines.js';
import { enterCatalogue, enterCostCentres } from './requests-entry-catalogue.js';
import { enterPast } from './requests-entry-past.js';
import { enterPresent, fulfilPresent } from './requests-entry-present.js';
import { DEMONSTRATION } from './requests-entry-rows.js';
import { enterStock } from './requests-entry-stock.js';

/** Whether the demonstration's requests are still to be entered: nobody has made a catalogue yet. */
export async function areRequestsOpen(transactor: Transactor): Promise<boolean> {
  const [state] = await transactor.run((tx) =>
    tx.query<{ open: boolean }[]>('select not exists (select from product) as open'),
  );
  return state?.open === true;
}

/**
 * Enters the story as a whole or not at all; what was reserved is picked and handed over afterwards, as people would do it.
 * @param tell hears what is about to be done
 */
export async function enterRequests(
  connection: ConstructorParameters<typeof Transactor>[0],
  story: RequestsStory,
  tell: (text: string) => void,
): Promise<void> {
  const transactor = new Transactor(connection);
  tell(
    `${story.orders.length} orders, ${shownNumber(story.movements.length)} movements of stock and what is on the shelves`,
  );
  const fulfilments = await transactor.run(async (tx) => {
    const { products, bundles, places } = await enterCatalogue(tx, story);
    await enterCostCentres(tx, story);
    tell(`${shownNumber(story.past.length)} requests that are over, and ${story.present.length} that are under way`);
    const picks = await enterPast(tx, story, { products, bundles, places });
    await enterStock(tx, story, { products, places, picks });
    await takeStockOfMachines(tx, DEMONSTRATION);
    const present = await enterPresent(tx, story, { products, bundles });
    await appendToAudit(tx, {
      event: 'requests.taken-over',
      actor: DEMONSTRATION,
      subject: null,
      details: { past: story.past.length, present: story.present.length },
    });
    return present;
  });
  tell('what is picked, sent and handed over today');
  await fulfilPresent(transactor, story, fulfilments);
}
