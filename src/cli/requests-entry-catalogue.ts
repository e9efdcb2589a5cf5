import type { RequestsStory } from '../demo/tenant/requests-records.js';
import { DEMONSTRATION, insertRows, type Transaction } from './requests-entry-rows.js';

/** Numbers of what the catalogue has, by name. */
export interface EnteredCatalogue {
  readonly products: ReadonlyMap<string, number>;
  readonly bundles: ReadonlyMap<string, number>;
  readonly places: ReadonlyMap<string, number>;
}

/** Enters products, bundles, places and what is low where. */
export async function enterCatalogue(tx: Transaction, story: RequestsStory): Promise<EnteredCatalogue> {
  const named = (names: readonly string[], ids: readonly number[]): Map<string, number> =>
    new Map(names.map((name, index) => [name, ids[index] ?? 0]));
  const productIds = await insertRows(
    tx,
    `insert into product (name, kind, description, serialised, price_pence, most_each, reason_needed, replaces_kind, changed_by)
     select name, kind, description, serialised, "pricePence", "mostEach", "reasonNeeded", "replacesKind", '${DEMONSTRATION}'
     from rows from (jsonb_to_recordset($1::jsonb) as (name text, kind text, description text, serialised boolean,
       "pricePence" integer, "mostEach" integer, "reasonNeeded" boolean, "replacesKind" boolean)) with ordinality
       as given(name, kind, description, serialised, "pricePence", "mostEach", "reasonNeeded", "replacesKind", place)
     order by place returning id`,
    story.products,
  );
  const products = named(
    story.products.map(({ name }) => name),
    productIds,
  );
  const bundleIds = await insertRows(
    tx,
    `insert into bundle (name, work_style, description, changed_by)
     select value ->> 'name', value ->> 'workStyle', value ->> 'description', '${DEMONSTRATION}'
     from jsonb_array_elements($1::jsonb) with ordinality as given(value, place) order by place returning id`,
    story.bundles,
  );
  const placeIds = await insertRows(
    tx,
    `insert into stock_place (name, changed_by) select value, '${DEMONSTRATION}'
     from jsonb_array_elements_text($1::jsonb) with ordinality as given(value, place) order by place returning id`,
    story.places,
  );
  const places = named(story.places, placeIds);
  const id = (name: string): number => products.get(name) ?? 0;
  await tx.query(
    `insert into product_model (model_name, product_id)
     select distinct on (1) lower(device_model_name(manufacturer, model)), product
     from jsonb_to_recordset($1::jsonb) as given(manufacturer text, model text, product integer) order by 1`,
    [
      JSON.stringify(
        story.products.flatMap(({ name, models }) => models.map((model) => ({ ...model, product: id(name) }))),
      ),
    ],
  );
  await tx.query(
    `insert into product_alternative (product_id, alternative_id, note)
     select product, alternative, note from jsonb_to_recordset($1::jsonb) as given(product integer, alternative integer, note text)`,
    [
      JSON.stringify(
        story.alternatives.map((each) => ({ ...each, product: id(each.product), alternative: id(each.alternative) })),
      ),
    ],
  );
  await tx.query(
    `insert into bundle_line (bundle_id, product_id, quantity)
     select bundle, product, quantity from jsonb_to_recordset($1::jsonb) as given(bundle integer, product integer, quantity integer)`,
    [
      JSON.stringify(
        story.bundles.flatMap(({ lines }, index) =>
          lines.map(({ product, quantity }) => ({ bundle: bundleIds[index], product: id(product), quantity })),
        ),
      ),
    ],
  );
  const thresholds = story.thresholds.map(({ product, place, threshold }) => {
    return { product: id(product), place: places.get(place), threshold };
  });
  await tx.query(
    `insert into stock_level (product_id, place_id, threshold)
     select product, place, threshold from jsonb_to_recordset($1::jsonb) as given(product integer, place integer, threshold integer)
     order by product, place`,
    [JSON.stringify(thresholds)],
  );
  return {
    products,
    places,
    bundles: named(
      story.bundles.map(({ name }) => name),
      bundleIds,
    ),
  };
}

/** Enters cost centres with their budgets, and who decides for whom. */
export async function enterCostCentres(tx: Transaction, { costCentres, delegations }: RequestsStory): Promise<void> {
  await tx.query(
    `insert into cost_centre (code, name, budget_holder_entra_id, changed_by)
     select code, name, "budgetHolder", '${DEMONSTRATION}'
     from jsonb_to_recordset($1::jsonb) as given(code text, name text, "budgetHolder" text) order by code`,
    [JSON.stringify(costCentres)],
  );
  await tx.query(
    `insert into budget (cost_centre_code, year, amount_pence, changed_by)
     select code, year, pence, '${DEMONSTRATION}' from jsonb_to_recordset($1::jsonb) as given(code text, year integer, pence bigint)`,
    [JSON.stringify(costCentres.flatMap(({ code, budgets }) => budgets.map((budget) => ({ code, ...budget }))))],
  );
  // A cost centre is called like the department that it pays for; every other one has a budget as a team, too.
  const teams = costCentres.filter((_, index) => index % 2 === 0);
  await tx.query(
    `insert into team_budget (team, year, amount_pence, changed_by)
     select min(team), year, sum(pence), '${DEMONSTRATION}'
     from jsonb_to_recordset($1::jsonb) as given(team text, year integer, pence bigint) group by lower(team), year`,
    [JSON.stringify(teams.flatMap(({ name, budgets }) => budgets.map((budget) => ({ team: name, ...budget }))))],
  );
  await tx.query(
    `insert into approval_delegation (from_entra_id, to_entra_id, from_day, until_day, reason, created_by)
     select "from", "to", "fromDay", "untilDay", reason, 'person:' || "from"
     from jsonb_to_recordset($1::jsonb) as given("from" text, "to" text, "fromDay" date, "untilDay" date, reason text)`,
    [JSON.stringify(delegations)],
  );
}
