import { isIP } from 'node:net';
import { OmitType } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { ChoiceField, ColumnsField, PageParameters, TextField, WholeNumberField } from '../../../web/query-fields.js';
import { RANGE_KINDS, type RangeKind } from '../../domain/network-words.js';
import { LINK_COLUMNS, RANGE_COLUMNS, SITE_COLUMNS } from '../inventory.columns.js';
import { SITE_SORTS, type SiteSort } from '../sites.queries.js';

const ID = { minimum: 1, maximum: 2_147_483_647 };

/** What the list of sites can be asked for. */
export class SitesParameters extends PageParameters {
  @TextField('Beginning of the name, in any case.', 'Civic')
  search?: string;

  @ChoiceField('Order; a leading minus reverses it.', SITE_SORTS, 'name')
  sort?: SiteSort;
}

export class SitesExportParameters extends OmitType(SitesParameters, ['limit', 'cursor', 'sort'] as const) {
  @ColumnsField(SITE_COLUMNS)
  columns?: string;
}

/** What the list of links can be asked for. */
export class LinksParameters extends PageParameters {
  @WholeNumberField('Only links of this site.', ID)
  siteId?: number;
}

export class LinksExportParameters extends OmitType(LinksParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(LINK_COLUMNS)
  columns?: string;
}

/** What the list of ranges can be asked for. */
export class RangesParameters extends PageParameters {
  @ValidateBy({
    name: 'isAddress',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isIP(value) > 0 && !value.includes('%'),
      defaultMessage: () => 'give an address such as 10.1.20.3',
    },
  })
  @TextField('An address: only ranges that contain it.', '10.1.20.3')
  contains?: string;

  @ChoiceField('What the addresses stand for.', RANGE_KINDS)
  kind?: RangeKind;

  @WholeNumberField('Only ranges of this site.', ID)
  siteId?: number;
}

export class RangesExportParameters extends OmitType(RangesParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(RANGE_COLUMNS)
  columns?: string;
}
