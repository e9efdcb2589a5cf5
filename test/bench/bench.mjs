// npm run bench [-- identity audit …]: speed as ratios to a floor measured in the same run. Never part of the tests.
import os from 'node:os';
import { benchAudit } from './audit-bench.mjs';
import { benchIdentity } from './identity-bench.mjs';
import { benchSearch } from './search-bench.mjs';
import { benchSync } from './sync-bench.mjs';

const SECTIONS = {
  'sync-3500': () => benchSync(3_500),
  'sync-100000': () => benchSync(100_000),
  identity: () => benchIdentity(100_000),
  audit: () => benchAudit(1_000_000),
  search: () => benchSearch(10_000, 100_000, 1_000_000),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`Unknown section ${unknown.join(', ')}. Sections: ${Object.keys(SECTIONS).join(', ')}.`);
  process.exit(2);
}
console.log(
  `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const line of await measure()) console.log(line);
}
