/** Characters of a name that a page's header has room for. */
const LONGEST_NAME = 200;

/** A name as a token states it, without what would disturb a page, a terminal or the database; never empty. */
export function displayNameOf(stated: unknown): string {
  const text = typeof stated === 'string' ? stated.toWellFormed() : '';
  // Control characters, and the marks that reverse the direction of what follows them.
  const clean = text.replace(/[\p{Cc}\p{Co}\p{Bidi_Control}\ufffd]/gu, '').trim();
  // The cut may have gone through a character.
  return clean.slice(0, LONGEST_NAME).replace(/[\ud800-\udbff]$/, '') || 'Somebody without a name';
}
