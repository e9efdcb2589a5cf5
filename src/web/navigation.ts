import type { CurrentAccess } from '../auth/current-access.js';
import type { Permission } from '../auth/permissions.js';
import { paths } from './paths.js';

/** One item of the service navigation. */
export interface NavigationItem {
  /** What a page names in `section` to be the current one. */
  readonly section: string;
  readonly text: string;
  readonly href: string;
}

interface Item extends NavigationItem {
  /** What it takes to be shown it. */
  readonly permission: Permission;
  /** Only for whoever leads somebody in the directory. */
  readonly managers?: true;
}

/** The items in their order. */
const ITEMS: readonly Item[] = [
  { section: 'me', text: 'My equipment', href: paths.me(), permission: 'own:read' },
  { section: 'my-move', text: 'My move', href: paths.myMove(), permission: 'own:read' },
  { section: 'my-team', text: 'My team', href: paths.myTeam(), permission: 'own:read', managers: true },
  { section: 'my-day', text: 'My day', href: paths.myDay(), permission: 'rollout:work' },
  { section: 'workbench', text: 'Moves', href: paths.workbench(), permission: 'rollout:read' },
  { section: 'devices', text: 'Devices', href: paths.devices(), permission: 'estate:read' },
  { section: 'stock', text: 'Receive', href: paths.receiveStock(), permission: 'stock:write' },
  { section: 'bulk', text: 'In bulk', href: paths.bulkCustody(), permission: 'custody:write' },
  { section: 'people', text: 'People', href: paths.people(), permission: 'estate:read' },
  { section: 'licences', text: 'Licences', href: paths.licences(), permission: 'estate:read' },
  { section: 'models', text: 'Models', href: paths.models(), permission: 'estate:read' },
  { section: 'rollout', text: 'Rollout', href: paths.rollout(), permission: 'rollout:read' },
  { section: 'leavers', text: 'Leavers', href: paths.leavers(), permission: 'estate:read' },
  { section: 'reviews', text: 'To review', href: paths.reviews(), permission: 'identity:decide' },
  { section: 'imports', text: 'Imports', href: paths.imports(), permission: 'register:import' },
  { section: 'messages', text: 'Messages', href: paths.rolloutMessages(), permission: 'messages:administer' },
  { section: 'status', text: 'Synchronisation', href: paths.status(), permission: 'sync:read' },
  { section: 'audit', text: 'Audit trail', href: paths.audit(), permission: 'audit:read' },
  { section: 'tokens', text: 'API tokens', href: paths.tokens(), permission: 'tokens:administer' },
];

/** What somebody can go to. */
export function navigationFor({
  permissions,
  isManager,
}: Pick<CurrentAccess, 'permissions' | 'isManager'>): readonly NavigationItem[] {
  return ITEMS.filter(({ permission, managers }) => permissions.has(permission) && (!managers || isManager));
}
