import { ChoiceField, DayField, TextField } from '../../../web/query-fields.js';
import { DIMENSIONS, type Dimension } from '../../domain/burndown/figures.js';

/** Whose burndown, and until when. */
export class BurndownParameters {
  @DayField('Until the end of this day in the UK; until today when it is left out.')
  on?: string;

  @ChoiceField('Part of the programme.', DIMENSIONS, 'all')
  dimension?: Dimension;

  @TextField('Which one, such as the name of a team; leave it out for those of whom it is not known.', 'Highways')
  value?: string;
}
