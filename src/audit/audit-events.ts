/**
 * Everything that the trail can hold: what it was done to, a dot, what was done. The list only grows, because entries
 * stay for good; a command that is taken away keeps its events here.
 */
export const AUDIT_EVENTS = [
  'sync.run-requested',
  'sync.run-finished',
  'sync.run-failed',
  'sync.run-held',
  'sync.run-stopped',
  'sync.run-abandoned',
  'sync.held-removals-released',
  'sync.paused',
  'sync.resumed',
  'sync.tenant-bound',

  'import.staged',
  'import.row-decided',
  'import.applied',
  'import.undone',
  'import-mapping.saved',

  'review.settled',
  'identity.merged',
  'identity.split',
  'identity.decision-undone',

  'form-factor.model-overridden',
  'form-factor.model-override-withdrawn',
  'form-factor.device-overridden',
  'form-factor.device-override-withdrawn',
  'form-factor.machines-reclassified',

  'saved-view.saved',
  'saved-view.changed',
  'saved-view.default-chosen',
  'saved-view.deleted',

  'device.ordered',
  'device.received',
  'device.allocated',
  'device.held',
  'device.quarantined',
  'device.released',
  'device.moved',
  'device.handed-over',
  'device.installed',
  'device.transferred',
  'device.recalled',
  'device.kept',
  'device.taken-back',
  'device.reported-missing',
  'device.reported-stolen',
  'device.found',
  'device.sent-to-repair',
  'device.returned-from-repair',
  'device.wiped',
  'device.restocked',
  'device.sent-to-disposal',
  'device.disposed',
  'device.written-off',
  'device.custody-corrected',
  'device.custody-noted',
  'device.custody-settled',
  'device.custody-joined',
  'device.evidence-added',

  'custody.bulk-checked',
  'custody.bulk-done',

  'burndown.snapshot-taken',

  'session.started',
  'session.ended',
  'account.address-shared',

  'token.issued',
  'token.revoked',

  'access.refused',

  'audit.verified',
  'audit.break-found',
  'audit.head-published',
] as const;
export type AuditEventName = (typeof AUDIT_EVENTS)[number];
