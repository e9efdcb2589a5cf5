import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { ChoiceField, ColumnsField, DayField, PageParameters, TextField } from '../../../web/query-fields.js';
import {
  IMPORTED_KINDS,
  NETWORK_IMPORT_STATES,
  SHOWN_OUTCOMES,
  type ImportedKind,
  type NetworkImportState,
  type ShownOutcome,
} from '../domain/import-words.js';
import { NETWORK_IMPORT_COLUMNS, NETWORK_IMPORT_ROW_COLUMNS } from '../network-import.columns.js';

/** What goes with a file that is sent. */
export class NetworkStageParameters {
  @IsIn(IMPORTED_KINDS, { message: `give one of ${IMPORTED_KINDS.join(', ')}` })
  @ApiProperty({ type: String, enum: [...IMPORTED_KINDS], description: 'What the rows are about.' })
  kind: ImportedKind;

  @TextField('Name of the file; shown, and its month is taken for coverage.', '202601_fixed_pc_coverage_r2_SO.csv')
  fileName?: string;

  @DayField('Day of the figures of coverage, unless the name of the file begins with their month.')
  snapshot?: string;
}

/** What the list of imports can be asked for. */
export class NetworkImportsParameters extends PageParameters {
  @ChoiceField('What the file is about.', IMPORTED_KINDS)
  kind?: ImportedKind;

  @ChoiceField('Where the import stands.', NETWORK_IMPORT_STATES)
  state?: NetworkImportState;

  @DayField('First day (UK time) on which the file was sent.')
  createdFrom?: string;

  @DayField('Last day (UK time) on which the file was sent.')
  createdTo?: string;
}

/** The filters of the list of imports, and the columns of the file. */
export class NetworkImportsExportParameters extends OmitType(NetworkImportsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(NETWORK_IMPORT_COLUMNS)
  columns?: string;
}

/** What the list of the rows of an import can be asked for. */
export class NetworkImportRowsParameters extends PageParameters {
  @ChoiceField('Only rows with this outcome.', SHOWN_OUTCOMES)
  outcome?: ShownOutcome;
}

/** The filters of the list of the rows of an import, and the columns of the file. */
export class NetworkImportRowsExportParameters extends OmitType(NetworkImportRowsParameters, [
  'limit',
  'cursor',
] as const) {
  @ColumnsField(NETWORK_IMPORT_ROW_COLUMNS)
  columns?: string;
}
