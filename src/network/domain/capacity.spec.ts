import * as fc from 'fast-check';
import { DEFAULT_NETWORK_SETTINGS } from './default-settings.js';
import type { NetworkSettings } from './network-settings.js';
import {
  presentAtOnce,
  runsOut,
  runsOutOn,
  siteCapacity,
  trafficPerPerson,
  type PlanStep,
  type SiteLink,
  type SiteSupply,
} from './capacity.js';

const DAY = '2026-11-23';
const LINK: SiteLink = {
  ...{ id: 1, name: 'Main', downloadKbps: 1_000_000, uploadKbps: 1_000_000 },
  ...{ liveFrom: null, liveUntil: null, changedAt: new Date('2026-10-01T00:00:00Z') },
};
const SUPPLY: SiteSupply = { links: [LINK], wifiClients: 200 };
const withAssumptions = (assumptions: Partial<NetworkSettings['assumptions']>): NetworkSettings => ({
  ...DEFAULT_NETWORK_SETTINGS,
  assumptions: { ...DEFAULT_NETWORK_SETTINGS.assumptions, ...assumptions },
});
/** Everybody is at a desk in a video meeting, on Wi-Fi with one machine, and the whole link may be used. */
const EVERYBODY_ON_VIDEO = withAssumptions({
  ...{ 'present-fixed': 100, 'in-audio': 0, 'in-video': 100, 'sharing-screen': 0 },
  ...{ 'other-download': 0, 'other-upload': 0, 'usable-link': 100, 'on-wifi': 100, 'wifi-clients': 1 },
});

describe('people at their desks at once', () => {
  it('are counted by work style, a style that is not known as the one that asks for most', () => {
    const people = new Map([
      ['fixed', 10],
      ['home', 10],
      ['', 10],
      ['constructor', 10],
    ]);
    // 10 x 80 % + 10 x 10 % + 2 x 10 x 80 %
    expect(presentAtOnce(people, DEFAULT_NETWORK_SETTINGS)).toBe(25);
  });
});

describe('traffic', () => {
  it('of a hundred people in a video meeting is 250 Mbit/s up and 400 down', () => {
    const { traffic } = siteCapacity(new Map([['fixed', 100]]), SUPPLY, EVERYBODY_ON_VIDEO, DAY);
    expect(traffic.video_safe).toEqual({
      download: { needed: 400_000, usable: 1_000_000, headroom: 600_000 },
      upload: { needed: 250_000, usable: 1_000_000, headroom: 750_000 },
    });
    expect(traffic.audio_safe.upload).toMatchObject({ needed: 5_800 });
  });

  it('of somebody in a video meeting who shows a screen is 5 Mbit/s up and 6.5 down', () => {
    const settings = withAssumptions({ ...EVERYBODY_ON_VIDEO.assumptions, 'sharing-screen': 100 });
    expect(trafficPerPerson('video_safe', settings)).toEqual({ downloadKbps: 6_500, uploadKbps: 5_000 });
  });

  it('is what the mix of activities and the rest make on average', () => {
    // 500 + 10 % x 58 + 20 % x 4,000 + 5 % x 2,500, and 100 + 10 % x 58 + 20 % x 2,500 + 5 % x 2,500
    expect(trafficPerPerson('video_safe', DEFAULT_NETWORK_SETTINGS)).toEqual({
      downloadKbps: 1_430.8,
      uploadKbps: 730.8,
    });
    // 500 + 30 % x 58, and 100 + 30 % x 58
    expect(trafficPerPerson('audio_safe', DEFAULT_NETWORK_SETTINGS)).toEqual({
      downloadKbps: 517.4,
      uploadKbps: 117.4,
    });
  });

  it('follows the council’s own thresholds', () => {
    const settings = { ...EVERYBODY_ON_VIDEO, thresholds: { 'teams-video-meeting-recommended-download': 1_000 } };
    expect(trafficPerPerson('video_safe', settings).downloadKbps).toBe(1_000);
  });
});

describe('the capacity of a site', () => {
  const people = new Map([['fixed', 100]]);

  it('counts the links that are live on the day, by the share that may be planned with', () => {
    const links = [
      { ...LINK, liveUntil: '2026-11-22' },
      { ...LINK, id: 2, downloadKbps: 100_000, liveFrom: DAY, liveUntil: DAY },
      { ...LINK, id: 3, downloadKbps: 50_001 },
      { ...LINK, id: 4, liveFrom: '2026-11-24' },
    ];
    const { traffic } = siteCapacity(people, { links, wifiClients: null }, DEFAULT_NETWORK_SETTINGS, DAY);
    expect(traffic.video_safe.download.usable).toBe(105_000);
  });

  it('is nothing with links of which none is live', () => {
    const links = [{ ...LINK, liveFrom: '2026-11-24' }];
    const capacity = siteCapacity(people, { links, wifiClients: null }, EVERYBODY_ON_VIDEO, DAY);
    expect(capacity.traffic.video_safe.download).toEqual({ needed: 400_000, usable: 0, headroom: -400_000 });
    expect(runsOut(capacity, 'audio_safe')).toBe(true);
  });

  it('is not known without links or a survey, and does not run out', () => {
    const capacity = siteCapacity(people, { links: [], wifiClients: null }, EVERYBODY_ON_VIDEO, DAY);
    expect(capacity.traffic.video_safe.download).toEqual({ needed: 400_000, usable: null, headroom: null });
    expect(capacity.wifiClients).toEqual({ needed: 100, usable: null, headroom: null });
    expect(runsOut(capacity, 'video_safe')).toBe(false);
  });

  it.each([
    [99, 1],
    [100, 0],
    [101, -1],
  ])('with %i on Wi-Fi has room for %i more of a hundred clients', (count, headroom) => {
    const supply = { ...SUPPLY, wifiClients: 100 };
    const capacity = siteCapacity(new Map([['fixed', count]]), supply, EVERYBODY_ON_VIDEO, DAY);
    expect(capacity.wifiClients.headroom).toBe(headroom);
    expect(runsOut(capacity, 'audio_safe')).toBe(headroom < 0);
  });

  it('rounds up what is needed, and nothing that binary fractions add', () => {
    const settings = withAssumptions({ 'present-fixed': 70, 'on-wifi': 100, 'wifi-clients': 1 });
    expect(siteCapacity(new Map([['fixed', 10]]), SUPPLY, settings, DAY).wifiClients.needed).toBe(7);
    expect(siteCapacity(new Map([['fixed', 11]]), SUPPLY, settings, DAY)).toMatchObject({ people: 11, present: 8 });
  });

  it('never grows with people', () => {
    const count = fc.nat(5_000);
    fc.assert(
      fc.property(count, count, fc.constantFrom('fixed', 'home', 'field', 'other'), (some, more, style) => {
        const of = (number: number) => siteCapacity(new Map([[style, number]]), SUPPLY, DEFAULT_NETWORK_SETTINGS, DAY);
        const [fewer, most] = [of(some), of(some + more)];
        expect(most.wifiClients.headroom).toBeLessThanOrEqual(fewer.wifiClients.headroom ?? 0);
        expect(most.traffic.video_safe.upload.headroom).toBeLessThanOrEqual(
          fewer.traffic.video_safe.upload.headroom ?? 0,
        );
      }),
    );
  });
});

describe('a plan', () => {
  const steps: readonly PlanStep[] = [
    { on: '2026-12-01', people: new Map([['fixed', 100]]) },
    { on: '2027-01-11', people: new Map([['fixed', 200]]) },
    { on: '2027-02-01', people: new Map([['fixed', 300]]) },
  ];
  const supply: SiteSupply = { links: [LINK], wifiClients: 1_000 };

  it('runs out with the first step that asks for too much, for video before sound', () => {
    expect(runsOutOn(steps, supply, EVERYBODY_ON_VIDEO, 'video_safe')).toBe('2027-02-01');
    expect(runsOutOn(steps, supply, EVERYBODY_ON_VIDEO, 'audio_safe')).toBeNull();
    expect(runsOutOn(steps, { ...supply, wifiClients: 199 }, EVERYBODY_ON_VIDEO, 'audio_safe')).toBe('2027-01-11');
  });

  it('runs out when a link ends between two steps, and not while another carries on', () => {
    const ending = { ...LINK, liveUntil: '2026-12-31' };
    const only = { ...supply, links: [ending] };
    expect(runsOutOn(steps, only, EVERYBODY_ON_VIDEO, 'audio_safe')).toBe('2027-01-01');
    const both = { ...supply, links: [ending, { ...LINK, id: 2, liveFrom: '2027-01-01' }] };
    expect(runsOutOn(steps, both, EVERYBODY_ON_VIDEO, 'video_safe')).toBe('2027-02-01');
  });

  it('does not run out where nothing is known, or nothing is planned', () => {
    expect(runsOutOn(steps, { links: [], wifiClients: null }, EVERYBODY_ON_VIDEO, 'video_safe')).toBeNull();
    expect(runsOutOn([], supply, EVERYBODY_ON_VIDEO, 'video_safe')).toBeNull();
  });
});
