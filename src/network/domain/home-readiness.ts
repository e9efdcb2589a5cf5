import { finding } from './figure.js';
import type { Cause, NetworkJudgement } from './judgement.js';
import {
  figureOf,
  LATE_ANSWERS,
  mediaFindings,
  type MeasuredLine,
  type MeasuredMedia,
  type Source,
} from './media-findings.js';
import { thresholdBy, type NetworkSettings } from './network-settings.js';
import { judgementOf } from './verdict.js';

/** Checks of a connection: loss is the share of answers that came late, as a browser cannot see lost packets. */
export interface CheckedLine extends MeasuredLine {
  /** Growth of the round trip while the line was busy; null when that was not measured. */
  readonly loadedGrowthMs: number | null;
}

/**
 * What is known of somebody’s home: medians of their checks, and their calls, a week counting by its streams. Those made
 * through remote access (VPN) stand apart: they show the gateway as well as the line. Nothing that was measured over a
 * mobile network is among them, nor what coverage an area has: neither says anything of this line.
 */
export interface HomeFacts {
  readonly calls: MeasuredMedia;
  readonly checks: CheckedLine;
  readonly callsThroughGateway: MeasuredMedia;
  readonly checksThroughGateway: CheckedLine;
}

export const NO_CALLS: MeasuredMedia = {
  ...{ samples: 0, measuredAt: null },
  ...{ roundTripMs: null, jitterMs: null, lossPercent: null },
};
export const NO_CHECKS: CheckedLine = { ...NO_CALLS, downloadKbps: null, uploadKbps: null, loadedGrowthMs: null };
export const NOTHING_KNOWN_OF_HOME: HomeFacts = {
  calls: NO_CALLS,
  checks: NO_CHECKS,
  callsThroughGateway: NO_CALLS,
  checksThroughGateway: NO_CHECKS,
};

const HOME: Cause = { kind: 'home', id: null };
const THROUGH_GATEWAY = 'Measured through remote access, which may be slower than the line itself.';

/**
 * Judges somebody’s home. Calls decide latency, jitter and loss, as they are what really happened; speeds only checks
 * measure. Where there are good calls and no speeds, the calls have shown that the line carries sound.
 */
export function judgeHome(facts: HomeFacts, settings: NetworkSettings, now: Date): NetworkJudgement {
  const sources: readonly Source[] = [
    { source: 'call-records', measured: facts.calls },
    { source: 'connection-checks', measured: facts.checks, lossCaveat: LATE_ANSWERS },
    { source: 'call-records', measured: facts.callsThroughGateway, caveat: THROUGH_GATEWAY },
    { source: 'connection-checks', measured: facts.checksThroughGateway, caveat: THROUGH_GATEWAY },
  ];
  const bloat = finding(
    thresholdBy(settings, 'connectivity-test-buffer-bloat'),
    null,
    [figureOf('connection-checks', facts.checks, facts.checks.loadedGrowthMs)],
    HOME,
    settings,
    now,
  );
  return judgementOf([...mediaFindings(sources, HOME, settings, now), bloat]);
}
