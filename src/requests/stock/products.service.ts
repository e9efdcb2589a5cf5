import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import type { ProductKind } from '../domain/product-words.js';
import { serveArrivals } from './stock-arrivals.js';
import { takeStockOfMachines, withdrawModels } from './stock-machines.js';

/** What is said of a product. */
export interface ProductInput {
  readonly name: string;
  readonly kind: ProductKind;
  readonly description: string | null;
  /** Whether each has a serial number and is a machine of custody; else it is counted. */
  readonly serialised: boolean;
  readonly pricePence: number;
  /** Most for one person; null without a limit. */
  readonly mostEach: number | null;
  readonly reasonNeeded: boolean;
  /** Whether whoever gets it gives back the machine that it replaces. */
  readonly replacesKind: boolean;
  readonly offered: boolean;
  /** What machines of it call themselves: manufacturer and model, in any case. */
  readonly models: readonly string[];
  /** What somebody can have instead, such as one that assistive technology works with. */
  readonly alternatives: readonly { readonly productId: number; readonly note: string | null }[];
}

const PRODUCT = { table: 'product', called: 'product' };
const SENTENCES = {
  product_name_key: 'There is a product of this name already. Change that one, or choose another name.',
  product_model_pkey: 'One of these models is another product’s. Take it away there first.',
  product_alternative_other_check: 'A product is no alternative to itself. Choose another one.',
  product_alternative_alternative_fkey:
    'One of the alternatives is not in the catalogue. Look at the list of products.',
};

/** Enters the products of the catalogue. */
@Injectable()
export class ProductsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Enters a product. Machines of its models that are available at places of stock are stock from now on.
   * @param key the same key is done once
   * @throws InputError; ConflictError for a name or a model that is taken
   */
  async add(input: ProductInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    const models = modelsOf(input);
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'product', ...input } }, async () => {
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into product (name, kind, description, serialised, price_pence, most_each, reason_needed, replaces_kind,
               offered, changed_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
            [...valuesOf(input), actor],
          )
          .catch(orConflictOf(SENTENCES));
        const id = row?.id ?? 0;
        await addModels(tx, id, models, actor);
        await setAlternatives(tx, id, input);
        await appendToAudit(tx, { event: 'product.added', actor, subject: { kind: 'product', id } });
        return { id };
      }),
    );
  }

  /**
   * Says anew what a product is. Machines of models that it has no more leave stock, those of new ones come into it.
   * @param version of the product that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; InputError; ConflictError for what is taken, for machines that are
   *   promised, and when something that was ever in stock is to be counted otherwise
   */
  async change(id: number, input: ProductInput, version: string, actor: Actor): Promise<void> {
    const models = modelsOf(input);
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, PRODUCT, id, version);
      await checkCounting(tx, id, input.serialised);
      await tx
        .query(
          `update product set name = $2, kind = $3, description = $4, serialised = $5, price_pence = $6, most_each = $7,
             reason_needed = $8, replaces_kind = $9, offered = $10, changed_by = $11, changed_at = now(),
             version = nextval('equipment_version_sequence')
           where id = $1`,
          [id, ...valuesOf(input), actor],
        )
        .catch(orConflictOf(SENTENCES));
      const had = await tx.query<{ name: string }[]>(
        'select model_name as name from product_model where product_id = $1 order by model_name',
        [id],
      );
      const gone = had.map(({ name }) => name).filter((name) => !models.includes(name));
      await withdrawModels(tx, id, gone, actor);
      await tx.query('delete from product_model where product_id = $1 and model_name = any($2::text[])', [id, gone]);
      const known = new Set(had.map(({ name }) => name));
      await addModels(
        tx,
        id,
        models.filter((name) => !known.has(name)),
        actor,
      );
      await setAlternatives(tx, id, input);
      await appendToAudit(tx, { event: 'product.changed', actor, subject: { kind: 'product', id } });
    });
  }
}

function valuesOf(input: ProductInput): readonly unknown[] {
  const { name, kind, description, serialised, pricePence, mostEach, reasonNeeded, replacesKind, offered } = input;
  return [name, kind, description, serialised, pricePence, mostEach, reasonNeeded, replacesKind, offered];
}

/** Models as `product_model` has them, each once, in order. */
function modelsOf({ serialised, models }: ProductInput): readonly string[] {
  const names = [...new Set(models.map((name) => name.trim().toLowerCase()))].filter(Boolean).sort();
  if (serialised || names.length === 0) return names;
  const message = 'Only products with serial numbers have models. Leave the models open, or choose serial numbers.';
  throw new InputError(message, [{ field: 'models', message }]);
}

async function checkCounting(tx: EntityManager, id: number, serialised: boolean): Promise<void> {
  const [moved] = await tx.query<unknown[]>(
    `select from product where id = $1 and serialised <> $2
       and (exists (select from stock_movement where product_id = $1)
            or exists (select from purchase_order_line where product_id = $1)
            or exists (select from request_line where product_id = $1))`,
    [id, serialised],
  );
  if (moved) {
    throw new ConflictError(
      'This product was ordered, asked for or in stock already, so that it goes on being counted as before. Enter another product.',
    );
  }
}

async function addModels(tx: EntityManager, id: number, models: readonly string[], actor: Actor): Promise<void> {
  if (models.length === 0) return;
  await tx
    .query('insert into product_model (model_name, product_id) select name, $1 from unnest($2::text[]) as name', [
      id,
      models,
    ])
    .catch(orConflictOf(SENTENCES));
  await serveArrivals(tx, await takeStockOfMachines(tx, actor), actor);
}

async function setAlternatives(tx: EntityManager, id: number, { alternatives }: ProductInput): Promise<void> {
  await tx.query('delete from product_alternative where product_id = $1', [id]);
  await tx
    .query(
      `insert into product_alternative (product_id, alternative_id, note)
       select $1, "productId", note from jsonb_to_recordset($2::jsonb) as other("productId" integer, note text)
       on conflict do nothing`,
      [id, JSON.stringify(alternatives)],
    )
    .catch(orConflictOf(SENTENCES));
}
