import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { appendToAudit } from '../../audit/audit-trail.js';
import type { CurrentAccess } from '../../auth/current-access.js';
import type { Role } from '../../auth/permissions.js';
import { ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { Transactor } from '../../database/transactor.js';
import type { ListName } from '../lists.js';
import { VISIBLE } from './saved-views.queries.js';

/** Longest name of a view, and longest query that one holds. */
export const LONGEST_VIEW_NAME = 80;
export const LONGEST_VIEW_QUERY = 2_000;
/** Views that one person may keep. */
const MOST_OWN_VIEWS = 200;

/** What a view is called and who sees it. */
export interface ViewWords {
  readonly name: string;
  /** A role of one's own; null keeps the view to oneself. */
  readonly sharedWith: Role | null;
  /** Whether the person wants to begin the list with it. */
  readonly isDefault: boolean;
}

interface Stored {
  readonly id: number;
  readonly list: ListName;
  readonly mine: boolean;
}

/** Commands about the views of lists that people keep; each is one transaction with its line in the audit trail. */
@Injectable()
export class SavedViews {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Keeps a view.
   * @param query what stands after the question mark of the list's address; it is checked when the view is used.
   * @param key the form's submission; the same one keeps one view only.
   * @throws InputError for a name that one has for another view of the list, or a role that is not one's own.
   */
  async save(
    access: CurrentAccess,
    view: ViewWords & { readonly list: ListName; readonly query: string },
    key: string,
  ): Promise<{ readonly id: number }> {
    checkRole(access, view.sharedWith);
    if (view.query.length > LONGEST_VIEW_QUERY) throw new InputError('The view has too many filters to be kept.');
    return this.#run((tx) =>
      once(tx, { actor: access.actor, key, request: { save: view } }, async () => {
        const [{ own } = { own: 0 }] = await tx.query<{ own: number }[]>(
          'select count(*)::integer as own from saved_view where owner_entra_id = $1',
          [access.personEntraId],
        );
        if (own >= MOST_OWN_VIEWS) throw new InputError(`You keep ${own} views already. Delete some of them first.`);
        const [row] = await tx.query<[{ id: number }]>(
          `insert into saved_view (owner_entra_id, list, name, query, shared_with_role)
           values ($1, $2, $3, $4, $5) returning id`,
          [access.personEntraId, view.list, view.name, view.query, view.sharedWith],
        );
        if (view.isDefault) await chooseDefault(tx, access, { id: row.id, list: view.list });
        await appendToAudit(tx, {
          event: 'saved-view.saved',
          actor: access.actor,
          subject: { kind: 'saved-view', id: row.id },
          details: { list: view.list, sharedWith: view.sharedWith },
        });
        return { id: row.id };
      }),
    );
  }

  /**
   * Renames a view of one's own, shares it or takes it back, and makes it the default or not.
   * @throws NotFoundError for one that the person does not see, ForbiddenError for somebody else's.
   */
  async change(access: CurrentAccess, id: number, words: ViewWords): Promise<void> {
    checkRole(access, words.sharedWith);
    await this.#run(async (tx) => {
      const view = await lockOwn(tx, access, id);
      await tx.query('update saved_view set name = $2, shared_with_role = $3, changed_at = now() where id = $1', [
        id,
        words.name,
        words.sharedWith,
      ]);
      if (words.isDefault) await chooseDefault(tx, access, view);
      else await forgetDefault(tx, access, view);
      await appendToAudit(tx, {
        event: 'saved-view.changed',
        actor: access.actor,
        subject: { kind: 'saved-view', id },
        details: { list: view.list, sharedWith: words.sharedWith },
      });
    });
  }

  /**
   * Makes a view, also one that is shared with the person, the one with which they begin its list, or not any more.
   * @throws NotFoundError for one that the person does not see.
   */
  async choose(access: CurrentAccess, id: number, isDefault: boolean): Promise<void> {
    await this.#run(async (tx) => {
      const view = await lockVisible(tx, access, id);
      if (isDefault) await chooseDefault(tx, access, view);
      else await forgetDefault(tx, access, view);
      await appendToAudit(tx, {
        event: 'saved-view.default-chosen',
        actor: access.actor,
        subject: { kind: 'saved-view', id },
        details: { list: view.list, isDefault },
      });
    });
  }

  /**
   * Deletes a view of one's own; whoever began their list with it begins with the whole list again.
   * @throws NotFoundError for one that the person does not see, ForbiddenError for somebody else's.
   */
  async remove(access: CurrentAccess, id: number): Promise<ListName> {
    return this.#run(async (tx) => {
      const view = await lockOwn(tx, access, id);
      await tx.query('delete from saved_view where id = $1', [id]);
      await appendToAudit(tx, {
        event: 'saved-view.deleted',
        actor: access.actor,
        subject: { kind: 'saved-view', id },
        details: { list: view.list },
      });
      return view.list;
    });
  }

  async #run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.transactor.run(work);
    } catch (error) {
      if (sqlstateOf(error) !== SQLSTATE.uniqueViolation) throw error;
      const message = 'You have another view of this list with that name; choose another name';
      throw new InputError('The view was not kept.', [{ field: 'name', message }]);
    }
  }
}

function checkRole(access: CurrentAccess, role: Role | null): void {
  if (role === null || access.roles.includes(role)) return;
  const message = 'Share it with a role that you have yourself';
  throw new InputError('The view was not kept.', [{ field: 'sharedWith', message }]);
}

async function lockVisible(tx: EntityManager, access: CurrentAccess, id: number): Promise<Stored> {
  const [view] = await tx.query<Stored[]>(
    `select view.id, view.list, view.owner_entra_id = $1 as mine from saved_view as view
     where ${VISIBLE} and view.id = $3 for update`,
    [access.personEntraId, access.roles, id],
  );
  if (!view) throw new NotFoundError('There is no such view. The list of saved views shows those that you have.');
  return view;
}

async function lockOwn(tx: EntityManager, access: CurrentAccess, id: number): Promise<Stored> {
  const view = await lockVisible(tx, access, id);
  if (!view.mine) throw new ForbiddenError('This view belongs to somebody else, who shares it with your role.');
  return view;
}

async function chooseDefault(
  tx: EntityManager,
  access: CurrentAccess,
  view: Pick<Stored, 'id' | 'list'>,
): Promise<void> {
  await tx.query(
    `insert into saved_view_default (person_entra_id, list, view_id) values ($1, $2, $3)
     on conflict (person_entra_id, list) do update set view_id = excluded.view_id`,
    [access.personEntraId, view.list, view.id],
  );
}

async function forgetDefault(tx: EntityManager, access: CurrentAccess, view: Stored): Promise<void> {
  await tx.query('delete from saved_view_default where person_entra_id = $1 and list = $2 and view_id = $3', [
    access.personEntraId,
    view.list,
    view.id,
  ]);
}
