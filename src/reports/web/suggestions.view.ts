import type { SearchResult } from '../search-result.js';
import { deviceLine, personLine, type Line } from './search.view.js';

/** One line below the box while somebody types. */
export interface Suggestion {
  readonly kind: 'Device' | 'Person';
  readonly href: string;
  readonly title: string;
  readonly note: string;
}

/** What the box suggests, best first. */
export function suggestionsView(result: SearchResult, now: Date): readonly Suggestion[] {
  return [
    ...result.devices.items.map((device) => suggestion('Device', deviceLine(device, now))),
    ...result.people.items.map((person) => suggestion('Person', personLine(person, now))),
  ];
}

function suggestion(kind: Suggestion['kind'], { href, title, facts, person, reason }: Line): Suggestion {
  const known = [title, ...facts].join(' ').toLowerCase();
  const why =
    reason.value === '' || known.includes(reason.value.toLowerCase()) ? [] : [`${reason.label}: ${reason.value}`];
  const whose =
    person === null || why.some((text) => text.endsWith(person.name)) ? [] : [`${person.label} ${person.name}`];
  return { kind, href, title, note: [...facts.slice(0, 2), ...whose, ...why].join(', ') };
}
