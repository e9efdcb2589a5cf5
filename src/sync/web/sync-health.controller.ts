import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { OpenToAll } from '../../auth/access.decorator.js';
import type { SourceState } from '../source-status.js';
import { SourceStatusQueries } from '../source-status.queries.js';

/** The states in which somebody should have a look. */
const NEEDS_ATTENTION: ReadonlySet<SourceState> = new Set(['held', 'failed', 'late', 'not-allowed']);

interface SyncHealth {
  readonly status: 'current' | 'needs attention';
  readonly sources: Readonly<
    Record<string, { readonly state: SourceState; readonly lastSuccessAt: string | null; readonly held: number }>
  >;
}

/** How fresh the data is, for monitoring. Always 200 while the question can be answered: stale is not down. */
@ApiExcludeController()
@Controller('health')
export class SyncHealthController {
  constructor(private readonly status: SourceStatusQueries) {}

  @OpenToAll()
  @Get('sync')
  async sync(): Promise<SyncHealth> {
    const sources = await this.status.all();
    const attention = sources.some(
      ({ state, optional }) => NEEDS_ATTENTION.has(state) && !(optional && state === 'not-allowed'),
    );
    return {
      status: attention ? 'needs attention' : 'current',
      sources: Object.fromEntries(
        sources.map(({ source, state, lastSuccessAt, hold }) => [
          source,
          { state, lastSuccessAt, held: hold?.records ?? 0 },
        ]),
      ),
    };
  }
}
