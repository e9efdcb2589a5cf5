import { Injectable } from '@nestjs/common';
import { DevicesQueries, type DeviceSummary } from '../devices/devices.queries.js';
import { PeopleQueries, type Person } from '../directory/people.queries.js';
import { LicencesQueries, type PersonLicence } from '../licences/licences.queries.js';

/** A person with the machines that they are the primary user of and their licences. */
export interface WholePerson extends Person {
  readonly devices: readonly DeviceSummary[];
  readonly licences: readonly PersonLicence[];
}

/** Reads all that is known of one person. */
@Injectable()
export class WholePersonQueries {
  constructor(
    private readonly people: PeopleQueries,
    private readonly devices: DevicesQueries,
    private readonly licences: LicencesQueries,
  ) {}

  /** The person; null when there is none with this id. */
  async one(id: number): Promise<WholePerson | null> {
    const person = await this.people.one(id);
    if (!person) return null;
    const [devices, licences] = await Promise.all([this.devices.ofPerson(person.entraId), this.licences.ofPerson(id)]);
    return { ...person, devices, licences };
  }
}
