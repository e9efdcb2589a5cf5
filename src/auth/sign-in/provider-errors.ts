import { SignInRefusal, type RefusalReason } from './sign-in-refusal.js';

/** What Entra ID's own codes mean here (learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const MEANING: Readonly<Record<string, RefusalReason>> = {
  AADSTS50105: 'not-assigned',
  AADSTS65001: 'consent-needed',
  AADSTS90094: 'consent-needed',
  AADSTS90008: 'consent-needed',
  AADSTS65004: 'cancelled',
  AADSTS50126: 'cancelled',
  AADSTS50057: 'account-disabled',
  AADSTS50053: 'account-disabled',
  AADSTS53000: 'blocked-by-policy',
  AADSTS53001: 'blocked-by-policy',
  AADSTS53002: 'blocked-by-policy',
  AADSTS53003: 'blocked-by-policy',
  AADSTS53004: 'blocked-by-policy',
  AADSTS50076: 'blocked-by-policy',
  AADSTS50079: 'blocked-by-policy',
  AADSTS50158: 'blocked-by-policy',
  AADSTS70008: 'code-spent',
  AADSTS54005: 'code-spent',
  AADSTS7000215: 'application-refused',
  AADSTS7000222: 'application-refused',
  AADSTS700027: 'application-refused',
  AADSTS700024: 'application-refused',
  AADSTS700016: 'application-refused',
  AADSTS50011: 'application-refused',
};

/** What the error words of OAuth 2.0 (RFC 6749, sections 4.1.2.1 and 5.2) and OpenID Connect mean here. */
const WORD: Readonly<Record<string, RefusalReason>> = {
  access_denied: 'cancelled',
  consent_required: 'consent-needed',
  login_required: 'cancelled',
  interaction_required: 'blocked-by-policy',
  invalid_grant: 'code-spent',
  invalid_client: 'application-refused',
  unauthorized_client: 'application-refused',
  temporarily_unavailable: 'provider-unavailable',
  server_error: 'provider-unavailable',
};

/** The refusal that an error answer of the sign-in service stands for; its free text is not repeated. */
export function refusalFromProvider(error: unknown, description: unknown): SignInRefusal {
  const code = typeof description === 'string' ? (/\bAADSTS\d{4,8}\b/.exec(description)?.[0] ?? null) : null;
  const word = typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? error : null;
  const reason = MEANING[code ?? ''] ?? WORD[word ?? ''] ?? 'provider-refused';
  return new SignInRefusal(reason, code ?? word);
}
