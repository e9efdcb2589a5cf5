// npm run bench [-- search identity sync-3500 …]: speed as ratios to a floor measured in the same run. A name stands for
// itself and for every section that begins with it. Never part of the tests.
import os from 'node:os';
import { benchAddresses } from './addresses-bench.mjs';
import { benchAudit } from './audit-bench.mjs';
import { benchCalls } from './calls-bench.mjs';
import { benchIdentity } from './identity-bench.mjs';
import { benchReadiness } from './readiness-bench.mjs';
import { benchRequests } from './requests-bench.mjs';
import { benchSearch } from './search-bench.mjs';
import { benchSync } from './sync-bench.mjs';

const SECTIONS = {
  'sync-3500': () => benchSync(3_500),
  'sync-100000': () => benchSync(100_000),
  identity: () => benchIdentity(100_000),
  calls: () => benchCalls(100_000),
  audit: () => benchAudit(1_000_000),
  addresses: () => benchAddresses(1_000_000, 5_000),
  'readiness-3500': () => benchReadiness(3_500),
  'readiness-100000': () => benchReadiness(100_000),
  requests: () => benchRequests(),
  'search-10000': () => benchSearch(10_000),
  'search-100000': () => benchSearch(100_000),
  'search-1000000': () => benchSearch(1_000_000),
};

const wanted = process.argv.slice(2);
const isMeant = (wish, name) => name === wish || name.startsWith(`${wish}-`);
const unknown = wanted.filter((wish) => !Object.keys(SECTIONS).some((name) => isMeant(wish, name)));
if (unknown.length > 0) {
  console.error(`Unknown section ${unknown.join(', ')}. Sections: ${Object.keys(SECTIONS).join(', ')}.`);
  process.exit(2);
}
console.log(
  `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (wanted.length > 0 && !wanted.some((wish) => isMeant(wish, name))) continue;
  for (const line of await measure()) console.log(line);
}
