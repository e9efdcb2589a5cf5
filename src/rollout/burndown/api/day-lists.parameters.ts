import { OmitType } from '@nestjs/swagger';
import {
  ChoiceField,
  ColumnsField,
  DayField,
  FlagField,
  PageParameters,
  TextField,
} from '../../../web/query-fields.js';
import { DEVICE_AGE_BANDS, type DeviceAgeBand } from '../../domain/burndown/figures.js';
import {
  DESKTOP_STATES,
  MOVE_STATES,
  READINESS_OUTCOMES,
  SCOPE_REASONS,
  WORK_STYLES,
  type DesktopState,
  type MoveState,
  type ReadinessOutcome,
  type ScopeReason,
  type WorkStyle,
} from '../../domain/move-words.js';
import { SCOPE_DIRECTIONS, UNKNOWN_DIMENSIONS, type ScopeDirection, type UnknownDimension } from '../day-filter.js';
import {
  DESKTOP_ON_DAY_COLUMNS,
  DESKTOP_SCOPE_COLUMNS,
  MOVE_ON_DAY_COLUMNS,
  PERSON_SCOPE_COLUMNS,
} from '../day-lists.columns.js';
import { DESKTOP_STANDINGS, type DesktopStandingFilter } from '../desktops-on-day.queries.js';
import { MOVE_STANDINGS, type MoveStandingFilter } from '../moves-on-day.queries.js';
import { ON_DAY_SORTS, SCOPE_CHANGE_SORTS, type OnDaySort, type ScopeChangeSort } from '../history-on-day.queries.js';

const ORDER = 'Order; a leading minus reverses it.';
const FIRST_OF = ['limit', 'cursor', 'sort'] as const;

/** Which day is looked at. */
export class OnDayParameters {
  @DayField('The end of this day in the UK; today when it is left out.')
  on?: string;
}

/** What every list as at a day can be asked for. */
class DayListParameters extends PageParameters {
  @DayField('The end of this day in the UK; today when it is left out.')
  on?: string;

  @TextField('Directorate, exactly as the directory spells it.', 'Adults')
  directorate?: string;

  @TextField('Team, exactly as the directory spells it.', 'Highways')
  team?: string;

  @TextField('Site, exactly as the directory spells it.', 'Civic Centre')
  site?: string;

  @ChoiceField('Work style.', WORK_STYLES)
  workStyle?: WorkStyle;

  @ChoiceField('Age of the (oldest) desktop when the rollout began, in years.', DEVICE_AGE_BANDS)
  deviceAge?: DeviceAgeBand;

  @ChoiceField('Only those of whom this is not known.', UNKNOWN_DIMENSIONS)
  without?: UnknownDimension;
}

/** People as they stood at the end of a day. */
export class MovesOnDayParameters extends DayListParameters {
  @TextField('Beginning of the name or user principal name.', 'shah')
  search?: string;

  @ChoiceField('State of the move.', MOVE_STATES)
  state?: MoveState;

  @ChoiceField('Whether they count in the programme.', MOVE_STANDINGS)
  standing?: MoveStandingFilter;

  @ChoiceField('What the rules of readiness said.', READINESS_OUTCOMES)
  readiness?: ReadinessOutcome;

  @FlagField('Whether they were booked and not ready any more.')
  atRisk?: boolean;

  @FlagField('Whether they were there when the rollout began.')
  baseline?: boolean;

  @ChoiceField(ORDER, ON_DAY_SORTS, 'name')
  sort?: OnDaySort;
}

/** Desktops as they stood at the end of a day. */
export class DesktopsOnDayParameters extends DayListParameters {
  @TextField('Beginning of the hostname or serial number.', 'PC-1042')
  search?: string;

  @ChoiceField('State of the desktop.', DESKTOP_STATES)
  state?: DesktopState;

  @ChoiceField('Whether it counts in the programme, and whether it is still to be recovered.', DESKTOP_STANDINGS)
  standing?: DesktopStandingFilter;

  @FlagField('Whether it was there when the rollout began.')
  baseline?: boolean;

  @ChoiceField(ORDER, ON_DAY_SORTS, 'name')
  sort?: OnDaySort;
}

/** Who or what came into the scope or left it until the end of a day. */
export class ScopeChangesParameters extends DayListParameters {
  @ChoiceField('Into the scope or out of it.', SCOPE_DIRECTIONS)
  direction?: ScopeDirection;

  @ChoiceField('Why.', SCOPE_REASONS)
  reason?: ScopeReason;

  @ChoiceField(ORDER, SCOPE_CHANGE_SORTS, '-at')
  sort?: ScopeChangeSort;
}

/** The filters of the list of people, and the columns of the file. */
export class MovesOnDayExportParameters extends OmitType(MovesOnDayParameters, FIRST_OF) {
  @ColumnsField(MOVE_ON_DAY_COLUMNS)
  columns?: string;
}

/** The filters of the list of desktops, and the columns of the file. */
export class DesktopsOnDayExportParameters extends OmitType(DesktopsOnDayParameters, FIRST_OF) {
  @ColumnsField(DESKTOP_ON_DAY_COLUMNS)
  columns?: string;
}

/** The filters of the list of people who came or went, and the columns of the file. */
export class PersonScopeExportParameters extends OmitType(ScopeChangesParameters, FIRST_OF) {
  @ColumnsField(PERSON_SCOPE_COLUMNS)
  columns?: string;
}

/** The filters of the list of desktops that came or went, and the columns of the file. */
export class DesktopScopeExportParameters extends OmitType(ScopeChangesParameters, FIRST_OF) {
  @ColumnsField(DESKTOP_SCOPE_COLUMNS)
  columns?: string;
}
