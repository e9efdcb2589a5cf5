import { EVIDENCE_TYPES } from '../../../common/evidence-file.js';
import { choice, flag, instant, orNull, record, text, whole, type Schema } from '../../../web/api-schema.js';
import { RANGE_KINDS, SURVEY_RESULTS } from '../../domain/network-words.js';

const day = (description?: string): Schema => ({ ...text(description), format: 'date' });

/** What every record of the inventory has. */
const CHANGED = {
  changedBy: text('Who changed it last, as a reference.'),
  changedAt: instant(),
  version: text('Send it as `If-Match`, in quotation marks, with a change.'),
};

export const siteSchema = record({
  id: whole(),
  name: text(),
  desks: orNull(whole()),
  docks: orNull(whole()),
  wiredPorts: orNull(whole()),
  liveLinks: whole('Links that carry traffic today.'),
  downloadKbps: whole('kbit/s of these together.'),
  uploadKbps: whole('kbit/s of these together.'),
  surveyedOn: orNull(day('Of the latest survey that counts.')),
  surveyResult: orNull(choice(SURVEY_RESULTS)),
  ranges: whole('Ranges of addresses that belong to it.'),
  ...CHANGED,
});

export const linkSchema = record({
  id: whole(),
  siteId: whole(),
  site: text(),
  name: text(),
  provider: orNull(text()),
  downloadKbps: whole('kbit/s towards the site.'),
  uploadKbps: whole('kbit/s from the site.'),
  contract: orNull(text()),
  contractEndsOn: orNull(day()),
  liveFrom: orNull(day()),
  liveUntil: orNull(day('Last day on which it carries traffic; null without end.')),
  endReason: orNull(text()),
  live: flag('Whether it carries traffic today.'),
  ...CHANGED,
});

export const surveySchema = record({
  id: whole(),
  siteId: whole(),
  site: text(),
  surveyedOn: day(),
  result: choice(SURVEY_RESULTS),
  floors: orNull(text('Null is all of the site.')),
  clientsSupported: orNull(whole('Clients that the Wi-Fi serves at once.')),
  expiresOn: orNull(day('Last day on which it counts; null for as long as the thresholds say.')),
  evidenceName: orNull(text('Name of the file that proves it.')),
  evidenceType: orNull(choice(EVIDENCE_TYPES)),
  evidenceHash: orNull(text('SHA-256 of the file, in hexadecimal digits.')),
  evidenceBytes: orNull(whole()),
  withdrawnAt: orNull(instant('Null while it counts.')),
  withdrawnBy: orNull(text()),
  withdrawnReason: orNull(text()),
  ...CHANGED,
});

export const rangeSchema = record({
  id: whole(),
  network: text('In CIDR notation.'),
  kind: choice(RANGE_KINDS),
  siteId: orNull(whole()),
  site: orNull(text()),
  remoteAccessId: orNull(whole()),
  remoteAccess: orNull(text()),
  note: orNull(text()),
  ...CHANGED,
});

export const remoteAccessSchema = record({
  id: whole(),
  name: text(),
  sessions: whole('Sessions at the same time.'),
  downloadKbps: whole('kbit/s towards people.'),
  uploadKbps: whole('kbit/s from people.'),
  allTraffic: flag('Whether calls go through it too, rather than straight to the internet.'),
  ranges: whole('Ranges of addresses that belong to it.'),
  ...CHANGED,
});

/** The answer to a command that adds something. */
export const addedSchema = record({ id: whole() });
