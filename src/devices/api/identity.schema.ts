import { PRESENCES } from '../../database/presence.js';
import { choice, instant, list, orNull, record, text, whole } from '../../web/api-schema.js';
import { DEVICE_SOURCES } from '../device-record.entity.js';
import { REVIEW_KINDS } from '../domain/identity/machines.js';
import { ANSWERS } from './identity.parameters.js';

const recordSchema = record({
  id: whole('Number of the record; name it to split it off.'),
  deviceId: orNull(whole('The device that it is on.')),
  source: choice(DEVICE_SOURCES),
  externalId: text('Id of the record in its source.'),
  presence: choice(PRESENCES),
  absentSince: orNull(instant()),
  name: orNull(text('Hostname.')),
  serialNumber: orNull(text()),
  manufacturer: orNull(text()),
  model: orNull(text()),
  operatingSystem: orNull(text()),
  operatingSystemVersion: orNull(text()),
  entraDeviceId: orNull(text('`deviceId` in Entra ID, which Intune calls `azureADDeviceId`.')),
  managedDeviceId: orNull(text('Id in Intune.')),
  autopilotId: orNull(text('Id in Windows Autopilot.')),
  userEntraId: orNull(text()),
  enrolledAt: orNull(instant()),
  lastSeenAt: orNull(instant()),
  firstSeenAt: instant(),
});

export const reviewSchema = record({
  id: whole(),
  kind: choice(REVIEW_KINDS),
  state: choice(['open', 'settled', 'expired'], '`expired` when the records have answered the question by themselves.'),
  openedAt: instant(),
  settledAt: orNull(instant()),
  settledBy: orNull(text()),
  decision: orNull(choice(ANSWERS)),
  decisionId: orNull(whole('The decision that settled it; undo that to ask again.')),
  shared: record(
    { key: choice(['serial', 'autopilot', 'managed', 'entra']), value: text() },
    'What the machines have in common.',
  ),
  machines: list(
    record({ deviceId: orNull(whole()), records: list(recordSchema) }),
    'What the sources say of each machine, to be compared.',
  ),
});

export const decisionSchema = record({
  id: whole(),
  kind: choice(['merge', 'split']),
  reason: text(),
  decidedBy: text(),
  decidedAt: instant(),
  undoneAt: orNull(instant()),
  undoneBy: orNull(text()),
  undoReason: orNull(text()),
  reviewId: orNull(whole('The review that it answers.')),
  machines: list(
    list(record({ source: text(), externalId: text() })),
    'Records in one list are one machine, those in different lists are not.',
  ),
});

/** What a merge, a split, a settlement or an undo led to. */
export const outcomeSchema = record({
  decisionId: whole('Undo it with POST /api/v1/decisions/{id}/undo.'),
  deviceIds: list(whole(), 'The devices of the records concerned, as they are now.'),
});

export const deviceIdentitySchema = record({
  deviceId: whole(),
  records: list(recordSchema, 'What each source says of the device.'),
  aliases: list(
    record({ name: text(), firstSeenAt: instant(), lastSeenAt: instant() }),
    'Hostnames that it has or had, the latest first.',
  ),
  reviews: list(reviewSchema, 'Open questions about it.'),
});
