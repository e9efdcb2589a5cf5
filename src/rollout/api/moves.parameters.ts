import { OmitType } from '@nestjs/swagger';
import {
  ChoiceField,
  ColumnsField,
  FlagField,
  PageParameters,
  TextField,
  WholeNumberField,
} from '../../web/query-fields.js';
import { MOVE_DOUBTS, type MoveDoubtKind } from '../domain/move-doubt.js';
import {
  MOVE_STATES,
  READINESS_OUTCOMES,
  WORK_STYLES,
  type MoveState,
  type ReadinessOutcome,
  type WorkStyle,
} from '../domain/move-words.js';
import { FIX_KINDS, type FixKind } from '../domain/network/fix-words.js';
import { READINESS_RULES, REASON_CODES, type ReadinessRule, type ReasonCode } from '../domain/readiness/rules.js';
import { MOVE_COLUMNS } from '../moves.columns.js';
import { MOVE_SORTS, type MoveSort } from '../moves.queries.js';

/** What the list of moves can be asked for. */
export class MovesParameters extends PageParameters {
  @TextField('Beginning of the name, surname, user principal name or mail address.', 'shah')
  search?: string;

  @ChoiceField('Where the move stands.', MOVE_STATES)
  state?: MoveState;

  @ChoiceField('What the rules say; `not_asked` before they have been asked.', [...READINESS_OUTCOMES, 'not_asked'])
  readiness?: ReadinessOutcome | 'not_asked';

  @TextField('Directorate, in any case.', 'Resources')
  directorate?: string;

  @TextField('Team (department in the directory), in any case.', 'Finance')
  team?: string;

  @TextField('Usual site (office in the directory), in any case.', 'Town Hall')
  site?: string;

  @ChoiceField('How the person works.', WORK_STYLES)
  workStyle?: WorkStyle;

  @FlagField('Whether a manager has confirmed how the person works.')
  workStyleConfirmed?: boolean;

  @WholeNumberField('Number of the wave.', { minimum: 1, maximum: 2_147_483_647 })
  waveId?: number;

  @TextField('Beginning of the name or user principal name of the line manager.', 'Okafor')
  manager?: string;

  @ChoiceField('What is doubtful about it; `any` for whatever it is.', [...MOVE_DOUBTS, 'any'])
  doubt?: MoveDoubtKind | 'any';

  @FlagField('Booked, and not ready any more.')
  atRisk?: boolean;

  @WholeNumberField('Appointments missed, at least.', { minimum: 1, maximum: 100 })
  missed?: number;

  @ChoiceField('Only people who wait and in whose way this rule stands.', READINESS_RULES)
  blockedBy?: ReadinessRule;

  @ChoiceField('Only people who wait and in whose way something stands for this reason.', REASON_CODES)
  blockedReason?: ReasonCode;

  @TextField('Only people who wait and in whose way this site or application stands.', 'Town Hall')
  blockedSubject?: string;

  @TextField('Only people who wait for this role or queue, `person:` and an object id, or `self`.', 'Network team')
  blockedOwner?: string;

  @ChoiceField('Only people who wait until this kind of thing is put right in a network.', FIX_KINDS)
  blockedCause?: FixKind;

  @WholeNumberField('Number of that thing; without it what is not there yet, or people’s homes.', {
    minimum: 1,
    maximum: 2_147_483_647,
  })
  blockedCauseId?: number;

  @FlagField('Only people in whose way one thing stands and nothing else.')
  onlyBlocker?: boolean;

  @ChoiceField('Order; a leading minus reverses it.', MOVE_SORTS, 'id')
  sort?: MoveSort;
}

/** The filters of the list of moves, and the columns of the file. */
export class MovesExportParameters extends OmitType(MovesParameters, ['limit', 'cursor', 'sort'] as const) {
  @ColumnsField(MOVE_COLUMNS)
  columns?: string;
}
