import { CONFIDENCES } from '../../../network/domain/judgement.js';
import { NETWORK_VERDICTS } from '../../../network/domain/network-words.js';
import { choice, flag, instant, list, orNull, record, text, whole } from '../../../web/api-schema.js';

export const siteOverviewSchema = record({
  name: text(),
  siteId: orNull(whole('Null for an office of the directory that nobody has entered.')),
  verdict: choice(NETWORK_VERDICTS, 'What its network carries, without regard to how many people are there.'),
  serves: flag('Whether that is what is needed at sites.'),
  confidence: choice(CONFIDENCES),
  measuredAt: orNull(instant('When what decided was measured.')),
  blocks: whole('People who wait and whom it stops.'),
  peopleNow: whole('People there with a laptop now.'),
  peopleInTheEnd: whole('People there once everybody has moved.'),
  usedPercent: orNull(whole('Share that is used of what is shared most, once everybody has moved; 999 at most.')),
  used: orNull(text('What that is, in words.')),
  tooSmallFrom: orNull(text('The first wave for which it is too small; null when there is none, or nothing is known.')),
  inTheWay: list(text(), 'What is not met or not known of what is needed.'),
});
