import type { FormFactor } from './machine-models.js';
import type { Random } from './random.js';
import type { World } from './world.js';

const PREFIXES: Readonly<Record<FormFactor, string>> = {
  desktop: 'DT',
  laptop: 'LT',
  mini_pc: 'MP',
  all_in_one: 'AO',
  tablet: 'TB',
  phone: 'PH',
  virtual: 'VM',
  server: 'SV',
};

/**
 * A hostname by the council's convention, such as DT-FIN-0123. In a hundred, about 4 are Windows' own random kind, 3 come from
 * an older convention, 2 are in lower case, and 1 says laptop for a desktop or the other way round.
 */
export function drawHostname(world: World, random: Random, form: FormFactor, code: string): string {
  const exception = random.fraction();
  if (exception < 0.04) return `DESKTOP-${random.text('0123456789ABCDEFGHJKLMNPQRSTUVWXYZ', 7)}`;
  if (exception < 0.07) return `PC${String(next(world, 'PC')).padStart(5, '0')}`;
  const wrong = exception < 0.08 && (form === 'desktop' || form === 'laptop');
  const prefix = wrong ? (form === 'desktop' ? 'LT' : 'DT') : PREFIXES[form];
  const stem = `${prefix}-${code}`;
  const name = `${stem}-${String(next(world, stem)).padStart(4, '0')}`;
  return exception < 0.1 ? name.toLowerCase() : name;
}

function next(world: World, stem: string): number {
  const number = (world.hostnames.get(stem) ?? 0) + 1;
  world.hostnames.set(stem, number);
  return number;
}
