import { createParamDecorator, Injectable, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { CurrentAccess } from '../auth/current-access.js';
import { InputError } from '../common/errors.js';
import type { Page } from '../common/paging.js';
import type { Count } from '../database/bounded-count.js';
import type { ListDefinition } from './list-definition.js';
import { listAddress, readListRequest, tidied, type ListRequest, type RawQuery } from './list-request.js';
import { listView } from './list-view.js';
import { pageView, redirectTo, type PageView, type Redirect } from './page.js';
import { paths } from './paths.js';
import { SavedViewsQueries, type SavedViewSummary } from './saved-views/saved-views.queries.js';

/** What an address brings after its question mark, unchecked; `ListPages` checks it. */
export const ListQuery = createParamDecorator(
  (_data: unknown, context: ExecutionContext): RawQuery =>
    context.switchToHttp().getRequest<FastifyRequest>().query as RawQuery,
);

/** How a list is read once what is asked of it is known to be valid. */
export interface ListReader<Row, Parameters> {
  readonly page: (parameters: Parameters) => Promise<Page<Row>>;
  /** How many rows match; without it the rows of the one page are counted. */
  readonly count?: (parameters: Parameters) => Promise<Count>;
}

/** What a page shows besides its list. */
export interface ListSurroundings {
  /** A template that extends `web/views/list.njk`; that one itself unless given. */
  readonly template?: string;
  readonly data?: object;
}

/** A parameter of its own: a saved view, or `all` for none. */
const VIEW = 'view';

/** Answers the page of any list: checks what is asked, applies saved views, reads, counts and puts it together. */
@Injectable()
export class ListPages {
  constructor(private readonly savedViews: SavedViewsQueries) {}

  /**
   * @param raw what the address brings (`ListQuery`).
   * @throws InputError 400 for parameters that no form of the list sends; NotFoundError for a view that is not there.
   */
  async show<Row, Parameters extends object>(
    list: ListDefinition<Row, Parameters>,
    raw: RawQuery,
    access: CurrentAccess,
    reader: ListReader<Row, Parameters>,
    { template = 'web/views/list.njk', data = {} }: ListSurroundings = {},
  ): Promise<PageView | Redirect> {
    const now = new Date();
    if (list.name !== null && Object.keys(raw).length === 0) {
      const chosen = await this.savedViews.defaultOf(access, list.name);
      if (chosen !== null) return redirectTo(`${list.path}?view=${chosen}`);
    }
    const { [VIEW]: view, ...given } = raw;
    const current = await this.viewOf(list, view, access);
    const tidy = tidied(list, given);
    if (tidy !== null) return redirectTo(listAddress(list.path, tidy));

    const isStored = current !== null && Object.keys(given).length === 0;
    const request = isStored ? await readStored(list, current.query) : await readListRequest(list, given);
    const views = list.name === null ? null : await this.savedViews.of(access, list.name);
    const found = request.parameters === null ? null : await read(reader, request.parameters);
    const shown = listView(list, request, found, access.permissions, now);
    const query = new URLSearchParams(request.query).toString();
    const kept = views && {
      items: views.map(({ id, name, mine }) => ({
        text: name,
        href: `${list.path}?view=${id}`,
        mine,
        current: current?.id === id,
      })),
      saveHref: list.name === null ? null : paths.newSavedView(list.name, query),
    };
    const status = found === null ? 400 : 200;
    return pageView(
      template,
      { ...data, title: list.title, section: list.section, list: shown, views: kept },
      { status },
    );
  }

  private async viewOf<Row, Parameters extends object>(
    list: ListDefinition<Row, Parameters>,
    view: unknown,
    access: CurrentAccess,
  ): Promise<SavedViewSummary | null> {
    if (view === undefined || view === 'all') return null;
    const id = typeof view === 'string' && /^[1-9]\d{0,8}$/.test(view) ? Number(view) : null;
    if (id === null || list.name === null) {
      throw new InputError(
        'There is no such view.',
        [{ field: VIEW, message: 'give the number of a saved view' }],
        400,
      );
    }
    const found = await this.savedViews.one(access, id);
    if (found.list === list.name) return found;
    throw new InputError('This view is one of another list.', [{ field: VIEW, message: 'open it from its list' }], 400);
  }
}

/** What a saved view asks for: checked now, as the list may have changed since it was saved. */
async function readStored<Row, Parameters extends object>(
  list: ListDefinition<Row, Parameters>,
  stored: string,
): Promise<ListRequest<Row, Parameters>> {
  const raw: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const search = new URLSearchParams(stored);
  for (const name of search.keys())
    raw[name] = search.getAll(name).length === 1 ? search.get(name) : search.getAll(name);
  try {
    return await readListRequest(list, raw);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const nothing = await readListRequest(list, {});
    const message = `This view does not fit the list any more (${error.message.replace(/\.$/, '')}). Change or delete it.`;
    return { ...nothing, parameters: null, errors: [{ field: VIEW, message }] };
  }
}

async function read<Row, Parameters>(
  reader: ListReader<Row, Parameters>,
  parameters: Parameters,
): Promise<{ page: Page<Row>; count: Count }> {
  const [page, count] = await Promise.all([reader.page(parameters), reader.count?.(parameters)]);
  return { page, count: count === undefined ? { rows: page.items.length, more: page.next !== null } : count };
}
