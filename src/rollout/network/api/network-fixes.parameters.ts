import { OmitType } from '@nestjs/swagger';
import { ChoiceField, ColumnsField, PageParameters, TextField, WholeNumberField } from '../../../web/query-fields.js';
import { FIX_KINDS, type FixKind } from '../../domain/network/fix-words.js';
import { NETWORK_FIX_COLUMNS } from '../network-fixes.columns.js';

/** What the list of fixes can be asked for. */
export class NetworkFixesParameters extends PageParameters {
  @ChoiceField('What is to be put right.', FIX_KINDS)
  kind?: FixKind;

  @TextField('Name of the site, in any case.', 'Town Hall')
  site?: string;

  @WholeNumberField('Number of a wave of which somebody waits for it.', { minimum: 1, maximum: 2_147_483_647 })
  waveId?: number;
}

/** The filters of the list of fixes, and the columns of the file. */
export class NetworkFixesExportParameters extends OmitType(NetworkFixesParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(NETWORK_FIX_COLUMNS)
  columns?: string;
}
