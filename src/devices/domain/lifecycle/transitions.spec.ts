import { COMMAND_FIELDS } from './command-fields.js';
import { readCommandInput, type CommandInput } from './command-input.js';
import { CUSTODY_COMMANDS, type CustodyCommand } from './commands.js';
import { decide, type Commander, type MachineCustody, type NamedPerson } from './decision.js';
import { STANDINGS, hasHolder, partsOf, standingOf, type Origin } from './standing.js';
import { TRANSITIONS, allowedCommands, permissionOf, transitionOf } from './transitions.js';

const ORIGINS: readonly Origin[] = ['none', ...STANDINGS];
const PERMISSIONS = ['custody:write', 'stock:write', 'wipe:record'] as const;
const EMPTY: CommandInput = { holder: null, place: null, reason: null, reference: null, evidenceId: null, details: {} };
const PERSON: NamedPerson = { entraId: 'p-new', present: true, enabled: true };
const anybody: Commander = { personEntraId: 'p-desk', permissions: new Set(PERMISSIONS) };

function machine(standing: Origin, facts: Partial<MachineCustody> = {}): MachineCustody {
  return {
    standing,
    holder: hasHolder(standing) ? 'p-old' : null,
    place: 'Stores',
    before: { standing: 'none', holder: null, place: null },
    contested: false,
    ...facts,
  };
}

/** The steps that are permitted, written down a second time and in another way: by standing. */
const PERMITTED: Readonly<Record<Origin, Readonly<Partial<Record<CustodyCommand, string>>>>> = {
  none: {
    order: 'on_order',
    receive: 'in_stock:available',
    'hand-over': 'in_use',
    install: 'in_use:shared',
    'take-back': 'recovered',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    note: 'none',
  },
  on_order: { receive: 'in_stock:available', 'report-stolen': 'stolen', correct: 'none', note: 'on_order' },
  'in_stock:available': {
    allocate: 'allocated',
    hold: 'in_stock:held',
    quarantine: 'in_stock:quarantined',
    move: 'in_stock:available',
    'hand-over': 'in_use',
    install: 'in_use:shared',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    'send-to-repair': 'in_stock:repair',
    'send-to-disposal': 'awaiting_disposal',
    correct: 'none',
    note: 'in_stock:available',
  },
  'in_stock:held': {
    allocate: 'allocated',
    quarantine: 'in_stock:quarantined',
    release: 'in_stock:available',
    move: 'in_stock:held',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    'send-to-repair': 'in_stock:repair',
    correct: 'none',
    note: 'in_stock:held',
  },
  'in_stock:quarantined': {
    release: 'in_stock:available',
    move: 'in_stock:quarantined',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    'send-to-repair': 'in_stock:repair',
    'send-to-disposal': 'awaiting_disposal',
    correct: 'none',
    note: 'in_stock:quarantined',
  },
  'in_stock:repair': {
    move: 'in_stock:repair',
    'return-from-repair': 'recovered',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'in_stock:repair',
  },
  allocated: {
    release: 'in_stock:available',
    'hand-over': 'in_use',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'allocated',
  },
  in_use: {
    transfer: 'in_use',
    recall: 'return_due',
    'take-back': 'recovered',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'in_use',
  },
  'in_use:shared': {
    transfer: 'in_use',
    recall: 'return_due:shared',
    'take-back': 'recovered',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'in_use:shared',
  },
  return_due: {
    keep: 'in_use',
    'take-back': 'recovered',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'return_due',
  },
  'return_due:shared': {
    keep: 'in_use:shared',
    'take-back': 'recovered',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'return_due:shared',
  },
  recovered: {
    move: 'recovered',
    wipe: 'wiped',
    'send-to-repair': 'in_stock:repair',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'recovered',
  },
  wiped: {
    move: 'wiped',
    restock: 'in_stock:available',
    'send-to-repair': 'in_stock:repair',
    'send-to-disposal': 'awaiting_disposal',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'wiped',
  },
  awaiting_disposal: {
    move: 'awaiting_disposal',
    dispose: 'disposed',
    'report-missing': 'missing',
    'report-stolen': 'stolen',
    correct: 'none',
    note: 'awaiting_disposal',
  },
  disposed: { correct: 'none', note: 'disposed' },
  missing: {
    find: 'recovered',
    'report-stolen': 'stolen',
    'write-off': 'written_off',
    correct: 'none',
    note: 'missing',
  },
  stolen: { find: 'recovered', 'write-off': 'written_off', correct: 'none', note: 'stolen' },
  written_off: { find: 'recovered', correct: 'none', note: 'written_off' },
};

const NEEDED: Readonly<Record<CustodyCommand, (typeof PERMISSIONS)[number]>> = {
  order: 'stock:write',
  receive: 'stock:write',
  allocate: 'stock:write',
  hold: 'stock:write',
  quarantine: 'stock:write',
  release: 'stock:write',
  move: 'stock:write',
  'hand-over': 'custody:write',
  install: 'custody:write',
  transfer: 'custody:write',
  recall: 'custody:write',
  keep: 'custody:write',
  'take-back': 'custody:write',
  'report-missing': 'custody:write',
  'report-stolen': 'custody:write',
  find: 'custody:write',
  'send-to-repair': 'stock:write',
  'return-from-repair': 'stock:write',
  wipe: 'wipe:record',
  restock: 'stock:write',
  'send-to-disposal': 'stock:write',
  dispose: 'stock:write',
  'write-off': 'stock:write',
  correct: 'stock:write',
  note: 'custody:write',
};

describe('the steps of custody', () => {
  it.each(ORIGINS.flatMap((from) => CUSTODY_COMMANDS.map((command) => [from, command] as const)))(
    'from %s, %s does what it should for everybody with the permission, and nothing for anybody else',
    (from, command) => {
      const permitted = PERMITTED[from][command];
      const person = from === 'allocated' ? { entraId: 'p-old', present: true, enabled: true } : PERSON;
      const held = machine(from);
      for (const mask of Array.from({ length: 8 }, (_, bits) => bits)) {
        const permissions = new Set(PERMISSIONS.filter((_, index) => (mask >> index) % 2 === 1));
        const decision = decide(command, EMPTY, held, person, { personEntraId: 'p-desk', permissions });
        if (!permissions.has(NEEDED[command])) {
          expect(decision).toMatchObject({ ok: false, refusal: { kind: 'permission' } });
        } else if (permitted === undefined) {
          expect(decision).toMatchObject({ ok: false, refusal: { kind: 'state' } });
        } else {
          expect(decision).toMatchObject({ ok: true, to: { standing: permitted } });
          if (decision.ok) expect(decision.to.holder !== null).toBe(hasHolder(decision.to.standing));
        }
        expect(allowedCommands(from, permissions).includes(command)).toBe(
          permitted !== undefined && permissions.has(NEEDED[command]),
        );
      }
    },
  );

  it('names every command, standing, permission and reason', () => {
    expect(new Set(TRANSITIONS.map(({ command }) => command))).toEqual(new Set(CUSTODY_COMMANDS));
    for (const { command, permission, why } of TRANSITIONS) {
      expect(permissionOf(command)).toBe(permission);
      expect(why.length).toBeGreaterThan(10);
    }
    for (const standing of STANDINGS) {
      const { state, substate } = partsOf(standing);
      expect(standingOf(state, substate)).toBe(standing);
    }
  });

  it('reaches every standing from nothing, and gives nothing out again that was not wiped', () => {
    const reached = new Set<Origin>(['none']);
    for (let grown = true; grown;) {
      const before = reached.size;
      for (const { from, to } of TRANSITIONS) {
        if (to !== 'same' && to !== 'before' && from.some((origin) => reached.has(origin))) reached.add(to);
      }
      reached.add('in_stock:quarantined');
      grown = reached.size > before;
    }
    expect(reached).toEqual(new Set(ORIGINS));

    const fromRecovered = new Set<Origin>(['recovered']);
    for (let grown = true; grown;) {
      const before = fromRecovered.size;
      for (const { command, from, to } of TRANSITIONS) {
        if (command === 'wipe' || to === 'same' || to === 'before') continue;
        if (from.some((origin) => fromRecovered.has(origin))) fromRecovered.add(to);
      }
      grown = fromRecovered.size > before;
    }
    for (const given of [
      'in_use',
      'in_use:shared',
      'allocated',
      'in_stock:available',
      'awaiting_disposal',
      'disposed',
    ]) {
      expect(fromRecovered).not.toContain(given);
    }
  });
});

describe('the guards', () => {
  const give = (person: NamedPerson, held = machine('in_stock:available'), by = anybody): unknown =>
    decide('hand-over', EMPTY, held, person, by);

  it('gives nothing to a leaver, a disabled account or nobody', () => {
    expect(give(null)).toMatchObject({ ok: false, refusal: { kind: 'person' } });
    expect(give({ entraId: 'x', present: false, enabled: true })).toMatchObject({ refusal: { kind: 'person' } });
    expect(give({ entraId: 'x', present: true, enabled: false })).toMatchObject({ refusal: { kind: 'person' } });
    expect(give(PERSON)).toMatchObject({ ok: true, to: { standing: 'in_use', holder: 'p-new', place: null } });
  });

  it('lets nobody decide about a machine of their own, on neither side (V-05)', () => {
    const by = (personEntraId: string): Commander => ({ ...anybody, personEntraId });
    expect(give(PERSON, machine('in_stock:available'), by('p-new'))).toMatchObject({ refusal: { kind: 'self' } });
    for (const command of ['take-back', 'report-missing', 'report-stolen', 'recall'] as const) {
      expect(decide(command, EMPTY, machine('in_use'), null, by('p-old'))).toMatchObject({ refusal: { kind: 'self' } });
    }
    for (const side of ['p-old', 'p-new']) {
      const decision = decide('transfer', EMPTY, machine('in_use'), PERSON, by(side));
      expect(decision).toMatchObject({ refusal: { kind: 'self' } });
    }
    const before = { standing: 'in_use', holder: 'p-desk', place: null } as const;
    expect(decide('correct', EMPTY, machine('recovered', { before }), null, anybody)).toMatchObject({
      refusal: { kind: 'self' },
    });
    expect(decide('take-back', EMPTY, machine('in_use'), null, { ...anybody, personEntraId: null }).ok).toBe(true);
  });

  it('gives an allocated machine to nobody else, and transfers to somebody else only', () => {
    expect(give(PERSON, machine('allocated'))).toMatchObject({ refusal: { kind: 'state' } });
    const same: NamedPerson = { entraId: 'p-old', present: true, enabled: true };
    expect(decide('transfer', EMPTY, machine('in_use'), same, anybody)).toMatchObject({ refusal: { kind: 'state' } });
  });

  it('takes back no step that is not there, and decides nothing while two custodies contradict', () => {
    expect(decide('correct', EMPTY, machine('in_use', { before: null }), null, anybody)).toMatchObject({
      refusal: { kind: 'state' },
    });
    for (const command of CUSTODY_COMMANDS.filter((word) => word !== 'note')) {
      expect(decide(command, EMPTY, machine('in_use', { contested: true }), PERSON, anybody)).toMatchObject({
        refusal: { kind: 'contested' },
      });
    }
    expect(decide('note', EMPTY, machine('in_use', { contested: true }), null, anybody).ok).toBe(true);
  });

  it('receives what is damaged into quarantine', () => {
    const damaged = { ...EMPTY, details: { condition: 'damaged' } };
    expect(decide('receive', damaged, machine('none'), null, anybody)).toMatchObject({
      to: { standing: 'in_stock:quarantined' },
    });
  });
});

describe('the fields of commands', () => {
  it.each(CUSTODY_COMMANDS)(
    '%s takes its own fields and no other, whoever sends them (V-02, V-07, V-08)',
    (command) => {
      const protectedKeys = [
        'state',
        'substate',
        'holderEntraId',
        'holder_entra_id',
        'assignedTo',
        'assigned_user',
        'version',
      ];
      for (const key of [
        ...protectedKeys,
        'deviceId',
        'id',
        'actor',
        'createdBy',
        'at',
        'since',
        '__proto__',
        'constructor',
      ]) {
        const reading = readCommandInput(
          command,
          JSON.parse(`{"${key}":"x"}`) as Record<string, unknown>,
          '2026-11-23',
        );
        expect(reading).toMatchObject({ ok: false, unknown: true });
      }
      const missing = readCommandInput(command, {}, '2026-11-23');
      const required = COMMAND_FIELDS[command].filter((field) => field.required).map(({ name }) => name);
      expect(missing.ok ? [] : missing.errors.map(({ field }) => field)).toEqual(required);
    },
  );

  it.each([
    ['holder', 5],
    ['holder', ['a', 'b']],
    ['holder', { $ne: null }],
    ['holder', 'a\0b'],
    ['holder', 'x'.repeat(321)],
    ['accessories', ['charger', 'crown']],
    ['accessories', { length: 1 }],
    ['evidence', '1e3'],
    ['evidence', 0],
    ['evidence', 2_147_483_648],
    ['reason', 'a\u0007'],
  ])('refuses %s = %j', (field, value) => {
    const reading = readCommandInput('hand-over', { holder: 'a@b', [field]: value }, '2026-11-23');
    expect(reading).toMatchObject({ ok: false, unknown: false, errors: [{ field }] });
  });

  it('asks for a weight or a WEEE reference, and for days that are not in the future', () => {
    const sent = { reference: 'CN-1', certificate: 'C-1', collectedOn: '2026-11-23' };
    expect(readCommandInput('dispose', sent, '2026-11-23')).toMatchObject({ ok: false, errors: [{ field: 'weight' }] });
    expect(readCommandInput('dispose', { ...sent, weight: '2.5' }, '2026-11-23')).toMatchObject({
      input: { details: { weight: 2.5 } },
    });
    for (const weight of ['0', '-1', '1e3', 'NaN', 'Infinity', '10000']) {
      expect(readCommandInput('dispose', { ...sent, weight }, '2026-11-23').ok).toBe(false);
    }
    for (const collectedOn of ['2026-11-24', '2026-02-30', 'infinity', 'now']) {
      expect(readCommandInput('dispose', { ...sent, weight: 1, collectedOn }, '2026-11-23').ok).toBe(false);
    }
  });

  it('has a transition for whatever a form offers', () => {
    for (const from of ORIGINS) {
      for (const command of allowedCommands(from, anybody.permissions)) {
        expect(transitionOf(command, from)).not.toBeNull();
      }
    }
  });
});
