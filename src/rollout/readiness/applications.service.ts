import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { Transactor } from '../../database/transactor.js';
import type { ReadinessOutcome } from '../domain/move-words.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { ReadinessService } from './readiness.service.js';

/** What is known of an application. */
export interface ApplicationInput {
  readonly name: string;
  readonly state: ReadinessOutcome;
  /** The role or queue that makes it work on the laptops; null for the one of the settings. */
  readonly owner: string | null;
  readonly note: string | null;
}

/** Keeps the list of applications that not everybody has, and which of them work on the laptops. */
@Injectable()
export class ApplicationsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
    private readonly readiness: ReadinessService,
  ) {}

  /**
   * Adds an application to the list of the current programme.
   * @throws ConflictError for a name that is on it already, NotFoundError without a programme
   */
  async name(input: ApplicationInput, actor: Actor, now: Date = new Date()): Promise<{ readonly id: number }> {
    return this.#unlessNamed(() =>
      this.transactor.run(async (tx) => {
        const programme = await this.programmes.current(tx);
        if (programme === null) throw new NotFoundError('There is no programme. Plan one first.');
        const [row] = await tx.query<{ id: number }[]>(
          `insert into rollout_application (programme_id, name, state, owner, note, since, changed_by)
           values ($1, $2, $3, $4, $5, $6, $7) returning id`,
          [programme.id, input.name, input.state, input.owner, input.note, now, actor],
        );
        const id = row?.id ?? 0;
        // People may have named it before it was on the list.
        await this.readiness.evaluate(tx, programme.id, { application: input.name }, now);
        await appendToAudit(tx, {
          event: 'rollout-application.named',
          actor,
          subject: { kind: 'rollout-application', id },
          details: { state: input.state },
        });
        return { id };
      }),
    );
  }

  /**
   * Says anew what is known of an application, and works out the readiness of everybody who needs it.
   * @param version of the row that was looked at
   * @returns how many people were asked about anew
   * @throws ConflictError when somebody else changed it since, or another has the name
   */
  async change(
    { id, version, ...input }: ApplicationInput & { readonly id: number; readonly version: string },
    actor: Actor,
    now: Date = new Date(),
  ): Promise<{ readonly evaluated: number }> {
    return this.#unlessNamed(() =>
      this.transactor.run(async (tx) => {
        const [before] = await tx.query<{ programme_id: number; name: string; version: string }[]>(
          'select programme_id, name, version::text from rollout_application where id = $1 for update',
          [id],
        );
        if (before === undefined) throw new NotFoundError('There is no such application.');
        if (before.version !== version) {
          throw new ConflictError('Somebody else has changed this application. Load the page again.');
        }
        await tx.query(
          `update rollout_application set name = $2, owner = $3, note = $4, changed_by = $5, changed_at = $6,
             since = case when state = $7 then since else $6 end, state = $7,
             version = nextval('rollout_version_sequence')
           where id = $1`,
          [id, input.name, input.owner, input.note, actor, now, input.state],
        );
        const asNamedNow = await this.readiness.evaluate(tx, before.programme_id, { application: input.name }, now);
        const isRenamed = before.name.toLowerCase() !== input.name.toLowerCase();
        const asNamedBefore = isRenamed
          ? await this.readiness.evaluate(tx, before.programme_id, { application: before.name }, now)
          : { evaluated: 0 };
        await appendToAudit(tx, {
          event: 'rollout-application.changed',
          actor,
          subject: { kind: 'rollout-application', id },
          details: { state: input.state },
        });
        return { evaluated: asNamedNow.evaluated + asNamedBefore.evaluated };
      }),
    );
  }

  async #unlessNamed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (sqlstateOf(error) !== SQLSTATE.uniqueViolation) throw error;
      throw new InputError('The application is on the list already.', [
        { field: 'name', message: 'Enter a name that no other application has' },
      ]);
    }
  }
}
