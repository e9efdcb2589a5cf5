import { OmitType } from '@nestjs/swagger';
import { ChoiceField, ColumnsField, FlagField, PageParameters, TextField } from '../../../web/query-fields.js';
import { AREA_KINDS, type AreaKind } from '../../import/domain/import-words.js';
import { AREA_COLUMNS } from '../areas.columns.js';

/** What the list of areas can be asked for. */
export class AreasParameters extends PageParameters {
  @TextField('Part of a local authority’s name, its code, or the beginning of a postcode district.', 'SO14')
  search?: string;

  @ChoiceField('Only areas of this kind.', AREA_KINDS)
  kind?: AreaKind;

  @FlagField('Also figures that later ones have replaced.')
  earlier?: boolean;
}

/** The filters of the list of areas, and the columns of the file. */
export class AreasExportParameters extends OmitType(AreasParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(AREA_COLUMNS)
  columns?: string;
}
