import { columnsOf } from '../../common/csv-columns.js';
import type { EvidenceRow } from './network-evidence.queries.js';

/** What the file of evidence shows. */
export const EVIDENCE_COLUMNS = columnsOf<EvidenceRow>({
  about: 'About',
  number: 'Number of the site, gateway or move',
  name: 'Name',
  verdict: 'Verdict',
  needed: 'Needed',
  serves: 'Serves',
  settingsVersion: 'Version of the thresholds',
  measure: 'What is measured',
  value: 'Figure',
  unit: 'Unit',
  test: 'It takes',
  threshold: 'Threshold',
  thresholdId: 'Name of the threshold',
  thresholdSource: 'Threshold from',
  thresholdPage: 'Where it can be read',
  thresholdDated: 'Dated',
  assumption: 'Assumption',
  met: 'Met',
  decides: 'Decides',
  source: 'Measured by',
  samples: 'Measurements',
  measuredAt: 'Latest measurement',
  ageDays: 'Age in days',
  confidence: 'Confidence',
  remark: 'Remark',
});
