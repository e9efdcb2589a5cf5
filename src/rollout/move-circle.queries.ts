import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MoveCircle } from '../auth/own-objects.queries.js';

/** Levels of line managers that are followed upwards; no council has more, and a circle in the directory ends here. */
export const LINE_LEVELS = 10;

/** Whom a move concerns: the person whose it is, everybody above them in the line, and their delegates. */
@Injectable()
export class MoveCircleQueries extends MoveCircle {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  override async concerns(
    personEntraId: string,
    moveId: number,
    tx: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `${LINE} select move_id from line where entra_id = $1 union all ${DELEGATED} limit 1`,
      [personEntraId, [moveId], LINE_LEVELS],
    );
    return rows.length > 0;
  }

  /** Whether the move is somebody's own or of a person below them in the line: not for those who only stand in. */
  async isInLine(personEntraId: string, moveId: number, tx: EntityManager = this.dataSource.manager): Promise<boolean> {
    const rows = await tx.query<unknown[]>(`${LINE} select 1 from line where entra_id = $1 limit 1`, [
      personEntraId,
      [moveId],
      LINE_LEVELS,
    ]);
    return rows.length > 0;
  }

  /** Those of some moves whose people are below somebody in the line; their own is not. */
  async below(tx: EntityManager, personEntraId: string, moveIds: readonly number[]): Promise<ReadonlySet<number>> {
    const rows = await tx.query<{ move_id: number }[]>(
      `${LINE} select distinct move_id from line where entra_id = $1 and level > 0`,
      [personEntraId, moveIds, LINE_LEVELS],
    );
    return new Set(rows.map((row) => row.move_id));
  }

  /** Those of some moves for whose people somebody stands in today. */
  async delegatedTo(
    tx: EntityManager,
    personEntraId: string,
    moveIds: readonly number[],
  ): Promise<ReadonlySet<number>> {
    const rows = await tx.query<{ move_id: number }[]>(DELEGATED, [personEntraId, moveIds]);
    return new Set(rows.map((row) => row.move_id));
  }

  /** The moves of a programme whose people somebody stands in for today, by name. */
  standsInFor(
    programmeId: number,
    personEntraId: string,
  ): Promise<readonly { readonly moveId: number; readonly displayName: string | null }[]> {
    return this.dataSource.query(
      `select move.id as "moveId", person.display_name as "displayName"
       from move left join person on person.entra_id = move.person_entra_id
       where move.programme_id = $3 and move.id in (${DELEGATED})
       order by lower(person.display_name), move.id limit 100`,
      [personEntraId, null, programmeId],
    );
  }
}

const LINE = `
  with recursive line(move_id, entra_id, level) as (
    select id, person_entra_id, 0 from move where id = any($2::integer[])
    union all
    select line.move_id, person.manager_entra_id, line.level + 1
    from line join person on person.entra_id = line.entra_id
    where person.manager_entra_id is not null and person.presence <> 'gone' and line.level < $3
  )`;

/** Moves, of some or of all, for whose people somebody may stand in today. */
const DELEGATED = `
  select move.id as move_id from move join move_delegate on move_delegate.principal_entra_id = move.person_entra_id
  where ($2::integer[] is null or move.id = any($2::integer[])) and move_delegate.delegate_entra_id = $1 and move_delegate.ended_at is null
    and move_delegate.until_day >= (now() at time zone 'Europe/London')::date`;
