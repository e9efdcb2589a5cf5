import Sequencer from '@jest/test-sequencer';

/** Specs that take minutes, the longest first; what is not named here is short. */
const LONG = ['sync/crash', 'notifications/crash', 'web/every-page-1', 'web/every-page-2', 'cli/start', 'sync/faults'];

/**
 * Begins with the specs that take longest, so that no worker ends up alone with one of them. Jest knows them only once
 * it has run them, which a fresh clone has not.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(`${name}.spec.ts`));
      return at < 0 ? LONG.length : at;
    };
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}
