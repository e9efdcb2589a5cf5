import { PRESENCES, type Presence } from '../../database/presence.js';
import {
  ChoiceField,
  DayField,
  FlagField,
  InstantField,
  PageParameters,
  TextField,
  WholeNumberField,
} from '../../web/query-fields.js';
import { FORM_FACTORS, SUPERCLASSES, type FormFactor, type Superclass } from '../domain/form-factor/form-factor.js';
import { CUSTODY_STATES, type CustodyState } from '../domain/lifecycle/standing.js';
import { DEVICE_SORTS, type DeviceSort } from '../devices.queries.js';

/** What a list of machines can be asked for. */
export class DevicesParameters extends PageParameters {
  @TextField('Beginning of the hostname, serial number or model.', 'LT-0042')
  search?: string;

  @TextField('Operating system, in any case.', 'Windows')
  operatingSystem?: string;

  @TextField('Manufacturer, in any case.', 'Dell Inc.')
  manufacturer?: string;

  @TextField('Model, in any case.', 'Latitude 5440')
  model?: string;

  @TextField('Compliance state as Intune words it, in any case.', 'noncompliant')
  complianceState?: string;

  @TextField('Ownership: company, personal or unknown.', 'company')
  ownership?: string;

  @TextField('Windows 11 readiness: upgraded, capable, notCapable or unknown.', 'notCapable')
  upgradeEligibility?: string;

  @ChoiceField('What kind of machine it is.', FORM_FACTORS)
  formFactor?: FormFactor;

  @ChoiceField('What that means for the rollout.', SUPERCLASSES)
  superclass?: Superclass;

  @ChoiceField('Whether any source still shows the machine.', PRESENCES)
  presence?: Presence;

  @WholeNumberField('Id of the person who is the primary user.', { minimum: 1, maximum: 2_147_483_647 })
  userId?: number;

  @InstantField('Only machines that no source has seen since.')
  lastSeenBefore?: Date;

  @DayField('First day (UK time) on which it was last seen.')
  seenFrom?: string;

  @DayField('Last day (UK time) on which it was last seen.')
  seenTo?: string;

  @TextField('Department of the primary user, in any case.', 'Highways')
  department?: string;

  @FlagField('Whether anything about it is doubtful: an open review of its identity, or evidence against its class.')
  doubt?: boolean;

  @ChoiceField('State of its custody, or none while nothing is recorded.', [...CUSTODY_STATES, 'none'])
  custody?: CustodyState | 'none';

  @WholeNumberField('Id of the person who has it by custody.', { minimum: 1, maximum: 2_147_483_647 })
  holderId?: number;

  @ChoiceField('Order; a leading minus reverses it.', DEVICE_SORTS, 'name')
  sort?: DeviceSort;
}
