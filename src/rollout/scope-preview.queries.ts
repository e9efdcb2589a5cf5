import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ProgrammeScope } from './rollout-programme.entity.js';
import { CANDIDATES, CANDIDATE_DESKTOPS, KEEPERS, type DesktopLeftOut, type PersonLeftOut } from './scope-sql.js';

/** Whom and what a scope rule would take in, and what it leaves out for which reason. */
export interface ScopePreview {
  readonly people: {
    readonly inScope: number;
    readonly withDesktop: number;
    readonly leftOut: readonly { readonly reason: PersonLeftOut; readonly count: number }[];
  };
  readonly desktops: {
    readonly inScope: number;
    /** Those of them that nobody is known to use. */
    readonly withoutUser: number;
    readonly leftOut: readonly { readonly reason: DesktopLeftOut; readonly count: number }[];
  };
  readonly directorates: readonly {
    readonly directorate: string | null;
    readonly people: number;
    readonly desktops: number;
  }[];
}

/** Somebody whom a scope rule leaves out. */
export interface PersonOutside {
  readonly id: number;
  readonly displayName: string | null;
  readonly directorate: string | null;
  readonly team: string | null;
}

export const PERSON_LEFT_OUT_WORDS: Readonly<Record<PersonLeftOut, string>> = {
  'not-staff': 'Guests, rooms and service accounts',
  directorate: 'In a directorate that does not take part',
  site: 'At a site that does not take part',
  'employee-type': 'Of an employee type that does not take part',
  team: 'In a team that does not take part',
  left: 'Left the council, or the account is disabled',
  'no-desktop': 'No desktop is known',
};
export const DESKTOP_LEFT_OUT_WORDS: Readonly<Record<DesktopLeftOut, string>> = {
  personal: 'Personal property',
  'in-our-hands': 'In stock, recovered or lost',
  'user-left-out': 'The user does not take part',
  'nobody-known': 'No user is known, so that it cannot be told where it belongs',
};

const SCOPE = `with scope as (select $1::jsonb as rule), ${KEEPERS}, ${CANDIDATES}`;

/** Shows what a scope rule would do, before anything is started. */
@Injectable()
export class ScopePreviewQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** In numbers. */
  async preview(scope: ProgrammeScope): Promise<ScopePreview> {
    const [row] = await this.dataSource.query<{ preview: ScopePreview }[]>(
      `${SCOPE}, ${CANDIDATE_DESKTOPS},
       out_person as (select left_out as reason, count(*) as count from candidate where left_out is not null group by 1),
       out_desktop as (select left_out as reason, count(*) as count from candidate_desktop where left_out is not null group by 1),
       per_directorate as (
         select directorate, sum(people)::integer as people, sum(desktops)::integer as desktops from (
           select directorate, 1 as people, 0 as desktops from candidate where left_out is null
           union all select directorate, 0, 1 from candidate_desktop where left_out is null) as row
         group by directorate)
       select json_build_object(
         'people', json_build_object(
           'inScope', (select count(*) from candidate where left_out is null),
           'withDesktop', (select count(*) from candidate where left_out is null and has_desktop),
           'leftOut', (select coalesce(json_agg(json_build_object('reason', reason, 'count', count)
                                                order by count desc, reason), '[]') from out_person)),
         'desktops', json_build_object(
           'inScope', (select count(*) from candidate_desktop where left_out is null),
           'withoutUser', (select count(*) from candidate_desktop where left_out is null and person_entra_id is null),
           'leftOut', (select coalesce(json_agg(json_build_object('reason', reason, 'count', count)
                                                order by count desc, reason), '[]') from out_desktop)),
         'directorates', (select coalesce(json_agg(json_build_object('directorate', directorate, 'people', people,
                            'desktops', desktops) order by directorate nulls last), '[]') from per_directorate)) as preview`,
      [JSON.stringify(scope)],
    );
    if (!row) throw new Error('The preview of a scope gave no answer.');
    return row.preview;
  }

  /** The first of those who are left out for a reason, by name. */
  async leftOut(scope: ProgrammeScope, reason: PersonLeftOut, limit = 50): Promise<readonly PersonOutside[]> {
    return this.dataSource.query<PersonOutside[]>(
      `${SCOPE}
       select person.id, person.display_name as "displayName", candidate.directorate, candidate.team
       from candidate join person on person.entra_id = candidate.entra_id
       where candidate.left_out = $2 order by lower(person.display_name), person.id limit $3`,
      [JSON.stringify(scope), reason, limit],
    );
  }
}
