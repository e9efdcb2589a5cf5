import { MODELS } from './machine-models.js';
import type { StoryBundle, StoryProduct } from './requests-records.js';

/** Where the stores keep what they have; machines of the last deliveries are at the first. */
export const STORES = ['Aire House, stores', 'Castle Street, stores', 'Northfield Depot, stores'] as const;

export const STANDARD_LAPTOP = 'Laptop, 14 inch';
export const FAST_LAPTOP = 'Laptop for design and maps, 15 inch';
export const DOCK = 'Dock, USB-C';
export const SCREEN = 'Screen, 24 inch';
export const WIDE_SCREEN = 'Screen, 27 inch';
export const HEADSET = 'Headset, wireless';
export const WIRED_HEADSET = 'Headset, wired';
export const KEYBOARD = 'Keyboard and mouse';
export const BAG = 'Bag';
const SPLIT_KEYBOARD = 'Split keyboard';
const VERTICAL_MOUSE = 'Vertical mouse';
const SCREEN_READER = 'Screen reader, licence with training';
/** What is asked for with a reason that stays private. */
export const ASSISTIVE = [SPLIT_KEYBOARD, VERTICAL_MOUSE, SCREEN_READER] as const;

const INVENTED = 'Price invented for the demonstration.';

interface Offer {
  readonly most?: number;
  readonly models?: readonly string[];
  readonly reason?: true;
  readonly description?: string;
}

function product(name: string, kind: string, pricePence: number, offer: Offer = {}): StoryProduct {
  const { most = null, models = [], reason = false, description = INVENTED } = offer;
  return {
    ...{ name, kind, pricePence, description },
    serialised: kind === 'laptop',
    mostEach: most,
    reasonNeeded: reason,
    replacesKind: kind === 'laptop',
    models: MODELS.laptop.filter(({ model }) => models.includes(model)),
  };
}

/**
 * The catalogue. The price of the standard laptop is what Essex and Kent Police paid for each of 1,505 in November 2023
 * (essex.pfcc.police.uk/documents/36491); no public source names the others, and their prices are invented.
 */
export const PRODUCTS: readonly StoryProduct[] = [
  product(STANDARD_LAPTOP, 'laptop', 84_921, {
    most: 1,
    models: [
      'Latitude 5430',
      'Latitude 7450',
      'HP EliteBook 840 14 inch G10 Notebook PC',
      '21HMCTO1WW',
      'Latitude 5420',
    ],
    description: 'Price of Essex and Kent Police, November 2023.',
  }),
  product(FAST_LAPTOP, 'laptop', 165_000, { most: 1, reason: true, models: ['Precision 5550', 'Precision 3551'] }),
  product(DOCK, 'dock', 13_500, { most: 2 }),
  product(SCREEN, 'screen', 11_900, { most: 2 }),
  product(WIDE_SCREEN, 'screen', 21_900, { most: 2 }),
  product(HEADSET, 'headset', 7_800, { most: 1 }),
  product(WIRED_HEADSET, 'headset', 3_200, { most: 1 }),
  product(KEYBOARD, 'keyboard', 2_950, { most: 2 }),
  product(BAG, 'bag', 2_400, { most: 1 }),
  product(SPLIT_KEYBOARD, 'assistive_technology', 8_900, { most: 1, reason: true }),
  product(VERTICAL_MOUSE, 'assistive_technology', 5_400, { most: 1, reason: true }),
  product(SCREEN_READER, 'assistive_technology', 98_000, { most: 1, reason: true }),
];

export const ALTERNATIVES = [
  { product: KEYBOARD, alternative: SPLIT_KEYBOARD, note: 'Less strain on wrists and shoulders' },
  { product: KEYBOARD, alternative: VERTICAL_MOUSE, note: 'Held as in a handshake' },
  { product: SCREEN, alternative: SCREEN_READER, note: 'Reads aloud what is on the screen' },
  { product: SCREEN, alternative: WIDE_SCREEN, note: 'Larger text with as much on it' },
] as const;

const each = (...products: readonly string[]): StoryBundle['lines'] =>
  products.map((name) => ({ product: name, quantity: 1 }));

export const BUNDLES: readonly StoryBundle[] = [
  {
    name: 'Office and home',
    workStyle: 'office_mobile',
    description: 'For whoever works in the office on some days and at home on others.',
    lines: each(STANDARD_LAPTOP, HEADSET, BAG),
  },
  {
    name: 'Home',
    workStyle: 'home',
    description: 'For whoever works at home: with a dock and a screen there.',
    lines: each(STANDARD_LAPTOP, DOCK, SCREEN, HEADSET, KEYBOARD),
  },
  {
    name: 'Fixed desk',
    workStyle: 'fixed',
    description: 'For whoever works at one desk: a laptop that stays on its dock.',
    lines: each(STANDARD_LAPTOP, DOCK, SCREEN, KEYBOARD, WIRED_HEADSET),
  },
  {
    name: 'Out and about',
    workStyle: 'field',
    description: 'For whoever visits people and places.',
    lines: each(STANDARD_LAPTOP, WIRED_HEADSET, BAG),
  },
];
