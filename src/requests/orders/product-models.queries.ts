import type { EntityManager } from 'typeorm';

/** Maker and model as on a label. */
export interface LabelledModel {
  readonly manufacturer: string | null;
  readonly model: string;
}

/** What is wrong with a model that machines of a product are said to have; null when it is one of the product’s. */
export async function modelFault(
  source: Pick<EntityManager, 'query'>,
  productId: number,
  { manufacturer, model }: LabelledModel,
): Promise<string | null> {
  const [row] = await source.query<{ fits: boolean; models: string[] }[]>(
    `select coalesce(bool_or(model_name = lower(device_model_name($2, $3))), false) as fits,
       coalesce(array_agg(model_name order by model_name), '{}') as models
     from product_model where product_id = $1`,
    [productId, manufacturer, model],
  );
  if (row?.fits === true) return null;
  const models = row?.models ?? [];
  return models.length === 0
    ? 'This product has no models. Enter its models on the page of the product first'
    : `This is not a model of the product. Enter one of its models (${models.join(', ')}), or add it to the product first`;
}

/** Machines that are known to be something else than a product, with what to tell of each. */
export async function machinesOfAnotherProduct(
  source: Pick<EntityManager, 'query'>,
  productId: number,
  deviceIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await source.query<{ id: number; model: string | null }[]>(
    `select device.id, device_model_name(device.manufacturer, device.model) as model from device
     left join product_model on product_model.model_name = lower(device_model_name(device.manufacturer, device.model))
     where device.id = any($1::integer[]) and product_model.product_id is distinct from $2`,
    [deviceIds, productId],
  );
  return new Map(
    rows.map(({ id, model }) => [
      id,
      model === null
        ? 'This machine is known, but not its model. Enter its model on its page first.'
        : `This machine is known as ${model}, which is not a model of this product.`,
    ]),
  );
}

/** The model of the machine of a product that came last, as a form begins with it; null when none came yet. */
export async function lastModelOf(
  source: Pick<EntityManager, 'query'>,
  productId: number,
): Promise<LabelledModel | null> {
  const [row] = await source.query<LabelledModel[]>(
    `select device.manufacturer, device.model from stock_movement
     join device_custody as custody on custody.id = stock_movement.custody_id
     join device on device.id = custody.device_id
     where stock_movement.product_id = $1 and stock_movement.kind = 'machine_in' and device.model is not null
     order by stock_movement.id desc limit 1`,
    [productId],
  );
  return row ?? null;
}
