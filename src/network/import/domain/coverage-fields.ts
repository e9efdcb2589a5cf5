import { field, type FieldReading, type ImportField } from './import-field.js';

const percent: FieldReading = { kind: 'figure', least: 0, most: 100 };

/**
 * Shares of premises that coverage reaches, in percent. The headers are those of Ofcom's Connected Nations downloads
 * (ofcom.org.uk, "Connected Nations", files of fixed coverage by local authority and by postcode, January 2026 and
 * before), and of its summary by local authority. Ultrafast is Ofcom's band of 300 Mbit/s.
 */
export const COVERAGE_FIELDS: readonly ImportField[] = [
  field('superfast_percent', 'superfast_pct', 'Superfast, 30 Mbit/s (%)', percent, {
    headers: ['sfbbavailabilitypremises'],
  }),
  field('ultrafast_percent', 'ultrafast_pct', 'Ultrafast, 300 Mbit/s (%)', percent, {
    headers: ['ufbbavailabilitypremises'],
  }),
  field('full_fibre_percent', 'full_fibre_pct', 'Full fibre (%)', percent, {
    headers: ['fullfibreavailabilitypremises', 'fttpavailabilitypremises'],
  }),
  field('gigabit_percent', 'gigabit_pct', 'Gigabit (%)', percent, { headers: ['gigabitavailabilitypremises'] }),
  field('below_universal_service_percent', 'below_uso_pct', 'Below universal service (%)', percent, {
    headers: ['ofpremisesbelowtheuso', 'ofpremisesunabletoreceivedecentbroadbandfromfixedorfwa'],
    firstOfSeveral: true,
  }),
  field('mobile_4g_any_percent', 'mobile_4g_any_pct', '4G of any operator (%)', percent),
  field('mobile_4g_all_percent', 'mobile_4g_all_pct', '4G of all operators (%)', percent),
  field('mobile_5g_any_percent', 'mobile_5g_any_pct', '5G of any operator (%)', percent),
];
