import { isWorkingDay, midnightOf, ukTime, workingTime } from './programme-calendar.js';
import type { Random } from './random.js';
import type { StoryCast, StoryStep } from './requests-records.js';
import { dateOf, DAY, instant } from './simulated-time.js';
import type { Person, World } from './world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Who asks whom in the council, and when its offices are open. */
export class RequestCircle {
  /** Those who lead somebody who is still there, in the order in which they came to be. */
  readonly leaders: readonly string[];
  readonly #heads = new Map<string, string>();

  constructor(
    readonly world: World,
    readonly cast: StoryCast,
  ) {
    const here = [...world.people.values()].filter((person) => this.isHere(person.id));
    this.leaders = here.flatMap(({ id }) => (this.teamOf(id).length > 1 ? [id] : []));
    for (const { id, rank } of here) if (rank === 'head') this.#heads.set(this.costCentreOf(id) ?? '', id);
  }

  person(id: string): Person | undefined {
    return this.world.people.get(id);
  }

  isHere(id: string): boolean {
    const user = this.world.store.get('users', id);
    return this.person(id)?.leftOn === null && user?.['accountEnabled'] === true;
  }

  managerOf(id: string): string | null {
    const manager = this.world.managers.managerOf(id);
    return manager !== null && manager !== id && this.isHere(manager) ? manager : null;
  }

  teamOf(id: string): string[] {
    return this.world.managers.reportsOf(id).filter((report) => report !== id && this.isHere(report));
  }

  siteOf(id: string): string | null {
    const site = this.world.store.get('users', id)?.['officeLocation'];
    return typeof site === 'string' && site !== '' && site !== 'Home-based' ? site : null;
  }

  costCentreOf(id: string): string | null {
    const data = this.world.store.get('users', id)?.['employeeOrgData'] as { readonly costCenter?: string } | null;
    return data?.costCenter ?? null;
  }

  budgetHolderOf(costCentre: string | null): string | null {
    return this.#heads.get(costCentre ?? '') ?? null;
  }

  /** A time in office hours, on the day of an instant or the last working day before it. */
  office(random: Random, at: number): number {
    return workingTime(at, 9) + random.between(0, 460) * MINUTE;
  }

  /** An instant if offices are open then, and otherwise as long after their next opening as it is after an hour. */
  whenOpen(at: number): number {
    let midnight = midnightOf(at);
    if (isWorkingDay(midnight) && at >= ukTime(midnight, 8) && at < ukTime(midnight, 18)) return at;
    if (at >= ukTime(midnight, 18)) midnight += DAY;
    while (!isWorkingDay(midnight)) midnight += DAY;
    return ukTime(midnight, 9) + (at % HOUR);
  }

  /** A working day some days after an instant, as a date. */
  workingDay(at: number, days: number): string {
    let midnight = midnightOf(at) + days * DAY;
    while (!isWorkingDay(midnight)) midnight += DAY;
    return dateOf(midnight);
  }

  /** Who decided about a request that is over: the line manager, then the budget holder, then IT about exceptions. */
  steps(
    random: Random,
    requester: string,
    parties: readonly string[],
    submitted: number,
    { isException = false, refusal = null }: { readonly isException?: boolean; readonly refusal?: string | null } = {},
  ): readonly StoryStep[] {
    const mayDecide = (id: string | null): id is string => id !== null && id !== requester && !parties.includes(id);
    const manager = this.managerOf(requester);
    const holder = this.budgetHolderOf(this.costCentreOf(requester));
    const asked: Pick<StoryStep, 'kind' | 'approver' | 'queue' | 'by'>[] = [
      mayDecide(manager)
        ? { kind: 'line_manager', approver: manager, queue: null, by: manager }
        : { kind: 'line_manager', approver: null, queue: 'approvals', by: this.cast.approver },
    ];
    if (mayDecide(holder) && holder !== manager) {
      asked.push({ kind: 'budget_holder', approver: holder, queue: null, by: holder });
    }
    if (isException) asked.push({ kind: 'it', approver: null, queue: 'it', by: this.cast.rolloutManager });
    let at = submitted;
    const steps: StoryStep[] = [];
    for (const step of asked) {
      const openedAt = instant(at);
      at = this.whenOpen(at + random.between(20, 26 * 60) * MINUTE);
      const outcome = refusal !== null && step === asked.at(-1) ? 'rejected' : 'approved';
      steps.push({
        ...step,
        openedAt,
        decidedAt: instant(at),
        outcome,
        reason: outcome === 'rejected' ? refusal : null,
      });
      at += MINUTE;
    }
    return steps.some(({ by }) => by === requester || parties.includes(by)) ? [] : steps;
  }
}
