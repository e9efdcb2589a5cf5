import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoryRecord } from '../../src/demo/tenant/programme-records.js';
import { Transactor } from '../../src/database/transactor.js';
import { FactCollectionService } from '../../src/rollout/fact-collection.service.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { readProgrammeHistory } from '../../src/rollout/take-over/history-reading.js';
import type { ProgrammeHistory } from '../../src/rollout/take-over/programme-history.js';
import type { TakenOver } from '../../src/rollout/take-over/take-over.service.js';
import {
  DEMONSTRATION_NOW,
  synchronisedDemonstration,
  type SynchronisedDemonstration,
} from '../support/demonstration-programme.js';

const TABLES = ['rollout_programme', 'move', 'move_fact', 'custody_event', 'boxed_device', 'booking', 'audit_event'];

let bench: SynchronisedDemonstration;
let taken: TakenOver;

async function counts(): Promise<readonly number[]> {
  const rows = TABLES.map((table) => bench.query<{ count: number }>(`select count(*)::integer as count from ${table}`));
  return (await Promise.all(rows)).map(([row]) => row?.count ?? -1);
}

/** The story with records added to its lists, as a file would have them. */
function historyWith(added: Readonly<Record<string, readonly StoryRecord[]>>): ProgrammeHistory {
  const story: Record<string, unknown> = { ...bench.demonstration.programmeStory() };
  for (const [list, records] of Object.entries(added)) story[list] = [...(story[list] as StoryRecord[]), ...records];
  const reading = readProgrammeHistory(JSON.parse(JSON.stringify(story)));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.history;
}

async function states(table: string): Promise<Readonly<Record<string, number>>> {
  const rows = await bench.query<{ state: string; count: number }>(
    `select state, count(*)::integer as count from ${table} group by state`,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

beforeAll(async () => {
  bench = await synchronisedDemonstration();
}, 60_000);
afterAll(() => bench.close());

describe('before anything is taken over', () => {
  it('the dry run says what would be done, and writes nothing', async () => {
    const before = await counts();
    const { people, desktops, machinesMade, custodySteps, mismatches } = await bench.takeOvers.check(bench.history);
    expect({ people, desktops }).toEqual({
      people: bench.history.baseline.people.length,
      desktops: bench.history.baseline.desktops.length,
    });
    expect(machinesMade).toBeGreaterThan(50);
    expect(custodySteps).toBeGreaterThan(200);
    expect(mismatches).toEqual([]);
    expect(await counts()).toEqual(before);
    expect(await bench.takeOvers.isPossible()).toBe(true);
  });

  it('the dry run names who and what does not match', async () => {
    const at = '2026-10-01T09:00:00Z';
    const left = '99999999-1111-4222-8333-444444444444';
    const history = historyWith({
      machines: [
        { machine: 'Z1', serialNumber: 'Default string', manufacturer: 'HP' },
        { machine: 'Z2', serialNumber: 'NEVERSEEN1' },
      ],
      wipes: [{ machine: 'Z2', at, evidence: 'CERT-9' }],
      deferrals: [
        { person: 'nobody@ferrybridge.example', at, reason: 'other', until: '2026-12-01' },
        { person: left, at, reason: 'other', until: '2026-12-01' },
      ],
    });
    const { mismatches } = await bench.takeOvers.check(history);
    expect(mismatches).toEqual([
      { named: 'nobody@ferrybridge.example', message: expect.stringContaining('nobody in the directory') as unknown },
      { named: left, message: expect.stringContaining('not in the directory (any more)') as unknown },
      { named: 'Z1', message: expect.stringContaining('no serial number') as unknown },
      { named: 'Z2', message: expect.stringContaining('does not follow "No custody recorded"') as unknown },
    ]);
  });

  it('a take-over that fails leaves nothing behind', async () => {
    const before = await counts();
    const failing = bench.takeOvers.takeOver(bench.history, 'system:take-over', (text) => {
      if (text.startsWith('Working out')) throw new Error('pulled the plug');
    });
    await expect(failing).rejects.toThrow('pulled the plug');
    expect(await counts()).toEqual(before);
  });
});

describe('a programme that was taken over', () => {
  beforeAll(async () => {
    taken = await bench.takeOvers.takeOver(bench.history, 'system:take-over', undefined, DEMONSTRATION_NOW);
  }, 60_000);

  it('has a snapshot of every day, an entry in the audit trail, and says until when it was taken over', async () => {
    expect(taken.days).toBeGreaterThan(265);
    const [programme] = await bench.query<{ state: string; backfilled_until: Date }>(
      'select state, backfilled_until from rollout_programme',
    );
    expect(programme).toEqual({ state: 'running', backfilled_until: DEMONSTRATION_NOW });
    const [entry] = await bench.query<{ subject_id: string; details: Record<string, unknown> }>(
      `select subject_id, details from audit_event where event = 'rollout.history-taken-over'`,
    );
    expect(entry).toMatchObject({
      subject_id: String(taken.programmeId),
      details: {
        people: taken.people,
        facts: taken.facts,
        contentHash: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
      },
    });
  });

  it('is refused a second time, and so is its dry run', async () => {
    await expect(bench.takeOvers.takeOver(bench.history, 'system:take-over')).rejects.toThrow('programme here already');
    await expect(bench.takeOvers.check(bench.history)).rejects.toThrow('programme here already');
    expect(await bench.takeOvers.isPossible()).toBe(false);
  });

  it('has moves in every part of their way, and waves that are over, under way and planned', async () => {
    const moves = await states('move');
    for (const state of ['closed', 'handed_over', 'scheduled', 'ready', 'blocked', 'not_started', 'left', 'exempt']) {
      expect([state, (moves[state] ?? 0) > 0]).toEqual([state, true]);
    }
    expect((await states('rollout_desktop'))['wiped']).toBeGreaterThan(50);
    const waves = await bench.query<{ members: number }>(
      `select count(wave_member.move_id)::integer as members from wave left join wave_member on wave_id = wave.id
       group by wave.id`,
    );
    expect(waves).toHaveLength(5);
    expect(waves.every(({ members }) => members > 0)).toBe(true);
  });

  it('has a history whose last stretch is what the facts say today, for moves and for desktops', async () => {
    const differing = await bench.query<{ id: number }>(
      `select move.id from move left join move_state as stretch on stretch.move_id = move.id and stretch.until_at is null
       where (move.state, move.scope_reason, move.readiness, move.at_risk, move.work_style, move.directorate, move.team,
              move.site, move.manager_entra_id, move.wave_id, move.oldest_desktop_at)
         is distinct from (stretch.state, stretch.scope_reason, stretch.readiness, stretch.at_risk, stretch.work_style,
              stretch.directorate, stretch.team, stretch.site, stretch.manager_entra_id, stretch.wave_id,
              stretch.oldest_desktop_at)`,
    );
    expect(differing).toEqual([]);
    const late = (table: string): Promise<{ count: number }[]> =>
      bench.query(`select count(*)::integer as count from ${table} where from_at >= $1`, [DEMONSTRATION_NOW]);
    expect(await late('move_state')).toEqual([{ count: 0 }]);
    expect(await late('rollout_desktop_state')).toEqual([{ count: 0 }]);
    const again = await new Transactor(bench.database.dataSource).run((tx) =>
      new MoveDerivationService().derive(tx, taken.programmeId, 'all', DEMONSTRATION_NOW),
    );
    expect(again).toEqual({ changed: 0 });
  });

  it('has custody that agrees with its moves and desktops, step by step', async () => {
    const laptops = await bench.query(
      `select move.id from move join device_custody as custody on custody.device_id = move.laptop_id
       where custody.set_aside_at is null and custody.state = 'in_use'
         and custody.holder_entra_id is distinct from move.person_entra_id`,
    );
    expect(laptops).toEqual([]);
    const desktops = await bench.query<{ state: string; custody: string | null }>(
      `select distinct desktop.state, custody.state as custody from rollout_desktop as desktop
       left join device_custody as custody on custody.device_id = desktop.device_id and custody.set_aside_at is null
       where desktop.state <> 'out_of_scope' order by 1, 2`,
    );
    expect(desktops.map(({ state, custody }) => `${state} ${custody}`)).toEqual(
      expect.arrayContaining(['in_use null', 'recovered recovered', 'wiped disposed', 'wiped wiped']),
    );
    expect(desktops.filter(({ state, custody }) => state === 'in_use' && custody !== null)).toEqual([]);
    const broken = await bench.query(
      `select event.id from custody_event as event
       join lateral (select * from custody_event as earlier where earlier.custody_id = event.custody_id
                     and earlier.id < event.id order by earlier.id desc limit 1) as earlier on true
       where earlier.at > event.at or (earlier.to_state, earlier.to_substate, earlier.holder_after)
         is distinct from (event.from_state, event.from_substate, event.holder_before)`,
    );
    expect(broken).toEqual([]);
    const last = await bench.query(
      `select custody.id from device_custody as custody
       join lateral (select * from custody_event where custody_id = custody.id order by id desc limit 1) as event on true
       where (custody.state, custody.substate, custody.holder_entra_id)
         is distinct from (event.to_state, event.to_substate, event.holder_after)`,
    );
    expect(last).toEqual([]);
  });

  it('gives every machine that only the records knew a class of its own model', async () => {
    const rows = await bench.query<{ superclass: string; count: number }>(
      `select form_factor_superclass as superclass, count(*)::integer as count
       from boxed_device join device on device.id = boxed_device.device_id group by 1`,
    );
    expect(rows.every(({ superclass }) => superclass === 'fixed' || superclass === 'portable')).toBe(true);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(taken.machinesMade);
  });

  it('agrees with what the sources show: the first collection of facts changes hardly a move', async () => {
    const before = await states('move');
    const transactor = new Transactor(bench.database.dataSource);
    const collection = new FactCollectionService(transactor, new MoveDerivationService());
    const at = new Date(DEMONSTRATION_NOW.getTime() + 60_000);
    await collection.collect(at);
    const after = await states('move');
    const moved = Object.keys({ ...before, ...after }).reduce(
      (sum, state) => sum + Math.abs((after[state] ?? 0) - (before[state] ?? 0)),
      0,
    );
    expect(moved).toBeLessThan(taken.people * 0.03);
    expect((await collection.collect(new Date(at.getTime() + 60_000)))?.facts).toBe(0);
  });
});
