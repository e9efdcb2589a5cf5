import type { Product } from './licence-catalogue.js';
import { ALL_PRODUCTS, PRODUCTS } from './licence-catalogue.js';
import type { Random } from './random.js';
import type { Properties } from './record-store.js';
import { DAY, instant } from './simulated-time.js';
import type { GraphRecord } from './tenant-store.js';

/** One way in which a person has a product; `group` null means assigned directly. */
export interface Holding {
  readonly skuId: string;
  readonly group: string | null;
  /** `Error` and `ActiveWithError` carry a reason, such as `CountViolation`: no unit was left. */
  readonly state: 'Active' | 'ActiveWithError' | 'Error';
  readonly error: string;
  readonly since: string;
}

const NO_PLANS: readonly string[] = Object.freeze([]);

/** The two user properties that show a person's licences, in agreement: what failed with an error is not assigned. */
export function licenceProperties(holdings: readonly Holding[]): Properties {
  const assigned = new Set(holdings.filter((holding) => holding.state !== 'Error').map((holding) => holding.skuId));
  return {
    assignedLicenses: [...assigned].map((skuId) => ({ disabledPlans: NO_PLANS, skuId })),
    licenseAssignmentStates: holdings.map((holding) => ({
      skuId: holding.skuId,
      disabledPlans: NO_PLANS,
      assignedByGroup: holding.group,
      state: holding.state,
      error: holding.error,
      lastUpdatedDateTime: holding.since,
    })),
  };
}

/** The licences that a user record shows. */
export function holdingsOf(user: GraphRecord): Holding[] {
  const states = user['licenseAssignmentStates'];
  if (!Array.isArray(states)) return [];
  return (states as readonly Record<string, unknown>[]).map((state) => ({
    skuId: String(state['skuId']),
    group: typeof state['assignedByGroup'] === 'string' ? state['assignedByGroup'] : null,
    state: state['state'] === 'Error' ? 'Error' : state['state'] === 'ActiveWithError' ? 'ActiveWithError' : 'Active',
    error: String(state['error']),
    since: String(state['lastUpdatedDateTime']),
  }));
}

/** The ids of the products that a user record shows as assigned. */
export function assignedSkus(user: GraphRecord | undefined): string[] {
  const assigned = user?.['assignedLicenses'];
  if (!Array.isArray(assigned)) return [];
  return (assigned as readonly Record<string, unknown>[]).map((licence) => String(licence['skuId']));
}

/** A product held since the given instant, through its group where it has one unless `direct`. */
export function hold(product: Product, since: string, direct = false): Holding {
  return { skuId: product.skuId, group: direct ? null : product.group, state: 'Active', error: 'None', since };
}

/**
 * What a person of the council holds. Of a hundred, about 1 has the main licence twice (by group and direct), 0.5 could not be
 * given it for want of units, 0.3 have it with an error on one plan, 1.5 still hold the suspended product.
 */
export function drawHoldings(
  random: Random,
  person: { readonly atDesk: boolean; readonly serviceCode: string | null },
  now: number,
): Holding[] {
  const since = (): string => instant(now - random.between(20, 900) * DAY);
  const main = !person.atDesk ? PRODUCTS.f3 : person.serviceCode === 'ICT' ? PRODUCTS.e5 : PRODUCTS.e3;
  const first = hold(main, since());
  const holdings: Holding[] = [];
  if (random.chance(0.005)) holdings.push({ ...first, state: 'Error', error: 'CountViolation' });
  else if (random.chance(0.003)) holdings.push({ ...first, state: 'ActiveWithError', error: 'DependencyViolation' });
  else holdings.push(first);
  if (random.chance(0.01)) holdings.push(hold(main, since(), true));
  if (person.atDesk) {
    if (random.chance(0.06)) holdings.push(hold(PRODUCTS.powerBi, since()));
    if (random.chance(0.12)) holdings.push(hold(PRODUCTS.phone, since()));
    if (random.chance(0.02)) holdings.push(hold(PRODUCTS.visio, since()));
    if (random.chance(0.02)) holdings.push(hold(PRODUCTS.project, since()));
    if (random.chance(0.08)) holdings.push(hold(PRODUCTS.flow, since()));
    if (random.chance(0.015)) holdings.push(hold(PRODUCTS.office365, since()));
  }
  return holdings;
}

/** How many users hold each product, kept up to date by every write to a user. */
export class LicenceCount {
  readonly #counts = new Map<string, number>();

  /** Takes the change of one user into account. */
  follow(before: GraphRecord | undefined, after: GraphRecord | undefined): void {
    if (before?.['assignedLicenses'] === after?.['assignedLicenses']) return;
    for (const skuId of assignedSkus(before)) this.#counts.set(skuId, this.of(skuId) - 1);
    for (const skuId of assignedSkus(after)) this.#counts.set(skuId, this.of(skuId) + 1);
  }

  of(skuId: string): number {
    return this.#counts.get(skuId) ?? 0;
  }
}

/** The tenant's subscriptions: enough units for all who hold a product, but Visio over-assigned and Office 365 E3 suspended. */
export function subscribedSkuRecords(random: Random, count: LicenceCount): GraphRecord[] {
  const accountId = random.uuid();
  return ALL_PRODUCTS.map((product) => {
    const held = count.of(product.skuId);
    const suspended = product === PRODUCTS.office365;
    const bought =
      product === PRODUCTS.flow
        ? 10_000
        : product === PRODUCTS.visio
          ? Math.max(1, held - 4)
          : Math.ceil(held * 1.05) + 5;
    return {
      id: `${accountId}_${product.skuId}`,
      accountId,
      accountName: 'ferrybridge',
      skuId: product.skuId,
      skuPartNumber: product.partNumber,
      appliesTo: 'User',
      capabilityStatus: suspended ? 'Suspended' : 'Enabled',
      consumedUnits: held,
      prepaidUnits: { enabled: suspended ? 0 : bought, suspended: suspended ? bought : 0, warning: 0, lockedOut: 0 },
      subscriptionIds: [random.uuid()],
      servicePlans: product.plans.map((plan) => ({
        servicePlanId: plan.id,
        servicePlanName: plan.name,
        provisioningStatus: suspended ? 'Disabled' : 'Success',
        appliesTo: 'User',
      })),
    };
  });
}
