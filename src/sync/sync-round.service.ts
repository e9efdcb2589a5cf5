import { Injectable } from '@nestjs/common';
import type { SourceName } from '../config/sources.js';
import { SyncService } from './sync.service.js';
import type { RunOutcome, RunRequest } from './sync.types.js';

/**
 * Sources that are read at once. While Postgres merges one, another arrives: two keep two cores busy, and a third fills
 * the gaps. Each takes a few pages of memory, whatever its size.
 */
const SOURCES_AT_ONCE = 3;

/** Runs several sources in one go. */
@Injectable()
export class SyncRoundService {
  constructor(private readonly sync: SyncService) {}

  /**
   * Runs sources side by side, begun in the order given, and works out what follows from their records once, after the
   * last. A source that fails leaves the others alone; once its signal is aborted no other is begun.
   * @param ended called when a source has been read and applied, in the order in which that happens.
   * @returns the outcomes of the sources that were begun, in the order given.
   * @throws what `SyncService.readAndApply` throws, after the runs under way have ended.
   */
  async run(
    names: readonly SourceName[],
    requestOf: (name: SourceName) => RunRequest,
    ended: (outcome: RunOutcome) => Promise<void> | void = () => undefined,
  ): Promise<RunOutcome[]> {
    const outcomes = new Map<SourceName, RunOutcome>();
    const failure = new AbortController();
    const waiting = [...new Set(names)];
    const lane = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const request = requestOf(name);
        if (request.signal?.aborted === true || failure.signal.aborted) return;
        const outcome = await this.sync.readAndApply(name, request);
        outcomes.set(name, outcome);
        await ended(outcome);
      }
    };
    const lanes = Array.from({ length: SOURCES_AT_ONCE }, () => lane().catch((error: unknown) => failure.abort(error)));
    await Promise.all(lanes);
    failure.signal.throwIfAborted();
    const inOrder = names.flatMap((name) => outcomes.get(name) ?? []);
    const last = inOrder.at(-1);
    if (last !== undefined) await this.sync.workOutWhatFollows(inOrder, requestOf(last.source));
    return inOrder;
  }
}
