import { shownNumber } from '../../../common/shown-number.js';
import { paths } from '../../../web/paths.js';
import type { Dimension } from '../../domain/burndown/figures.js';

/** A number, and the list of exactly those whom it counts. */
export interface LinkedNumber {
  readonly text: string;
  readonly href: string;
}

/** One part of the programme as lists are narrowed to it. */
export interface Part {
  readonly dimension: Dimension;
  /** Empty where it is not known. */
  readonly value: string;
}

export const WHOLE: Part = { dimension: 'all', value: '' };

/** What the parameters of the lists call each dimension. */
const PARAMETERS: Readonly<Record<Exclude<Dimension, 'all'>, string>> = {
  directorate: 'directorate',
  team: 'team',
  site: 'site',
  work_style: 'workStyle',
  device_age: 'deviceAge',
};

/** The numbers of one day, each with its list. */
export class FigureLinks {
  constructor(private readonly day: string) {}

  people(count: number, filter: Readonly<Record<string, string>>, part: Part = WHOLE): LinkedNumber {
    return this.link(paths.rolloutMoves(), count, filter, part);
  }

  desktops(count: number, filter: Readonly<Record<string, string>>, part: Part = WHOLE): LinkedNumber {
    return this.link(paths.rolloutDesktops(), count, filter, part);
  }

  personScope(count: number, filter: Readonly<Record<string, string>>): LinkedNumber {
    return this.link(paths.rolloutPersonScope(), count, filter, WHOLE);
  }

  desktopScope(count: number, filter: Readonly<Record<string, string>>): LinkedNumber {
    return this.link(paths.rolloutDesktopScope(), count, filter, WHOLE);
  }

  private link(path: string, count: number, filter: Readonly<Record<string, string>>, part: Part): LinkedNumber {
    const query = new URLSearchParams({ on: this.day, ...filter, ...narrowed(part) }).toString();
    return { text: shownNumber(count), href: `${path}?${query}` };
  }
}

function narrowed({ dimension, value }: Part): Record<string, string> {
  if (dimension === 'all') return {};
  return value === '' ? { without: dimension } : { [PARAMETERS[dimension]]: value };
}
