import { readConnectionCheckSettings, type ConnectionCheckSettings } from './connection-check-settings.js';
import { SettingsReader, type Environment } from './settings-reader.js';

function read(environment: Environment): { settings: ConnectionCheckSettings; wrong: readonly string[] } {
  const reader = new SettingsReader(environment);
  const settings = readConnectionCheckSettings(reader);
  return { settings, wrong: reader.problems.map(({ name }) => name) };
}

describe('the settings of connection checks', () => {
  it('have a start value', () => {
    expect(read({})).toEqual({ settings: { atOnce: 4, megabitsPerSecond: 400 }, wrong: [] });
  });

  it('are taken as they are given', () => {
    expect(read({ CONNECTION_CHECKS_AT_ONCE: '20', CONNECTION_CHECKS_MBPS: '1000' })).toEqual({
      settings: { atOnce: 20, megabitsPerSecond: 1000 },
      wrong: [],
    });
  });

  it.each(['0', '-1', '4.5', '1e3', 'many', '100001', ''.padEnd(7, '9')])('refuse %s', (value) => {
    expect(read({ CONNECTION_CHECKS_MBPS: value }).wrong).toEqual(['CONNECTION_CHECKS_MBPS']);
    expect(read({ CONNECTION_CHECKS_AT_ONCE: value, CONNECTION_CHECKS_MBPS: '100000' }).wrong).toEqual([
      'CONNECTION_CHECKS_AT_ONCE',
    ]);
  });

  it('leave no check with less than what is to be judged', () => {
    expect(read({ CONNECTION_CHECKS_AT_ONCE: '50' }).wrong).toEqual(['CONNECTION_CHECKS_MBPS']);
    expect(read({ CONNECTION_CHECKS_AT_ONCE: '40' }).wrong).toEqual([]);
  });
});
