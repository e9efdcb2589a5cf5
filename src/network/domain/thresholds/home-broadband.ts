import type { Threshold, ThresholdSource } from '../threshold.js';

const UNIVERSAL_SERVICE: ThresholdSource = {
  document: 'Electronic Communications (Universal Service) (Broadband) Order 2018, SI 2018/445, Schedule 1',
  page: 'https://www.legislation.gov.uk/uksi/2018/445',
  dated: '2018',
};
const CONNECTED_NATIONS: ThresholdSource = {
  document: 'Ofcom, Connected Nations 2024',
  page: 'https://www.ofcom.org.uk/',
  dated: '2024',
};

/**
 * What lines to homes in the UK are sold and counted as, in kbit/s. All of it is context: a line is judged by what calls
 * need. The least that the universal service gives, 1 Mbit/s up, is less than a video meeting’s 2.5.
 */
export const HOME_BROADBAND: readonly Threshold[] = [
  line('universal-service-download', 'Download speed of the universal service', 10_000, UNIVERSAL_SERVICE),
  line('universal-service-upload', 'Upload speed of the universal service', 1_000, UNIVERSAL_SERVICE),
  line('superfast-download', 'Download speed of superfast broadband', 30_000, CONNECTED_NATIONS),
  line('ultrafast-100-download', 'Download speed of ultrafast broadband, lower band', 100_000, CONNECTED_NATIONS),
  line('ultrafast-300-download', 'Download speed of ultrafast broadband, upper band', 300_000, CONNECTED_NATIONS),
  line('gigabit-download', 'Download speed of gigabit broadband', 1_000_000, CONNECTED_NATIONS),
];

function line(id: string, measure: string, value: number, source: ThresholdSource): Threshold {
  return { id, measure, test: 'at_least', value, unit: 'kbit/s', source, assumption: false };
}
