// An invented estate for searching at size: names and models as unevenly spread as real ones, so that the worst terms
// are there. Four people in five devices; hostnames in sequence, serial numbers without order.

/** The commonest surnames of England and Wales stand for about one person in nine, Smith alone for one in eighty. */
const SURNAMES = `Smith,Jones,Taylor,Brown,Williams,Wilson,Johnson,Davies,Robinson,Wright,Thompson,Evans,Walker,White,Roberts,
Green,Hall,Wood,Jackson,Clarke,Patel,Khan,Ahmed,Hussain,Lewis,Harris,Clark,Cooper,King,Lee,O''Neill,García,Müller,Żak,Nowak`;
const GIVEN = `John,David,Sarah,Emma,James,Michael,Paul,Andrew,Susan,Karen,Mohammed,Aisha,Priya,Rhys,Siân,Éilís,Chloë,Zoë,
Oliver,Amelia,Noah,Isla,George,Ava,Harry,Mia,Jack,Grace,Leo,Lily,Oscar,Freya,Arthur,Ivy,Henry,Florence,Theo,Evie,Max,Rosie`;
/** Model and how many of a thousand machines are one. */
const MODELS = [
  ['Dell Inc.', 'Latitude 5540', 180],
  ['Dell Inc.', 'Latitude 5420', 120],
  ['Dell Inc.', 'OptiPlex 7090', 150],
  ['HP', 'HP EliteBook 840 G10', 140],
  ['HP', 'HP ProDesk 600 G5', 100],
  ['LENOVO', 'ThinkPad T14 Gen 4', 150],
  ['LENOVO', 'ThinkCentre M70q', 60],
  ['Microsoft Corporation', 'Surface Pro 9', 60],
  ['Dell Inc.', 'Precision 3660', 39],
  ['Apple Inc.', 'MacBook Pro', 1],
];

const list = (text) => `array['${text.replaceAll('\n', '').split(',').join("','")}']`;
/** A number from 0 to 1 that only depends on the row and the purpose. */
const chance = (purpose) => `((hashint8extended(n, ${purpose}) & 1048575) / 1048576.0)`;

/**
 * Fills an empty, migrated database.
 * @param query runs one statement
 * @param devices number of machines
 */
export async function insertSearchEstate(query, devices) {
  const people = Math.round(devices * 0.8);
  await query('alter table person disable trigger user; alter table device disable trigger user');
  await query(`
    insert into person (entra_id, user_principal_name, display_name, given_name, surname, mail, job_title, department,
                        office_location, account_enabled, user_type, presence)
    select 'person-' || n, search_compact(given) || '.' || search_compact(surname) || n || '@council.example',
           given || ' ' || surname, given, surname,
           search_compact(given) || '.' || search_compact(surname) || n || '@council.example', 'Officer',
           'Department ' || n % 40, (array['Wexcombe','Town Hall','Harbour House','Depot'])[n % 4 + 1], n % 20 <> 0,
           'Member', case when n % 97 = 0 then 'missing' else 'present' end
    from generate_series(1, ${people}::bigint) as n
    cross join lateral (
      select (${list(GIVEN)})[floor(power(${chance(1)}, 1.5) * 40)::int + 1] as given,
             case when ${chance(2)} < 0.12 then (${list(SURNAMES)})[floor(power(${chance(3)}, 2) * 35)::int + 1]
                  else initcap(
                    (array['ash','brad','car','dun','ell','fair','gar','hart','ing','kirk','lang','mar','nor','old','pem','ren','stan','thor','up','wal'])[floor(${chance(4)} * 20)::int + 1] ||
                    (array['','er','ing','le','en','wick','ring','stow','mere'])[floor(${chance(5)} * 9)::int + 1] ||
                    (array['ton','ley','ford','well','by','ham','worth','field','den','man','son','bridge','wood','combe','stead','wick','brook','dale','hurst','more','land','house','gate','shaw','row','bourne','cote','thorpe','over','low'])[floor(${chance(6)} * 30)::int + 1])
             end as surname) as name`);
  let share = 0;
  const models = MODELS.map(([manufacturer, model, thousandth]) => {
    share += thousandth;
    return `when ${chance(7)} < ${share / 1000} then array['${manufacturer}', '${model}']`;
  });
  await query(`
    insert into device (name, serial_number, manufacturer, model, operating_system, user_entra_id, ownership,
                        compliance_state, last_seen_at, presence, form_factor, form_factor_superclass)
    select case when n % 10 <> 0 then 'WX-LT' || lpad(n::text, 7, '0') end,
           upper(translate(substr(md5('serial' || n), 1, 10), 'abcdef', 'GHJKLZ')), made[1], made[2], 'Windows',
           case when n % 7 <> 0 then 'person-' || (hashint8extended(n, 8) & 1073741823) % ${people} + 1 end, 'company',
           'compliant', timestamptz '2026-11-01' - make_interval(mins => n::int), 'present', 'laptop', 'portable'
    from generate_series(1, ${devices}::bigint) as n
    cross join lateral (select case ${models.join(' ')} else array['Fujitsu', 'Lifebook ' || n % 300] end as made) as kind`);
  await query(`
    insert into device_record (source, external_id, device_id, resolution_pending, name, serial_number, user_entra_id, last_seen_at)
    select 'managed-devices', 'intune-' || id, id, false, name, serial_number, user_entra_id, last_seen_at from device
    where id <= 100000`);
  await query(`
    insert into device_former_name (record_id, name, first_seen_at, last_seen_at)
    select id, 'OLD-PC-' || id, timestamptz '2025-03-01', timestamptz '2026-02-01' from device_record where id % 20 = 0`);
  await query(`
    insert into device_register (device_id, asset_tag, asset_tag_key, serial_number, changed_by)
    select id, 'WC' || lpad((id * 3)::text, 8, '0'), 'WC' || lpad((id * 3)::text, 8, '0'), serial_number, 'test'
    from device where id <= ${Math.round(devices / 2)}`);
  await query('alter table person enable trigger user; alter table device enable trigger user');
  await rebuildSearch(query);
  await query(
    'vacuum (analyze) person, device, device_record, device_register, search_entry, search_model, search_pending',
  );
}

/** Fills the search afresh from the records, as the migration does. */
export async function rebuildSearch(query) {
  await query(`
    truncate search_entry, search_pending, search_model;
    drop index search_entry_key_index, search_entry_lookalike_index;
    insert into search_model (name)
      select distinct device_model_name(manufacturer, model) from device
      where device_model_name(manufacturer, model) is not null;
    insert into search_entry (kind, record_id, key, lookalike, field, shown)
      select kind, record_id, key, lookalike, field, shown from search_entry_source
      union all select kind, record_id, key, lookalike, field, shown from search_person_source;
    create index search_entry_key_index on search_entry (kind, key, record_id);
    create index search_entry_lookalike_index on search_entry (lookalike, record_id) where lookalike is not null`);
}
