import { APPROVAL_SETTINGS } from '../decisions/approval-settings.js';
import { routeOf, type RouteFacts, type RoutePerson } from './approval-route.js';
import { stepTimes } from './approval-times.js';

/** A line of managers: ann reports to boss, boss to head, head to chief; holder holds the budget and reports to chief. */
const LINE: Readonly<Record<string, string | null>> = {
  ann: 'boss',
  ben: 'boss',
  boss: 'head',
  head: 'chief',
  holder: 'chief',
  chief: null,
};

function factsWith(
  change: Partial<Omit<RouteFacts, 'people'>> & {
    readonly people?: Readonly<Record<string, Partial<RoutePerson> | null>>;
  } = {},
): RouteFacts {
  const { people: changed = {}, ...rest } = change;
  const people = new Map<string, RoutePerson>();
  for (const [entraId, managerEntraId] of Object.entries(LINE)) {
    const other = changed[entraId];
    if (other !== null) people.set(entraId, { entraId, managerEntraId, active: true, standIns: null, ...other });
  }
  return {
    ...{ requester: 'boss', parties: ['boss', 'ann', 'ben'], totalPence: 90_000, isException: false },
    ...{ budgetHolder: 'holder', linked: new Map<string, string>(), people, ...rest },
  };
}

const route = (change?: Parameters<typeof factsWith>[0]) => {
  const { steps, leftOut } = routeOf(factsWith(change), APPROVAL_SETTINGS);
  return {
    steps: steps.map(({ kind, approver, queue, queueReason }) =>
      approver === null
        ? `${kind}: ${queue}${queueReason === null ? '' : ` (${queueReason})`}`
        : `${kind}: ${approver}`,
    ),
    leftOut: leftOut.map(({ kind, sameAs }) => `${kind} as ${sameAs}`),
  };
};

describe('the route of an approval', () => {
  it('goes to the requester’s own manager, then to the budget holder', () => {
    expect(route()).toEqual({ steps: ['line_manager: head', 'budget_holder: holder'], leftOut: [] });
    expect(route({ requester: 'ann', parties: ['ann'] }).steps[0]).toBe('line_manager: boss');
  });

  it('goes to IT for exceptions, after everybody else', () => {
    expect(route({ isException: true }).steps).toEqual(['line_manager: head', 'budget_holder: holder', 'it: it']);
  });

  it('asks no budget holder below the threshold, and the queue where nobody holds the budget', () => {
    expect(route({ totalPence: 0 }).steps).toEqual(['line_manager: head']);
    expect(route({ budgetHolder: null }).steps[1]).toBe('budget_holder: approvals (missing)');
    expect(route({ budgetHolder: 'nobody-known' }).steps[1]).toBe('budget_holder: approvals (missing)');
  });

  it('asks nobody twice, with whatever account, and says so', () => {
    expect(route({ budgetHolder: 'head' })).toEqual({
      steps: ['line_manager: head'],
      leftOut: ['budget_holder as line_manager'],
    });
    expect(route({ linked: new Map([['holder', 'head']]) }).leftOut).toEqual(['budget_holder as line_manager']);
    expect(route({ requester: 'chief', parties: ['chief'], budgetHolder: null })).toEqual({
      steps: ['line_manager: approvals (missing)'],
      leftOut: ['budget_holder as line_manager'],
    });
  });

  it('goes up past who has left or is not known, with the reason in the queue', () => {
    expect(route({ people: { head: { active: false } } }).steps[0]).toBe('line_manager: chief');
    expect(route({ people: { head: { active: false }, chief: { active: false } } }).steps[0]).toBe(
      'line_manager: approvals (left)',
    );
    expect(route({ people: { head: null } }).steps[0]).toBe('line_manager: approvals (missing)');
  });

  it('goes up past who asks or gets something, with another account too', () => {
    const all = { requester: 'ann', budgetHolder: 'ann' };
    expect(route({ ...all, parties: ['ann', 'boss'] }).steps).toEqual(['line_manager: head']);
    expect(route({ ...all, parties: ['ann'], linked: new Map([['boss', 'ann']]) }).steps[0]).toBe('line_manager: head');
    expect(route({ ...all, parties: ['ann', 'boss', 'head', 'chief'] }).steps[0]).toBe(
      'line_manager: approvals (conflicted)',
    );
    expect(route({ requester: 'ann', parties: ['ann', 'holder'] }).steps[1]).toBe('budget_holder: chief');
  });

  it('stays with who is away while somebody can stand in, and goes up when nobody can', () => {
    expect(route({ people: { head: { standIns: ['chief'] } } }).steps[0]).toBe('line_manager: head');
    expect(route({ people: { head: { standIns: ['ann'] } } }).steps[0]).toBe('line_manager: chief');
    expect(
      route({ people: { head: { standIns: ['holder'] }, holder: { active: false }, chief: { active: false } } })
        .steps[0],
    ).toBe('line_manager: approvals (absent)');
  });

  it('ends in circles of the directory, and after five managers', () => {
    expect(
      route({ requester: 'ann', parties: ['ann', 'boss', 'head'], people: { head: { managerEntraId: 'boss' } } })
        .steps[0],
    ).toBe('line_manager: approvals (conflicted)');
    const tall = factsWith({ requester: 'p0', parties: ['p0'] });
    const people = new Map(
      Array.from({ length: 9 }, (_, n) => [
        `p${n}`,
        { entraId: `p${n}`, managerEntraId: `p${n + 1}`, active: n >= 7, standIns: null },
      ]),
    );
    const [step] = routeOf({ ...tall, people }, APPROVAL_SETTINGS).steps;
    expect(step).toMatchObject({ approver: null, queue: 'approvals', queueReason: 'left' });
    expect(step?.passedOver).toHaveLength(6);
  });
});

describe('the times of a step', () => {
  it('are ends of working days, past weekends and bank holidays', () => {
    const times = stepTimes(new Date('2026-12-23T10:00:00Z'), APPROVAL_SETTINGS);
    // Christmas Day is a Friday, and Boxing Day is made up for on the Monday after it.
    expect(times).toEqual({
      remindAt: new Date('2026-12-29T17:00:00Z'),
      dueAt: new Date('2026-12-30T17:00:00Z'),
      escalateAt: new Date('2027-01-04T17:00:00Z'),
    });
  });
});
