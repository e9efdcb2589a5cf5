import { runCommand, temporaryHome } from './command.js';

const TENANT = {
  GRAPH_TENANT_ID: '11111111-2222-4333-8444-555555555555',
  GRAPH_CLIENT_ID: '66666666-7777-4888-9999-000000000000',
  GRAPH_CLIENT_SECRET: 'kept-to-itself',
};

describe('the sign-in of a real tenant', () => {
  let home: string;
  let remove: () => void;
  beforeEach(() => ({ home, remove } = temporaryHome()));
  afterEach(() => remove());

  it('is needed by "start", which says what is missing and how to put it right', async () => {
    const { code, stderr } = await runCommand(['start'], { ...TENANT, UNTETHER_HOME: home, PORT: '0' });
    expect(code).toBe(78);
    expect(stderr).toContain('PUBLIC_URL: is missing, so nobody could sign in.');
    expect(stderr).toContain('/sign-in/callback');
  });

  it('never goes with the demonstration, which lets anybody be anybody', async () => {
    const { code, stderr } = await runCommand(['demo', 'start', '--home', home], TENANT);
    expect(code).toBe(78);
    expect(stderr).toContain('The settings name a real tenant');
  });

  it.each(['common', 'organizations', 'consumers'])('is refused for any tenant: %s', async (tenant) => {
    const settings = { ...TENANT, GRAPH_TENANT_ID: tenant, PUBLIC_URL: 'https://untether.council.example' };
    const { code, stderr } = await runCommand(['start'], { ...settings, UNTETHER_HOME: home });
    expect(code).toBe(78);
    expect(stderr).toContain('GRAPH_TENANT_ID: stands for any tenant.');
  });
});
