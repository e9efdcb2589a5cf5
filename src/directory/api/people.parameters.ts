import { PRESENCES, type Presence } from '../../database/presence.js';
import {
  ChoiceField,
  FlagField,
  GuidField,
  PageParameters,
  TextField,
  WholeNumberField,
} from '../../web/query-fields.js';
import { PEOPLE_SORTS, type PeopleSort } from '../people.queries.js';

/** What a list of people can be asked for. */
export class PeopleParameters extends PageParameters {
  @TextField('Beginning of the name, surname, user principal name or mail address.', 'shah')
  search?: string;

  @TextField('Department, in any case.', 'Highways')
  department?: string;

  @TextField('Office, in any case.', 'Civic Centre')
  officeLocation?: string;

  @FlagField('Whether the account is enabled; leavers are not.')
  enabled?: boolean;

  @ChoiceField('Staff or people of other organisations.', ['Member', 'Guest'])
  userType?: 'Member' | 'Guest';

  @ChoiceField('Whether Microsoft Entra ID still shows the person.', PRESENCES)
  presence?: Presence;

  @WholeNumberField('Id of the line manager.', { minimum: 1, maximum: 2_147_483_647 })
  managerId?: number;

  @TextField('Beginning of the name or user principal name of the line manager.', 'Okafor')
  manager?: string;

  @FlagField('Whether they have a machine: by custody or, while custody says nothing of it, as the primary user.')
  holdsEquipment?: boolean;

  @GuidField('Id of a product that the person has a licence of.')
  skuId?: string;

  @ChoiceField('Order; a leading minus reverses it.', PEOPLE_SORTS, 'name')
  sort?: PeopleSort;
}
