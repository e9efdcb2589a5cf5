import { choice, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';
import { FIX_KINDS } from '../../domain/network/fix-words.js';

export const networkFixSchema = record({
  kind: choice(FIX_KINDS),
  id: orNull(whole('Number of the link, survey, site or gateway; null for what nobody has entered, and for homes.')),
  site: text('Name of the site; empty for homes and gateways.'),
  siteId: orNull(whole('Null for a site that nobody has entered.')),
  name: orNull(text('Name of the link or gateway.')),
  clearing: text('What clears it, in words.'),
  figures: list(text(), 'The figures that are not met or not known, with what it takes; none of homes.'),
  unlocks: whole('People who become ready when it is put right, as nothing else stands in their way.'),
  blocks: whole('Everybody who waits for it.'),
  waves: list(record({ id: whole(), name: text() }), 'Waves of these people, by their days.'),
  owner: text('Who is to clear it.'),
  since: instant('Since when the first of them has waited for it.'),
});
