import type { ClassificationSummary } from '../devices/form-factor-classification.service.js';
import { basisWith, FormFactorService } from '../devices/form-factor.service.js';
import { IdentityService } from '../devices/identity.service.js';
import { SearchIndexService } from '../devices/search-index.service.js';
import type { Session } from './session.js';

type ResolutionSummary = Awaited<ReturnType<IdentityService['resolvePending']>>;

/**
 * Finds out which waiting records are of one machine, what each machine is, and by what it is found. What another
 * process does at the same moment is waited for, not done twice.
 */
export async function workOutMachines(
  { config, dataSource, transactor }: Session,
  signal?: AbortSignal,
): Promise<{ readonly resolution: ResolutionSummary; readonly classification: ClassificationSummary }> {
  const resolution = await new IdentityService(transactor).resolvePending(signal);
  const basis = basisWith(config.namingConvention);
  const classification = await new FormFactorService(transactor, basis).classifyPending(signal);
  await new SearchIndexService(dataSource).takeOverPending(signal);
  return { resolution, classification };
}
