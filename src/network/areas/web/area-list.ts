import { shownDay, shownTime } from '../../../common/uk-time.js';
import { optionsOf, yesOrNo, type ListDefinition } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { AREA_KIND_WORDS } from '../../import/domain/import-words.js';
import { AreasParameters } from '../api/areas.parameters.js';
import { AREA_COLUMNS } from '../areas.columns.js';
import type { Area } from '../areas.queries.js';

/** Coverage of areas, by name. */
export const AREA_LIST: ListDefinition<Area, AreasParameters> = {
  name: null,
  title: 'Coverage of areas',
  section: 'network',
  path: paths.networkAreas(),
  one: 'area',
  many: 'areas',
  parameters: AreasParameters,
  fields: [
    {
      name: 'search',
      label: 'Local authority or postcode district',
      hint: 'Any part of a name, or the beginning of a district such as SO14. Of a whole postcode only its district is used.',
      kind: 'search',
    },
    { name: 'kind', label: 'Kind', kind: 'choice', options: optionsOf(AREA_KIND_WORDS) },
    { name: 'earlier', label: 'Earlier figures', kind: 'choice', options: yesOrNo('Also these', 'Only the latest') },
  ],
  columns: AREA_COLUMNS,
  shown: [
    'name',
    'kind',
    'superfastPercent',
    'ultrafastPercent',
    'gigabitPercent',
    'belowUniversalServicePercent',
    'postcodes',
    'snapshot',
    'file',
  ],
  sorts: {},
  defaultSort: null,
  numeric: [
    'superfastPercent',
    'ultrafastPercent',
    'fullFibrePercent',
    'gigabitPercent',
    'belowUniversalServicePercent',
    'mobile4gAnyPercent',
    'mobile4gAllPercent',
    'mobile5gAnyPercent',
    'postcodes',
  ],
  cells: {
    name: ({ name, code }) => ({ text: name ?? code }),
    kind: ({ kind }) => ({ text: AREA_KIND_WORDS[kind] }),
    snapshot: ({ snapshot }) => ({ text: shownDay(snapshot) }),
    importedAt: ({ importedAt }, now) => ({ time: shownTime(importedAt, now) }),
  },
  file: { path: '/api/v1/network/areas.csv', permission: 'network:read' },
  nothing:
    'No coverage has been imported yet. Whoever manages networks can import the files of Ofcom’s Connected Nations.',
};
