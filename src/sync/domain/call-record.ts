import type { CallMedia, CallSide, MeasuredCall } from '../../network/domain/call-measurement.js';
import { CONNECTIONS, type Connection } from '../../network/domain/network-words.js';
import { durationMilliseconds } from './iso-duration.js';

/** A call record that cannot be read. The reason quotes nothing of it. */
export class CallRejected extends Error {
  override readonly name = 'CallRejected';
}

/** What a list says of a call: enough to know whether it has to be read. */
export interface ListedCall {
  readonly callId: string;
  readonly version: number;
}

type Fields = Readonly<Record<string, unknown>>;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ADDRESS_CHARACTERS = /^[0-9a-f.:]{2,45}$/i;
/** Longer than any call: a figure beyond is no measurement. */
const LONGEST_MILLISECONDS = 60_000;

/** Labels of media (callRecords, media resource type); what is not listed is `other`. */
const MEDIA: Readonly<Record<string, CallMedia>> = {
  'main-audio': 'audio',
  'main-video': 'video',
  'panoramic-video': 'video',
  applicationsharing: 'screen_sharing',
  'applicationsharing-video': 'screen_sharing',
  vbss: 'screen_sharing',
};

/** Reads an item of the list of calls. @throws CallRejected */
export function readListedCall(item: unknown): ListedCall {
  const { id, version } = fieldsOf(item, 'the record');
  if (typeof id !== 'string' || !GUID.test(id)) throw new CallRejected('the id is no GUID');
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 0) {
    throw new CallRejected('the version is no whole number');
  }
  return { callId: id.toLowerCase(), version };
}

/** Reads a call record with its sessions. @throws CallRejected */
export function readCall(record: unknown): MeasuredCall {
  const { startDateTime, sessions } = fieldsOf(record, 'the record');
  const startedAt = instantOf(startDateTime);
  if (startedAt === null) throw new CallRejected('the start is no instant');
  return { ...readListedCall(record), startedAt, sides: readSessions(sessions, startedAt) };
}

/**
 * Reads sessions with their segments: of every medium the side of the caller and that of the callee, each where a user of
 * a directory is named. Names, machines, hardware addresses and Wi-Fi identifiers are not even looked at.
 * @param callStartedAt stands in where a session does not say when it began
 * @throws CallRejected
 */
export function readSessions(sessions: unknown, callStartedAt: string): readonly CallSide[] {
  const sides = new Map<string, CallSide>();
  for (const given of listOf(sessions, 'sessions')) {
    const session = fieldsOf(given, 'a session');
    for (const part of listOf(session['segments'], 'segments')) {
      for (const side of sidesOf(fieldsOf(part, 'a segment'), session, callStartedAt)) {
        const key = [side.segment, side.media, side.personEntraId].join(' ');
        // Somebody who calls another machine of their own is one person with one network.
        if (!sides.has(key)) sides.set(key, side);
      }
    }
  }
  return [...sides.values()];
}

function sidesOf(segment: Fields, session: Fields, callStartedAt: string): readonly CallSide[] {
  const startedAt = instantOf(segment['startDateTime']) ?? instantOf(session['startDateTime']) ?? callStartedAt;
  const endedAt = instantOf(segment['endDateTime']) ?? instantOf(session['endDateTime']) ?? startedAt;
  const common = {
    segment: segmentName(segment['id'], session['id']),
    startedAt,
    seconds: Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000)),
  };
  const media = mediaOf(segment['media']);
  return (['caller', 'callee'] as const).flatMap((end) => {
    // Newer records name the two ends only once, with the session.
    const personEntraId = userIdOf(segment[end]) ?? userIdOf(session[end]);
    if (personEntraId === null) return [];
    return [...media].map(([name, streams]) => {
      const network = streams.map((one) => one[`${end}Network`]).find(isFields) ?? {};
      return { ...common, media: name, personEntraId, ...networkOf(network), ...qualityOf(streams) };
    });
  });
}

/** The user of an end, in either of its two shapes; null for telephones, meeting services and programs. */
function userIdOf(endpoint: unknown): string | null {
  if (!isFields(endpoint)) return null;
  const identity = isFields(endpoint['identity']) ? endpoint['identity'] : {};
  for (const user of [identity['user'], endpoint['associatedIdentity']]) {
    const id = isFields(user) ? user['id'] : null;
    if (typeof id === 'string' && GUID.test(id)) return id.toLowerCase();
  }
  return null;
}

/** The media of a segment by kind; two labels of one kind are one medium. */
function mediaOf(media: unknown): ReadonlyMap<CallMedia, readonly Fields[]> {
  const kinds = new Map<CallMedia, Fields[]>();
  for (const given of listOf(media, 'media')) {
    const medium = fieldsOf(given, 'a medium');
    const label = typeof medium['label'] === 'string' ? medium['label'].toLowerCase() : '';
    const kind = MEDIA[label] ?? 'other';
    kinds.set(kind, [...(kinds.get(kind) ?? []), medium]);
  }
  return kinds;
}

function networkOf(network: Fields): Pick<CallSide, 'connection' | 'localAddress' | 'subnet' | 'publicAddress'> {
  return {
    connection: connectionOf(network['connectionType']),
    localAddress: addressOf(network['ipAddress']),
    subnet: addressOf(network['subnet']),
    publicAddress: addressOf(network['reflexiveIPAddress']),
  };
}

function connectionOf(value: unknown): Connection {
  return CONNECTIONS.find((known) => known === value) ?? 'unknown';
}

function addressOf(value: unknown): string | null {
  return typeof value === 'string' && ADDRESS_CHARACTERS.test(value) ? value : null;
}

/**
 * What the streams of a medium say of the network. Each direction is measured where it arrives, and either way the
 * packets pass the person's own line: jitter and loss are those of the worse direction, because one bad direction spoils
 * the call. A round trip goes both ways, so that each stream measures the same thing: there it is the mean.
 */
function qualityOf(media: readonly Fields[]): Pick<CallSide, 'roundTripMs' | 'jitterMs' | 'lossRatio'> {
  const streams = media.flatMap((medium) => listOf(medium['streams'], 'streams').filter(isFields));
  const numbers = (read: (stream: Fields) => number | null): number[] =>
    streams.map(read).filter((value) => value !== null);
  const roundTrips = numbers((stream) => roundTripOf(stream['averageRoundTripTime']));
  return {
    roundTripMs: roundTrips.length === 0 ? null : roundTrips.reduce((sum, value) => sum + value, 0) / roundTrips.length,
    jitterMs: largest(numbers((stream) => measuredMilliseconds(stream['averageJitter']))),
    lossRatio: largest(numbers((stream) => ratioOf(stream['averagePacketLossRate']))),
  };
}

function measuredMilliseconds(value: unknown): number | null {
  const milliseconds = durationMilliseconds(value);
  return milliseconds === null || milliseconds > LONGEST_MILLISECONDS ? null : milliseconds;
}

/** No packet comes back at once: nothing stands for a round trip that was not measured. */
function roundTripOf(value: unknown): number | null {
  return measuredMilliseconds(value) || null;
}

function ratioOf(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : null;
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value));
}

/** A segment's id is its own within its session only; in a call of two both ids are the call's. */
function segmentName(segment: unknown, session: unknown): string {
  if (typeof segment !== 'string' || !GUID.test(segment)) throw new CallRejected('the id of a segment is no GUID');
  if (typeof session !== 'string' || !GUID.test(session)) throw new CallRejected('the id of a session is no GUID');
  return segment === session ? segment.toLowerCase() : `${session}/${segment}`.toLowerCase();
}

function instantOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** A list; empty when it is absent, as much is until a later version. @throws CallRejected */
function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new CallRejected(`${name} are no list`);
  return value as unknown[];
}

function fieldsOf(value: unknown, name: string): Fields {
  if (!isFields(value)) throw new CallRejected(`${name} is no object`);
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
