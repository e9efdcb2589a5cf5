import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';
import { commandWords, type CustodyCommand, type EventCommand } from '../domain/lifecycle/commands.js';
import { doubtsOf, type Doubt } from '../domain/lifecycle/doubts.js';
import {
  standingLabel,
  standingOf,
  type CustodyState,
  type Origin,
  type Substate,
} from '../domain/lifecycle/standing.js';
import { allowedCommands } from '../domain/lifecycle/transitions.js';
import { arrayLiteral } from '../neighbourhood.queries.js';

/** A person as custody names them; without name and number when the directory does not know them any more. */
export interface CustodyPerson {
  readonly id: number | null;
  readonly entraId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  /** Whether they are in the directory with an enabled account. */
  readonly active: boolean;
}

/** One custody of a machine, in words. */
export interface CustodyView {
  /** Row of custody; null while none is recorded. */
  readonly custodyId: number | null;
  readonly state: CustodyState | null;
  readonly substate: Substate | null;
  /** Such as "In use". */
  readonly label: string;
  readonly holder: CustodyPerson | null;
  readonly place: string | null;
  readonly since: string | null;
  /** To be sent with the next command; `0` while no custody is recorded. */
  readonly version: string;
}

/** The custody of a machine, with what can be done and what is doubtful. */
export interface DeviceCustodyView extends CustodyView {
  readonly deviceId: number;
  /** Other custodies that contradict it, since two machines turned out to be one. */
  readonly contradictions: readonly CustodyView[];
  readonly commands: readonly { readonly command: CustodyCommand; readonly label: string }[];
  readonly doubts: readonly Doubt[];
}

/** One step of the history of a machine. */
export interface CustodyStep {
  readonly id: number;
  readonly command: EventCommand;
  /** Such as "Handed over". */
  readonly label: string;
  readonly from: string;
  readonly to: string;
  readonly holderBefore: CustodyPerson | null;
  readonly holderAfter: CustodyPerson | null;
  readonly placeBefore: string | null;
  readonly placeAfter: string | null;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly evidence: { readonly id: number; readonly fileName: string } | null;
  /** The step that this one took back. */
  readonly correctsId: number | null;
  readonly correctedById: number | null;
  readonly bulkId: number | null;
  /** Reference of who did it, see `Actor`; with the person where it was one. */
  readonly actor: string;
  readonly actorName: string | null;
  readonly at: string;
}

/** A custody of a machine that contradicts the one that counts. */
export interface ContestedCustody {
  readonly custodyId: number;
  readonly deviceId: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly assetTag: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly label: string;
  readonly since: string;
  readonly holder: CustodyPerson | null;
}

const personJson = (
  person: string,
  entraId: string,
): string => `case when ${entraId} is not null then json_build_object(
  'id', ${person}.id, 'entraId', ${entraId}, 'displayName', ${person}.display_name,
  'userPrincipalName', ${person}.user_principal_name,
  'active', coalesce(${person}.presence = 'present' and ${person}.account_enabled, false)) end`;

const CUSTODY_JSON = `json_build_object('custodyId', custody.id, 'state', custody.state, 'substate', custody.substate,
  'holder', ${personJson('holder', 'custody.holder_entra_id')}, 'place', custody.place, 'since', ${utc('custody.since')},
  'version', custody.version::text, 'live', custody.set_aside_at is null)`;

const CONTESTED_JSON = `'custodyId', device_custody.id, 'deviceId', device.id, 'name', device.name,
  'serialNumber', device.serial_number, 'assetTag', entry.asset_tag, 'manufacturer', device.manufacturer,
  'model', device.model, 'state', device_custody.state, 'substate', device_custody.substate,
  'since', ${utc('device_custody.since')}`;
const CONTESTED_JOINS = `join device on device.id = device_custody.device_id
  left join device_register entry on entry.device_id = device.id`;
interface StoredCustody extends Omit<CustodyView, 'label'> {
  readonly state: CustodyState;
  readonly live: boolean;
}

interface DeviceColumns {
  readonly custodies: readonly StoredCustody[];
  readonly presence: 'present' | 'missing' | 'gone';
  readonly recordCount: number;
  readonly lastSeen: number | null;
  readonly primaryUser: string | null;
  readonly observedUser: string | null;
}

/** Reads who has which machine, how that came about, and what is doubtful about it. */
@Injectable()
export class CustodyQueries {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The custody of a machine, with the commands that it allows somebody with these permissions; null when there is no
   * such device or it was merged into another.
   */
  async ofDevice(deviceId: number, permissions: ReadonlySet<string>): Promise<DeviceCustodyView | null> {
    const [device] = await this.dataSource.query<DeviceColumns[]>(DEVICE, [deviceId]);
    if (!device) return null;
    const live = device.custodies.find((custody) => custody.live);
    const others = device.custodies.filter((custody) => !custody.live);
    const standing: Origin = live ? standingOf(live.state, live.substate) : 'none';
    const doubts = doubtsOf({
      standing,
      holder: live?.holder?.entraId ?? null,
      since: live?.since ? Date.parse(live.since) : null,
      holderActive: live?.holder ? live.holder.active : null,
      primaryUser: device.primaryUser,
      observedUser: device.observedUser,
      presence: device.presence,
      recordCount: device.recordCount,
      lastSeenAt: device.lastSeen,
      contested: others.length > 0,
    });
    const allowed = allowedCommands(standing, permissions);
    const possible = others.length > 0 ? allowed.filter((command) => command === 'note') : allowed;
    return {
      deviceId,
      ...(live ? viewOf(live) : NO_CUSTODY),
      contradictions: others.map(viewOf),
      commands: possible.map((command) => ({ command, label: commandWords(command).label })),
      doubts,
    };
  }

  /** The history of a machine, of all devices that turned out to be it, the latest step first. */
  async history(deviceId: number, request: PageRequest): Promise<Page<CustodyStep>> {
    const devices = await this.dataSource.query<{ id: number }[]>(DEVICES_OF_MACHINE, [deviceId]);
    const conditions = new SqlConditions().add(
      arrayLiteral(devices.map(({ id }) => id)),
      (ids) => `custody_event.device_id = any(${ids}::integer[])`,
    );
    const page = await keysetPage<StoredStep>(
      this.dataSource,
      { table: 'custody_event', conditions, item: STEP_JSON, joins: STEP_JOINS, sources: [] },
      { name: '-id', by: { expression: 'custody_event.id', type: 'bigint', descending: true } },
      request,
    );
    return { ...page, items: page.items.map(stepOf) };
  }

  /** Machines of which two custodies contradict each other, the longest known first. */
  async contradictions(request: PageRequest): Promise<Page<ContestedCustody>> {
    const page = await keysetPage<StoredContested>(
      this.dataSource,
      {
        table: 'device_custody',
        conditions: new SqlConditions().always('device_custody.contested'),
        item: `json_build_object(${CONTESTED_JSON}, 'holder', ${personJson('holder', 'device_custody.holder_entra_id')})`,
        joins: `${CONTESTED_JOINS} left join person holder on holder.entra_id = device_custody.holder_entra_id`,
        sources: [],
      },
      { name: 'id', by: { expression: 'device_custody.id', type: 'bigint' } },
      request,
    );
    return { ...page, items: page.items.map(contestedOf) };
  }
}

const NO_CUSTODY: CustodyView = {
  custodyId: null,
  state: null,
  substate: null,
  label: standingLabel('none'),
  holder: null,
  place: null,
  since: null,
  version: '0',
};

function viewOf(stored: StoredCustody): CustodyView {
  const { custodyId, state, substate, holder, place, since, version } = stored;
  return {
    custodyId,
    state,
    substate,
    holder,
    place,
    since,
    version,
    label: standingLabel(standingOf(state, substate)),
  };
}

interface StoredContested extends Omit<ContestedCustody, 'label'> {
  readonly state: CustodyState;
  readonly substate: Substate | null;
}

function contestedOf({ state, substate, ...rest }: StoredContested): ContestedCustody {
  return { ...rest, label: standingLabel(standingOf(state, substate)) };
}

interface StoredStep extends Omit<CustodyStep, 'label' | 'from' | 'to'> {
  readonly fromState: CustodyState | null;
  readonly fromSubstate: Substate | null;
  readonly toState: CustodyState | null;
  readonly toSubstate: Substate | null;
}

function stepOf({ fromState, fromSubstate, toState, toSubstate, ...step }: StoredStep): CustodyStep {
  return {
    ...step,
    label: commandWords(step.command).done,
    from: standingLabel(fromState === null ? 'none' : standingOf(fromState, fromSubstate)),
    to: standingLabel(toState === null ? 'none' : standingOf(toState, toSubstate)),
  };
}

/** The last user whom Intune saw sign in, where the source says so (`usersLoggedOn`). */
const DEVICE = `
  select device.presence, device.record_count as "recordCount", device.user_entra_id as "primaryUser",
         (extract(epoch from device.last_seen_at) * 1000)::float8 as "lastSeen",
         (select logon.user_id
          from device_record record
          cross join lateral (
            select logon ->> 'userId' as user_id, logon ->> 'lastLogOnDateTime' as at
            from jsonb_array_elements(
              case when jsonb_typeof(record.attributes -> 'usersLoggedOn') = 'array'
                   then record.attributes -> 'usersLoggedOn' else '[]' end) as logon) as logon
          where record.device_id = device.id and record.source = 'managed-devices' and record.presence = 'present'
          order by logon.at desc nulls last limit 1) as "observedUser",
         (select coalesce(json_agg(${CUSTODY_JSON} order by custody.id), '[]')
          from device_custody custody left join person holder on holder.entra_id = custody.holder_entra_id
          where custody.device_id = device.id and (custody.set_aside_at is null or custody.contested)) as custodies
  from device where device.id = $1 and device.merged_into_id is null`;

const DEVICES_OF_MACHINE = `
  with recursive step as (
    select id from device where id = $1
    union
    select device.id from step join device on device.merged_into_id = step.id
  ) select id from step`;

const STEP_JSON = `json_build_object('id', custody_event.id, 'command', custody_event.command,
  'fromState', custody_event.from_state, 'fromSubstate', custody_event.from_substate,
  'toState', custody_event.to_state, 'toSubstate', custody_event.to_substate,
  'holderBefore', ${personJson('before', 'custody_event.holder_before')},
  'holderAfter', ${personJson('after', 'custody_event.holder_after')},
  'placeBefore', custody_event.place_before, 'placeAfter', custody_event.place_after, 'reason', custody_event.reason,
  'reference', custody_event.reference, 'details', custody_event.details,
  'evidence', case when evidence.id is not null then
    json_build_object('id', evidence.id, 'fileName', evidence.file_name) end,
  'correctsId', custody_event.corrects_id,
  'correctedById', (select correction.id from custody_event correction where correction.corrects_id = custody_event.id),
  'bulkId', custody_event.bulk_id, 'actor', custody_event.actor, 'actorName', doer.display_name,
  'at', ${utc('custody_event.at')})`;

const STEP_JOINS = `
  left join person before on before.entra_id = custody_event.holder_before
  left join person after on after.entra_id = custody_event.holder_after
  left join person doer on custody_event.actor = 'person:' || doer.entra_id
  left join custody_evidence evidence on evidence.id = custody_event.evidence_id`;
