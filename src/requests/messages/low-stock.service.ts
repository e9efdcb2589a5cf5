import { Injectable } from '@nestjs/common';
import { addDays, londonInstant, londonParts } from '../../common/uk-time.js';
import { Transactor } from '../../database/transactor.js';
import { enqueueMessages } from '../../notifications/outbox.service.js';
import { isWorkingDay } from '../domain/working-days.js';
import { ANYTHING_TO_ORDER } from './message-facts.queries.js';
import { STOCK_HOLDERS } from './request-messages.js';

/** Before that nobody is at work to order anything. */
const FROM = '08:00';

/** Tells stock holders what is to be ordered, once on each working day while there is anything. */
@Injectable()
export class LowStockService {
  constructor(private readonly transactor: Transactor) {}

  /** Idempotent, and safe in several processes at once. @returns how many messages were new */
  async plan(now: Date = new Date()): Promise<number> {
    const { day, time } = londonParts(now);
    if (!isWorkingDay(day) || time < FROM) return 0;
    return this.transactor.run(async (tx) => {
      const [state] = await tx.query<{ isLow: boolean }[]>(ANYTHING_TO_ORDER);
      if (state?.isLow !== true) return 0;
      const holders = await tx.query<{ recipient: string }[]>(STOCK_HOLDERS);
      const useBy = londonInstant(addDays(day, 1), '00:00');
      return enqueueMessages(
        tx,
        holders.map(({ recipient }) => ({
          ...{ event: `stock:low:${day}`, recipient, template: 'low-stock', useBy },
          reference: { day },
        })),
      );
    });
  }
}
