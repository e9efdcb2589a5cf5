import { Injectable } from '@nestjs/common';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, ForbiddenError, NotFoundError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { standingOf, type CustodyState, type Substate } from '../domain/lifecycle/standing.js';
import type { CustodyActor } from './custody-actor.js';
import { custodyAuditEntry } from './custody-audit.js';
import { lockMachines } from './custody-facts.queries.js';
import { writeHistory } from './custody-writing.service.js';

/** The answer to which of several custodies of one machine is right. */
export interface Settlement {
  readonly deviceId: number;
  /** Row of custody that is right: the one that counts so far, or one that contradicts it. */
  readonly custodyId: number;
  readonly reason: string;
}

interface ContestedColumns {
  readonly id: number;
  readonly state: CustodyState;
  readonly substate: Substate | null;
  readonly holder_entra_id: string | null;
  readonly place: string | null;
}

/** Two machines that turned out to be one may each have a custody; a person says which of them is right. */
@Injectable()
export class ContradictionService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Settles the contradiction about a machine. The custody that is not right stays set aside: it comes back only if the
   * machines come apart again.
   * @throws NotFoundError for an unknown device; ConflictError when nothing contradicts, or the custody named is not one of
   * the machine's any more; ForbiddenError to whom one of the custodies names
   */
  async settle({ deviceId, custodyId, reason }: Settlement, by: CustodyActor): Promise<{ readonly eventId: number }> {
    if (!by.permissions.has('custody:write')) throw new ForbiddenError('This needs the permission custody:write.');
    return this.transactor.run(async (tx) => {
      const machine = (await lockMachines(tx, [deviceId], false)).get(deviceId);
      if (!machine) throw new NotFoundError('There is no such device.');
      const others = await tx.query<ContestedColumns[]>(
        `select id, state, substate, holder_entra_id, place from device_custody
         where device_id = $1 and contested order by id for update`,
        [deviceId],
      );
      if (others.length === 0) throw new ConflictError('Nothing contradicts the custody of this machine.');
      const right = others.find(({ id }) => id === custodyId);
      if (!right && machine.custodyId !== custodyId) {
        throw new ConflictError('That custody is not one of this machine any more. Look at it again.');
      }
      const concerned = [machine.holder, ...others.map((row) => row.holder_entra_id)];
      if (by.personEntraId !== null && concerned.includes(by.personEntraId)) {
        throw new ForbiddenError('Nobody decides about a machine of their own. Ask a colleague to record it.');
      }
      await tx.query(
        `update device_custody set contested = false, set_aside_at = coalesce(set_aside_at, now()),
           version = nextval('device_custody_version_sequence')
         where device_id = $1 and (contested or set_aside_at is null)`,
        [deviceId],
      );
      await tx.query('update device_custody set set_aside_at = null where id = $1', [custodyId]);
      const to = right
        ? { standing: standingOf(right.state, right.substate), holder: right.holder_entra_id, place: right.place }
        : machine;
      const input = { holder: null, place: null, reason, reference: null, evidenceId: null, details: {} };
      const [step] = await writeHistory(tx, [{ machine, to, custodyId }], {
        command: 'settle',
        actor: by.actor,
        input,
      });
      const eventId = step?.eventId ?? 0;
      await appendToAudit(
        tx,
        custodyAuditEntry({
          command: 'settle',
          actor: by.actor,
          deviceId,
          eventId,
          from: machine.standing,
          to: to.standing,
        }),
      );
      return { eventId };
    });
  }
}
