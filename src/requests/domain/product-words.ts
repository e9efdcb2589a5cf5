/** What kinds of things are in the catalogue. */
export const PRODUCT_KINDS = [
  'laptop',
  'desktop',
  'dock',
  'screen',
  'headset',
  'keyboard',
  'mouse',
  'bag',
  'assistive_technology',
  'other',
] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

export const PRODUCT_KIND_WORDS: Readonly<Record<ProductKind, string>> = {
  laptop: 'Laptop',
  desktop: 'Desktop',
  dock: 'Dock',
  screen: 'Screen',
  headset: 'Headset',
  keyboard: 'Keyboard',
  mouse: 'Mouse',
  bag: 'Bag',
  assistive_technology: 'Assistive technology',
  other: 'Other',
};
