import { columnsOf } from '../common/csv-columns.js';
import { PERSON_COLUMNS } from './people.schema.js';

/** What an export of people shows: what their list shows. */
export const PEOPLE_COLUMNS = columnsOf(PERSON_COLUMNS);
