import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '../common/paging.js';
import { DevicesQueries, type DeviceDetail } from '../devices/devices.queries.js';
import { recordDoubtsOf, type RecordDoubt } from '../devices/domain/record-doubts.js';
import { CustodyQueries, type DeviceCustodyView } from '../devices/lifecycle/custody.queries.js';
import { IdentityQueries, type AliasView } from '../devices/identity.queries.js';
import { NamedPeopleQueries, type NamedPerson } from '../directory/named-people.queries.js';
import { RegisterQueries, type RegisterEntry } from '../devices/register.queries.js';
import { DeviceTimelineQueries, type TimelineEntry } from './device-timeline.queries.js';

/** All that is known of a machine. */
export interface WholeDevice {
  readonly device: DeviceDetail;
  readonly aliases: readonly AliasView[];
  readonly openReviewIds: readonly number[];
  readonly register: RegisterEntry | null;
  /** Where it stands in our hands, what is doubtful about that and what the reader may record; null for a moment of merging. */
  readonly custody: DeviceCustodyView | null;
  readonly doubts: readonly RecordDoubt[];
  readonly timeline: Page<TimelineEntry>;
  /** Everybody whom the machine or its history names, by object id. */
  readonly people: ReadonlyMap<string, NamedPerson>;
}

/** Reads all that is known of one machine. */
@Injectable()
export class WholeDeviceQueries {
  constructor(
    private readonly devices: DevicesQueries,
    private readonly identity: IdentityQueries,
    private readonly register: RegisterQueries,
    private readonly custodies: CustodyQueries,
    private readonly timelines: DeviceTimelineQueries,
    private readonly people: NamedPeopleQueries,
  ) {}

  /**
   * The machine with a page of its history and the commands that these permissions allow; null when there is none with this id or it was merged
   * into another.
   */
  async one(
    id: number,
    history: PageRequest,
    permissions: ReadonlySet<string>,
    now: Date,
  ): Promise<WholeDevice | null> {
    const device = await this.devices.one(id);
    if (device === null) return null;
    const [aliases, reviews, register, custody, timeline] = await Promise.all([
      this.identity.aliasesOfDevice(id),
      this.identity.reviewsOfDevice(id),
      this.register.ofDevice(id),
      this.custodies.ofDevice(id, permissions),
      this.timelines.ofDevice(id, history),
    ]);
    const people = await this.people.of([...namedBy(device), ...namedIn(timeline.items)]);
    const user = device.user && people.get(device.user.entraId);
    const doubts = recordDoubtsOf({
      now: now.getTime(),
      presence: device.presence,
      serialNumber: device.serialNumber,
      operatingSystem: device.operatingSystem,
      lastSeenAt: device.lastSeenAt === null ? null : Date.parse(device.lastSeenAt),
      classUnknown: device.formFactor === 'unknown',
      classContradicted: device.classification.contradicted,
      openReviews: reviews.length,
      userActive: device.user === null ? null : (user?.active ?? false),
      records: device.records.map(({ source, name, presence }) => ({ source, name, present: presence === 'present' })),
    });
    return {
      device,
      aliases,
      openReviewIds: reviews.map((review) => review.id),
      register,
      custody,
      doubts,
      timeline,
      people,
    };
  }

  /** What a machine that was merged into another is now; null when there is no such machine. */
  async successorOf(id: number): Promise<number | null> {
    const current = await this.identity.currentDevice(id).catch(() => null);
    return current === id ? null : current;
  }
}

function namedBy(device: DeviceDetail): string[] {
  return [device.user?.entraId, ...device.records.map((record) => record.userEntraId)].filter(
    (entraId) => typeof entraId === 'string',
  );
}

/** The people whom a history names: who acted, and between whom a machine changed hands. */
function namedIn(entries: readonly TimelineEntry[]): string[] {
  return entries.flatMap(({ actor, changes }) => [
    ...(actor?.startsWith('person:') === true ? [actor.slice('person:'.length)] : []),
    ...[...(changes['holder'] ?? []), ...(changes['user_entra_id'] ?? [])].filter((value) => typeof value === 'string'),
  ]);
}
