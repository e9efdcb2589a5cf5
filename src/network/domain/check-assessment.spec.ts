import { adviceFor } from './check-advice.js';
import { assessCheck, type CheckFigures } from './check-assessment.js';
import { DEFAULT_NETWORK_SETTINGS } from './default-settings.js';

const GOOD: CheckFigures = {
  roundTripMs: 20,
  jitterMs: 3,
  lateRatio: 0,
  downloadKbps: 50_000,
  uploadKbps: 10_000,
  loadedRoundTripMs: 60,
  samples: 30,
};
const assess = (changed: Partial<CheckFigures> = {}) => assessCheck({ ...GOOD, ...changed }, DEFAULT_NETWORK_SETTINGS);

describe('what one check says', () => {
  it('is that everything works on a good line', () => {
    expect(assess()).toMatchObject({
      verdict: 'video_safe',
      outlooks: { audio: 'works', video: 'works', screen: 'works' },
    });
  });

  // The universal service: 10 Mbit/s down, 1 up, of which video meetings take 2.5 up.
  it('is that a line of the universal service carries calls, and video poorly', () => {
    expect(assess({ downloadKbps: 10_000, uploadKbps: 1_000 })).toMatchObject({
      verdict: 'audio_safe',
      outlooks: { audio: 'works', video: 'may_be_poor', screen: 'may_be_poor' },
    });
  });

  it.each([
    ['download', { downloadKbps: 4_000 }, 'video_safe'],
    ['download', { downloadKbps: 3_999 }, 'audio_safe'],
    ['upload', { uploadKbps: 2_500 }, 'video_safe'],
    ['upload', { uploadKbps: 2_499 }, 'audio_safe'],
    ['upload', { uploadKbps: 58 }, 'audio_safe'],
    ['upload', { uploadKbps: 57 }, 'not_ready'],
    ['round trip', { roundTripMs: 99.9 }, 'video_safe'],
    ['round trip', { roundTripMs: 100 }, 'not_ready'],
    ['jitter', { jitterMs: 30 }, 'not_ready'],
    ['late replies', { lateRatio: 1 / 30 }, 'not_ready'],
  ] as const)('follows the threshold of %s (%j): %s', (_measure, changed, verdict) => {
    expect(assess(changed).verdict).toBe(verdict);
  });

  it('is poor rather than impossible where replies are slow, and impossible below the least that Teams takes', () => {
    expect(assess({ roundTripMs: 300 }).outlooks).toEqual({
      audio: 'may_be_poor',
      video: 'may_be_poor',
      screen: 'may_be_poor',
    });
    expect(assess({ uploadKbps: 149 }).outlooks).toEqual({
      audio: 'works',
      video: 'does_not_work',
      screen: 'does_not_work',
    });
    expect(assess({ uploadKbps: 9 }).outlooks.audio).toBe('does_not_work');
  });

  it('follows what the council has put in place of a published figure, and says so', () => {
    const settings = {
      ...DEFAULT_NETWORK_SETTINGS,
      thresholds: { 'teams-video-meeting-recommended-upload': 1_000 },
    };
    const { verdict, findings } = assessCheck({ ...GOOD, uploadKbps: 1_200 }, settings);
    expect(verdict).toBe('video_safe');
    expect(findings.filter(({ threshold }) => threshold.assumption).map(({ threshold }) => threshold.value)).toEqual([
      1_000,
    ]);
  });
});

describe('what to try next', () => {
  const advice = (
    changed: Partial<CheckFigures>,
    ...where: [Parameters<typeof adviceFor>[2], Parameters<typeof adviceFor>[3]]
  ) => adviceFor(assess(changed), { ...GOOD, ...changed }, ...where);

  it('is nothing where all is well', () => {
    expect(advice({}, 'home', 'wifi')).toEqual([]);
  });

  it('is no cable for whoever has one, and no hotspot for whoever is on one', () => {
    const slow = { downloadKbps: 500, uploadKbps: 50 };
    expect(advice(slow, 'home', 'wired')).toEqual(['others-pause', 'hotspot', 'ask-provider', 'service-desk']);
    expect(advice(slow, 'home', 'mobile')).toEqual(['others-pause', 'service-desk']);
    expect(advice(slow, 'home', 'wifi').slice(0, 2)).toEqual(['cable', 'nearer-router']);
  });

  it('begins with the VPN where one is in the way', () => {
    expect(advice({ roundTripMs: 150 }, 'remote_access', 'wired')).toEqual(['vpn-off', 'hotspot', 'service-desk']);
  });

  it('leads to the service desk from an office, where nobody has a router of their own', () => {
    expect(advice({ downloadKbps: 500 }, 'office', 'wifi')).toEqual(['cable', 'service-desk']);
    expect(advice({ downloadKbps: 500 }, 'office', 'wired')).toEqual(['service-desk']);
  });

  it('tells of others who fill the line although it is fast enough', () => {
    expect(advice({ loadedRoundTripMs: 400 }, 'home', 'wired')).toEqual(['others-pause']);
  });
});
