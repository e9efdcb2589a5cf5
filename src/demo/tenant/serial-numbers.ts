import type { MachineModel } from './machine-models.js';
import type { Random } from './random.js';

const LETTERS = 'BCDFGHJKLMNPQRSTVWXYZ';
const DIGITS = '0123456789';
const HEX = '0123456789abcdef';

/** What firmware says when nobody filled in the serial number. */
export const PLACEHOLDER_SERIALS: readonly string[] = [
  'To Be Filled By O.E.M.',
  'Default string',
  'System Serial Number',
  '0',
  'Not Specified',
  '00000000',
  'None',
  '0123456789',
];

/** How many machines in a hundred have a placeholder for a serial number: every white-box one and some others. */
const PLACEHOLDER_SHARE = 0.026;

const WHITE_BOX = /^(To Be Filled|System manufacturer|Gigabyte|OEGStone)/;

/** A serial number in the manner of the maker, or a placeholder. */
export function drawSerial(random: Random, model: MachineModel, bought: number): string {
  if (model.form === 'virtual') return virtualSerial(random, model);
  const fixed = model.form === 'desktop' || model.form === 'mini_pc' || model.form === 'all_in_one';
  if (WHITE_BOX.test(model.manufacturer) ? random.chance(0.8) : fixed && random.chance(PLACEHOLDER_SHARE)) {
    return random.pick(PLACEHOLDER_SERIALS);
  }
  const date = new Date(bought);
  const yearAndWeek = `${date.getUTCFullYear() % 10}${String(Math.floor(date.getUTCMonth() * 4.3) + 1).padStart(2, '0')}`;
  if (model.manufacturer.startsWith('Dell')) return `${random.text(DIGITS + LETTERS, 6)}${random.between(1, 3)}`;
  if (model.manufacturer === 'HP' || model.manufacturer === 'Hewlett-Packard') {
    return `${model.form === 'laptop' ? '5CG' : 'CZC'}${yearAndWeek}${random.text(DIGITS + LETTERS, 4)}`;
  }
  if (model.manufacturer === 'LENOVO') {
    return `${model.form === 'laptop' ? 'PF' : 'PC0'}${random.text(DIGITS + LETTERS, model.form === 'laptop' ? 6 : 5)}`;
  }
  if (model.manufacturer === 'Microsoft Corporation') return `0${random.text(DIGITS, 11)}`;
  if (model.manufacturer === 'FUJITSU') return `YL${random.text(LETTERS, 2)}${random.text(DIGITS, 6)}`;
  return random.text(DIGITS + LETTERS, 11);
}

function virtualSerial(random: Random, model: MachineModel): string {
  if (model.manufacturer.startsWith('VMware')) {
    const bytes = Array.from({ length: 16 }, () => random.text(HEX, 2));
    return `VMware-${bytes.slice(0, 8).join(' ')}-${bytes.slice(8).join(' ')}`;
  }
  return `${Array.from({ length: 6 }, () => random.text(DIGITS, 4)).join('-')}-${random.text(DIGITS, 2)}`;
}
