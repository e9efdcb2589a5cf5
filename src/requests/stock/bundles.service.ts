import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import type { WorkStyle } from '../../rollout/domain/move-words.js';

/** What people of one way of working get together. */
export interface BundleInput {
  readonly name: string;
  /** Who is offered it first; null for one that suits anybody. */
  readonly workStyle: WorkStyle | null;
  readonly description: string | null;
  readonly offered: boolean;
  /** Each product once. */
  readonly lines: readonly { readonly productId: number; readonly quantity: number }[];
}

const BUNDLE = { table: 'bundle', called: 'bundle' };
const SENTENCES = {
  bundle_name_key: 'There is a bundle of this name already. Change that one, or choose another name.',
  bundle_line_pkey: 'A product is in the bundle twice. Write it down once, with how many.',
  bundle_line_product_fkey: 'One of the products is not in the catalogue. Look at the list of products.',
};

/** Enters the bundles of the catalogue. Requests that were made from one keep what it was then. */
@Injectable()
export class BundlesService {
  constructor(private readonly transactor: Transactor) {}

  /** Enters a bundle. @param key the same key is done once @throws ConflictError for a name that is taken, or wrong lines */
  add(input: BundleInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    const { name, workStyle, description, offered } = input;
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'bundle', ...input } }, async () => {
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into bundle (name, work_style, description, offered, changed_by) values ($1, $2, $3, $4, $5) returning id`,
            [name, workStyle, description, offered, actor],
          )
          .catch(orConflictOf(SENTENCES));
        const id = row?.id ?? 0;
        await setLines(tx, id, input);
        await appendToAudit(tx, { event: 'bundle.added', actor, subject: { kind: 'bundle', id } });
        return { id };
      }),
    );
  }

  /**
   * Says anew what a bundle is.
   * @param version of the bundle that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError for a name that is taken, or wrong lines
   */
  change(id: number, input: BundleInput, version: string, actor: Actor): Promise<void> {
    const { name, workStyle, description, offered } = input;
    return this.transactor.run(async (tx) => {
      await lockRecord(tx, BUNDLE, id, version);
      await tx
        .query(
          `update bundle set name = $2, work_style = $3, description = $4, offered = $5, changed_by = $6, changed_at = now(),
             version = nextval('equipment_version_sequence')
           where id = $1`,
          [id, name, workStyle, description, offered, actor],
        )
        .catch(orConflictOf(SENTENCES));
      await tx.query('delete from bundle_line where bundle_id = $1', [id]);
      await setLines(tx, id, input);
      await appendToAudit(tx, { event: 'bundle.changed', actor, subject: { kind: 'bundle', id } });
    });
  }
}

async function setLines(tx: EntityManager, id: number, { lines }: BundleInput): Promise<void> {
  await tx
    .query(
      `insert into bundle_line (bundle_id, product_id, quantity)
       select $1, "productId", quantity from jsonb_to_recordset($2::jsonb) as line("productId" integer, quantity integer)`,
      [id, JSON.stringify(lines)],
    )
    .catch(orConflictOf(SENTENCES));
}
