import type { Permission } from '../auth/permissions.js';
import { paths } from './paths.js';

/** One item of the service navigation. */
export interface NavigationItem {
  /** What a page names in `section` to be the current one. */
  readonly section: string;
  readonly text: string;
  readonly href: string;
}

/** The items in their order, each with the permission that shows it. */
const ITEMS: readonly (NavigationItem & { readonly permission: Permission })[] = [
  { section: 'search', text: 'Who has what', href: paths.search(), permission: 'estate:read' },
  { section: 'runs', text: 'Synchronisation runs', href: paths.runs(), permission: 'sync:read' },
  { section: 'api', text: 'API', href: paths.apiDocumentation(), permission: 'estate:read' },
];

/** What somebody with these permissions can go to. */
export function navigationFor(permissions: ReadonlySet<Permission>): readonly NavigationItem[] {
  return ITEMS.filter(({ permission }) => permissions.has(permission));
}
