// Compares a classifier with labelled models. Plain data in, plain data out: score.mjs prints it, score.spec.ts checks it.

/** Classes that the labels do not tell apart, or name otherwise: ours on the left, the label's on the right. */
const SAME_FINE_CLASS = {
  workstation_fixed: 'desktop',
  workstation_mobile: 'laptop',
  appliance: 'network_appliance',
};
const LABEL_AS_OURS = { sbc: 'mini_pc', stick_pc: 'mini_pc' };
const SUPERCLASS_AS_OURS = { portable: 'portable', fixed: 'fixed' };
const CONFIDENT = 0.8;

/** The columns a file of labelled models must have. */
export const LABEL_COLUMNS = [
  'manufacturer',
  'model',
  'form_factor',
  'superclass',
  'count',
  'business_line',
  'fine_ok',
  'group_split',
];

/** The floors, as shares; see `failures`. */
export const FLOORS = {
  business: { right: 0.995, decided: 0.97 },
  businessHoldout: { right: 0.985, decided: 0.9 },
  all: { right: 0.98, decided: 0.9 },
  fine: { right: 0.95, decided: 0 },
};

/**
 * Classifies every row by manufacturer and model alone and counts, by rows and by machines.
 *
 * @param rows labelled rows as objects of strings
 * @param classify (manufacturer, model) => { class, superclass, rule, confidence }
 */
export function score(rows, classify) {
  const judged = rows.map((row) => judge(row, classify(row.manufacturer, row.model)));
  const business = judged.filter(({ row }) => row.business_line === '1');
  const portableOrFixed = business.filter(({ wanted }) => wanted !== 'other');
  const isHoldout = ({ row }) => row.group_split === 'holdout';
  return {
    sections: {
      business: section(portableOrFixed),
      businessHoldout: section(portableOrFixed.filter(isHoldout)),
      businessWithOther: section(business),
      holdout: section(judged.filter(isHoldout)),
      all: section(judged),
      fine: section(judged.filter(({ row }) => row.fine_ok === '1').map(asFine)),
    },
    confidentErrors: business.filter(({ outcome, answer }) => outcome === 'wrong' && answer.confidence >= CONFIDENT),
  };
}

/** Sentences for every floor that is missed; empty if all hold. Both the machines and the rows must reach the share of right. */
export function failures({ sections }) {
  return Object.entries(FLOORS).flatMap(([name, floor]) => {
    const { machines } = sections[name].total;
    const shares = { right: rightOfDecided(machines), decided: decidedShare(machines) };
    return Object.entries(floor)
      .filter(([measure, least]) => machines.all > 0 && shares[measure] < least)
      .map(
        ([measure, least]) =>
          `${name}: ${percent(shares[measure])} of machines ${measure}, the floor is ${percent(least)}`,
      );
  });
}

/** Rows of placeholders that were given any class but unknown. */
export function namedPlaceholders(rows, classify) {
  return rows.filter(({ manufacturer, model }) => classify(manufacturer, model).class !== 'unknown');
}

export function rightOfDecided(tally) {
  return tally.decided === 0 ? 1 : tally.right / tally.decided;
}

export function decidedShare(tally) {
  return tally.all === 0 ? 1 : tally.decided / tally.all;
}

export function percent(share) {
  return `${(share * 100).toFixed(2)} %`;
}

function judge(row, answer) {
  const wanted = SUPERCLASS_AS_OURS[row.superclass] ?? 'other';
  return { row, answer, wanted, machines: Number(row.count), outcome: outcomeOf(answer.superclass, wanted) };
}

function asFine(judged) {
  const wanted = LABEL_AS_OURS[judged.row.form_factor] ?? judged.row.form_factor;
  const given = SAME_FINE_CLASS[judged.answer.class] ?? judged.answer.class;
  return { ...judged, outcome: outcomeOf(given, wanted) };
}

function outcomeOf(given, wanted) {
  if (given === 'unknown') return 'unknown';
  return given === wanted ? 'right' : 'wrong';
}

function section(judged) {
  const vendors = tallyBy(judged, ({ row }) => row.manufacturer.trim());
  const decidedVendors = [...vendors.values()].filter(({ machines }) => machines.decided > 0);
  return {
    total: tally(judged),
    bySuperclass: tallyBy(judged, ({ wanted }) => wanted),
    byVendor: vendors,
    macro: {
      right: mean(decidedVendors.map(({ machines }) => rightOfDecided(machines))),
      decided: mean([...vendors.values()].map(({ machines }) => decidedShare(machines))),
    },
  };
}

function tallyBy(judged, keyOf) {
  const groups = new Map();
  for (const item of judged) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return new Map([...groups].map(([key, items]) => [key, tally(items)]));
}

function tally(judged) {
  const count = (weigh) => {
    const total = { all: 0, decided: 0, right: 0, wrong: 0, unknown: 0 };
    for (const item of judged) {
      total.all += weigh(item);
      total[item.outcome] += weigh(item);
      if (item.outcome !== 'unknown') total.decided += weigh(item);
    }
    return total;
  };
  return { rows: count(() => 1), machines: count(({ machines }) => machines) };
}

function mean(values) {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
