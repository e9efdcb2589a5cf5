/**
 * Texts that are stored and that what was typed may have been meant to be. Every part looks spellings up in an index, so
 * that it costs the same in an estate of any size.
 *
 * Parameters: `$1` lookalikes of serial numbers, tags and hostnames; `$2` spellings of names and models; `$3` beginnings,
 * `$4` most texts of each beginning.
 */
export const SPELLINGS = `
  select distinct text, kind from (
    (select entry.key as text, 'device' as kind
     from unnest($1::text[]) as spelling join search_entry as entry on entry.lookalike = spelling limit 100)
    union all
    (select spelling, 'name'
     from unnest($2::text[]) as spelling
     cross join (values ('person'), ('model')) as named(kind)
     cross join lateral (
       select from search_entry
       where search_entry.kind = named.kind and key >= spelling and key < spelling || '!' order by key limit 1
     ) as entry
     limit 100)
    union all
    (select entry.key, case named.kind when 'device' then 'device' else 'name' end
     from unnest($3::text[], $4::integer[]) as start(text, most)
     cross join (values ('device'), ('person'), ('model')) as named(kind)
     cross join lateral (
       select key from search_entry
       where search_entry.kind = named.kind and key >= start.text and key < start.text || U&'\\+10FFFF'
       order by key limit start.most
     ) as entry
     limit 5000)
  ) as near`;

/** Which of the words in `$1` begin no stored text. */
export const UNKNOWN_WORDS = `
  select word from unnest($1::text[]) as word
  where not exists (
    select from (values ('device'), ('person'), ('former-person'), ('model')) as named(kind)
    cross join lateral (
      select from search_entry where search_entry.kind = named.kind and key >= word and key < word || U&'\\+10FFFF'
      order by key limit 1
    ) as entry)`;
