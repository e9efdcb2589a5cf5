import { columnsOf } from '../../common/csv-columns.js';
import type { Area } from './areas.queries.js';

/** What an export of areas shows: what their list shows. */
export const AREA_COLUMNS = columnsOf<Area>({
  id: 'Number',
  name: 'Area',
  kind: 'Kind',
  code: 'Code',
  superfastPercent: 'Superfast (30 Mbit/s), %',
  ultrafastPercent: 'Ultrafast (300 Mbit/s), %',
  fullFibrePercent: 'Full fibre, %',
  gigabitPercent: 'Gigabit, %',
  belowUniversalServicePercent: 'Below universal service, %',
  mobile4gAnyPercent: '4G of any operator, %',
  mobile4gAllPercent: '4G of all operators, %',
  mobile5gAnyPercent: '5G of any operator, %',
  postcodes: 'Mean of postcodes',
  snapshot: 'Day of the figures',
  file: 'File',
  importedAt: 'Imported',
});
