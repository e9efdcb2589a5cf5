import { shownTime } from '../../common/uk-time.js';
import type { SearchField } from '../../devices/domain/search-fields.js';
import type { FoundDevice, FoundPerson, PersonRole } from '../search-result.js';

/** A text with a heading; the value is the record's own. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** What there is to say about the value, in our words. */
  readonly note: string | null;
}

const FIELD_NAMES: Readonly<Record<SearchField, string>> = {
  'serial-number': 'Serial number',
  'asset-tag': 'Asset tag',
  hostname: 'Hostname',
  'former-hostname': 'Former hostname',
  name: 'Name',
  'user-principal-name': 'User name',
  mail: 'Email address',
  model: 'Model',
};

/** How a person has to do with a machine, before their name. */
export const ROLE_NAMES: Readonly<Record<PersonRole, string>> = {
  holder: 'Held by',
  'primary-user': 'Primary user',
  'observed-user': 'Seen with',
  register: 'In the register with',
};

/** Why something was found, for a person to check. */
export function reasonOf(match: FoundDevice['match'] | FoundPerson['match'], now: Date): Fact {
  const { how, field, shown, meant } = match;
  if (field === null || shown === null) {
    return { label: 'Has all the words', value: '', note: 'in different places' };
  }
  const role = 'role' in match ? match.role : null;
  const notes = {
    exact: null,
    beginning: null,
    alike: 'if O is taken for 0, and I and l for 1',
    words: null,
    spelling: `spelled nearly like what you typed (${meant})`,
  };
  return {
    label: role === null ? FIELD_NAMES[field] : ROLE_NAMES[role],
    value: shown,
    note: datesOf(match, now) ?? notes[how],
  };
}

function datesOf(match: FoundDevice['match'] | FoundPerson['match'], now: Date): string | null {
  if (!('from' in match) || match.from === null || match.until === null) return null;
  const [from, until] = [match.from, match.until].map((at) => shownTime(at, now)?.text.replace(/ at .*/, '') ?? '');
  return from === until ? `on ${from}` : `from ${from} to ${until}`;
}
