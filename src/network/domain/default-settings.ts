import { ASSUMPTION_IDS, ASSUMPTIONS } from './assumptions.js';
import type { NetworkSettings } from './network-settings.js';

/**
 * What counts until the council decides otherwise: published thresholds as they are, and every assumption as it is made
 * in `assumptions.ts`. What is needed is assumed, too: offices are where people meet on video; at home a line as the
 * universal service gives it carries calls and no video, and nobody should be kept from moving by it.
 */
export const DEFAULT_NETWORK_SETTINGS: NetworkSettings = {
  thresholds: {},
  assumptions: Object.fromEntries(
    ASSUMPTION_IDS.map((id) => [id, ASSUMPTIONS[id].value]),
  ) as NetworkSettings['assumptions'],
  neededAtSite: 'video_safe',
  neededAtHome: 'audio_safe',
};

/** Stored settings; what they say nothing of is as by default. */
export function networkSettingsOf(stored: Readonly<Record<string, unknown>>): NetworkSettings {
  const settings = stored as Partial<NetworkSettings>;
  return {
    ...DEFAULT_NETWORK_SETTINGS,
    ...settings,
    assumptions: { ...DEFAULT_NETWORK_SETTINGS.assumptions, ...settings.assumptions },
  };
}
