import type { Role } from '../../auth/permissions.js';
import { LISTS, LIST_NAMES, type ListName } from '../lists.js';
import type { SavedViewSummary } from './saved-views.queries.js';

/** The page of all views that a person has. */
export interface SavedViewsView {
  readonly title: string;
  readonly groups: readonly {
    readonly label: string;
    readonly path: string;
    readonly views: readonly (SavedViewSummary & { readonly sharedText: string | null })[];
  }[];
}

/** The views by list, in the order of the lists. */
export function savedViewsView(views: readonly SavedViewSummary[]): SavedViewsView {
  return {
    title: 'Saved views',
    groups: LIST_NAMES.map((list) => ({
      ...LISTS[list],
      views: views
        .filter((view) => view.list === list)
        .map((view) => ({ ...view, sharedText: view.sharedWith === null ? null : roleName(view.sharedWith) })),
    })).filter((group) => group.views.length > 0),
  };
}

/** What a form of a view begins with. */
interface FormStart {
  readonly action: string;
  readonly list: ListName;
  readonly name: string;
  readonly sharedWith: Role | null;
  readonly isDefault: boolean;
}

/** The form of a new view, or of one that is there. */
export interface ViewFormView extends FormStart {
  readonly title: string;
  readonly listLabel: string;
  readonly listPath: string;
  readonly roles: readonly { readonly value: string; readonly text: string }[];
  /** The view that is there; null for a new one. */
  readonly view: SavedViewSummary | null;
}

/** @param roles those of the person, with which they may share a view. */
export function viewFormView(start: FormStart, roles: readonly Role[], view: SavedViewSummary | null): ViewFormView {
  const { label, path } = LISTS[start.list];
  const chosen = start.sharedWith === null || roles.includes(start.sharedWith) ? [] : [start.sharedWith];
  return {
    ...start,
    title: view === null ? `Save a view of: ${label}` : `View: ${view.name}`,
    listLabel: label,
    listPath: path,
    roles: [
      { value: 'me', text: 'Only me' },
      ...[...roles, ...chosen].map((role) => ({ value: role, text: `Everyone with the role ${roleName(role)}` })),
    ],
    view,
  };
}

function roleName(role: Role): string {
  return role.replaceAll('-', ' ');
}
