import { InputError, type FieldError } from '../../common/errors.js';
import { ASSUMPTIONS, type AssumptionId } from '../../network/domain/assumptions.js';
import { networkSettingsErrors, type NetworkSettings } from '../../network/domain/network-settings.js';

/** Assumptions by which the people of a place are turned into traffic and Wi-Fi clients. */
export const SITE_ASSUMPTIONS = [
  'present-fixed',
  'present-office_mobile',
  'present-home',
  'present-field',
  'present-shared_desk',
  'present-other',
  'in-audio',
  'in-video',
  'sharing-screen',
  'other-download',
  'other-upload',
  'usable-link',
  'on-wifi',
  'wifi-clients',
] as const satisfies readonly AssumptionId[];

/** One assumption as a form asks for it. */
export interface AssumptionField {
  readonly id: AssumptionId;
  readonly words: string;
  readonly why: string;
  readonly unit: string;
  /** As it was typed, or as it counts. */
  readonly value: string;
  readonly error: string | null;
}

/** What if this were assumed? */
export interface TriedAssumptions {
  /** With what was typed; as they count where something typed cannot be. */
  readonly settings: NetworkSettings;
  readonly fields: readonly AssumptionField[];
  readonly errors: readonly FieldError[];
  /** Whether anything is other than what counts. */
  readonly isTried: boolean;
}

/**
 * The assumptions of an address such as `?present-home=20`; nothing of them is kept.
 * @throws InputError 400 for a name that no form of this page sends, or one that comes twice
 */
export function triedAssumptions(
  query: Readonly<Record<string, unknown>>,
  settings: NetworkSettings,
): TriedAssumptions {
  const stray = Object.entries(query).find(
    ([name, value]) => !SITE_ASSUMPTIONS.some((id) => id === name) || typeof value !== 'string',
  );
  if (stray !== undefined) {
    const message = `is not known here; known are ${SITE_ASSUMPTIONS.join(', ')}, each once`;
    throw new InputError('Put the parameters right.', [{ field: stray[0].slice(0, 100), message }], 400);
  }
  const typed = new Map(
    SITE_ASSUMPTIONS.flatMap((id) => {
      const text = typeof query[id] === 'string' ? query[id].trim() : '';
      return text === '' ? [] : [[id, text] as const];
    }),
  );
  const numbers = [...typed].map(
    ([id, text]) => [id, /^\d{1,7}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN] as const,
  );
  const assumptions: NetworkSettings['assumptions'] = { ...settings.assumptions, ...Object.fromEntries(numbers) };
  const tried = { ...settings, assumptions };
  const errors = networkSettingsErrors(tried).map(({ field, message }) => ({
    field: field.replace(/^assumptions\./, ''),
    message,
  }));
  return {
    settings: errors.length > 0 ? settings : tried,
    errors,
    isTried: SITE_ASSUMPTIONS.some((id) => tried.assumptions[id] !== settings.assumptions[id]),
    fields: SITE_ASSUMPTIONS.map((id) => ({
      id,
      words: ASSUMPTIONS[id].words,
      why: ASSUMPTIONS[id].why,
      unit: ASSUMPTIONS[id].unit,
      value: typed.get(id) ?? String(settings.assumptions[id]),
      error: errors.find(({ field }) => field === id)?.message ?? null,
    })),
  };
}
