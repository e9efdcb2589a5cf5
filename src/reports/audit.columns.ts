import type { AuditListEntry } from '../audit/audit.queries.js';
import { columnsOf } from '../common/csv-columns.js';

/** What an export of the audit trail shows: every entry as it is stored, references and no names. */
export const AUDIT_COLUMNS = columnsOf<AuditListEntry>({
  id: 'Number',
  at: 'Time',
  event: 'Event',
  actor: 'Actor',
  subjectKind: 'Kind of subject',
  subjectId: 'Subject',
  details: [{ name: 'details', header: 'Details', value: ({ details }) => detailsText(details).join('; ') }],
  requestId: 'Request',
  hash: 'Hash',
});

/** Details as short texts, `removed: 12`. */
export function detailsText(details: AuditListEntry['details']): string[] {
  return Object.entries(details).map(([key, value]) => {
    const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return `${words}: ${value === null ? 'none' : String(value).replaceAll(',', ', ')}`;
  });
}
