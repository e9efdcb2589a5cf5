import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Records of one statement: half a second's work, after which others have their turn. */
const BATCH_SIZE = 5_000;

/** Keeps what the search looks up in step with the records after many of them changed at once. */
@Injectable()
export class SearchIndexService {
  private readonly logger = new Logger('Search');

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes over what waits, each batch in a transaction of its own; whatever is left when it stops is taken over the
   * next time. Changes of a few records need no call: the database takes them over as they are committed.
   * @returns records that waited.
   * @throws the signal's reason when it is aborted; between two batches.
   */
  async takeOverPending(signal?: AbortSignal): Promise<number> {
    for (let total = 0; ;) {
      signal?.throwIfAborted();
      const [row] = await this.dataSource.query<{ taken: number }[]>('select refresh_search_entries($1) as taken', [
        BATCH_SIZE,
      ]);
      if (row === undefined || row.taken === 0) return total;
      total += row.taken;
    }
  }

  /** For a command that may have changed many records and is done: what cannot be taken over now waits for a run. */
  async takeOverAfterCommand(): Promise<void> {
    try {
      await this.takeOverPending();
    } catch (error) {
      this.logger.error(error instanceof Error ? error : String(error));
    }
  }
}
