import { ACTOR_KINDS, type ActorKind } from '../../audit/actor.js';
import { AUDIT_EVENTS } from '../../audit/audit-events.js';
import type { AuditListEntry } from '../../audit/audit.queries.js';
import { shownTime } from '../../common/uk-time.js';
import type { NamedPerson } from '../../directory/named-people.queries.js';
import { optionsOf, type Cell, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { AuditParameters } from '../api/audit.parameters.js';
import { AUDIT_COLUMNS, detailsText } from '../audit.columns.js';

/** An entry with the person who acted as the directory knows them now, for those who may see people. */
export interface ShownAuditEntry extends AuditListEntry {
  readonly person: NamedPerson | null;
}

const KINDS: Readonly<Record<ActorKind, string>> = {
  person: 'Person',
  token: 'API token',
  'command-line': 'Command line',
  system: 'System',
};
/** Where what an entry is about can be looked at. */
const PAGES: Readonly<Record<string, (id: number) => string>> = {
  device: paths.device,
  'sync-run': paths.run,
};

/** What was done, newest first. */
export const AUDIT_LIST: ListDefinition<ShownAuditEntry, AuditParameters> = {
  name: null,
  title: 'Audit trail',
  section: 'audit',
  path: paths.audit(),
  one: 'entry',
  many: 'entries',
  parameters: AuditParameters,
  fields: [
    {
      name: 'event',
      label: 'Event',
      kind: 'choice',
      options: AUDIT_EVENTS.map((event) => ({ value: event, text: eventText(event) })),
    },
    { name: 'actorKind', label: 'Kind of actor', kind: 'choice', options: optionsOf(KINDS) },
    { name: 'actor', label: 'Actor', hint: 'As the list has it, such as token:12.', kind: 'text' },
    { name: 'subjectKind', label: 'Kind of subject', hint: 'Such as device.', kind: 'text' },
    { name: 'subjectId', label: 'Subject', hint: 'Its number or id.', kind: 'text' },
    { name: 'from', label: 'From', kind: 'day' },
    { name: 'to', label: 'To', kind: 'day' },
  ],
  columns: AUDIT_COLUMNS,
  shown: ['id', 'at', 'event', 'actor', 'subjectId', 'details'],
  sorts: {},
  defaultSort: null,
  cells: {
    id: ({ id }) => ({ text: String(id) }),
    at: ({ at }, now) => ({ time: shownTime(at, now) }),
    event: ({ event }) => ({ text: eventText(event) }),
    actor: actorCell,
    subjectId: subjectCell,
    details: ({ details }) => ({ parts: detailsText(details).map((text) => ({ text })) }),
  },
  file: { path: '/api/v1/audit.csv', permission: 'audit:read' },
  nothing: 'Nothing has been done yet.',
};

/** `sync.run-finished` as `Sync: run finished`. */
function eventText(event: string): string {
  const [about = '', what = ''] = event.replaceAll('-', ' ').split('.');
  return `${about.charAt(0).toUpperCase()}${about.slice(1)}: ${what}`;
}

function actorCell({ actor, person }: ShownAuditEntry): Cell {
  if (person !== null && person.id !== null)
    return { text: person.displayName ?? 'Without a name', href: paths.person(person.id) };
  const kind = ACTOR_KINDS.find((known) => actor.startsWith(`${known}:`));
  return { text: kind === undefined ? actor : `${KINDS[kind]} ${actor.slice(kind.length + 1)}` };
}

function subjectCell({ subjectKind, subjectId }: ShownAuditEntry): Cell {
  if (subjectKind === null || subjectId === null) return { text: '' };
  const page = /^[1-9]\d{0,14}$/.test(subjectId) ? PAGES[subjectKind] : undefined;
  const text = `${subjectKind.replaceAll('-', ' ')} ${subjectId}`;
  return page === undefined ? { text } : { text, href: page(Number(subjectId)) };
}
