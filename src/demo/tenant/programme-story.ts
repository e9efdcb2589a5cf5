import { tellEverybodyElse } from './programme-others.js';
import { recover, tellMove } from './programme-moves.js';
import type { ProgrammeStory } from './programme-records.js';
import { tellMachines } from './programme-machines.js';
import { ProgrammeStage, type Player } from './programme-stage.js';
import { tellWaves } from './programme-waves.js';
import { workingDaysAfter, ukTime } from './programme-calendar.js';
import { DAY } from './simulated-time.js';
import type { World } from './world.js';

/** Of those who have moved, those who never had a desktop of their own. */
const WITHOUT_DESKTOP = 0.02;
const WITH_TWO = 0.05;

/**
 * What the council's programme office knows of its rollout on the first day of the demonstration: nine months of people
 * moving from desktops to laptops. It ends where the tenant's sources begin: whoever moved has the laptop that Intune
 * shows, enrolled on the day of the hand-over; their desktops, which no source shows, are known by serial number alone.
 */
export function tellProgramme(world: World): ProgrammeStory {
  const stage = new ProgrammeStage(world);
  const moved: Player[] = [];
  const others: Player[] = [];
  for (const player of stage.players) {
    const { calendar } = stage;
    const isStaff = player.hired < calendar.baseline && (player.left === null || player.left > calendar.baseline);
    if (isStaff && player.moved !== null && player.left === null) moved.push(player);
    else others.push(player);
  }
  for (const player of moved) tellMoved(stage, player);
  tellEverybodyElse(stage, others);
  tellMachines(stage, moved);
  tellWaves(stage, moved, others);
  return sorted(stage.story);
}

function tellMoved(stage: ProgrammeStage, player: Player): void {
  const { laptop, at } = player.moved ?? {};
  if (laptop === undefined || at === undefined) return;
  stage.enrol(player);
  tellMove(stage, player, stage.known(laptop), at);
  const random = stage.random('desktop', player.id);
  if (player.desktops.length > 0) {
    for (const [index, desktop] of player.desktops.entries()) {
      stage.baselineDesktop(stage.known(desktop), player.id);
      // Taken back two weeks later, and switched on again by somebody since: Intune still sees it.
      const back = at + 14 * DAY;
      if (index === 0 && desktop.inUse && back < stage.calendar.now - 5 * DAY && random.chance(0.5)) {
        recover(stage, random, stage.known(desktop), stage.office(random, back, at));
      }
    }
    return;
  }
  if (random.chance(WITHOUT_DESKTOP)) {
    const said = stage.office(random, at + 3 * DAY, at);
    const reason = 'Worked at free desks; there was no desktop of their own';
    stage.add('statements', { person: player.id, at: said, kind: 'no-desktop', reason, by: player.id });
    return;
  }
  for (let desktop = 0; desktop < (random.chance(WITH_TWO) ? 2 : 1); desktop++) {
    const machine = stage.former(random);
    stage.baselineDesktop(machine, player.id);
    const days = workingDaysAfter(at, 15);
    const later = ukTime(days[random.between(0, 14)] ?? at, 11) + random.between(0, 240) * 60_000;
    recover(stage, random, machine, random.chance(0.7) ? at + random.between(5, 40) * 60_000 : later);
  }
}

/** In the order of time, as an office writes its records down. */
function sorted(story: ProgrammeStory): ProgrammeStory {
  for (const list of Object.values(story) as unknown[]) {
    if (!Array.isArray(list)) continue;
    (list as { readonly at?: string }[]).sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
  }
  return story;
}
