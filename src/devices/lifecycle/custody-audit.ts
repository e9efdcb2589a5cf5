import type { AuditEventName } from '../../audit/audit-events.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { Actor } from '../../audit/actor.js';
import type { EventCommand } from '../domain/lifecycle/commands.js';
import type { Origin } from '../domain/lifecycle/standing.js';

const EVENTS: Readonly<Record<EventCommand, AuditEventName>> = {
  order: 'device.ordered',
  receive: 'device.received',
  allocate: 'device.allocated',
  hold: 'device.held',
  quarantine: 'device.quarantined',
  release: 'device.released',
  move: 'device.moved',
  'hand-over': 'device.handed-over',
  install: 'device.installed',
  transfer: 'device.transferred',
  recall: 'device.recalled',
  keep: 'device.kept',
  'take-back': 'device.taken-back',
  'report-missing': 'device.reported-missing',
  'report-stolen': 'device.reported-stolen',
  find: 'device.found',
  'send-to-repair': 'device.sent-to-repair',
  'return-from-repair': 'device.returned-from-repair',
  wipe: 'device.wiped',
  restock: 'device.restocked',
  'send-to-disposal': 'device.sent-to-disposal',
  dispose: 'device.disposed',
  'write-off': 'device.written-off',
  correct: 'device.custody-corrected',
  note: 'device.custody-noted',
  settle: 'device.custody-settled',
  join: 'device.custody-joined',
};

/** The events that commands append to the audit trail. */
export const CUSTODY_AUDIT_EVENTS: readonly AuditEventName[] = Object.values(EVENTS);

/** The entry of the audit trail for one step: references and states; what people typed is in the history. */
export function custodyAuditEntry(step: {
  readonly command: EventCommand;
  readonly actor: Actor;
  readonly deviceId: number;
  readonly eventId: number;
  readonly from: Origin;
  readonly to: Origin;
  readonly bulkId?: number | null;
}): AuditEntry {
  return {
    event: EVENTS[step.command],
    actor: step.actor,
    subject: { kind: 'device', id: step.deviceId },
    details: {
      custodyEvent: step.eventId,
      from: wordOf(step.from),
      to: wordOf(step.to),
      ...(step.bulkId ? { bulk: step.bulkId } : {}),
    },
  };
}

/** The trail takes words of letters and hyphens. */
function wordOf(standing: Origin): string {
  return standing.replace(/[_:]/g, '-');
}
