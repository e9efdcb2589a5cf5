import type { Call, CallBook, CallJson } from './call-book.js';
import {
  Callers,
  drawOutsider,
  endpointJson,
  MEETING_SERVICE,
  outsiderJson,
  type Caller,
  type Outsider,
} from './call-participants.js';
import { networkJson, streamsJson, whereaboutsOf } from './call-whereabouts.js';
import { Random } from './random.js';
import { DAY } from './simulated-time.js';
import type { TenantStore } from './tenant-store.js';

/** Calls that somebody who makes calls begins on a working day, on average. */
const CALLS_PER_CALLER = 0.2;
const WEEKEND_SHARE = 0.02;
const HOUR = DAY / 24;
const MINUTE = HOUR / 60;
/** The hours (UTC) by which shares of a day's calls have begun: mornings and afternoons are busy, noon is not. */
const BEGUN: readonly (readonly [share: number, hour: number])[] = [
  [0, 7],
  [0.06, 8.5],
  [0.45, 11.5],
  [0.58, 13],
  [0.95, 16.5],
  [1, 18.5],
];
/** Whom somebody rings who has no colleagues. */
const A_TELEPHONE: Outsider = { kind: 'telephone', number: '+441632960000' };
const ID = /^([\da-f]{8})-0000-4000-8000-([\da-f]{12})$/;

/** A call with what its own chance decides. */
export interface DrawnCall extends Call {
  readonly day: number;
  readonly kind: 'peerToPeer' | 'groupCall';
  readonly newer: boolean;
  /** Whether more becomes known after hours, and after most of a day. */
  readonly completed: boolean;
  readonly corrected: boolean;
  /** Minutes after the end at which the service knows of the call, and has its record. */
  readonly listedAfter: number;
  readonly readableAfter: number;
}

/**
 * The calls of the demonstration's people: made when they are asked for, the same every time, and never kept. A call's
 * id says which of its day's it is.
 */
export class DemonstrationCalls implements CallBook<DrawnCall> {
  readonly #callers: Callers;
  readonly #perWorkday: number | null;

  /** @param callsPerWorkday a plausible number for the tenant's people when absent */
  constructor(
    private readonly tenant: Pick<TenantStore, 'list' | 'seed'>,
    private readonly tenantId: string,
    callsPerWorkday?: number,
  ) {
    this.#callers = new Callers(tenant, (personId) => new Random(tenant.seed, 'caller', personId));
    this.#perWorkday = callsPerWorkday ?? null;
  }

  *between(from: number, until: number, after: string | null): Iterable<DrawnCall> {
    const behind = after === null ? undefined : placeOf(after);
    for (let day = Math.max(Math.floor(from / DAY), behind?.day ?? 0); day * DAY < until; day += 1) {
      const count = this.#countOf(day);
      for (let index = behind?.day === day ? behind.index + 1 : 0; index < count; index += 1) {
        const call = this.#draw(day, index, count);
        if (call.startedAt >= until) return;
        if (call.startedAt >= from) yield call;
      }
    }
  }

  find(id: string): DrawnCall | undefined {
    const place = placeOf(id);
    if (place === undefined) return undefined;
    const count = this.#countOf(place.day);
    return place.index < count ? this.#draw(place.day, place.index, count) : undefined;
  }

  versionAt(call: DrawnCall, now: number): number {
    const { completed, corrected } = call;
    if (now < call.endedAt + call.listedAfter * MINUTE) return 0;
    const second = completed && now >= call.endedAt + 3 * HOUR ? 1 : 0;
    const third = corrected && now >= call.endedAt + 20 * HOUR ? 1 : 0;
    return 1 + second + third;
  }

  isReadable(call: DrawnCall, now: number): boolean {
    return now >= call.endedAt + call.readableAfter * MINUTE;
  }

  record(call: DrawnCall, version: number): CallJson {
    const { newer, kind } = call;
    const participants = this.#participants(call);
    const [organiser] = participants;
    const user = organiser && { id: organiser.id, displayName: organiser.displayName, tenantId: this.tenantId };
    return {
      id: call.id,
      version,
      type: kind,
      modalities: ['audio'],
      lastModifiedDateTime: iso(call.endedAt + version * 30 * MINUTE),
      startDateTime: iso(call.startedAt),
      endDateTime: iso(call.endedAt),
      ...(newer
        ? { organizer_v2: { id: organiser?.id, identity: { user } } }
        : { organizer: { user }, participants: participants.map(({ id }) => ({ user: { id } })) }),
    };
  }

  sessions(call: DrawnCall, version: number): readonly CallJson[] {
    const participants = this.#participants(call);
    const outsider = this.#outsider(call);
    if (call.kind === 'groupCall') {
      const sessions = participants.map((person, index) =>
        this.#session(call, version, index + 1, person, MEETING_SERVICE, null),
      );
      if (outsider === null) return sessions;
      return [...sessions, this.#session(call, version, 0, null, outsiderJson(outsider, call.newer), null)];
    }
    const [first, second] = participants;
    if (first === undefined) return [];
    if (outsider !== null || second === undefined) {
      const callee = outsiderJson(outsider ?? A_TELEPHONE, call.newer);
      return [this.#session(call, version, null, first, callee, null)];
    }
    const callee = endpointJson(second, this.tenantId, call.newer);
    return [this.#session(call, version, null, first, callee, second)];
  }

  /** @param number of the session in a meeting; null for the only one of a call of two, which has the call's id */
  #session(
    call: DrawnCall,
    version: number,
    number: number | null,
    caller: Caller | null,
    callee: CallJson,
    other: Caller | null,
  ): CallJson {
    const random = new Random(this.tenant.seed, 'session', call.id, number ?? 0, call.corrected ? version : 1);
    const id = number === null ? call.id : sessionId(call.id, number);
    const ends = { caller: caller === null ? callee : endpointJson(caller, this.tenantId, call.newer), callee };
    const times = { startDateTime: iso(call.startedAt), endDateTime: iso(call.endedAt) };
    // Later versions bring what the first one lacks.
    const complete = version > 1 || !call.completed;
    const media = complete && caller !== null ? this.#media(call, random, caller, other) : [];
    // The older shape names the ends with the segment as well.
    const segment = { id, ...times, ...(call.newer ? {} : ends), media };
    return { id, modalities: ['audio'], ...times, isTest: false, ...ends, segments: [segment] };
  }

  #media(call: DrawnCall, random: Random, caller: Caller, other: Caller | null): readonly CallJson[] {
    const { seed } = this.tenant;
    const here = whereaboutsOf(seed, caller.id, caller.office, call.day);
    const there = other === null ? null : whereaboutsOf(seed, other.id, other.office, call.day);
    const worse = there !== null && there.figures.jitterMs > here.figures.jitterMs ? there : here;
    const labels = [
      'main-audio',
      ...(random.chance(0.5) ? ['main-video'] : []),
      ...(random.chance(0.2) ? ['vbss'] : []),
    ];
    return labels.map((label) => ({
      label,
      callerNetwork: networkJson(here, random),
      calleeNetwork: there === null ? null : networkJson(there, random),
      streams: streamsJson(worse.figures, random),
    }));
  }

  #participants(call: DrawnCall): readonly Caller[] {
    const callers = this.#callers.all();
    const random = new Random(this.tenant.seed, 'participants', call.id);
    // One meeting in some hundreds is for everybody, and takes more than a page of sessions.
    const wished =
      call.kind === 'peerToPeer' ? 2 : random.chance(0.004) ? random.between(61, 130) : random.between(3, 8);
    const chosen = new Set<Caller>();
    for (let draws = 0; chosen.size < Math.min(wished, callers.length) && draws < wished * 4; draws += 1) {
      chosen.add(random.pick(callers));
    }
    return [...chosen];
  }

  #outsider(call: DrawnCall): Outsider | null {
    const random = new Random(this.tenant.seed, 'outsider', call.id);
    return random.chance(0.08) ? drawOutsider(random) : null;
  }

  #countOf(day: number): number {
    const perWorkday = this.#perWorkday ?? this.#callers.all().length * CALLS_PER_CALLER;
    // Day 0 was a Thursday.
    const weekday = (day + 4) % 7;
    const share = weekday === 0 || weekday === 6 ? WEEKEND_SHARE : 1;
    return Math.round(perWorkday * share * (0.9 + 0.2 * new Random(this.tenant.seed, 'day', day).fraction()));
  }

  #draw(day: number, index: number, count: number): DrawnCall {
    const random = new Random(this.tenant.seed, 'call', day, index);
    const startedAt = Math.floor(day * DAY + hourOf((index + random.fraction()) / count) * HOUR);
    const minutes = 1 + 89 * random.fraction() ** 2;
    return {
      id: idOf(day, index),
      day,
      startedAt,
      endedAt: startedAt + Math.floor(minutes * MINUTE),
      kind: random.chance(0.6) ? 'peerToPeer' : 'groupCall',
      newer: random.chance(0.5),
      completed: random.chance(0.3),
      corrected: random.chance(0.1),
      listedAfter: random.between(15, 45),
      readableAfter: random.between(15, 60),
    };
  }
}

function hourOf(share: number): number {
  const next = Math.max(
    1,
    BEGUN.findIndex(([reached]) => reached > share),
  );
  const [[fromShare, fromHour] = [0, 0], [toShare, toHour] = [1, 24]] = BEGUN.slice(next - 1, next + 1);
  return fromHour + ((share - fromShare) / (toShare - fromShare)) * (toHour - fromHour);
}

function idOf(day: number, index: number): string {
  return `${day.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function placeOf(id: string): { readonly day: number; readonly index: number } | undefined {
  const [, day, index] = ID.exec(id.toLowerCase()) ?? [];
  return day === undefined || index === undefined
    ? undefined
    : { day: Number.parseInt(day, 16), index: Number.parseInt(index, 16) };
}

function sessionId(callId: string, number: number): string {
  return callId.replace('-0000-4000-', `-${number.toString(16).padStart(4, '0')}-4000-`);
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
