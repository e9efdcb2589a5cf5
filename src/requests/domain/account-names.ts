/**
 * What names of second accounts begin or end with besides the name of the person. Conventions that are common in
 * directories, such as `adm-jsmith`, `jsmith.admin` and `a-jsmith`; what they suggest, a person confirms.
 */
const MARKS = ['administrator', 'admin', 'adm', 'priv', 'svc', 'sa', 'da', 'ea', 'ga', 't0', 't1', 't2', 'a'];
const MARK = MARKS.join('|');
const BEFORE = new RegExp(`^(?:${MARK})[-._]+(.{2,})$`);
const AFTER = new RegExp(`^(.{2,})[-._]+(?:${MARK})$`);

/**
 * The name of the usual account that a second account seems to be named after; null for a name without such a mark.
 * @param userPrincipalName such as `adm-jsmith@council.example`; only what stands before the `@` counts
 */
export function usualAccountName(userPrincipalName: string): string | null {
  const name = userPrincipalName.toLowerCase().split('@')[0] ?? '';
  return BEFORE.exec(name)?.[1] ?? AFTER.exec(name)?.[1] ?? null;
}
