import { OmitType } from '@nestjs/swagger';
import { ACTOR_KINDS, type ActorKind } from '../../audit/actor.js';
import { AUDIT_EVENTS, type AuditEventName } from '../../audit/audit-events.js';
import { ChoiceField, ColumnsField, DayField, PageParameters, TextField } from '../../web/query-fields.js';
import { AUDIT_COLUMNS } from '../audit.columns.js';

/** What the audit trail can be asked for. */
export class AuditParameters extends PageParameters {
  @ChoiceField('What was done.', AUDIT_EVENTS)
  event?: AuditEventName;

  @ChoiceField('What kind of actor did it.', ACTOR_KINDS)
  actorKind?: ActorKind;

  @TextField('Who did it, as the entry has it.', 'person:05e9a617-0261-4cee-bb44-138d3ef5d965')
  actor?: string;

  @TextField('Kind of what it was done to.', 'device')
  subjectKind?: string;

  @TextField('Number or id of what it was done to.', '17')
  subjectId?: string;

  @DayField('First day.')
  from?: string;

  @DayField('Last day.')
  to?: string;
}

/** The filters of the audit trail, and the columns of the file. */
export class AuditExportParameters extends OmitType(AuditParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(AUDIT_COLUMNS)
  columns?: string;
}
