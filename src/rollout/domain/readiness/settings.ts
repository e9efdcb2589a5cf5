import type { FieldError } from '../../../common/errors.js';
import { WORK_STYLES, type WorkStyle } from '../move-words.js';
import { isReadinessRule, READINESS_RULES, type ReadinessRule } from './rules.js';

/** A model of laptop that the programme gives out, as its machines name it. */
export interface ApprovedModel {
  readonly manufacturer: string;
  readonly model: string;
}

/** Owners that are named by the person whom a result is about. */
export const NAMED_OWNERS = { manager: 'The line manager', person: 'The person' } as const;

/** Which rules gate, and what they measure by; a version of the programme's settings. */
export interface ReadinessSettings {
  /** Rules that must be ready before somebody who works like this can move; the others only inform. */
  readonly gates: Readonly<Record<WorkStyle, readonly ReadinessRule[]>>;
  /** Who clears what a rule finds: a role or queue, or one of `NAMED_OWNERS`. */
  readonly owners: Readonly<Record<ReadinessRule, string>>;
  /** Rules that nobody may waive. */
  readonly notWaivable: readonly ReadinessRule[];
  /** Days after which a laptop in service that nothing has seen counts as not known. */
  readonly lastSeenDays: number;
  /** Models that may be given out; empty for every laptop that is known to run Windows 11. */
  readonly approvedModels: readonly ApprovedModel[];
  /** Ids of the products of which people need one; empty while that is not decided. */
  readonly licenceSkus: readonly string[];
  /** Whether everybody must have been asked about training. */
  readonly trainingAsked: boolean;
}

const IN_THE_OFFICE: readonly ReadinessRule[] = READINESS_RULES.filter((rule) => rule !== 'network-home');
const FROM_HOME: readonly ReadinessRule[] = READINESS_RULES.filter((rule) => rule !== 'network-site');

/**
 * What a programme starts with: everything gates that touches the way of working, and no rule is quiet. No outside source
 * sets the days; a month outlasts holidays and is what Intune's compliance calls inactive by default (learn.microsoft.com,
 * "Compliance status validity period").
 */
export const DEFAULT_READINESS_SETTINGS: ReadinessSettings = {
  gates: {
    fixed: IN_THE_OFFICE,
    office_mobile: READINESS_RULES,
    home: FROM_HOME,
    field: FROM_HOME,
    shared_desk: IN_THE_OFFICE,
    exempt: [],
  },
  owners: {
    laptop: 'Stock room',
    'windows-11': 'Engineers',
    health: 'Service desk',
    licence: 'Licence administrators',
    'network-site': 'Network team',
    'network-home': NAMED_OWNERS.person,
    applications: 'Application owners',
    'assistive-technology': 'Accessibility advisers',
    'local-data': NAMED_OWNERS.person,
    'manager-word': NAMED_OWNERS.manager,
    training: 'Training team',
  },
  notWaivable: ['licence', 'assistive-technology'],
  lastSeenDays: 30,
  approvedModels: [],
  licenceSkus: [],
  trainingAsked: true,
};

/** Where the settings of a programme have these: beside those of other parts. */
export const READINESS_KEY = 'readiness';

/** What a programme measures readiness by: its own settings, and where they say nothing what every programme starts with. */
export function readinessSettingsOf(settings: Readonly<Record<string, unknown>>): ReadinessSettings {
  const stored = (settings[READINESS_KEY] ?? {}) as Partial<ReadinessSettings>;
  return {
    ...DEFAULT_READINESS_SETTINGS,
    ...stored,
    gates: { ...DEFAULT_READINESS_SETTINGS.gates, ...stored.gates },
    owners: { ...DEFAULT_READINESS_SETTINGS.owners, ...stored.owners },
  };
}

/** The rules that gate somebody; for a way of working that nobody knows every rule that gates anybody. */
export function gatesFor({ gates }: ReadinessSettings, workStyle: WorkStyle | null): ReadonlySet<ReadinessRule> {
  return new Set(workStyle === null ? WORK_STYLES.flatMap((style) => gates[style]) : gates[workStyle]);
}

const LONGEST_OWNER = 80;
const MOST_MODELS = 200;

/** What is wrong with settings that somebody sends; nothing when they can be kept. */
export function readinessSettingsErrors(settings: ReadinessSettings): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: string, message: string): void => void errors.push({ field, message });
  for (const style of WORK_STYLES) {
    if (!areRules(settings.gates[style])) wrong(`gates-${style}`, 'Choose among the rules, each once');
  }
  for (const rule of READINESS_RULES) {
    if (!isLine(settings.owners[rule], LONGEST_OWNER)) {
      wrong(`owner-${rule}`, `Enter a role or queue of at most ${LONGEST_OWNER} characters`);
    }
  }
  if (!areRules(settings.notWaivable)) wrong('notWaivable', 'Choose among the rules, each once');
  if (!Number.isInteger(settings.lastSeenDays) || settings.lastSeenDays < 1 || settings.lastSeenDays > 365) {
    wrong('lastSeenDays', 'Enter a whole number from 1 to 365');
  }
  const models = settings.approvedModels;
  if (
    models.length > MOST_MODELS ||
    !models.every((each) => isLine(each.manufacturer, 200) && isLine(each.model, 200))
  ) {
    wrong('approvedModels', `Enter at most ${MOST_MODELS} models, one a line: the maker, a comma, the model`);
  }
  if (settings.licenceSkus.length > 50 || !settings.licenceSkus.every((id) => isLine(id, 64))) {
    wrong('licenceSkus', 'Choose at most 50 products');
  }
  return errors;
}

function areRules(names: readonly string[]): boolean {
  return names.every(isReadinessRule) && new Set(names).size === names.length;
}

function isLine(text: unknown, longest: number): text is string {
  return typeof text === 'string' && text.trim() !== '' && text.length <= longest && !/[\p{Cc}\p{Cs}]/u.test(text);
}
