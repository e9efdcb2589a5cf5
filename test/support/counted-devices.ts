import type { DataSource } from 'typeorm';

/** What has been read of a table that counts. */
export interface CountedDevices {
  reads(): Promise<number>;
  /** Makes the table plain again. */
  stop(): Promise<void>;
}

/** Counts the machines that lists read from now on; reading the one after `last` fails. */
export async function countDevicesRead(dataSource: DataSource, last = Infinity): Promise<CountedDevices> {
  const columns = await dataSource.query<{ name: string }[]>(
    `select column_name as name from information_schema.columns where table_name = 'device' order by ordinal_position`,
  );
  const chosen = columns.map(({ name }) => (name === 'model' ? 'counted(model) as model' : name)).join(', ');
  const failure = Number.isFinite(last) ? `if machines > ${last} then raise exception 'no more'; end if;` : '';
  await dataSource.query(`
    create sequence machines_read;
    -- Not really immutable: otherwise the view would count what it only looks through.
    create function counted(value text) returns text immutable language plpgsql as $$
      declare machines bigint := nextval('machines_read');
      begin ${failure} return value; end $$;
    alter table device rename to device_table;
    create view device as select ${chosen} from device_table`);
  return {
    reads: async () => {
      const [row] = await dataSource.query<{ reads: string }[]>(
        'select case when is_called then last_value else 0 end as reads from machines_read',
      );
      return Number(row?.reads);
    },
    stop: async () => {
      await dataSource.query(`
        drop view device; alter table device_table rename to device;
        drop function counted; drop sequence machines_read`);
    },
  };
}
