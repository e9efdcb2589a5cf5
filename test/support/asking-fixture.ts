import type { DataSource } from 'typeorm';
import { addDays, londonDay } from '../../src/common/uk-time.js';
import { isWorkingDay } from '../../src/requests/domain/working-days.js';

/** Numbers of what the small catalogue has. */
export interface SmallCatalogue {
  readonly laptop: number;
  readonly screen: number;
  readonly reader: number;
  /** A laptop and a screen. */
  readonly bundle: number;
  readonly place: number;
}

/** A laptop that replaces a machine, a screen (two each), a screen reader with a private reason, a bundle, and a place. */
export async function insertCatalogue(dataSource: DataSource): Promise<SmallCatalogue> {
  const products = await dataSource.query<{ id: number }[]>(
    `insert into product (name, kind, serialised, price_pence, replaces_kind, most_each, reason_needed, changed_by) values
       ('Standard laptop', 'laptop', true, 90000, true, null, false, 'system:test'),
       ('Screen', 'screen', false, 15000, false, 2, false, 'system:test'),
       ('Screen reader', 'assistive_technology', false, 65000, false, null, true, 'system:test')
     returning id`,
  );
  const [laptop = 0, screen = 0, reader = 0] = products.map(({ id }) => id);
  await dataSource.query(`insert into product_alternative (product_id, alternative_id) values ($1, $2)`, [
    screen,
    reader,
  ]);
  const [bundle] = await dataSource.query<{ id: number }[]>(
    `with bundle as (insert into bundle (name, work_style, changed_by) values ('Office', 'office_mobile', 'system:test') returning id),
     lines as (insert into bundle_line select bundle.id, item, 1 from bundle, unnest($1::integer[]) as item)
     select id from bundle`,
    [[laptop, screen]],
  );
  const [place] = await dataSource.query<{ id: number }[]>(
    `insert into stock_place (name, changed_by) values ('Stores', 'system:test') returning id`,
  );
  return { laptop, screen, reader, bundle: bundle?.id ?? 0, place: place?.id ?? 0 };
}

/** The first working day at least so many days ahead. */
export function workingDay(ahead: number): string {
  for (let day = addDays(londonDay(new Date()), ahead); ; day = addDays(day, 1)) if (isWorkingDay(day)) return day;
}

/** A day as the three fields of a form have it. */
export function dayFields(name: string, day: string): Record<string, string> {
  const [year = '', month = '', date = ''] = day.split('-');
  return { [`${name}-day`]: date, [`${name}-month`]: month, [`${name}-year`]: year };
}
