import { addressesOf, REMOTE_ACCESS_POOL } from './network-addresses.js';
import { homeLineOf, measured, type ConnectionFigures } from './network-homes.js';
import { figuresOf } from './network-sites.js';
import { HOME_BASED, SITES, type Site } from './organisation.js';
import { Random } from './random.js';
import type { CallJson } from './call-book.js';

/** Where somebody is on a day, and how they are connected there. */
export interface Whereabouts {
  readonly place: 'office' | 'home' | 'remote_access';
  readonly connection: 'wired' | 'wifi' | 'mobile' | 'tunnel';
  readonly localAddress: string;
  readonly subnet: string;
  readonly publicAddress: string;
  /** The middle of what is measured there. */
  readonly figures: ConnectionFigures;
  /** Hardware address of the network adapter and, over Wi-Fi, of the access point. */
  readonly adapter: string;
  readonly accessPoint: string | null;
}

/** Of the days of those who have an office. */
const AT_HOME = 0.45;
/** Of those who work at home, those who connect through remote access first. */
const THROUGH_REMOTE_ACCESS = 0.14;
/** What remote access adds to a round trip. */
const DETOUR_MS = 22;
/** A site of which nobody knows anything is no worse than others. */
const USUAL: ConnectionFigures = {
  roundTripMs: 14,
  jitterMs: 3,
  lossRatio: 0.0003,
  downloadKbps: 90_000,
  uploadKbps: 60_000,
};

/** The whereabouts of somebody with the given office on a day (days since 1970): the same whenever they are asked for. */
export function whereaboutsOf(seed: number, personId: string, office: string | null, day: number): Whereabouts {
  const site = SITES.find(({ name }) => name === office) ?? HOME_BASED;
  const random = new Random(seed, 'whereabouts', personId, day);
  const addresses = addressesOf(site);
  if (addresses === null || random.chance(AT_HOME)) return atHome(seed, personId, random);
  return atOffice(site, random);
}

function atOffice(site: Site, random: Random): Whereabouts {
  const addresses = addressesOf(site);
  if (addresses === null) throw new RangeError(`${site.name} is no office.`);
  const connection = random.chance(0.65) ? ('wifi' as const) : ('wired' as const);
  const [network = ''] = addresses.subnet.split('.0.0/');
  const floor = random.between(1, 9);
  return {
    place: 'office',
    connection,
    localAddress: `${network}.${floor}.${random.between(10, 250)}`,
    subnet: `${network}.${floor}.0`,
    publicAddress: addresses.egress,
    figures: figuresOf(site.name) ?? USUAL,
    adapter: hardwareAddress(random),
    accessPoint: connection === 'wifi' ? hardwareAddress(random) : null,
  };
}

function atHome(seed: number, personId: string, random: Random): Whereabouts {
  const line = homeLineOf(seed, personId);
  const home = new Random(seed, 'home addresses', personId);
  const adapter = hardwareAddress(home);
  const router = hardwareAddress(home);
  // Addresses for documentation (RFC 5737, RFC 3849): nobody has them.
  const publicAddress = home.chance(0.25)
    ? `2001:db8:${home.between(1, 65_535).toString(16)}::${home.between(1, 65_535).toString(16)}`
    : `192.0.2.${home.between(1, 254)}`;
  if (home.chance(THROUGH_REMOTE_ACCESS)) {
    const [pool = ''] = REMOTE_ACCESS_POOL.split('.0.0/');
    const third = random.between(0, 255);
    return {
      place: 'remote_access',
      connection: 'tunnel',
      localAddress: `${pool}.${third}.${random.between(1, 254)}`,
      subnet: `${pool}.${third}.0`,
      publicAddress,
      figures: { ...line, roundTripMs: line.roundTripMs + DETOUR_MS },
      adapter,
      accessPoint: null,
    };
  }
  const third = home.between(0, 254);
  return {
    place: 'home',
    connection: line.connection,
    localAddress: `192.168.${third}.${home.between(2, 250)}`,
    subnet: `192.168.${third}.0`,
    publicAddress,
    figures: line,
    adapter,
    accessPoint: line.connection === 'wifi' ? router : null,
  };
}

function hardwareAddress(random: Random): string {
  // Locally administered, so that it is no maker's (IEEE 802).
  const bytes = [0x02 | (random.between(0, 63) << 2), ...Array.from({ length: 5 }, () => random.between(0, 255))];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('-');
}

/** Microsoft's way of saying that the speed of a link is not known. */
const UNKNOWN_SPEED = 4_294_967_295;

/** The network of one end as a call record shows it. */
export function networkJson(where: Whereabouts, random: Random): CallJson {
  const wifi =
    where.accessPoint === null
      ? {}
      : {
          wifiBand: 'frequency50GHz',
          wifiRadioType: 'wifi80211ax',
          wifiSignalStrength: random.between(45, 95),
          wifiChannel: random.between(36, 140),
          basicServiceSetIdentifier: where.accessPoint,
        };
  return {
    ipAddress: where.localAddress,
    subnet: where.subnet,
    linkSpeed: random.chance(0.2) ? UNKNOWN_SPEED : random.pick([54_000_000, 400_000_000, 1_000_000_000]),
    connectionType: where.connection,
    port: random.between(50_000, 50_059),
    reflexiveIPAddress: where.publicAddress,
    relayIPAddress: null,
    relayPort: null,
    macAddress: random.chance(0.3) ? '00-00-00-00-00-00' : where.adapter,
    dnsSuffix: null,
    sentQualityEventRatio: 0,
    receivedQualityEventRatio: 0,
    delayEventRatio: 0,
    bandwidthLowEventRatio: 0,
    networkTransportProtocol: random.chance(0.95) ? 'udp' : 'tcp',
    traceRouteHops: [],
    ...wifi,
  };
}

/** The two streams of a medium over a network, as a call record shows them. */
export function streamsJson(figures: ConnectionFigures, random: Random): readonly CallJson[] {
  return (['callerToCallee', 'calleeToCaller'] as const).map((streamDirection) => {
    const { roundTripMs, jitterMs, lossRatio } = measured(random, figures);
    return {
      streamId: String(random.between(1, 2_000_000_000)),
      streamDirection,
      averageAudioDegradation: random.chance(0.3) ? null : 0.4,
      averageJitter: duration(jitterMs),
      maxJitter: duration(jitterMs * 2.5),
      averagePacketLossRate: lossRatio,
      maxPacketLossRate: Math.min(1, lossRatio * 4),
      averageRatioOfConcealedSamples: null,
      maxRatioOfConcealedSamples: null,
      averageRoundTripTime: duration(roundTripMs),
      maxRoundTripTime: duration(roundTripMs * 1.7),
      packetUtilization: random.between(50, 90_000),
      wasMediaBypassed: false,
    };
  });
}

function duration(milliseconds: number): string {
  return `PT${(Math.round(milliseconds * 10) / 10_000).toString()}S`;
}
