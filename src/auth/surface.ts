import type { Surface } from './current-access.js';

/** The API's description for people is the one page among the addresses of programs. */
const DESCRIPTION_PAGE = /^\/api\/docs(\?|$)/;
const FOR_PROGRAMS = /^\/+(api|health|assets)(\/|\?|$)/;

/** Whether an address, as the request names it, belongs to the pages or to the API. */
export function surfaceOf(url: string): Surface {
  return FOR_PROGRAMS.test(url) && !DESCRIPTION_PAGE.test(url) ? 'api' : 'page';
}
