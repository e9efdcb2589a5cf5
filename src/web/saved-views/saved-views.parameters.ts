import { IsIn, IsString, MaxLength } from 'class-validator';
import { ROLES, type Role } from '../../auth/permissions.js';
import { RequiredChoice, RequiredText, Tick } from '../form-fields.js';
import { LIST_NAMES, type ListName } from '../lists.js';
import { LONGEST_VIEW_NAME, LONGEST_VIEW_QUERY } from './saved-views.service.js';

/** What is to be kept: in the address, so that the form can be shown again with it. */
export class NewViewParameters {
  @IsIn(LIST_NAMES, { message: `give one of ${LIST_NAMES.join(', ')}` })
  list: ListName;

  @MaxLength(LONGEST_VIEW_QUERY, { message: `give at most ${LONGEST_VIEW_QUERY} characters` })
  @IsString({ message: 'give the query of a list, once' })
  query: string;
}

/** What the form of a view says. */
export class ViewForm {
  @RequiredText('Enter a name', { longest: LONGEST_VIEW_NAME })
  name: string;

  /** A role, or only oneself. */
  @RequiredChoice('Choose who sees it', ['me', ...ROLES])
  sharedWith: Role | 'me';

  @Tick()
  isDefault = false;
}

/** Whether to begin the list with a view. */
export class DefaultForm {
  @Tick()
  isDefault = false;
}
