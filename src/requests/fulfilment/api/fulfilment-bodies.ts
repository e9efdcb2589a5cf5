import { Choice, Line, OptionalLine, OptionalWhole, Whole } from '../../../web/body-fields.js';
import { LONGEST_TRACKING } from '../handover.service.js';
import { CONDITIONS, type Condition } from '../receipt.service.js';

/** What is taken from the shelf. */
export class PickBody {
  @OptionalLine('Serial number of the machine; leave it out for what is counted.', 200)
  serial?: string | null;

  @OptionalWhole('How many of what is counted; all that is left without it.', { minimum: 1, maximum: 50 })
  quantity?: number | null;
}

/** How something is sent. */
export class DispatchBody {
  @Line('The number that the carrier gave it.', LONGEST_TRACKING)
  tracking: string;
}

/** How something came back, and where it was brought. */
export class BringBackBody {
  @Choice('Its condition.', CONDITIONS)
  condition: Condition;

  @Whole('Number of the place of stock.', { minimum: 1, maximum: 2_147_483_647 })
  placeId: number;
}
