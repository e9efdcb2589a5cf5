import type { Permission } from '../auth/permissions.js';
import { navigationFor } from './navigation.js';
import { paths } from './paths.js';

const partsAt = (address: string, permissions: readonly Permission[]): readonly [string, boolean][] =>
  navigationFor({ permissions: new Set(permissions), isManager: false }, address)
    .flatMap(({ parts }) => parts)
    .map(({ text, here }) => [text, here] as const);

describe('the second row of the navigation', () => {
  it('says where one is, below an address too, and never at two places', () => {
    const hereAt = (address: string): string[] =>
      partsAt(address, ['rollout:read', 'messages:administer']).flatMap(([text, here]) => (here ? [text] : []));
    expect(hereAt(paths.rollout('2026-11-23'))).toEqual(['Overview']);
    expect(hereAt(paths.wave(3))).toEqual(['Waves']);
    expect(hereAt(paths.workbenchBulk('/do', 'site=Library'))).toEqual(['Moves']);
    expect(hereAt(paths.rolloutForecast())).toEqual([]);
    expect(hereAt(paths.devices())).toEqual([]);
  });

  it('has what one may open only', () => {
    expect(partsAt('/', ['rollout:read']).map(([text]) => text)).not.toContain('Messages');
    expect(partsAt('/', ['own:read'])).toEqual([]);
  });
});
