import { OmitType } from '@nestjs/swagger';
import { SOURCE_NAMES, type SourceName } from '../../config/sources.js';
import { ChoiceField, ColumnsField, DayField, FlagField, PageParameters } from '../../web/query-fields.js';
import { HOLD_COLUMNS, HOLD_ITEM_COLUMNS } from '../hold.columns.js';
import { HOLD_STATES, REMOVALS, type HoldState, type Removal } from '../holds.queries.js';
import { RUN_COLUMNS } from '../run.columns.js';
import { RUN_STATUSES, type RunStatus } from '../sync.types.js';

/** What a list of runs can be asked for. */
export class RunsParameters extends PageParameters {
  @ChoiceField('Source that was read.', SOURCE_NAMES)
  source?: SourceName;

  @ChoiceField('How the run went.', RUN_STATUSES)
  status?: RunStatus;

  @FlagField('Whether the run only looked and applied nothing.')
  dryRun?: boolean;

  @DayField('First day (UK time) on which it began.')
  startedFrom?: string;

  @DayField('Last day (UK time) on which it began.')
  startedTo?: string;
}

/** The filters of the list of runs, and the columns of the file. */
export class RunsExportParameters extends OmitType(RunsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(RUN_COLUMNS)
  columns?: string;
}

/** What the list of holds can be asked for. */
export class HoldsParameters extends PageParameters {
  @ChoiceField('Those that wait for a person, or others.', [...HOLD_STATES, 'all'], 'held')
  state?: HoldState | 'all';

  @ChoiceField('Source that was read.', SOURCE_NAMES)
  source?: SourceName;
}

/** The filters of the list of holds, and the columns of the file. */
export class HoldsExportParameters extends OmitType(HoldsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(HOLD_COLUMNS)
  columns?: string;
}

/** What the list of the records of a hold can be asked for. */
export class HoldItemsParameters extends PageParameters {
  @ChoiceField('Only records that would go in this way.', REMOVALS)
  removal?: Removal;
}

/** The filters of the list of the records of a hold, and the columns of the file. */
export class HoldItemsExportParameters extends OmitType(HoldItemsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(HOLD_ITEM_COLUMNS)
  columns?: string;
}
