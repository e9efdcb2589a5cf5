import { ConfigError } from './config.error.js';
import { loadConfig } from './config.js';

const TENANT = {
  GRAPH_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  GRAPH_CLIENT_ID: 'client',
  GRAPH_CLIENT_SECRET: 'a-secret-of-this-test',
};

function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(({ name }) => name) : ['?'];
  }
}

describe('reading call records', () => {
  it('is off for a real tenant until somebody switches it on', () => {
    expect(loadConfig(TENANT).callRecords).toBeNull();
    expect(loadConfig({ ...TENANT, CALL_RECORDS: 'off' }).callRecords).toBeNull();
    expect(loadConfig({ ...TENANT, CALL_RECORDS: 'on' }).callRecords).toBe('15 2 * * *');
    expect(loadConfig({ ...TENANT, CALL_RECORDS: 'on', SCHEDULE_CALL_RECORDS: '5 1 * * *' }).callRecords).toBe(
      '5 1 * * *',
    );
  });

  it('is on in the demonstration, whose people are invented', () => {
    expect(loadConfig({}).callRecords).toBe('15 2 * * *');
    expect(loadConfig({ CALL_RECORDS: 'off' }).callRecords).toBeNull();
  });

  it.each([
    [{ ...TENANT, CALL_RECORDS: 'yes' }, 'CALL_RECORDS'],
    [{ ...TENANT, SCHEDULE_CALL_RECORDS: '5 1 * * *' }, 'SCHEDULE_CALL_RECORDS'],
    [{ CALL_RECORDS: 'off', SCHEDULE_CALL_RECORDS: '5 1 * * *' }, 'SCHEDULE_CALL_RECORDS'],
    [{ ...TENANT, CALL_RECORDS: 'on', SCHEDULE_CALL_RECORDS: '0 5 1 * * *' }, 'SCHEDULE_CALL_RECORDS'],
    [{ ...TENANT, CALL_RECORDS: 'on', SCHEDULE_CALL_RECORDS: 'nightly' }, 'SCHEDULE_CALL_RECORDS'],
  ])('refuses to start with %j', (environment, name) => {
    expect(problemsOf(environment)).toEqual([name]);
  });
});
