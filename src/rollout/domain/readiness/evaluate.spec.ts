import fc from 'fast-check';
import { MOVE_ANSWERS, type MoveQuestion } from '../move-answers.js';
import { WORK_STYLES, type ReadinessOutcome } from '../move-words.js';
import { evaluateReadiness } from './evaluate.js';
import {
  NO_ROOMS,
  type Answers,
  type NamedLaptop,
  type NetworkRoom,
  type NetworkVerdict,
  type ReadinessFacts,
  type ReadinessSurroundings,
} from './facts.js';
import { overallOf, READINESS_RULES, type ReadinessRule, type RuleResult } from './rules.js';
import { DEFAULT_READINESS_SETTINGS, type ReadinessSettings } from './settings.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const EARLIER = new Date('2026-11-01T09:00:00Z');

const LAPTOP: NamedLaptop = {
  deviceId: 7,
  how: 'held',
  since: EARLIER,
  manufacturer: 'HP',
  model: 'EliteBook 840 G8',
  operatingSystemVersion: '10.0.26100.1742',
  upgradeEligibility: 'upgraded',
  complianceState: 'compliant',
  lastSeenAt: new Date('2026-11-20T09:00:00Z'),
};
const verdict = (outcome: ReadinessOutcome): NetworkVerdict => ({ outcome, since: EARLIER, evidence: {} });

function answered(answers: Readonly<Partial<Record<MoveQuestion, string>>>, listed: readonly string[] = []): Answers {
  return Object.fromEntries(
    Object.entries(answers).map(([question, answer]) => [question, { answer, at: EARLIER, listed }]),
  );
}

const ALL_WELL: ReadinessFacts = {
  moveId: 1,
  personEntraId: 'p-1',
  managerEntraId: 'p-2',
  workStyle: 'office_mobile',
  office: 'Civic Centre',
  waveEndsOn: '2026-12-04',
  laptop: LAPTOP,
  stockInReach: false,
  licence: 'active',
  answers: answered({
    applications: 'none',
    'assistive-technology': 'none',
    'local-data': 'none',
    'manager-word': 'yes',
    training: 'not-needed',
  }),
  waivers: [],
  home: verdict('ready'),
};
const SURROUNDINGS: ReadinessSurroundings = {
  sites: new Map([
    ['Civic Centre', verdict('ready')],
    ['Library', verdict('not_ready')],
  ]),
  rooms: NO_ROOMS,
  applications: new Map([
    ['northgate', { id: 1, name: 'Northgate', state: 'ready' as const, owner: null, since: EARLIER }],
    ['uniform', { id: 2, name: 'Uniform', state: 'not_ready' as const, owner: 'Planning systems', since: EARLIER }],
    ['gis', { id: 3, name: 'GIS', state: 'unknown' as const, owner: null, since: EARLIER }],
  ]),
};
const SETTINGS: ReadinessSettings = {
  ...DEFAULT_READINESS_SETTINGS,
  licenceSkus: ['sku-1'],
  approvedModels: [{ manufacturer: 'hp', model: 'EliteBook 840 G8' }],
};

function results(facts: Partial<ReadinessFacts>, settings: Partial<ReadinessSettings> = {}): readonly RuleResult[] {
  return evaluateReadiness({ ...ALL_WELL, ...facts }, SURROUNDINGS, { ...SETTINGS, ...settings }, NOW);
}

function of(
  rule: ReadinessRule,
  facts: Partial<ReadinessFacts>,
  settings: Partial<ReadinessSettings> = {},
): RuleResult {
  const found = results(facts, settings).find((result) => result.rule === rule);
  if (found === undefined) throw new Error(`No result of ${rule}`);
  return found;
}

const withAnswer = (
  question: MoveQuestion,
  answer: string,
  listed: readonly string[] = [],
): Partial<ReadinessFacts> => ({
  answers: { ...ALL_WELL.answers, ...answered({ [question]: answer }, listed) },
});
const unanswered = (question: MoveQuestion): Partial<ReadinessFacts> => ({
  answers: Object.fromEntries(Object.entries(ALL_WELL.answers).filter(([name]) => name !== question)),
});
const laptop = (changes: Partial<NamedLaptop>): Partial<ReadinessFacts> => ({ laptop: { ...LAPTOP, ...changes } });

describe('each rule', () => {
  it.each<[ReadinessRule, Partial<ReadinessFacts>, ReadinessOutcome, string]>([
    ['laptop', {}, 'ready', 'has-laptop'],
    ['laptop', laptop({ how: 'allocated' }), 'ready', 'laptop-allocated'],
    ['laptop', { laptop: null, stockInReach: true }, 'ready', 'stock-in-reach'],
    ['laptop', { laptop: null }, 'not_ready', 'stock-out-of-reach'],
    ['windows-11', {}, 'ready', 'windows-11-runs'],
    ['windows-11', laptop({ upgradeEligibility: null }), 'ready', 'windows-11-runs'],
    [
      'windows-11',
      laptop({ upgradeEligibility: 'capable', operatingSystemVersion: '10.0.19045.1' }),
      'not_ready',
      'windows-11-upgrade-due',
    ],
    ['windows-11', laptop({ upgradeEligibility: 'notCapable' }), 'not_ready', 'windows-11-impossible'],
    ['windows-11', laptop({ upgradeEligibility: null, operatingSystemVersion: null }), 'ready', 'approved-model'],
    [
      'windows-11',
      laptop({ upgradeEligibility: null, operatingSystemVersion: null, model: 'Other' }),
      'unknown',
      'windows-11-not-known',
    ],
    [
      'windows-11',
      laptop({ upgradeEligibility: 'unknown', operatingSystemVersion: '10.0.19045.1' }),
      'unknown',
      'windows-11-not-known',
    ],
    ['windows-11', { laptop: null }, 'unknown', 'no-laptop'],
    ['windows-11', { laptop: null, stockInReach: true }, 'ready', 'suitable-stock'],
    ['health', {}, 'ready', 'compliant'],
    ['health', laptop({ complianceState: 'noncompliant' }), 'not_ready', 'not-compliant'],
    ['health', laptop({ complianceState: 'noncompliant', how: 'allocated' }), 'not_ready', 'not-compliant'],
    ['health', laptop({ complianceState: null }), 'unknown', 'compliance-not-known'],
    ['health', laptop({ complianceState: null, how: 'allocated' }), 'ready', 'fresh-from-stock'],
    ['health', laptop({ lastSeenAt: null }), 'unknown', 'not-seen-lately'],
    ['health', laptop({ lastSeenAt: new Date('2026-10-20T09:00:00Z') }), 'unknown', 'not-seen-lately'],
    ['licence', {}, 'ready', 'licence-assigned'],
    ['licence', { licence: 'failed' }, 'not_ready', 'licence-failed'],
    ['licence', { licence: 'none' }, 'not_ready', 'licence-missing'],
    ['network-site', {}, 'ready', 'network-ready'],
    ['network-site', { office: 'Library' }, 'not_ready', 'network-not-ready'],
    ['network-site', { office: 'Depot' }, 'unknown', 'network-not-known'],
    ['network-site', { office: null }, 'unknown', 'site-not-known'],
    ['network-site', withAnswer('usual-sites', 'none'), 'ready', 'no-usual-site'],
    ['network-home', {}, 'ready', 'network-ready'],
    ['network-home', { home: verdict('not_ready') }, 'not_ready', 'home-not-ready'],
    ['network-home', { home: verdict('unknown') }, 'unknown', 'home-not-measured'],
    ['applications', {}, 'ready', 'no-special-applications'],
    ['applications', withAnswer('applications', 'listed', ['northgate']), 'ready', 'application-ready'],
    ['applications', withAnswer('applications', 'listed', ['Uniform']), 'not_ready', 'application-not-ready'],
    ['applications', withAnswer('applications', 'listed', ['GIS']), 'unknown', 'application-not-known'],
    ['applications', withAnswer('applications', 'listed', ['Nobody’s']), 'unknown', 'application-not-known'],
    ['applications', unanswered('applications'), 'unknown', 'not-answered'],
    ['assistive-technology', {}, 'ready', 'nothing-needed'],
    ['assistive-technology', withAnswer('assistive-technology', 'in-place'), 'ready', 'in-place'],
    ['assistive-technology', withAnswer('assistive-technology', 'ordered'), 'not_ready', 'on-order'],
    ['assistive-technology', withAnswer('assistive-technology', 'wanted'), 'not_ready', 'not-in-place'],
    ['assistive-technology', unanswered('assistive-technology'), 'unknown', 'not-answered'],
    ['local-data', {}, 'ready', 'no-local-data'],
    ['local-data', withAnswer('local-data', 'moved'), 'ready', 'local-data-moved'],
    ['local-data', withAnswer('local-data', 'some'), 'not_ready', 'local-data-remains'],
    ['local-data', withAnswer('local-data', 'not-sure'), 'unknown', 'local-data-not-sure'],
    ['local-data', unanswered('local-data'), 'unknown', 'not-answered'],
    ['manager-word', {}, 'ready', 'manager-agrees'],
    ['manager-word', withAnswer('manager-word', 'not-yet'), 'not_ready', 'manager-not-yet'],
    ['manager-word', withAnswer('manager-word', 'no'), 'not_ready', 'manager-refuses'],
    ['manager-word', unanswered('manager-word'), 'unknown', 'not-answered'],
    ['training', {}, 'ready', 'training-not-needed'],
    ['training', withAnswer('training', 'done'), 'ready', 'training-done'],
    ['training', withAnswer('training', 'booked'), 'not_ready', 'training-booked'],
    ['training', withAnswer('training', 'wanted'), 'not_ready', 'training-wanted'],
    ['training', unanswered('training'), 'unknown', 'not-answered'],
  ])('%s of %j is %s: %s', (rule, facts, outcome, reason) => {
    expect(of(rule, facts)).toMatchObject({ outcome, reason });
  });

  it('does not know licences that nobody has set, and does not ask about training that nobody wants asked', () => {
    expect(of('licence', {}, { licenceSkus: [] })).toMatchObject({ outcome: 'unknown', reason: 'licences-not-set' });
    expect(of('training', unanswered('training'), { trainingAsked: false }).outcome).toBe('ready');
    expect(of('training', withAnswer('training', 'wanted'), { trainingAsked: false }).outcome).toBe('not_ready');
  });

  it('says it of every site and application, each once, whatever the order', () => {
    const sites = results(withAnswer('usual-sites', 'listed', ['Library', 'Civic Centre', 'library']));
    expect(
      sites.filter(({ rule }) => rule === 'network-site').map(({ subject, outcome }) => [subject, outcome]),
    ).toEqual([
      ['Civic Centre', 'ready'],
      ['Library', 'not_ready'],
    ]);
    const applications = results(withAnswer('applications', 'listed', ['uniform', 'Northgate']));
    expect(applications.filter(({ rule }) => rule === 'applications')).toEqual([
      expect.objectContaining({ subject: 'Northgate', outcome: 'ready', owner: 'Application owners' }),
      expect.objectContaining({ subject: 'Uniform', outcome: 'not_ready', owner: 'Planning systems', since: EARLIER }),
    ]);
  });

  it('lets a network stop those after whose wave it is too small, and those in no wave when it is in the end', () => {
    const site: NetworkRoom = {
      cause: { kind: 'capacity', id: null },
      shortAfter: ['2026-12-04', '2027-01-29'],
      shortInTheEnd: true,
    };
    const gateway: NetworkRoom = { cause: { kind: 'remote-access', id: 4 }, shortAfter: [], shortInTheEnd: true };
    const rooms = { sites: new Map([['civic centre', site]]), remoteAccess: [gateway] };
    const found = (facts: Partial<ReadinessFacts>): readonly unknown[] =>
      evaluateReadiness({ ...ALL_WELL, ...facts }, { ...SURROUNDINGS, rooms }, SETTINGS, NOW)
        .filter(({ rule }) => rule === 'network-site' || rule === 'network-home')
        .map(({ outcome, reason, evidence }) => [outcome, reason, evidence['causes']]);
    const serves = ['ready', 'network-ready', undefined];
    const tooSmall = ['not_ready', 'site-too-small', [site.cause]];
    expect(found({ waveEndsOn: '2026-11-27' })).toEqual([serves, serves]);
    expect(found({ waveEndsOn: '2026-12-04' })).toEqual([tooSmall, serves]);
    // A second line is live by the end of this one.
    expect(found({ waveEndsOn: '2026-12-18' })).toEqual([serves, serves]);
    expect(found({ waveEndsOn: '2027-01-29' })).toEqual([tooSmall, serves]);
    expect(found({ waveEndsOn: null })).toEqual([tooSmall, ['not_ready', 'remote-access-too-small', [gateway.cause]]]);
    // What was in the way before stays, with its own reason.
    const home = { outcome: 'unknown' as const, since: null, evidence: { causes: [{ kind: 'home', id: null }] } };
    expect(found({ waveEndsOn: null, home })[1]).toEqual([
      'unknown',
      'home-not-measured',
      [{ kind: 'home', id: null }, gateway.cause],
    ]);
    expect(found({ waveEndsOn: null, office: 'Library' })[0]).toEqual(['not_ready', 'network-not-ready', undefined]);
  });

  it('names the person or the manager as owner where the settings say so', () => {
    expect(of('manager-word', unanswered('manager-word')).owner).toBe('person:p-2');
    expect(of('manager-word', { managerEntraId: null }).owner).toBe('Rollout managers');
    expect(of('local-data', {}).owner).toBe('person:p-1');
  });

  it('says since when a laptop has not been seen for too long', () => {
    const { since } = of('health', laptop({ lastSeenAt: new Date('2026-10-20T09:00:00Z') }));
    expect(since).toEqual(new Date('2026-11-19T09:00:00Z'));
  });
});

describe('the whole', () => {
  it('is ready when every rule that gates is', () => {
    expect(overallOf(results({}))).toBe('ready');
  });

  it('is unknown when something is not known, and not ready when anything is known not to be', () => {
    expect(overallOf(results(unanswered('local-data')))).toBe('unknown');
    expect(overallOf(results({ ...unanswered('local-data'), licence: 'none' }))).toBe('not_ready');
  });

  it('counts only the rules that gate the way of working; one that nobody knows is gated by every rule', () => {
    const atHome = { home: verdict('not_ready') };
    expect(overallOf(results({ ...atHome, workStyle: 'fixed' }))).toBe('ready');
    expect(overallOf(results({ ...atHome, workStyle: 'home' }))).toBe('not_ready');
    expect(overallOf(results({ ...atHome, workStyle: null }))).toBe('not_ready');
  });

  it('takes a waiver for ready as a whole, names it, and leaves the outcome as it is', () => {
    const waived = { licence: 'none', waivers: [{ id: 5, rule: 'licence' }] } as const;
    expect(of('licence', waived)).toMatchObject({ outcome: 'not_ready', waiverId: 5, blocks: false });
    expect(overallOf(results(waived))).toBe('ready');
    expect(of('health', waived).waiverId).toBeNull();
  });

  it('counts what is asked of a laptop once there is one, and before that only the laptop', () => {
    const inTheWay = (facts: Partial<ReadinessFacts>): string[] =>
      results(facts).flatMap(({ rule, blocks }) => (blocks ? [rule] : []));
    expect(inTheWay({ laptop: null })).toEqual(['laptop']);
    expect(inTheWay({ laptop: null, waivers: [{ id: 1, rule: 'laptop' }] })).toEqual(['windows-11', 'health']);
    expect(inTheWay({ laptop: null, stockInReach: true })).toEqual([]);
  });

  it('never takes what is not known for ready, whatever the facts', () => {
    const answers = fc.record(
      Object.fromEntries(
        Object.entries(MOVE_ANSWERS).map(([question, possible]) => [
          question,
          fc.record({
            answer: fc.constantFrom(...possible, 'something else'),
            at: fc.constant(EARLIER),
            listed: fc.subarray(['Civic Centre', 'Library', 'Depot', 'GIS', 'Uniform', 'northgate']),
          }),
        ]),
      ),
      { requiredKeys: [] },
    );
    const facts = fc.record({
      workStyle: fc.constantFrom(null, ...WORK_STYLES.filter((style) => style !== 'exempt')),
      office: fc.constantFrom(null, 'Civic Centre', 'Library', 'Depot'),
      laptop: fc.option(
        fc.record({
          deviceId: fc.constant(7),
          how: fc.constantFrom('held' as const, 'allocated' as const),
          since: fc.constant(null),
          manufacturer: fc.constant('HP'),
          model: fc.constantFrom('EliteBook 840 G8', 'Other'),
          operatingSystemVersion: fc.constantFrom(null, '10.0.19045.1', '10.0.26100.1', 'nonsense'),
          upgradeEligibility: fc.constantFrom(null, 'upgraded', 'capable', 'notCapable', 'unknown'),
          complianceState: fc.constantFrom(null, 'compliant', 'noncompliant', 'unknown'),
          lastSeenAt: fc.constantFrom(null, EARLIER, new Date('2026-01-01T00:00:00Z')),
        }),
      ),
      stockInReach: fc.boolean(),
      licence: fc.constantFrom('active' as const, 'failed' as const, 'none' as const),
      waivers: fc.subarray(READINESS_RULES.map((rule, index) => ({ id: index + 1, rule }))),
      home: fc.constantFrom(verdict('ready'), verdict('not_ready'), verdict('unknown')),
      answers: answers,
    });
    fc.assert(
      fc.property(facts, (given) => {
        const found = results(given);
        const open = found.filter(({ gates, outcome, waiverId }) => gates && outcome !== 'ready' && waiverId === null);
        expect(overallOf(found) === 'ready').toBe(open.length === 0);
        expect(READINESS_RULES.every((rule) => found.some((result) => result.rule === rule))).toBe(true);
        expect(results(given)).toEqual(found);
      }),
      { numRuns: 500 },
    );
  });
});
