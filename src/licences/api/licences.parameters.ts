import { OmitType } from '@nestjs/swagger';
import { PEOPLE_SORTS, type PeopleSort } from '../../directory/people.queries.js';
import { ChoiceField, ColumnsField, FlagField, PageParameters, TextField } from '../../web/query-fields.js';
import { HOLDER_COLUMNS, LICENCE_COLUMNS } from '../licences.columns.js';
import { LICENCE_SORTS, LICENCE_STATES, type LicenceSort, type LicenceState } from '../licences.queries.js';

/** What the list of products can be asked for. */
export class LicencesParameters {
  @TextField("Part of the product's name or part number, in any case.", 'E3')
  search?: string;

  @ChoiceField(
    'More used than bought, units that serve nobody, none left, or a product that has ended.',
    LICENCE_STATES,
  )
  state?: LicenceState;

  @ChoiceField('Order; a leading minus reverses it.', LICENCE_SORTS, 'name')
  sort?: LicenceSort;
}

/** The filters of the list of products, and the columns of the file. */
export class LicencesExportParameters extends OmitType(LicencesParameters, ['sort'] as const) {
  @ColumnsField(LICENCE_COLUMNS)
  columns?: string;
}

/** What the list of the people with a licence can be asked for. */
export class HoldersParameters extends PageParameters {
  @TextField('Beginning of the name, surname, user principal name or mail address.', 'shah')
  search?: string;

  @TextField('Department, in any case.', 'Highways')
  department?: string;

  @FlagField('Whether the account is enabled.')
  enabled?: boolean;

  @ChoiceField('Order; a leading minus reverses it.', PEOPLE_SORTS, 'name')
  sort?: PeopleSort;
}

/** The filters of the list of the people with a licence, and the columns of the file. */
export class HoldersExportParameters extends OmitType(HoldersParameters, ['limit', 'cursor', 'sort'] as const) {
  @ColumnsField(HOLDER_COLUMNS)
  columns?: string;
}
