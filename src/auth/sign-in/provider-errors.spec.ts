import { refusalFromProvider } from './provider-errors.js';

describe('an error answer of the sign-in service', () => {
  it.each([
    ['access_denied', 'AADSTS65004: User declined to consent to access the app.', 'cancelled', 'AADSTS65004'],
    ['access_denied', 'AADSTS50105: The signed in user is not assigned to a role.', 'not-assigned', 'AADSTS50105'],
    ['invalid_grant', 'AADSTS50105: Your administrator has blocked access.', 'not-assigned', 'AADSTS50105'],
    ['consent_required', 'AADSTS65001: The user has not consented.', 'consent-needed', 'AADSTS65001'],
    [
      'access_denied',
      'AADSTS53003: Access has been blocked by Conditional Access.',
      'blocked-by-policy',
      'AADSTS53003',
    ],
    ['access_denied', 'AADSTS50057: The user account is disabled.', 'account-disabled', 'AADSTS50057'],
    ['invalid_client', 'AADSTS7000222: The secret keys are expired.', 'application-refused', 'AADSTS7000222'],
    ['access_denied', undefined, 'cancelled', 'access_denied'],
    ['temporarily_unavailable', undefined, 'provider-unavailable', 'temporarily_unavailable'],
    ['invalid_request', 'AADSTS900144: The body must contain a parameter.', 'provider-refused', 'AADSTS900144'],
    ['something_new', 'words', 'provider-refused', 'something_new'],
    ['<script>alert(1)</script>', '<b>AADSTS1</b>', 'provider-refused', null],
    [undefined, undefined, 'provider-refused', null],
  ])('%s (%s) is %s', (error, description, reason, code) => {
    expect(refusalFromProvider(error, description)).toMatchObject({ reason, code });
  });

  it('is told in words that name what to do, and never in its own', () => {
    const refusal = refusalFromProvider(
      'access_denied',
      "AADSTS50105: The user 'pat@council.example' is not assigned.",
    );
    expect(refusal.status).toBe(403);
    expect(refusal.title).toBe('You have not been given access to Untether');
    expect(refusal.message).toContain('Ask the service desk');
    expect(`${refusal.title} ${refusal.message}`).not.toContain('pat@');
  });
});
