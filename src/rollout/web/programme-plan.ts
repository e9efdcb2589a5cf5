import { InputError, type FieldError } from '../../common/errors.js';
import { isDay } from '../../common/instant.js';
import { visibleText } from '../../common/visible-text.js';
import { wholeDay, withWholeDays } from '../../web/form-days.js';
import type { CurrentProgramme, ScopeChoices } from '../programme.queries.js';
import type { ProgrammePlan } from '../programme.service.js';

/** The lists of a scope, as the form asks for them. */
export const SCOPE_LISTS = {
  directorates: { label: 'Directorates that take part', hint: 'Tick none for all.' },
  sites: { label: 'Sites that take part', hint: 'Tick none for all.' },
  exceptEmployeeTypes: { label: 'Employee types that do not take part', hint: 'Such as agency workers.' },
  exceptTeams: { label: 'Teams that do not take part', hint: 'Departments, as the directory has them.' },
} as const;
export type ScopeList = keyof typeof SCOPE_LISTS;
const LISTS = Object.keys(SCOPE_LISTS) as ScopeList[];

/** One list of the scope on the form. */
export interface ScopeListField {
  readonly name: ScopeList;
  readonly label: string;
  readonly hint: string;
  readonly value: readonly string[];
  readonly items: readonly { readonly value: string; readonly text: string }[];
}

/** The lists with what is planned ticked. */
export function scopeFields(programme: CurrentProgramme | null, choices: ScopeChoices): ScopeListField[] {
  return LISTS.map((name) => ({
    name,
    ...SCOPE_LISTS[name],
    value: programme?.scope[name] ?? [],
    items: offered(name, programme, choices).map((value) => ({ value, text: value })),
  }));
}

/** What is planned stays a choice, even if the directory does not have it any more. */
function offered(name: ScopeList, programme: CurrentProgramme | null, choices: ScopeChoices): string[] {
  return [...new Set([...choices[name], ...(programme?.scope[name] ?? [])])];
}

/**
 * The plan that was typed.
 * @throws InputError naming each field with what is wrong with it
 */
export function readPlan(typed: object, programme: CurrentProgramme | null, choices: ScopeChoices): ProgrammePlan {
  const values = withWholeDays(typed, ['startsOn', 'targetOn']) as Readonly<Record<string, unknown>>;
  const errors: FieldError[] = [];
  const name = typeof values['name'] === 'string' ? visibleText(values['name']) : '';
  if (name === '') errors.push({ field: 'name', message: 'Enter a name' });
  const day = (field: 'startsOn' | 'targetOn', missing: string): string => {
    const value = wholeDay(values[field]);
    if (typeof value === 'string' && isDay(value)) return value;
    errors.push({ field, message: value === undefined ? missing : 'Enter a day that exists, such as 27 3 2027' });
    return '';
  };
  const startsOn = day('startsOn', 'Enter the first day');
  const targetOn = day('targetOn', 'Enter the day by which it should be done');
  const list = (field: ScopeList): string[] => {
    const chosen = values[field] === undefined ? [] : [values[field]].flat();
    const names = offered(field, programme, choices).filter((each) => chosen.includes(each));
    if (names.length < chosen.length) errors.push({ field, message: 'Choose from the list' });
    return names;
  };
  const scope = {
    directorates: list('directorates'),
    sites: list('sites'),
    exceptEmployeeTypes: list('exceptEmployeeTypes'),
    exceptTeams: list('exceptTeams'),
    includePeopleWithoutDesktop: values['includePeopleWithoutDesktop'] === 'yes',
  };
  if (!['yes', 'no'].includes(String(values['includePeopleWithoutDesktop']))) {
    errors.push({ field: 'includePeopleWithoutDesktop', message: 'Choose whether they take part' });
  }
  if (errors.length > 0) throw new InputError('Put right what is marked.', errors);
  return { name, startsOn, targetOn, scope };
}

/** The parts of a day, for a date field. */
export function dateParts(day: string | undefined): { day: number; month: number; year: number } | undefined {
  if (day === undefined) return undefined;
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { day: date, month, year };
}
