import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transactor } from '../database/transactor.js';
import {
  NOTHING_RESOLVED,
  resolveRecords,
  takeIdentityLock,
  type ResolutionSummary,
} from './identity-resolution.service.js';
import { pendingRecords } from './neighbourhood.queries.js';

/** Records that one transaction takes up; with what they touch some ten thousand are in memory at once. */
const BATCH_SIZE = 2_000;

/** Passes over the records that wait; what a synchronisation changes meanwhile is left to the resolution after it. */
const MOST_PASSES = 20;

/** Finds out which records are one physical machine and keeps the devices in step with them. */
@Injectable()
export class IdentityService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Resolves every record that waits for it, in batches of one transaction each, one resolver at a time across all
   * processes. Whatever is committed stays, so that it can be stopped or killed at any point and run again.
   * @throws the signal's reason when it is aborted; between two batches.
   */
  async resolvePending(signal?: AbortSignal): Promise<ResolutionSummary> {
    let total = NOTHING_RESOLVED;
    // Records may start to wait again behind the place that was reached, so the end is a pass that finds none.
    for (let pass = 1, found = true; found && pass <= MOST_PASSES; pass++) {
      found = false;
      for (let after: number | null = 0; after !== null;) {
        signal?.throwIfAborted();
        const from: number = after;
        const batch = await this.transactor.run((tx) => resolveBatch(tx, from));
        total = add(total, batch.summary);
        found ||= batch.last !== null;
        after = batch.last;
      }
    }
    return total;
  }
}

async function resolveBatch(
  tx: EntityManager,
  after: number,
): Promise<{ last: number | null; summary: ResolutionSummary }> {
  await takeIdentityLock(tx);
  const ids = await pendingRecords(tx, after, BATCH_SIZE);
  const last = ids.at(-1);
  if (last === undefined) return { last: null, summary: NOTHING_RESOLVED };
  return { last, summary: await resolveRecords(tx, ids) };
}

function add(a: ResolutionSummary, b: ResolutionSummary): ResolutionSummary {
  return {
    records: a.records + b.records,
    created: a.created + b.created,
    linked: a.linked + b.linked,
    moved: a.moved + b.moved,
    reviews: a.reviews + b.reviews,
    devicesRefreshed: a.devicesRefreshed + b.devicesRefreshed,
  };
}
