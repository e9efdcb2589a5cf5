import { ASSUMPTION_IDS, ASSUMPTIONS } from './assumptions.js';
import { DEFAULT_NETWORK_SETTINGS, networkSettingsOf } from './default-settings.js';
import { networkSettingsErrors, thresholdBy } from './network-settings.js';

const OWN = 'teams-video-meeting-recommended-upload';
const errorsOf = (change: object): string[] =>
  networkSettingsErrors({ ...DEFAULT_NETWORK_SETTINGS, ...change }).map(({ field }) => field);
const assumed = (change: object): object => ({
  assumptions: { ...DEFAULT_NETWORK_SETTINGS.assumptions, ...change },
});

describe('settings of the network', () => {
  it('begin with what can be kept, and give a reason for every assumption', () => {
    expect(errorsOf({})).toEqual([]);
    for (const id of ASSUMPTION_IDS) {
      const { words, why, value, least, most } = ASSUMPTIONS[id];
      expect([words.length, why.length].every((length) => length > 8)).toBe(true);
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
    }
  });

  it.each<readonly [change: object, field: string]>([
    [{ thresholds: { nothing: 1 } }, 'thresholds.nothing'],
    [{ thresholds: { 'superfast-download': 1 } }, 'thresholds.superfast-download'],
    [{ thresholds: { [OWN]: 0 } }, `thresholds.${OWN}`],
    [{ thresholds: { [OWN]: -1 } }, `thresholds.${OWN}`],
    [{ thresholds: { [OWN]: Number.NaN } }, `thresholds.${OWN}`],
    [{ thresholds: { [OWN]: Number.POSITIVE_INFINITY } }, `thresholds.${OWN}`],
    [{ thresholds: { [OWN]: '2500' } }, `thresholds.${OWN}`],
    [{ thresholds: { 'media-client-loss': 100.1 } }, 'thresholds.media-client-loss'],
    [assumed({ 'usable-link': 101 }), 'assumptions.usable-link'],
    [assumed({ 'usable-link': -0.1 }), 'assumptions.usable-link'],
    [assumed({ 'oldest-checks': 1.5 }), 'assumptions.oldest-checks'],
    [assumed({ 'oldest-checks': 0 }), 'assumptions.oldest-checks'],
    [assumed({ 'smallest-streams': undefined }), 'assumptions.smallest-streams'],
    [assumed({ toString: 1 }), 'assumptions.toString'],
    [{ neededAtSite: 'unknown' }, 'neededAtSite'],
    [{ neededAtHome: '' }, 'neededAtHome'],
  ])('cannot be kept with %j', (change, field) => {
    expect(errorsOf(change)).toEqual([field]);
  });

  it('put the council’s own figure in place of a published one, and name both', () => {
    const own = thresholdBy({ ...DEFAULT_NETWORK_SETTINGS, thresholds: { [OWN]: 1_200 } }, OWN);
    expect(own).toMatchObject({ value: 1_200, assumption: true, source: { page: null } });
    expect(own.source.document).toContain('in place of 2500 kbit/s from Microsoft Learn');
    expect(thresholdBy(DEFAULT_NETWORK_SETTINGS, OWN)).toMatchObject({ value: 2_500, assumption: false });
    expect(() => thresholdBy(DEFAULT_NETWORK_SETTINGS, 'nothing')).toThrow('nothing');
  });

  it('are by default what a version says nothing of', () => {
    expect(networkSettingsOf({})).toEqual(DEFAULT_NETWORK_SETTINGS);
    const stored = networkSettingsOf({ neededAtHome: 'video_safe', assumptions: { 'in-video': 50 } });
    expect(stored).toMatchObject({ neededAtHome: 'video_safe', neededAtSite: 'video_safe' });
    expect(stored.assumptions).toMatchObject({ 'in-video': 50, 'in-audio': 10 });
  });
});
