// The emulated tenant with its calls, in a process of its own. It makes calls as they are asked for and keeps none.
import { mkdirSync } from 'node:fs';
import { loadOrCreateServerCertificate } from '../../dist/demo/emulator/certificates.js';
import { startEmulator } from '../../dist/demo/emulator/emulator.js';
import { DemonstrationCalls } from '../../dist/demo/tenant/calls.js';
import { createTenant } from '../../dist/demo/tenant/demonstration-tenant.js';

const { folder, people, callsPerWorkday } = JSON.parse(process.argv[2]);
mkdirSync(folder, { recursive: true });
const certificate = await loadOrCreateServerCertificate(folder, new Date());
const credentials = {
  tenantId: '11111111-2222-4333-8444-555555555555',
  clientId: 'bench',
  clientSecret: 'bench-only',
};
const tenant = createTenant({ seed: 1, people });
const now = Date.now();
const emulator = await startEmulator({
  tenant,
  certificate,
  credentials,
  calls: new DemonstrationCalls(tenant, credentials.tenantId, callsPerWorkday),
  enforceLimits: false,
  clock: () => now,
});
process.on('message', () => process.send({ peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
process.on('disconnect', () => void emulator.stop().then(() => process.exit(0)));
process.send({
  kind: 'tenant',
  tenantId: credentials.tenantId,
  clientId: credentials.clientId,
  credential: { kind: 'secret', secret: credentials.clientSecret },
  baseUrl: emulator.origin,
  authority: emulator.origin,
  caFile: certificate.authorityFile,
  httpsProxy: null,
});
