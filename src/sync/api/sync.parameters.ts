import { SOURCE_NAMES, type SourceName } from '../../config/sources.js';
import { ChoiceField, FlagField, PageParameters } from '../../web/query-fields.js';
import { RUN_STATUSES, type RunStatus } from '../sync.types.js';

/** What a list of runs can be asked for. */
export class RunsParameters extends PageParameters {
  @ChoiceField('Source that was read.', SOURCE_NAMES)
  source?: SourceName;

  @ChoiceField('How the run went.', RUN_STATUSES)
  status?: RunStatus;

  @FlagField('Whether the run only looked and applied nothing.')
  dryRun?: boolean;
}
