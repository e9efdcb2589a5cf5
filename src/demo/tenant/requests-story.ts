import { workingTime } from './programme-calendar.js';
import type { ProgrammeStory } from './programme-records.js';
import { Random } from './random.js';
import { ALTERNATIVES, BUNDLES, FAST_LAPTOP, PRODUCTS, STANDARD_LAPTOP, STORES } from './requests-catalogue.js';
import { RequestCircle } from './requests-circle.js';
import { tellPastRequests } from './requests-past.js';
import { tellPresentRequests } from './requests-present.js';
import type { RequestsStory, StoryCast, StoryCostCentre, StoryOrder } from './requests-records.js';
import { tellStock, thresholdsOf } from './requests-stock.js';
import { dateOf, DAY } from './simulated-time.js';
import type { World } from './world.js';

/** What a team spends on equipment in a year, for each of its people, in pence. Invented. */
const BUDGET_FOR_EACH = 12_000;

/**
 * A year of requests for equipment, as the council's stores and finance have it on record on the first day of the
 * demonstration. All of it is invented; the laptops of the past are those that the rollout handed over.
 * @param programme the story of the rollout, with whose laptops it agrees
 * @param cast those as whom visitors sign in, so that each finds something to do
 */
export function tellRequests(world: World, programme: ProgrammeStory, cast: StoryCast): RequestsStory {
  const circle = new RequestCircle(world, cast);
  const randomOf = (...labels: readonly string[]): Random => new Random(world.seed, 'requests', ...labels);
  const past = tellPastRequests(circle, programme, randomOf);
  const { left, orders, ...stock } = tellStock(randomOf('stock'), world.now, past);
  return {
    source: 'Records of the demonstration council’s stores and finance (invented)',
    stockHolder: cast.stockHolder,
    approver: cast.approver,
    itApprover: cast.rolloutManager,
    products: PRODUCTS,
    alternatives: ALTERNATIVES,
    bundles: BUNDLES,
    places: STORES,
    costCentres: costCentres(circle),
    ...stock,
    orders: [...orders, ...laptopOrders(programme, world.now)],
    thresholds: [
      ...thresholdsOf(left),
      { product: STANDARD_LAPTOP, place: STORES[0], threshold: 25 },
      { product: FAST_LAPTOP, place: STORES[0], threshold: 2 },
    ],
    delegations: delegations(circle),
    past,
    present: tellPresentRequests(circle, randomOf('present')),
  };
}

function costCentres(circle: RequestCircle): StoryCostCentre[] {
  const people = new Map<string, { name: string; count: number }>();
  for (const { id, service, directorate } of circle.world.people.values()) {
    const code = circle.costCentreOf(id);
    if (code === null || !circle.isHere(id)) continue;
    const name = service?.name ?? directorate?.name ?? code;
    people.set(code, { name, count: (people.get(code)?.count ?? 0) + 1 });
  }
  const { now } = circle.world;
  const thisYear = new Date(now - 90 * DAY).getUTCFullYear();
  return [...people]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, { name, count }]) => ({
      ...{ code, name },
      budgetHolder: circle.budgetHolderOf(code),
      budgets: [thisYear - 1, thisYear].map((year) => ({
        year,
        pence: Math.max(2, Math.ceil((count * BUDGET_FOR_EACH) / 100_000)) * 100_000,
      })),
    }));
}

/** The laptops of the deliveries that the rollout's records tell of, an order a month; serial numbers came with them. */
function laptopOrders(programme: ProgrammeStory, now: number): StoryOrder[] {
  const models = PRODUCTS.find(({ name }) => name === STANDARD_LAPTOP);
  const machines = new Map(programme.machines.map((machine) => [machine['machine'], machine['model']]));
  const priceOf = (product: string): number => PRODUCTS.find(({ name }) => name === product)?.pricePence ?? 0;
  const line = { product: STANDARD_LAPTOP, place: STORES[0], pricePence: priceOf(STANDARD_LAPTOP) };
  const months = new Map<string, Map<string, number>>();
  for (const { machine, at, place } of programme.deliveries) {
    const isTheirs = models?.models.some(({ model }) => model === machines.get(machine)) === true;
    if (!isTheirs || place !== STORES[0]) continue;
    const day = String(at).slice(0, 10);
    const days = months.get(day.slice(0, 7)) ?? new Map<string, number>();
    months.set(day.slice(0, 7), days.set(day, (days.get(day) ?? 0) + 1));
  }
  const came = [...months.values()].map((days) => {
    const receipts = [...days].sort().map(([day, quantity]) => ({ at: `${day}T11:00:00Z`, quantity }));
    const [first, last] = [receipts.at(0)?.at ?? '', receipts.at(-1)?.at ?? ''];
    return {
      orderedOn: dateOf(workingTime(Date.parse(first) - 28 * DAY, 9)),
      expectedOn: dateOf(Date.parse(last)),
      lines: [{ ...line, quantity: receipts.reduce((sum, { quantity }) => sum + quantity, 0), receipts }],
    };
  });
  const coming = {
    orderedOn: dateOf(workingTime(now - 8 * DAY, 9)),
    expectedOn: dateOf(workingTime(now + 14 * DAY, 9)),
    lines: [
      { ...line, quantity: 120, receipts: [] },
      { ...line, product: FAST_LAPTOP, quantity: 6, pricePence: priceOf(FAST_LAPTOP), receipts: [] },
    ],
  };
  return [...came.sort((a, b) => a.orderedOn.localeCompare(b.orderedOn)), coming].map((order, index) => ({
    number: `LT-${701 + index}`,
    supplier: 'Wharfedale Computers (invented)',
    ...order,
  }));
}

/** A head of service who is on leave, and in whose place the approver decides meanwhile. */
function delegations({ world, leaders, cast }: RequestCircle): RequestsStory['delegations'] {
  const from = leaders.filter((id) => world.people.get(id)?.rank === 'head' && id !== cast.approver)[1];
  if (from === undefined) return [];
  const [fromDay, untilDay] = [dateOf(world.now - 2 * DAY), dateOf(world.now + 10 * DAY)];
  return [{ from, to: cast.approver, fromDay, untilDay, reason: 'Annual leave' }];
}
