import type { Threshold, ThresholdSource, ThresholdUnit } from '../threshold.js';

/** The page on Teams no longer prints the table; Microsoft’s connectivity test still passes by its first column. */
const MEDIA_QUALITY: ThresholdSource = {
  document: 'Microsoft Learn, “Media Quality and Network Connectivity Performance”',
  page: 'https://learn.microsoft.com/skypeforbusiness/optimizing-your-network/media-quality-and-network-connectivity-performance',
  dated: '2018-01-22',
};

const CONNECTIVITY_TEST: ThresholdSource = {
  document: 'Microsoft Learn, “Microsoft 365 network connectivity test”',
  page: 'https://learn.microsoft.com/microsoft-365/enterprise/office-365-network-mac-perf-onboarding-tool',
  dated: '2020-09-15',
};

const MEASURES: readonly (readonly [id: string, words: string, unit: ThresholdUnit, client: number, edge: number])[] = [
  ['latency-one-way', 'Latency one way', 'ms', 50, 30],
  ['latency-round-trip', 'Latency, there and back', 'ms', 100, 60],
  ['burst-loss', 'Packets lost in any 200 milliseconds', 'percent', 10, 1],
  ['loss', 'Packets lost in any 15 seconds', 'percent', 1, 0.1],
  ['jitter', 'Jitter in any 15 seconds', 'ms', 30, 15],
  ['reorder', 'Packets out of order', 'percent', 0.05, 0.01],
];

/** Quality that real-time media need, from a client and from the council’s edge to Microsoft’s edge; in ms or percent. */
export const MEDIA_QUALITY_THRESHOLDS: readonly Threshold[] = MEASURES.flatMap(([id, words, unit, client, edge]) => [
  below(`media-client-${id}`, `${words}, from the machine to Microsoft’s edge`, client, unit, MEDIA_QUALITY),
  below(`media-edge-${id}`, `${words}, from the council’s edge to Microsoft’s edge`, edge, unit, MEDIA_QUALITY),
]);

/**
 * Marks by which Microsoft’s connectivity test passes. Of buffer bloat it says by how much latency grows under load, and
 * flags 1,000 without naming a unit; its latencies are in milliseconds.
 */
export const CONNECTIVITY_TEST_THRESHOLDS: readonly Threshold[] = [
  below('connectivity-test-loss', 'UDP packets lost in a test call', 1, 'percent', CONNECTIVITY_TEST),
  below('connectivity-test-latency', 'UDP latency in a test call', 100, 'ms', CONNECTIVITY_TEST),
  below('connectivity-test-jitter', 'UDP jitter in a test call', 30, 'ms', CONNECTIVITY_TEST),
  below('connectivity-test-buffer-bloat', 'Growth of latency while a file is loaded', 1000, 'ms', CONNECTIVITY_TEST),
  {
    id: 'connectivity-test-egress',
    measure: 'Distance to where the network reaches the internet, to its proxy or to its DNS resolver',
    test: 'at_most',
    value: 800,
    unit: 'km',
    source: CONNECTIVITY_TEST,
    assumption: false,
  },
];

function below(id: string, measure: string, value: number, unit: ThresholdUnit, source: ThresholdSource): Threshold {
  return { id, measure, test: 'below', value, unit, source, assumption: false };
}
