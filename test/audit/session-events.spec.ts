import { jest } from '@jest/globals';
import { auditedAs } from '../support/audit.js';
import { SignInSite } from '../support/sign-in-site.js';

jest.setTimeout(30_000);

const OID = 'cccccccc-1111-4222-8333-444444444444';

describe('the audit trail of sign-ins', () => {
  let site: SignInSite;
  beforeAll(async () => {
    site = await SignInSite.start();
    await site.addPerson(OID, 'pat@council.example');
  });
  afterAll(() => site.stop());

  it('has the beginning of a session, with the person as a reference', async () => {
    const { dataSource } = site.database;
    const entry = await auditedAs(dataSource, 'session.started', () => site.signIn(site.browser()));
    expect(entry.actor).toBe(`person:${OID}`);
    expect(JSON.stringify(entry)).not.toContain('pat');
  });
});
