import type { FieldError } from '../../common/errors.js';
import { ASSUMPTION_IDS, ASSUMPTIONS, isAssumption, type AssumptionId } from './assumptions.js';
import { NEEDED_VERDICTS, type NeededVerdict } from './network-words.js';
import type { Threshold } from './threshold.js';
import { DECIDING, publishedThreshold } from './thresholds/thresholds.js';

/** By what networks are judged. */
export interface NetworkSettings {
  /** The council’s own figures in place of published ones, by the id of the threshold and in its unit. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** In the unit of the assumption. */
  readonly assumptions: Readonly<Record<AssumptionId, number>>;
  /** What a site must carry before people are moved there. */
  readonly neededAtSite: NeededVerdict;
  /** What somebody’s home must carry before they work from there. */
  readonly neededAtHome: NeededVerdict;
}

/**
 * A threshold as it is held against figures: as it was published, or with the council’s own figure, which is then an
 * assumption that names what it replaces.
 * @throws Error for an id that does not exist
 */
export function thresholdBy(settings: NetworkSettings, id: string): Threshold {
  const published = publishedThreshold(id);
  if (published === undefined) throw new Error(`There is no threshold ${id}.`);
  const own = settings.thresholds[id];
  if (own === undefined || own === published.value) return published;
  const document = `The council’s settings, in place of ${published.value} ${published.unit} from ${published.source.document}`;
  return {
    ...published,
    value: own,
    source: { document, page: null, dated: published.source.dated },
    assumption: true,
  };
}

/** Largest figure that may take the place of a published one. */
const LARGEST = 1_000_000_000;

/** What is wrong with settings that somebody sends; nothing when they can be kept. */
export function networkSettingsErrors(settings: NetworkSettings): FieldError[] {
  return [
    ...Object.entries(settings.thresholds).flatMap(([id, value]) => thresholdErrors(id, value)),
    ...Object.keys(settings.assumptions)
      .filter((id) => !isAssumption(id))
      .map((id) => ({ field: `assumptions.${id.slice(0, 80)}`, message: 'This is no assumption that is made here' })),
    ...ASSUMPTION_IDS.flatMap((id) => assumptionErrors(id, settings.assumptions[id])),
    ...neededErrors('neededAtSite', settings.neededAtSite),
    ...neededErrors('neededAtHome', settings.neededAtHome),
  ];
}

function thresholdErrors(id: string, value: unknown): FieldError[] {
  const field = `thresholds.${id.slice(0, 80)}`;
  const published = DECIDING.has(id) ? publishedThreshold(id) : undefined;
  if (published === undefined) return [{ field, message: 'This is no threshold that decides a verdict' }];
  const most = published.unit === 'percent' ? 100 : LARGEST;
  if (typeof value === 'number' && value > 0 && value <= most) return [];
  return [{ field, message: `Enter a number above 0 and of at most ${most}` }];
}

function assumptionErrors(id: AssumptionId, value: unknown): FieldError[] {
  const { least, most, unit } = ASSUMPTIONS[id];
  const isWhole = unit !== 'percent' && unit !== 'clients';
  if (typeof value === 'number' && value >= least && value <= most && (!isWhole || Number.isInteger(value))) return [];
  const message = `Enter a ${isWhole ? 'whole number' : 'number'} from ${least} to ${most}`;
  return [{ field: `assumptions.${id}`, message }];
}

function neededErrors(field: string, value: unknown): FieldError[] {
  return NEEDED_VERDICTS.some((each) => each === value) ? [] : [{ field, message: 'Choose what is needed' }];
}
