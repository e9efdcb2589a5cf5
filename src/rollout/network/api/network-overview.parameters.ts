import { OmitType } from '@nestjs/swagger';
import { NETWORK_VERDICTS, type NetworkVerdict } from '../../../network/domain/network-words.js';
import { ChoiceField, ColumnsField, FlagField, PageParameters, TextField } from '../../../web/query-fields.js';
import { SITE_OVERVIEW_COLUMNS } from '../network-overview.columns.js';

/** What the overview of sites can be asked for. */
export class NetworkOverviewParameters extends PageParameters {
  @TextField('Beginning of the name, in any case.', 'Town')
  search?: string;

  @ChoiceField('What the network carries.', NETWORK_VERDICTS)
  verdict?: NetworkVerdict;

  @FlagField('Whether anybody has entered the site; `false` for offices of which nothing is known.')
  entered?: boolean;
}

/** The filters of the overview, and the columns of the file. */
export class NetworkOverviewExportParameters extends OmitType(NetworkOverviewParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(SITE_OVERVIEW_COLUMNS)
  columns?: string;
}
