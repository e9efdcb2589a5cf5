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
  /** Where the site is, such as `https://untether.council.example`; `public` unless only this machine reaches it. */
  readonly address: { readonly origin: string; readonly public: boolean };
}

/** Injection token of the shell. */
export const SHELL = Symbol('SHELL');
