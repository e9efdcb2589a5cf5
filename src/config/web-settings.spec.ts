import { loadConfig } from './config.js';
import { ConfigError } from './config.error.js';
import type { WebSettings } from './web-settings.js';

function settings(environment: Record<string, string>): WebSettings {
  return loadConfig(environment).web;
}

/** Names of the settings that keep this environment from starting. */
function refused(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name }) => name);
    throw error;
  }
}

describe('settings of the web process', () => {
  it('are for this machine only unless something else is given', () => {
    expect(settings({})).toEqual({ host: '127.0.0.1', trustedProxies: null });
  });

  it('let other machines in only under a public address', () => {
    expect(refused({ HOST: '0.0.0.0' })).toEqual(['PUBLIC_URL']);
    expect(refused({ HOST: 'everywhere' })).toContain('HOST');
    expect(settings({ HOST: '0.0.0.0', PUBLIC_URL: 'https://untether.example' }).host).toBe('0.0.0.0');
  });

  it('V-72: believe only proxies that are counted or listed', () => {
    expect(settings({ TRUST_PROXY: '1' }).trustedProxies).toBe(1);
    expect(settings({ TRUST_PROXY: '10.0.0.5, 10.1.0.0/16,::1' }).trustedProxies).toEqual([
      '10.0.0.5',
      '10.1.0.0/16',
      '::1',
    ]);
    for (const value of ['true', '0', '9', '*', '0.0.0.0/0', '10.0.0.0/33', 'proxy.example', '10.0.0.1/8/8']) {
      expect([value, refused({ TRUST_PROXY: value })]).toEqual([value, ['TRUST_PROXY']]);
    }
  });
});
