import { optionsOf, yesOrNo, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { shownTime } from '../../common/uk-time.js';
import type { LicenceHolder } from '../../directory/people.queries.js';
import { HoldersParameters, LicencesParameters } from '../api/licences.parameters.js';
import { HOLDER_COLUMNS, LICENCE_COLUMNS } from '../licences.columns.js';
import type { Licence, LicenceState } from '../licences.queries.js';

const STATES: Readonly<Record<LicenceState, string>> = {
  'over-assigned': 'More used than bought',
  wasted: 'Some serve nobody',
  'used-up': 'None left',
  ended: 'Ended',
};

/** The products that the tenant subscribes to. */
export const LICENCE_LIST: ListDefinition<Licence, LicencesParameters> = {
  name: 'licences',
  title: 'Licences',
  section: 'licences',
  path: paths.licences(),
  one: 'product',
  many: 'products',
  parameters: LicencesParameters,
  fields: [
    { name: 'search', label: 'Product', hint: 'Any part of its name or part number.', kind: 'search' },
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(STATES) },
  ],
  columns: LICENCE_COLUMNS,
  shown: ['productName', 'bought', 'used', 'available', 'heldByLeavers', 'waste', 'overAssigned'],
  sorts: { productName: 'name', bought: 'bought', used: 'used', waste: 'waste' },
  defaultSort: 'name',
  numeric: ['bought', 'inGrace', 'suspended', 'used', 'available', 'heldByLeavers', 'waste'],
  cells: {
    productName: ({ skuId, productName }) => ({ text: productName, href: paths.licence(skuId) }),
    overAssigned: ({ overAssigned }) =>
      overAssigned ? { text: 'Over-assigned', tag: 'govuk-tag--red' } : { text: 'No' },
    ended: ({ ended }) => (ended ? { text: 'Ended', tag: 'govuk-tag--grey' } : { text: 'No' }),
    changedAt: ({ changedAt }, now) => ({ time: shownTime(changedAt, now) }),
  },
  file: { path: '/api/v1/licences.csv', permission: 'estate:export' },
  nothing: 'There are no licences yet. They appear when the products of the tenant have been read.',
};

/** The people who have one product. */
export function holderList({ skuId, productName }: Licence): ListDefinition<LicenceHolder, HoldersParameters> {
  return {
    name: null,
    title: productName,
    section: 'licences',
    path: paths.licence(skuId),
    one: 'person',
    many: 'people',
    parameters: HoldersParameters,
    fields: [
      { name: 'search', label: 'Name or email address', hint: 'The beginning is enough.', kind: 'search' },
      { name: 'department', label: 'Department', kind: 'text' },
      { name: 'enabled', label: 'Account', kind: 'choice', options: yesOrNo('Enabled', 'Disabled') },
    ],
    columns: HOLDER_COLUMNS,
    shown: ['displayName', 'userPrincipalName', 'department', 'accountEnabled', 'direct', 'states'],
    sorts: { displayName: 'name', id: 'id' },
    defaultSort: 'name',
    cells: {
      id: ({ id }) => ({ text: String(id), href: paths.person(id) }),
      displayName: ({ id, displayName }) => ({ text: displayName ?? 'Without a name', href: paths.person(id) }),
      accountEnabled: ({ accountEnabled }) =>
        accountEnabled === false
          ? { text: 'Disabled', tag: 'govuk-tag--grey' }
          : { text: accountEnabled ? 'Enabled' : '' },
    },
    file: { path: `/api/v1/licences/${skuId}/holders.csv`, permission: 'estate:export' },
    nothing: 'Nobody has a licence of this product.',
  };
}
