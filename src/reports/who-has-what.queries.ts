import { Injectable } from '@nestjs/common';
import { DevicesQueries, type DeviceSummary } from '../devices/devices.queries.js';
import { PeopleQueries, type PersonSummary } from '../directory/people.queries.js';

/** People and machines that a search found, each with the other. */
export interface WhoHasWhat {
  readonly people: readonly (PersonSummary & { readonly devices: readonly DeviceSummary[] })[];
  readonly morePeople: boolean;
  readonly devices: readonly DeviceSummary[];
  readonly moreDevices: boolean;
  /** When the sources of the answer last succeeded, the oldest of them. */
  readonly asOf: string | null;
}

/** Most people, and most machines, that one search shows. */
export const SHOWN = 20;

/** Answers who has what. */
@Injectable()
export class WhoHasWhatQueries {
  constructor(
    private readonly people: PeopleQueries,
    private readonly devices: DevicesQueries,
  ) {}

  /** People whose name or address, and machines whose hostname, serial number or model, begins with `search`. */
  async find(search: string): Promise<WhoHasWhat> {
    const [people, devices] = await Promise.all([
      this.people.list({ search }, { limit: SHOWN }),
      this.devices.list({ search }, { limit: SHOWN }),
    ]);
    const theirs = await this.devices.ofPeople(people.items.map((person) => person.entraId));
    const ages = [people.asOf, devices.asOf].filter((at) => at !== null).sort();
    return {
      people: people.items.map((person) => ({ ...person, devices: theirs.get(person.entraId) ?? [] })),
      morePeople: people.next !== null,
      devices: devices.items,
      moreDevices: devices.next !== null,
      asOf: ages[0] ?? null,
    };
  }
}
