import { PRODUCTS } from './licence-catalogue.js';
import { NEW_LAPTOPS } from './machine-models.js';

/** What the programme measures readiness by. */
export const SETTINGS = {
  gates: [
    'laptop',
    'windows-11',
    'health',
    'licence',
    'network-site',
    'network-home',
    'applications',
    'assistive-technology',
    'local-data',
    'manager-word',
    'training',
  ],
  approvedModels: NEW_LAPTOPS.map(({ manufacturer, model }) => ({ manufacturer, model })),
  licenceSkus: [PRODUCTS.e3.skuId, PRODUCTS.e5.skuId, PRODUCTS.f3.skuId],
};

/** Applications that not everybody has, invented. */
export const APPLICATIONS = [
  { name: 'Highways works orders', state: 'ready', owner: 'Highways systems', note: null },
  { name: 'Planning and building control', state: 'ready', owner: 'Planning systems', note: null },
  {
    name: 'Housing repairs',
    state: 'not_ready',
    owner: 'Housing systems',
    note: 'Needs a new version for Windows 11.',
  },
  { name: 'Parking permits', state: 'unknown', owner: 'Parking office', note: 'The supplier has not answered.' },
] as const;
