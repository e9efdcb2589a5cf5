import { OmitType } from '@nestjs/swagger';
import { ChoiceField, ColumnsField, PageParameters, TextField } from '../../../web/query-fields.js';
import { READINESS_OUTCOMES, type ReadinessOutcome } from '../../domain/move-words.js';
import { READINESS_RULES, type ReadinessRule } from '../../domain/readiness/rules.js';
import { APPLICATION_COLUMNS } from '../applications.columns.js';
import { APPLICATION_SORTS, type ApplicationSort } from '../applications.queries.js';
import { BLOCKER_COLUMNS } from '../blockers.columns.js';

/** What the list of blockers can be asked for. */
export class BlockersParameters extends PageParameters {
  @ChoiceField('The rule that stands in the way.', READINESS_RULES)
  rule?: ReadinessRule;

  @TextField('Whoever is to clear it: a role or queue, `person:` and an object id, or `self`.', 'Network team')
  owner?: string;
}

/** The filters of the list of blockers, and the columns of the file. */
export class BlockersExportParameters extends OmitType(BlockersParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(BLOCKER_COLUMNS)
  columns?: string;
}

/** What the list of applications can be asked for. */
export class ApplicationsParameters extends PageParameters {
  @TextField('Beginning of the name, in any case.', 'Uniform')
  search?: string;

  @ChoiceField('Whether it works on the laptops.', READINESS_OUTCOMES)
  state?: ReadinessOutcome;

  @ChoiceField('Order; a leading minus reverses it.', APPLICATION_SORTS, 'name')
  sort?: ApplicationSort;
}

/** The filters of the list of applications, and the columns of the file. */
export class ApplicationsExportParameters extends OmitType(ApplicationsParameters, [
  'limit',
  'cursor',
  'sort',
] as const) {
  @ColumnsField(APPLICATION_COLUMNS)
  columns?: string;
}
