import type { CurrentAccess } from '../auth/current-access.js';
import type { Permission } from '../auth/permissions.js';
import { paths } from './paths.js';

/** One item of the service navigation. */
export interface NavigationItem {
  /** What a page names in `section` to be the current one. */
  readonly section: string;
  readonly text: string;
  readonly href: string;
  /** What it falls into, for a second row while the page is one of these; nothing for most. */
  readonly parts: readonly NavigationPart[];
}

/** One page, or family of pages, of an item. */
export interface NavigationPart {
  readonly section: string;
  readonly text: string;
  readonly href: string;
  /** Whether the address that was asked for is this one, or below it. */
  readonly here: boolean;
}

interface Destination {
  readonly section: string;
  readonly text: string;
  readonly href: string;
  /** What it takes to be shown it. */
  readonly permission: Permission;
}

interface Item extends Destination {
  /** Only for whoever leads somebody in the directory, or has one of these permissions. */
  readonly managersOr?: readonly Permission[];
  readonly parts?: readonly Destination[];
}

/** Pages of the rollout. */
const ROLLOUT: readonly Destination[] = [
  { section: 'rollout', text: 'Overview', href: paths.rollout(), permission: 'rollout:read' },
  { section: 'workbench', text: 'Moves', href: paths.workbench(), permission: 'rollout:read' },
  { section: 'waves', text: 'Waves', href: paths.waves(), permission: 'rollout:read' },
  { section: 'slots', text: 'Slots', href: paths.slots(), permission: 'rollout:read' },
  { section: 'blockers', text: 'Blockers', href: paths.blockers(), permission: 'rollout:read' },
  { section: 'what-if', text: 'What if', href: paths.whatIf(), permission: 'rollout:read' },
  { section: 'programme', text: 'Programme', href: paths.programme(), permission: 'rollout:read' },
  { section: 'messages', text: 'Messages', href: paths.rolloutMessages(), permission: 'messages:administer' },
];

/** Pages of the networks. */
const NETWORK: readonly Destination[] = [
  { section: 'network', text: 'Overview', href: paths.network(), permission: 'network:read' },
  { section: 'remote-access', text: 'Remote access', href: paths.networkRemoteAccess(), permission: 'network:read' },
  { section: 'network-fixes', text: 'Fixes', href: paths.networkFixes(), permission: 'network:read' },
  { section: 'network-ranges', text: 'Ranges', href: paths.networkRanges(), permission: 'network:read' },
  { section: 'network-imports', text: 'Imports', href: paths.networkImports(), permission: 'network:manage' },
  { section: 'network-settings', text: 'Thresholds', href: paths.networkSettings(), permission: 'network:read' },
  { section: 'network-areas', text: 'Areas', href: paths.networkAreas(), permission: 'network:read' },
];

/** Who decides about requests besides managers. */
const DECIDERS: readonly Permission[] = ['requests:decide', 'requests:decide-exceptions'];

/** Pages of the people who keep stock. */
const STOCK: readonly Destination[] = [
  { section: 'stock', text: 'Levels', href: paths.stock(), permission: 'requests:read' },
  { section: 'stock-picking', text: 'Picking', href: paths.stockPicking(), permission: 'requests:read' },
  { section: 'stock-picks', text: 'Picked', href: paths.picks(), permission: 'requests:read' },
  { section: 'stock-orders', text: 'Orders', href: paths.purchaseOrders(), permission: 'requests:read' },
  { section: 'receive', text: 'Receive', href: paths.receiveStock(), permission: 'stock:write' },
  { section: 'stock-transfers', text: 'Transfers', href: paths.stockTransfers(), permission: 'requests:read' },
  { section: 'stock-counts', text: 'Counts', href: paths.stockCounts(), permission: 'requests:read' },
  { section: 'stock-movements', text: 'Movements', href: paths.stockMovements(), permission: 'requests:read' },
  { section: 'products', text: 'Products', href: paths.products(), permission: 'requests:read' },
  { section: 'bundles', text: 'Bundles', href: paths.bundles(), permission: 'requests:read' },
  { section: 'stock-places', text: 'Places', href: paths.stockPlaces(), permission: 'requests:read' },
];

/** The items in their order. */
const ITEMS: readonly Item[] = [
  { section: 'me', text: 'My equipment', href: paths.me(), permission: 'own:read' },
  { section: 'my-move', text: 'My move', href: paths.myMove(), permission: 'own:read' },
  { section: 'my-connection', text: 'My connection', href: paths.myConnection(), permission: 'own:read' },
  { section: 'my-requests', text: 'My requests', href: paths.myRequests(), permission: 'own:read' },
  { section: 'my-team', text: 'My team', href: paths.myTeam(), permission: 'own:read', managersOr: [] },
  { section: 'approvals', text: 'Approvals', href: paths.approvals(), permission: 'own:read', managersOr: DECIDERS },
  { section: 'my-day', text: 'My day', href: paths.myDay(), permission: 'rollout:work' },
  { section: 'rollout', text: 'Rollout', href: paths.rollout(), permission: 'rollout:read', parts: ROLLOUT },
  { section: 'network', text: 'Network', href: paths.network(), permission: 'network:read', parts: NETWORK },
  { section: 'requests', text: 'Requests', href: paths.requests(), permission: 'requests:read' },
  { section: 'devices', text: 'Devices', href: paths.devices(), permission: 'estate:read' },
  { section: 'stock', text: 'Stock', href: paths.stock(), permission: 'requests:read', parts: STOCK },
  { section: 'budgets', text: 'Budgets', href: paths.budgets(), permission: 'requests:read' },
  { section: 'bulk', text: 'In bulk', href: paths.bulkCustody(), permission: 'custody:write' },
  { section: 'people', text: 'People', href: paths.people(), permission: 'estate:read' },
  { section: 'licences', text: 'Licences', href: paths.licences(), permission: 'estate:read' },
  { section: 'models', text: 'Models', href: paths.models(), permission: 'estate:read' },
  { section: 'leavers', text: 'Leavers', href: paths.leavers(), permission: 'estate:read' },
  { section: 'reviews', text: 'To review', href: paths.reviews(), permission: 'identity:decide' },
  { section: 'imports', text: 'Imports', href: paths.imports(), permission: 'register:import' },
  { section: 'status', text: 'Synchronisation', href: paths.status(), permission: 'sync:read' },
  { section: 'audit', text: 'Audit trail', href: paths.audit(), permission: 'audit:read' },
  { section: 'tokens', text: 'API tokens', href: paths.tokens(), permission: 'tokens:administer' },
];

/** What somebody can go to. @param address what the browser asked for, such as `/rollout/waves/3?limit=10` */
export function navigationFor(
  { permissions, isManager }: Pick<CurrentAccess, 'permissions' | 'isManager'>,
  address: string,
): readonly NavigationItem[] {
  const path = address.split('?')[0] ?? '';
  const isFor = ({ permission, managersOr }: Item): boolean =>
    permissions.has(permission) &&
    (managersOr === undefined || isManager || managersOr.some((other) => permissions.has(other)));
  return ITEMS.filter(isFor).map(({ section, text, href, parts = [] }) => ({
    section,
    text,
    href,
    parts: parts
      .filter(({ permission }) => permissions.has(permission))
      .map((part) => ({
        section: part.section,
        text: part.text,
        href: part.href,
        // Everything else lies below the first page of an item.
        here: path === part.href || (part.href !== href && path.startsWith(`${part.href}/`)),
      })),
  }));
}
