import { OmitType } from '@nestjs/swagger';
import { ChoiceField, ColumnsField, PageParameters, TextField } from '../../web/query-fields.js';
import { LEAVER_COLUMNS } from '../leavers.columns.js';
import {
  HOLDER_SOURCES,
  LEAVER_REASONS,
  LEAVER_SORTS,
  type HolderSource,
  type LeaverReason,
  type LeaverSort,
} from '../leavers.queries.js';

/** What the list of leavers can be asked for. */
export class LeaversParameters extends PageParameters {
  @TextField('Beginning of the name, surname, user principal name or mail address.', 'shah')
  search?: string;

  @TextField('Department, in any case.', 'Highways')
  department?: string;

  @TextField('Office, in any case.', 'Civic Centre')
  officeLocation?: string;

  @TextField('Beginning of the name or user principal name of the line manager.', 'Okafor')
  manager?: string;

  @ChoiceField('Whether the account is disabled, or the directory does not show it any more.', LEAVER_REASONS)
  reason?: LeaverReason;

  @ChoiceField('Only those of whom at least one machine is known in this way.', HOLDER_SOURCES)
  source?: HolderSource;

  @ChoiceField('Order; a leading minus reverses it.', LEAVER_SORTS, 'name')
  sort?: LeaverSort;
}

/** The filters of the list of leavers, and the columns of the file. */
export class LeaversExportParameters extends OmitType(LeaversParameters, ['limit', 'cursor', 'sort'] as const) {
  @ColumnsField(LEAVER_COLUMNS)
  columns?: string;
}
