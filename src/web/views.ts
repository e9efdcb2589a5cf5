import path from 'node:path';
import nunjucks from 'nunjucks';
import { shownNumber } from '../common/shown-number.js';
import type { BrandSettings } from '../config/brand.js';
import { GOVUK_FRONTEND, type Assets } from './assets.js';
import { paths } from './paths.js';

/** What is the same on every page of the process. */
export interface ViewSettings {
  readonly assets: Assets;
  /** All people and machines are invented; every page says so. */
  readonly demonstration: boolean;
  readonly brand: BrandSettings;
}

/** Turns a template and its data into a page. Everything is escaped unless a template says otherwise. */
export class Views {
  protected readonly environment: nunjucks.Environment;

  constructor({ assets, demonstration, brand }: ViewSettings) {
    const source = path.join(import.meta.dirname, '..');
    const loader = new nunjucks.FileSystemLoader([source, path.join(GOVUK_FRONTEND, 'govuk'), GOVUK_FRONTEND]);
    this.environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true });
    this.environment.addGlobal('asset', (name: string) => assets.url(name));
    this.environment.addGlobal('paths', paths);
    this.environment.addGlobal('demonstration', demonstration);
    this.environment.addGlobal('brand', brand);
    this.environment.addFilter('number', shownNumber);
    this.environment.addFilter('choices', choices);
  }

  /** @param template path of the template below `src/`, such as `sync/web/status.njk`. */
  render(template: string, data: object): string {
    return this.environment.render(template, data);
  }
}

/** A choice as a form describes it. */
interface Choice {
  readonly value: string | number;
  readonly text: string;
  readonly hint?: string;
}

/** Choices in the shape of GOV.UK's radios and checkboxes, which compare values as texts. */
function choices(items: readonly Choice[]): object[] {
  return items.map(({ value, text, hint }) => ({
    value: String(value),
    text,
    ...(hint ? { hint: { text: hint } } : {}),
  }));
}
