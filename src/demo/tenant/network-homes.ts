import { Random } from './random.js';

/** Figures of a connection, each the middle of what is measured on it. */
export interface ConnectionFigures {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  /** Share of replies that are late or lost, 0 to 1. */
  readonly lossRatio: number;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
}

/** The connection that somebody has at home. */
export interface HomeLine extends ConnectionFigures {
  readonly kind: HomeLineKind['name'];
  /** How they mostly connect to it. */
  readonly connection: 'wired' | 'wifi' | 'mobile';
}

type Span = readonly [least: number, most: number];

interface HomeLineKind {
  readonly name: 'full fibre' | 'cable' | 'fibre to the cabinet' | 'copper' | 'mobile' | 'weak Wi-Fi';
  readonly weight: number;
  /** Products as they are sold, in Mbit/s. */
  readonly products: readonly Span[];
  readonly roundTripMs: Span;
  readonly jitterMs: Span;
  readonly lossPercent: Span;
}

/**
 * Lines of homes. Which there are follows what can be bought in England (the universal service's 10 Mbit/s down and 1 up
 * is the slowest: Electronic Communications (Universal Service) (Broadband) Order 2018, SI 2018/445); how many of each, and
 * what is measured on them, is invented.
 */
const KINDS: readonly HomeLineKind[] = [
  {
    name: 'full fibre',
    weight: 36,
    products: [
      [74, 20],
      [150, 30],
      [500, 73],
    ],
    roundTripMs: [10, 22],
    jitterMs: [1, 5],
    lossPercent: [0, 0.1],
  },
  {
    name: 'cable',
    weight: 18,
    products: [
      [130, 20],
      [260, 25],
    ],
    roundTripMs: [15, 30],
    jitterMs: [3, 11],
    lossPercent: [0, 0.2],
  },
  {
    name: 'fibre to the cabinet',
    weight: 26,
    products: [
      [36, 8],
      [67, 17],
    ],
    roundTripMs: [14, 32],
    jitterMs: [2, 9],
    lossPercent: [0, 0.2],
  },
  { name: 'copper', weight: 10, products: [[10, 1]], roundTripMs: [26, 48], jitterMs: [4, 14], lossPercent: [0, 0.3] },
  {
    name: 'mobile',
    weight: 4,
    products: [[24, 6]],
    roundTripMs: [44, 78],
    jitterMs: [12, 26],
    lossPercent: [0.1, 0.8],
  },
  {
    name: 'weak Wi-Fi',
    weight: 6,
    products: [[36, 8]],
    roundTripMs: [48, 125],
    jitterMs: [34, 62],
    lossPercent: [1.4, 4.5],
  },
];

/** The line of somebody's home: the same whenever it is asked for. */
export function homeLineOf(seed: number, personId: string): HomeLine {
  const random = new Random(seed, 'home', personId);
  const kind = random.weighted(KINDS);
  const [download, upload] = random.pick(kind.products);
  const reached = within(random, [0.78, 1.02]);
  return {
    kind: kind.name,
    connection: kind.name === 'mobile' ? 'mobile' : kind.name !== 'weak Wi-Fi' && random.chance(0.3) ? 'wired' : 'wifi',
    roundTripMs: within(random, kind.roundTripMs),
    jitterMs: within(random, kind.jitterMs),
    lossRatio: within(random, kind.lossPercent) / 100,
    downloadKbps: Math.round(download * 1_000 * reached),
    uploadKbps: Math.round(upload * 1_000 * reached),
  };
}

/** Whether a line carries calls, and something was measured on it that counts: over a mobile network nothing does. */
export function lineServes({ kind }: HomeLine): boolean {
  return kind !== 'weak Wi-Fi' && kind !== 'mobile';
}

/** One measurement of a connection: its figures, each somewhat better or worse than in the middle. */
export function measured(random: Random, middle: ConnectionFigures): ConnectionFigures {
  return {
    roundTripMs: rounded(middle.roundTripMs * within(random, [0.85, 1.3])),
    jitterMs: rounded(middle.jitterMs * within(random, [0.7, 1.3])),
    lossRatio: Number((middle.lossRatio * within(random, [0.4, 1.6])).toFixed(4)),
    downloadKbps: Math.round(middle.downloadKbps * within(random, [0.8, 1.05])),
    uploadKbps: Math.round(middle.uploadKbps * within(random, [0.8, 1.05])),
  };
}

function within(random: Random, [least, most]: Span): number {
  return least + (most - least) * random.fraction();
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
