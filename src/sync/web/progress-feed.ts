import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OpenConnections } from '../../auth/open-connections.js';
import { UpstreamError } from '../../common/errors.js';
import { EventStream } from '../../web/event-stream.js';
import { RunningQueries, type RunningRun } from '../running.queries.js';

/** How often the runs are looked at while somebody listens. */
const LOOK_MILLISECONDS = 1_000;
/** Looks between two checks of who may listen, and between two beats. */
const LOOKS_PER_CHECK = 5;
const LOOKS_PER_BEAT = 15;
/** Pages that one process keeps up to date at the same time. */
const MOST_LISTENERS = 500;

/**
 * Tells everybody who listens how the runs at work are doing. However many listen, a process looks once a second, and
 * not at all while nobody does.
 */
@Injectable()
export class ProgressFeed implements OnModuleDestroy {
  private readonly listeners = new Map<EventStream, FastifyRequest>();
  private timer: NodeJS.Timeout | null = null;
  private looks = 0;
  private known: string | null = null;
  private reading: Promise<readonly RunningRun[]> | null = null;
  private isOver = false;

  constructor(
    private readonly running: RunningQueries,
    private readonly connections: OpenConnections,
  ) {}

  /** A stream that begins with how things are now and goes on until its listener goes, or may no longer listen. */
  async listen(request: FastifyRequest): Promise<EventStream> {
    if (this.listeners.size >= MOST_LISTENERS) {
      throw new UpstreamError('Too many pages follow the synchronisation. Load the page again now and then.', 503);
    }
    const runs = await this.readOnce();
    this.tell(runs);
    const stream = new EventStream(() => this.leave(stream));
    if (this.isOver) stream.end();
    else this.listeners.set(stream, request);
    stream.send('progress', { runs });
    this.lookLater();
    return stream;
  }

  /** Ends every stream, so that the process can stop. */
  onModuleDestroy(): void {
    this.isOver = true;
    for (const stream of [...this.listeners.keys()]) stream.end();
    this.listeners.clear();
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Those who come together are told of one look. */
  private readOnce(): Promise<readonly RunningRun[]> {
    return (this.reading ??= this.running.runs().finally(() => {
      this.reading = null;
    }));
  }

  private leave(stream: EventStream): void {
    this.listeners.delete(stream);
  }

  private lookLater(): void {
    if (this.timer !== null || this.isOver || this.listeners.size === 0) return;
    this.timer = setTimeout(() => {
      void this.look().finally(() => {
        this.timer = null;
        this.lookLater();
      });
    }, LOOK_MILLISECONDS);
  }

  private async look(): Promise<void> {
    this.looks += 1;
    if (this.looks % LOOKS_PER_BEAT === 0) for (const stream of this.listeners.keys()) stream.beat();
    try {
      if (this.looks % LOOKS_PER_CHECK === 0) await this.letGo();
      this.tell(await this.readOnce());
    } catch {
      // A database that does not answer has nothing new to tell; listeners stay and the next look asks again.
    }
  }

  private tell(runs: readonly RunningRun[]): void {
    const now = JSON.stringify(runs);
    if (now === this.known) return;
    this.known = now;
    for (const stream of this.listeners.keys()) stream.send('progress', { runs });
  }

  private async letGo(): Promise<void> {
    const listeners = [...this.listeners];
    const allowed = await Promise.all(listeners.map(([, request]) => this.connections.mayStill(request, 'sync:read')));
    listeners.forEach(([stream], at) => {
      if (allowed[at]) return;
      stream.end();
      this.leave(stream);
    });
  }
}
