import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MAXIMUM_LIMIT } from '../common/paging.js';
import { DevicesQueries, type DeviceSummary } from '../devices/devices.queries.js';
import { WholePersonQueries, type WholePerson } from './whole-person.queries.js';

/** How a machine belongs to a person. */
export type MachineRelation = 'holds' | 'holds-and-uses' | 'uses' | 'uses-anothers';

/** A person with everything that they hold or use, and those who report to them. */
export interface PersonPage extends WholePerson {
  readonly machines: readonly { readonly device: DeviceSummary; readonly relation: MachineRelation }[];
  readonly team: readonly { readonly id: number; readonly displayName: string | null; readonly machines: number }[];
}

/** Reads what the page of a person shows. */
@Injectable()
export class PersonPageQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly people: WholePersonQueries,
    private readonly devices: DevicesQueries,
  ) {}

  /** The person; null when there is none with this id. */
  async one(id: number): Promise<PersonPage | null> {
    const person = await this.people.one(id);
    if (person === null) return null;
    const [held, team] = await Promise.all([
      this.devices.list({ holderId: id }, { limit: MAXIMUM_LIMIT }),
      person.directReports === 0 ? [] : this.team(person.entraId),
    ]);
    return { ...person, machines: machinesOf(person, held.items), team };
  }

  /** Number of the person with this object id; null when the directory does not have them. */
  async idOf(entraId: string): Promise<number | null> {
    const [row] = await this.dataSource.query<{ id: number }[]>(`select id from person where entra_id = $1`, [entraId]);
    return row?.id ?? null;
  }

  /** Who reports to somebody, with how many machines each holds or, where nothing is recorded, uses. */
  private team(entraId: string): Promise<PersonPage['team']> {
    return this.dataSource.query(
      `select person.id, person.display_name as "displayName",
              (select count(*)::int from device
               left join device_custody custody on custody.device_id = device.id and custody.set_aside_at is null
               where device.merged_into_id is null
                 and device.id in (select id from device where user_entra_id = person.entra_id
                                   union all select device_id from device_custody
                                             where holder_entra_id = person.entra_id and set_aside_at is null)
                 and coalesce(custody.holder_entra_id, device.user_entra_id) = person.entra_id
                 and (custody.holder_entra_id is not null or device.presence = 'present')) as machines
       from person where person.manager_entra_id = $1 and person.presence <> 'gone'
       order by lower(person.display_name), person.id limit ${MAXIMUM_LIMIT}`,
      [entraId],
    );
  }
}

function machinesOf(person: WholePerson, held: readonly DeviceSummary[]): PersonPage['machines'] {
  const uses = new Set(person.devices.map((device) => device.id));
  const holds = new Set(held.map((device) => device.id));
  return [
    ...held.map((device) => ({
      device,
      relation: uses.has(device.id) ? ('holds-and-uses' as const) : ('holds' as const),
    })),
    ...person.devices
      .filter((device) => !holds.has(device.id))
      .map((device) => ({
        device,
        relation: device.custody?.holder ? ('uses-anothers' as const) : ('uses' as const),
      })),
  ];
}
