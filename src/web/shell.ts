import type { Assets } from './assets.js';
import type { Lifecycle } from './lifecycle.js';
import type { PageRenderer } from './page-renderer.js';
import type { RequestMetrics } from './request-metrics.js';

/** What pages and health checks of all features share; made once at the start of the web process. */
export interface Shell {
  readonly assets: Assets;
  readonly pages: PageRenderer;
  readonly lifecycle: Lifecycle;
  readonly metrics: RequestMetrics;
}

/** Injection token of the shell. */
export const SHELL = Symbol('SHELL');
