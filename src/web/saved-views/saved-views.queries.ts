import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CurrentAccess } from '../../auth/current-access.js';
import type { Role } from '../../auth/permissions.js';
import { NotFoundError } from '../../common/errors.js';
import type { ListName } from '../lists.js';

/** A view as the person who asks sees it. */
export interface SavedViewSummary {
  readonly id: number;
  readonly list: ListName;
  readonly name: string;
  readonly query: string;
  readonly sharedWith: Role | null;
  /** Whether it is the asking person's own; only then they may change it. */
  readonly mine: boolean;
  /** Whether the person begins the list with it. */
  readonly isDefault: boolean;
}

/** Who sees a view: its owner, and the people of the role that it is shared with. */
export const VISIBLE = `(view.owner_entra_id = $1 or view.shared_with_role = any ($2::text[]))`;

const SUMMARY = `view.id, view.list, view.name, view.query, view.shared_with_role as "sharedWith",
  view.owner_entra_id = $1 as mine,
  exists (select from saved_view_default as chosen
          where chosen.person_entra_id = $1 and chosen.list = view.list and chosen.view_id = view.id) as "isDefault"`;

/** Most views that one person sees of one list. */
const MOST_VIEWS = 200;

/** Reads the views of lists that people keep. */
@Injectable()
export class SavedViewsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The views that somebody sees, of one list or of all: their own first, each group by name. */
  async of(access: CurrentAccess, list: ListName | null): Promise<readonly SavedViewSummary[]> {
    return this.dataSource.query<SavedViewSummary[]>(
      `select ${SUMMARY} from saved_view as view where ${VISIBLE} and ($3::text is null or view.list = $3)
       order by view.list, mine desc, lower(view.name), view.id limit ${MOST_VIEWS}`,
      [access.personEntraId, access.roles, list],
    );
  }

  /** @throws NotFoundError for one that does not exist, and just so for one that the person does not see. */
  async one(access: CurrentAccess, id: number): Promise<SavedViewSummary> {
    const [view] = await this.dataSource.query<SavedViewSummary[]>(
      `select ${SUMMARY} from saved_view as view where ${VISIBLE} and view.id = $3`,
      [access.personEntraId, access.roles, id],
    );
    if (!view) throw new NotFoundError('There is no such view. The list of saved views shows those that you have.');
    return view;
  }

  /** The view with which the person begins a list; null when there is none that they still see. */
  async defaultOf(access: CurrentAccess, list: ListName): Promise<number | null> {
    const [row] = await this.dataSource.query<{ id: number }[]>(
      `select view.id from saved_view_default as chosen join saved_view as view on view.id = chosen.view_id
       where chosen.person_entra_id = $1 and chosen.list = $3 and ${VISIBLE}`,
      [access.personEntraId, access.roles, list],
    );
    return row?.id ?? null;
  }
}
