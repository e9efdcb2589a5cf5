/** The closed lists of the rollout, as CHECKs list them. */
export const MOVE_STATE_LIST = `('not_started', 'assessed', 'blocked', 'ready', 'scheduled', 'handed_over', 'desktop_recovered',
  'closed', 'rolled_back', 'deferred', 'already_mobile', 'exempt', 'out_of_scope', 'left')`;
export const WORK_STYLE_LIST = `('fixed', 'office_mobile', 'home', 'field', 'shared_desk', 'exempt')`;
export const READINESS_LIST = `('ready', 'not_ready', 'unknown')`;
export const DESKTOP_STATE_LIST = `('in_use', 'return_due', 'recovered', 'wiped', 'left_estate', 'out_of_scope')`;
export const SCOPE_REASON_LIST = `('baseline', 'joiner', 'rehire', 'rule', 'reclassified', 'leaver', 'exemption',
  'exemption_ended', 'already_mobile', 'stolen', 'written_off', 'disposed', 'gone')`;
