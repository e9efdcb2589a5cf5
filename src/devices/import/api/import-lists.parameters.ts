import { OmitType } from '@nestjs/swagger';
import { ChoiceField, ColumnsField, DayField, FlagField, PageParameters } from '../../../web/query-fields.js';
import { IMPORT_COLUMNS, IMPORT_ROW_COLUMNS } from '../import.columns.js';
import { SHOWN_OUTCOMES, type ShownOutcome } from '../import.queries.js';
import { IMPORT_STATES, type ImportState } from '../register-import.entity.js';

/** What the list of imports can be asked for. */
export class ImportsParameters extends PageParameters {
  @ChoiceField('Where the import stands.', IMPORT_STATES)
  state?: ImportState;

  @DayField('First day (UK time) on which the file was sent.')
  startedFrom?: string;

  @DayField('Last day (UK time) on which the file was sent.')
  startedTo?: string;
}

/** The filters of the list of imports, and the columns of the file. */
export class ImportsExportParameters extends OmitType(ImportsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(IMPORT_COLUMNS)
  columns?: string;
}

/** What the list of the rows of an import can be asked for. */
export class ImportRowsParameters extends PageParameters {
  @ChoiceField('Only rows with this outcome.', SHOWN_OUTCOMES)
  outcome?: ShownOutcome;

  @FlagField('Only rows that undoing left alone.')
  undoRefused?: boolean;
}

/** The filters of the list of the rows of an import, and the columns of the file. */
export class ImportRowsExportParameters extends OmitType(ImportRowsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(IMPORT_ROW_COLUMNS)
  columns?: string;
}
