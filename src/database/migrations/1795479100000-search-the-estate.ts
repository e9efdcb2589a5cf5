import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Texts that the one box looks up, and what keeps them in step with the records they come from.
 *
 * `search_entry_source` is the definition: every text by which a record is found, with its key. `search_entry` holds
 * the same rows with indexes. Triggers note changed records in `search_pending`; a transaction that changed few takes
 * them over as it commits, a synchronisation leaves them for the end of its run (`refresh_search_entries`).
 */
export class SearchTheEstate1795479100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FOLDING);
    await queryRunner.query(`
      -- Who has to do with a machine, and as what. Whatever says that somebody has a machine enters here.
      create view device_person as
        select device_id, holder_entra_id as entra_id, 'holder' as role
        from device_custody where holder_entra_id is not null and set_aside_at is null
        union all
        select id, user_entra_id, 'primary-user' from device where user_entra_id is not null and merged_into_id is null
        union all
        select device_id, user_entra_id, 'observed-user'
        from device_record where user_entra_id is not null and device_id is not null
        union all
        select device_id, holder_entra_id, 'register'
        from device_register where holder_entra_id is not null and device_id is not null;
      create index device_record_user_index on device_record (user_entra_id) where user_entra_id is not null;

      -- Makes and models by which machines are found; a few hundred for any number of machines.
      create table search_model (
        id integer generated always as identity constraint search_model_pkey primary key,
        name text not null constraint search_model_name_key unique
      );
      create index device_model_name_index on device (device_model_name(manufacturer, model), id)
        where merged_into_id is null;

      create table search_entry (
        kind text not null constraint search_entry_kind_check check (kind in ('device', 'person', 'former-person', 'model')),
        record_id integer not null,
        key text collate "C" not null,
        lookalike text collate "C",
        field text not null constraint search_entry_field_check check (field in
          ('serial-number', 'asset-tag', 'hostname', 'former-hostname', 'name', 'user-principal-name', 'mail', 'model')),
        shown text not null,
        constraint search_entry_pkey primary key (kind, record_id, key)
      );

      create table search_pending (
        kind text not null constraint search_pending_kind_check check (kind in ('device', 'person')),
        record_id integer not null,
        waiting_since timestamptz not null default now(),
        constraint search_pending_pkey primary key (kind, record_id)
      );

      create view search_entry_source as
        select distinct on (device.id, folded.key) 'device' as kind, device.id as record_id, folded.key,
               -- What cannot be told apart on a label or over the telephone: O and 0; I, l and 1.
               translate(folded.key, 'oil', '011') as lookalike, said.field, said.shown
        from device
        cross join lateral (
          select 1 as place, 'serial-number' as field, device.serial_number as shown
          union select 3, 'hostname', device.name
          union select 1, 'serial-number', record.serial_number from device_record record where record.device_id = device.id
          union select 3, 'hostname', record.name from device_record record where record.device_id = device.id
          union select 4, 'former-hostname', former.name
                from device_record record join device_former_name former on former.record_id = record.id
                where record.device_id = device.id
          union select value.place, value.field, value.shown
                from device_register register
                cross join lateral (values (1, 'serial-number', register.serial_number),
                                           (2, 'asset-tag', register.asset_tag),
                                           (3, 'hostname', register.hostname)) as value(place, field, shown)
                where register.device_id = device.id
        ) as said
        cross join lateral search_compact(said.shown) as folded(key)
        where device.merged_into_id is null and folded.key <> ''
        order by device.id, folded.key, said.place, said.shown collate "C";
    `);
    await queryRunner.query(`
      create view search_person_source as
        select distinct on (person.id, said.key)
               -- Whoever has left the directory is found only while something is still with them, which changes elsewhere.
               case person.presence when 'gone' then 'former-person' else 'person' end as kind,
               person.id as record_id, said.key, null::text as lookalike, said.field, said.shown
        from person
        cross join lateral (
          select 1 as place, names.key, 'name' as field,
                 coalesce(person.display_name, concat_ws(' ', person.given_name, person.surname)) as shown
          from search_name_keys(concat_ws(' ', person.display_name, person.given_name, person.surname)) as names(key)
          union all
          select 2, search_phrase(person.user_principal_name), 'user-principal-name', person.user_principal_name
          union all
          select 3, search_phrase(person.mail), 'mail', person.mail
          where person.mail is distinct from person.user_principal_name
        ) as said
        where said.key <> ''
        order by person.id, said.key, said.place;

      create view search_model_source as
        select distinct on (search_model.id, names.key)
               'model' as kind, search_model.id as record_id, names.key, null::text as lookalike, 'model' as field,
               search_model.name as shown
        from search_model cross join lateral search_name_keys(search_model.name) as names(key)
        order by search_model.id, names.key;
    `);
    await queryRunner.query(UPKEEP);
    await queryRunner.query(`
      insert into search_model (name)
        select distinct device_model_name(manufacturer, model) from device
        where device_model_name(manufacturer, model) is not null on conflict do nothing;
      insert into search_entry (kind, record_id, key, lookalike, field, shown)
        select kind, record_id, key, lookalike, field, shown from search_entry_source
        union all select kind, record_id, key, lookalike, field, shown from search_person_source
        on conflict do nothing;
      create index search_entry_key_index on search_entry (kind, key, record_id);
      create index search_entry_lookalike_index on search_entry (lookalike, record_id) where lookalike is not null;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger device_search_insert on device;
      drop trigger device_search_update on device;
      drop trigger device_record_search_insert on device_record;
      drop trigger device_record_search_update on device_record;
      drop trigger device_register_search on device_register;
      drop trigger person_search_insert on person;
      drop trigger person_search_update on person;
      drop view search_model_source, search_person_source, search_entry_source, device_person;
      drop table search_pending, search_entry, search_model;
      drop index device_model_name_index, device_record_user_index;
      drop function refresh_search_entries, refresh_search_records, take_over_search_pending, note_search_pending, search_changes,
        note_searched_device, note_searched_devices, note_searched_people, note_searched_person, note_searched_record, note_searched_register,
        index_search_model, device_model_name, search_name_keys, search_compact, search_phrase;
    `);
  }
}

/**
 * Keys by which texts are compared: without case, accents, spaces and punctuation. `src/reports/domain/search-key.ts`
 * folds what is typed in exactly the same way. Written out, because what \`lower\` does depends on the server's locale.
 */
const FOLDING = String.raw`
  create function search_phrase(value text) returns text language plpgsql immutable strict parallel safe as $$
  declare
    folded text := left(value, 200);
  begin
    if octet_length(folded) > char_length(folded) then
      folded := regexp_replace(normalize(folded, NFKD),
        '[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]',
        '', 'g');
      folded := translate(folded,
        'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏҐØøŁłĐđÐðıĦħŦŧŊŋ',
        'αβγδεζηθικλμνξοπρσστυφχψωабвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџґoollddddihhttnn');
      folded := replace(replace(replace(replace(folded, 'ß', 'ss'), 'ẞ', 'ss'), 'Æ', 'ae'), 'æ', 'ae');
      folded := replace(replace(replace(replace(folded, 'Œ', 'oe'), 'œ', 'oe'), 'Þ', 'th'), 'þ', 'th');
      folded := regexp_replace(folded, '[\u0085\u1680\u2028\u2029]', ' ', 'g');
      folded := regexp_replace(folded,
        '[\u0080-\u00bf\u00d7\u00f7\u02b0-\u02ff\u180e\u200b-\u2bff\u2e00-\u2e7f\u3001-\u303f\ue000-\uf8ff\ufe00-\ufe0f\ufe30-\ufe6f\ufeff\ufff0-\uffff\U0001f000-\U0001faff]',
        '', 'g');
    end if;
    folded := translate(lower(folded collate "C"),
      E'\t\n\u000b\f\r@,;/\\()[]{}<>|&+_:!"#$%''*-.=?^~${'`'}\x01\x02\x03\x04\x05\x06\x07\b\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f',
      '                       ');
    if strpos(folded, '  ') > 0 then
      folded := regexp_replace(folded, ' {2,}', ' ', 'g');
    end if;
    return left(btrim(folded), 200);
  end $$;

  create function search_compact(value text) returns text language sql immutable strict parallel safe
    return replace(search_phrase(value), ' ', '');

  -- A name's words beginning with each of them in turn, so that the beginning of any word finds it: "john smith" and
  -- "smith john". The parts of a double-barrelled word begin too.
  create function search_name_keys(value text) returns setof text language plpgsql immutable strict parallel safe as $$
  declare
    words text[] := '{}';
    word text;
    count integer;
  begin
    foreach word in array string_to_array(search_phrase(value), ' ') loop
      if word <> '' and word <> all (words) then words := words || word; end if;
    end loop;
    count := least(cardinality(words), 12);
    for place in 1 .. count loop
      return next left(array_to_string(words[place:count] || words[1:place - 1], ' '), 200);
    end loop;
    if translate(value, '-''.’‐‑–', '') <> value then
      foreach word in array string_to_array(search_phrase(translate(value, '-''.’‐‑–', '       ')), ' ') loop
        if char_length(word) > 1 and word <> all (words) then
          words := words || word;
          return next left(word || ' ' || array_to_string(words[1:count], ' '), 200);
        end if;
      end loop;
    end if;
  end $$;

  -- Manufacturer and model as one name; some manufacturers begin the model with their own.
  create function device_model_name(manufacturer text, model text) returns text language sql immutable parallel safe
    return left(nullif(btrim(case
      when manufacturer is null or starts_with(lower(model collate "C"), lower(manufacturer collate "C")) then coalesce(model, '')
      else manufacturer || ' ' || coalesce(model, '') end), ''), 300);
`;

/** How the texts follow their records. */
const UPKEEP = `
  -- How many changed records the transaction has noted so far.
  create function search_changes() returns integer language sql stable
    return coalesce(nullif(current_setting('untether.search_changes', true), '')::integer, 0);

  create function note_search_pending(kind text, record_ids integer[]) returns void language plpgsql as $$
  begin
    perform set_config('untether.search_changes', (search_changes() + cardinality(record_ids))::text, true);
    -- The row is locked even where it says nothing new: whoever takes it over must not miss what is not committed yet.
    insert into search_pending as pending (kind, record_id)
    select distinct note_search_pending.kind, changed.id from unnest(record_ids) as changed(id)
    where changed.id is not null order by changed.id
    on conflict on constraint search_pending_pkey do update set waiting_since = excluded.waiting_since
      where pending.waiting_since <> excluded.waiting_since;
  end $$;

  -- Brings the texts of these records in step with the records; writes only what differs.
  create function refresh_search_records(device_ids integer[], person_ids integer[]) returns void language plpgsql as $$
  begin
    -- One at a time, until the commit: two that each see only their own half of a machine would leave a wrong text.
    perform pg_advisory_xact_lock(7310235);
    with wanted as materialized (
      select kind, record_id, key, lookalike, field, shown from search_entry_source where record_id = any (device_ids)
      union all
      select kind, record_id, key, lookalike, field, shown from search_person_source where record_id = any (person_ids)
    ), removed as (
      delete from search_entry entry
      where ((entry.kind = 'device' and entry.record_id = any (device_ids))
             or (entry.kind in ('person', 'former-person') and entry.record_id = any (person_ids)))
        and not exists (select from wanted where (wanted.kind, wanted.record_id, wanted.key)
                                               = (entry.kind, entry.record_id, entry.key))
    )
    insert into search_entry as entry (kind, record_id, key, lookalike, field, shown)
    select kind, record_id, key, lookalike, field, shown from wanted
    on conflict (kind, record_id, key) do update set field = excluded.field, shown = excluded.shown
      where (entry.field, entry.shown) is distinct from (excluded.field, excluded.shown);
  end $$;

  -- Takes over up to so many records that wait; returns how many there were.
  create function refresh_search_entries(most integer) returns integer language plpgsql as $$
  declare
    devices integer[];
    people integer[];
  begin
    with taken as (
      delete from search_pending where (kind, record_id) in
        (select kind, record_id from search_pending order by kind, record_id limit most for update skip locked)
      returning kind, record_id
    )
    select coalesce(array_agg(record_id) filter (where kind = 'device'), '{}'),
           coalesce(array_agg(record_id) filter (where kind = 'person'), '{}') into devices, people from taken;
    if cardinality(devices) + cardinality(people) > 0 then
      perform refresh_search_records(devices, people);
    end if;
    return cardinality(devices) + cardinality(people);
  end $$;

  -- A transaction that changed few records takes them over as it commits: what was received at the counter is found at
  -- once. One that changed many leaves them to refresh_search_entries.
  create function take_over_search_pending() returns trigger language plpgsql as $$
  begin
    if search_changes() <= 200 then
      delete from search_pending where kind = new.kind and record_id = new.record_id;
      if found then
        perform refresh_search_records(case new.kind when 'device' then array[new.record_id] else '{}' end,
                                       case new.kind when 'person' then array[new.record_id] else '{}' end);
      end if;
    end if;
    return null;
  end $$;
  create constraint trigger search_pending_take_over after insert or update on search_pending
    deferrable initially deferred for each row execute function take_over_search_pending();

  create function index_search_model() returns trigger language plpgsql as $$
  begin
    insert into search_entry (kind, record_id, key, lookalike, field, shown)
    select kind, record_id, key, lookalike, field, shown from search_model_source where record_id = new.id;
    return null;
  end $$;
  create trigger search_model_index after insert on search_model for each row execute function index_search_model();

  create function note_searched_devices() returns trigger language plpgsql as $$
  begin
    with named as materialized (select distinct device_model_name(manufacturer, model) as name from new_rows)
    insert into search_model (name)
    select name from named
    where name is not null and not exists (select from search_model known where known.name = named.name)
    on conflict do nothing;
    perform note_search_pending('device', array(select id from new_rows));
    return null;
  end $$;
  create trigger device_search_insert after insert on device
    referencing new table as new_rows for each statement execute function note_searched_devices();

  -- For each row, so that most updates (what a machine is, when it was seen) are told apart before anything is noted. A
  -- statement's old and new rows would have to be joined, and the plan of that is kept from a time when there were few.
  create function note_searched_device() returns trigger language plpgsql as $$
  declare
    model_name constant text := device_model_name(new.manufacturer, new.model);
  begin
    if model_name is not null and not exists (select from search_model where name = model_name) then
      insert into search_model (name) values (model_name) on conflict do nothing;
    end if;
    -- The number of records tells that one was linked or unlinked, whose texts the machine gains or loses.
    if (new.name, new.serial_number, new.merged_into_id, new.record_count)
       is distinct from (old.name, old.serial_number, old.merged_into_id, old.record_count) then
      perform note_search_pending('device', array[new.id]);
    end if;
    return null;
  end $$;
  create trigger device_search_update after update on device for each row
    when ((new.name, new.serial_number, new.manufacturer, new.model, new.merged_into_id, new.record_count)
          is distinct from
          (old.name, old.serial_number, old.manufacturer, old.model, old.merged_into_id, old.record_count))
    execute function note_searched_device();

  create function note_searched_record() returns trigger language plpgsql as $$
  begin
    perform note_search_pending('device', case tg_op when 'INSERT' then array[new.device_id]
                                                     else array[old.device_id, new.device_id] end);
    return null;
  end $$;
  create trigger device_record_search_insert after insert on device_record for each row
    when (new.device_id is not null) execute function note_searched_record();
  create trigger device_record_search_update after update on device_record for each row
    when (old.device_id is not null and
          (new.name, new.serial_number, new.device_id) is distinct from (old.name, old.serial_number, old.device_id))
    execute function note_searched_record();

  create function note_searched_register() returns trigger language plpgsql as $$
  begin
    perform note_search_pending('device', case tg_op when 'INSERT' then array[new.device_id]
                                                     when 'DELETE' then array[old.device_id]
                                                     else array[old.device_id, new.device_id] end);
    return null;
  end $$;
  create trigger device_register_search after insert or update or delete on device_register
    for each row execute function note_searched_register();

  create function note_searched_people() returns trigger language plpgsql as $$
  begin
    perform note_search_pending('person', array(select id from new_rows));
    return null;
  end $$;
  create trigger person_search_insert after insert on person
    referencing new table as new_rows for each statement execute function note_searched_people();

  create function note_searched_person() returns trigger language plpgsql as $$
  begin
    perform note_search_pending('person', array[new.id]);
    return null;
  end $$;
  create trigger person_search_update after update on person for each row
    when ((new.display_name, new.given_name, new.surname, new.user_principal_name, new.mail, new.presence = 'gone')
          is distinct from (old.display_name, old.given_name, old.surname, old.user_principal_name, old.mail,
                            old.presence = 'gone'))
    execute function note_searched_person();
`;
