/**
 * The one statement of the one box. Every part reads an index in its order and stops at `$6` rows, so that a surname that
 * thousands have costs what a rare one costs; nothing is sorted but what was found. Postgres writes the JSON.
 *
 * Parameters: `$1` the phrase, `$2` the same without spaces, `$3` its lookalike, `$4` the words if there are several,
 * `$5` most results shown of each kind, `$6` most rows looked at in each part.
 */

/**
 * What is asked, hidden from the planner: it would plan every search anew for its words, which takes longer than the
 * search, and would come to the same plan.
 */
const PHRASE = '(select phrase from asked)';
const COMPACT = '(select compact from asked)';
const ALIKE = '(select lookalike from asked)';
const WORDS = '(select words from asked)';
const SHOWN = '(select shown from asked)';
const LOOK = '(select look from asked)';

/** Above every text that begins with the one before it; `C` order is the order of code points. */
const END = `U&'\\+10FFFF'`;

/** Machines that one row of candidates may stand for; a shared account may have hundreds. */
const MACHINES_OF_ONE = 200;
/** Rows of the rarest of several words that are looked through for those that have the other words too. */
const LOOKED_THROUGH = 500;
/** People of the directory first, then those who have left it. */
const PEOPLE_KINDS = `(values ('person', 0), ('former-person', 5)) as standing(kind, later)`;

/** Rows of `search_entry` of a kind whose key begins with a text, in the order of their keys. */
const beginning = (kind: string, text: string, limit: string): string => `
  select record_id, key, field, shown from search_entry
  where kind = ${kind} and key >= ${text} and key < ${text} || ${END} order by key, record_id limit ${limit}`;

const machinesOfModels = (text: string, limit: string): string => `
  select device.id, model.key, model.field, model.shown
  from (${beginning(`'model'`, text, '200')}) as model
  join search_model on search_model.id = model.record_id
  cross join lateral (
    select id from device
    where device_model_name(manufacturer, model) = search_model.name and merged_into_id is null order by id limit ${limit}
  ) as device`;

const machinesOfPeople = (text: string, limit: string): string => `
  select theirs.device_id as id, entry.key, entry.field, entry.shown, person.id as person_id, theirs.role, standing.later
  from ${PEOPLE_KINDS}
  cross join lateral (${beginning('standing.kind', text, limit)}) as entry
  join person on person.id = entry.record_id
  cross join lateral (
    select device_id, role from device_person where entra_id = person.entra_id limit ${MACHINES_OF_ONE}
  ) as theirs`;

/** Whether a machine called `candidate` has a word in its model, among its own texts, its people's or its places. */
const MACHINE_HAS = `
  device_model_name(device.manufacturer, device.model) = any (other.models)
  or exists (select from search_entry
             where kind = 'device' and record_id = device.id and key >= other.word and key < other.word || ${END})
  or exists (
    select from (select entra_id from device_person where device_id = device.id limit ${MACHINES_OF_ONE}) as near
    join person on person.entra_id = near.entra_id
    where exists (select from search_entry
                  where kind in ('person', 'former-person') and record_id = person.id
                    and key >= other.word and key < other.word || ${END})
       or strpos(lower(concat_ws(' ', person.office_location, person.department)), other.word) > 0)
  or exists (
    select from device_register where device_id = device.id and strpos(lower(location), other.word) > 0)`;

const PERSON_HAS = `
  exists (select from search_entry
          where kind = 'person' and record_id = person.id and key >= other.word and key < other.word || ${END})
  or strpos(lower(concat_ws(' ', person.office_location, person.department, person.job_title)), other.word) > 0`;

const FOUND = `
  asked as materialized (
    select $1::text as phrase, $2::text as compact, $3::text as lookalike, $4::text[] as words, $5::integer as shown,
           $6::integer as look
  ),
  several as materialized (
    select word, models, people, devices + people + of_models as machines,
           greatest(devices, people, of_models) >= ${LOOKED_THROUGH} as too_many
    from unnest(${WORDS}) as word
    cross join lateral (
      select coalesce(array_agg(distinct search_model.name), '{}') as models
      from (${beginning(`'model'`, 'word', '200')}) as entry join search_model on search_model.id = entry.record_id
    ) as named
    cross join lateral (
      select (select count(*) from (${beginning(`'device'`, 'word', String(LOOKED_THROUGH))}) as found) as devices,
             (select count(*) from (${beginning(`'person'`, 'word', String(LOOKED_THROUGH))}) as found) as people,
             (select count(*)
              from (select from unnest(models) as model(name)
                    cross join lateral (
                      select from device where device_model_name(device.manufacturer, device.model) = model.name
                        and merged_into_id is null limit ${LOOKED_THROUGH}) as device
                    limit ${LOOKED_THROUGH}) as found) as of_models
    ) as counted
  ),
  rarest_of_machines as materialized (select * from several where machines > 0 order by machines limit 1),
  rarest_of_people as materialized (select * from several where people > 0 order by people limit 1),
  early_machine as materialized (
    (select record_id as id, case when key = ${COMPACT} then 0 else 10 end as tier, key, field, shown,
            null::integer as person_id, null::text as role
     from (${beginning(`'device'`, COMPACT, LOOK)}) as own)
    union all
    (select record_id, case when lookalike = ${ALIKE} then 20 else 30 end, key, field, shown, null, null
     from (select record_id, lookalike, key, field, shown from search_entry
           where lookalike >= ${ALIKE} and lookalike < ${ALIKE} || ${END} order by lookalike, record_id limit ${LOOK}) as alike)
    union all
    (select id, 40, key, field, shown, null, null from (${machinesOfModels(PHRASE, LOOK)}) as of_model limit ${LOOK})
    union all
    (select id, case when key < ${PHRASE} || '!' then 50 else 60 end + later, key, field, shown, person_id, role
     from (${machinesOfPeople(PHRASE, LOOK)}) as of_person limit ${LOOK})
  ),
  machine_hit as (
    select * from early_machine
    union all
    (select device.id, 70, '', null, null, null, null
     from rarest_of_machines as rarest
     cross join lateral (
       (select record_id as id from (${beginning(`'device'`, 'rarest.word', String(LOOKED_THROUGH))}) as own)
       union all (select id from (${machinesOfModels('rarest.word', String(LOOKED_THROUGH))}) as of_model limit ${LOOKED_THROUGH})
       union all (select id from (${machinesOfPeople('rarest.word', String(LOOKED_THROUGH))}) as of_person)
     ) as candidate
     join device on device.id = candidate.id
     where (select count(*) from early_machine) < ${LOOK}
       and not exists (select from several as other where other.word <> rarest.word and not (${MACHINE_HAS}))
     limit ${LOOK})
  ),
  machine as (select distinct on (id) * from machine_hit order by id, tier, key),
  early_person as materialized (
    (select record_id as id, case when key < ${PHRASE} || '!' then 0 else 10 end as tier, key, field, shown
     from (${beginning(`'person'`, PHRASE, LOOK)}) as present)
    union all
    (select entry.record_id, 20, entry.key, entry.field, entry.shown
     from (${beginning(`'former-person'`, PHRASE, LOOK)}) as entry
     join person on person.id = entry.record_id
     cross join lateral (select from device_person where entra_id = person.entra_id limit 1) as something)
  ),
  person_hit as (
    select * from early_person
    union all
    (select person.id, 30, '', null, null
     from rarest_of_people as rarest
     cross join lateral (${beginning(`'person'`, 'rarest.word', String(LOOKED_THROUGH))}) as entry
     join person on person.id = entry.record_id
     where (select count(*) from early_person) < ${LOOK}
       and not exists (select from several as other where other.word <> rarest.word and not (${PERSON_HAS}))
     limit ${LOOK})
  ),
  found_person as (select distinct on (id) * from person_hit order by id, tier, key)`;

/** ISO 8601 in UTC. */
const utc = (expression: string): string =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const HOW = (columns: { readonly exact: string; readonly beginning: string; readonly alike?: string }): string =>
  `case when ${columns.exact} then 'exact' ${columns.alike ? `when ${columns.alike} then 'alike'` : ''}
        when ${columns.beginning} then 'beginning' else 'words' end`;

const MACHINE = `json_build_object(
  'id', device.id, 'name', device.name, 'serialNumber', device.serial_number,
  'assetTag', (select asset_tag from device_register where device_id = device.id),
  'model', device_model_name(device.manufacturer, device.model), 'formFactor', device.form_factor,
  'presence', device.presence, 'lastSeenAt', ${utc('device.last_seen_at')}, 'standing', case when custody.substate is null then custody.state else custody.state || ':' || custody.substate end,
  'person', (select json_build_object('id', person.id, 'displayName', person.display_name,
               'role', case when custody.holder_entra_id is null then 'primary-user' else 'holder' end)
             from person where person.entra_id = coalesce(custody.holder_entra_id, device.user_entra_id)),
  'match', json_build_object(
    'how', ${HOW({ exact: 'tier in (0, 50, 55)', alike: 'tier in (20, 30)', beginning: 'tier < 70' })},
    'field', field, 'shown', shown, 'role', role,
    'from', ${utc('former.first_seen_at')}, 'until', ${utc('former.last_seen_at')}))`;

const PERSON = `json_build_object(
  'id', person.id, 'displayName', person.display_name, 'userPrincipalName', person.user_principal_name,
  'jobTitle', person.job_title, 'department', person.department, 'officeLocation', person.office_location,
  'accountEnabled', person.account_enabled, 'presence', person.presence,
  'devices', (select count(*) from (select distinct device_id from device_person
                                    where entra_id = person.entra_id limit ${MACHINES_OF_ONE}) as theirs),
  'match', json_build_object(
    'how', ${HOW({ exact: 'tier = 0', beginning: 'tier < 30' })}, 'field', field, 'shown', shown))`;

const counted = (of: string, unlooked: string): string => `
  'count', least((select count(*) from ${of}), ${LOOK} - 1),
  'more', (select count(*) from ${of}) >= ${LOOK} or coalesce((${unlooked}), false)`;

/** Answers `{ devices: { items, count, more }, people: { items, count, more }, asOf }` as one text. */
export const SEARCH = `
  with ${FOUND}
  select json_build_object(
    'devices', json_build_object('items', (
      select coalesce(json_agg(${MACHINE} order by tier, key, device.id), '[]')
      from (select * from machine order by tier, key, id limit ${SHOWN}) as shown_machine
      join device on device.id = shown_machine.id
      left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
      left join lateral (
        select min(former.first_seen_at) as first_seen_at, max(former.last_seen_at) as last_seen_at
        from device_record as record join device_former_name as former on former.record_id = record.id
        where field = 'former-hostname' and record.device_id = device.id and search_compact(former.name) = key
      ) as former on true), ${counted('machine', 'select too_many from rarest_of_machines')}),
    'people', json_build_object('items', (
      select coalesce(json_agg(${PERSON} order by tier, key, person.id), '[]')
      from (select * from found_person order by tier, key, id limit ${SHOWN}) as shown_person
      join person on person.id = shown_person.id), ${counted(
        'found_person',
        `select people >= ${LOOKED_THROUGH} from rarest_of_people`,
      )}),
    'asOf', (select ${utc('min(last_success_at)')} from sync_source
             where source in ('users', 'entra-devices', 'managed-devices')))::text as answer,
    (select count(*) from machine)::integer + (select count(*) from found_person)::integer as found,
    exists (select from machine where tier = 0) or exists (select from found_person where tier = 0) as exact`;
