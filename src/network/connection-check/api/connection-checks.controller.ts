import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { Answers, choice, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { assessCheck, type CheckAssessment, type CheckFigures } from '../../domain/check-assessment.js';
import { NETWORK_VERDICTS, PLACES, STATED_CONNECTIONS } from '../../domain/network-words.js';
import { ConnectionChecksQueries, type KeptCheck } from '../connection-checks.queries.js';

/** A result as the API tells it. */
type Answer = Omit<KeptCheck, 'figures' | 'checkedAt'> &
  CheckFigures & { readonly checkedAt: string; readonly verdict: CheckAssessment['verdict'] };

const number = (description: string) => ({ type: 'number', description }) as const;

const keptCheck = record({
  id: whole(),
  checkedAt: instant('When the check began.'),
  place: choice(PLACES, 'Where the address of the request was; the address itself is not kept.'),
  site: orNull(text('The office, where it is known.')),
  connection: choice(STATED_CONNECTIONS, 'As the person said.'),
  verdict: choice(
    NETWORK_VERDICTS.filter((verdict) => verdict !== 'unknown'),
    'What the figures say by the thresholds of today.',
  ),
  roundTripMs: number('Median time of a reply, in ms.'),
  jitterMs: number('Mean difference between one reply and the next, in ms.'),
  lateRatio: number('Share of replies that took longer than a second, 0 to 1.'),
  downloadKbps: whole('In kbit/s.'),
  uploadKbps: whole('In kbit/s.'),
  loadedRoundTripMs: orNull(number('Median time of a reply while files are sent or fetched, in ms.')),
  samples: whole('Replies that the times stand on.'),
});

/** One’s own results of connection checks. */
@ApiTags('Network')
@Controller('api/v1')
export class ConnectionChecksController {
  constructor(private readonly queries: ConnectionChecksQueries) {}

  @Get('me/connection-checks')
  @Access('own:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List your own results of connection checks that you keep',
    description: 'The latest first, 200 at the most. Nobody else’s are ever told.',
    schema: list(keptCheck),
  })
  async own(@Current() { personEntraId }: CurrentAccess): Promise<readonly Answer[]> {
    const [kept, settings] = await Promise.all([this.queries.of(personEntraId), this.queries.settings()]);
    return kept.map(({ figures, checkedAt, ...check }) => ({
      ...check,
      checkedAt: checkedAt.toISOString(),
      verdict: assessCheck(figures, settings).verdict,
      ...figures,
    }));
  }
}
