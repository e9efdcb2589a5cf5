import { paths } from './paths.js';

/** The lists of which views can be kept, where they are and what they are called. */
export const LISTS = {
  devices: { label: 'Devices', path: paths.devices() },
  people: { label: 'People', path: paths.people() },
  licences: { label: 'Licences', path: paths.licences() },
  models: { label: 'Models', path: paths.models() },
  reviews: { label: 'Identity reviews', path: paths.reviews() },
  leavers: { label: 'Leavers with equipment', path: paths.leavers() },
  runs: { label: 'Synchronisation runs', path: paths.runs() },
  held: { label: 'Held removals', path: paths.held() },
  moves: { label: 'Moves', path: paths.workbench() },
  imports: { label: 'Imports', path: paths.imports() },
} as const;

export type ListName = keyof typeof LISTS;
export const LIST_NAMES = Object.keys(LISTS) as ListName[];
