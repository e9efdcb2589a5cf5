import type { EntityManager } from 'typeorm';
import type { DeliveryLine } from '../domain/lifecycle/delivery-line.js';
import { newDeviceIds } from '../device-summary.service.js';

/** A line of a delivery with what is known of its machine. */
export interface MatchedLine {
  /** Place of the line in the delivery, from 0. */
  readonly index: number;
  readonly line: DeliveryLine;
  readonly deviceId: number | null;
  readonly registerId: number | null;
}

/**
 * Gives every machine of a delivery a device, where it has none, and an entry of the register; the entry of one that has
 * one is filled in where it is blank. The caller holds the lock of the register and that of the identities.
 */
export async function enterDelivery(
  tx: EntityManager,
  matched: readonly MatchedLine[],
  actor: string,
): Promise<{ readonly index: number; readonly deviceId: number }[]> {
  const unknown = matched.filter(({ deviceId }) => deviceId === null);
  const ids = await newDeviceIds(tx, unknown.length);
  const fresh = new Map(unknown.map(({ index }, position) => [index, ids[position] ?? 0]));
  const entered = matched.map((one) => ({ ...one, deviceId: one.deviceId ?? fresh.get(one.index) ?? 0 }));
  const boxed = entered.filter(({ index }) => fresh.has(index));
  if (boxed.length > 0) {
    const rows = JSON.stringify(boxed.map(({ deviceId, line }) => ({ deviceId, ...line })));
    await tx.query(INSERT_DEVICES, [rows]);
    await tx.query(INSERT_BOXED, [rows]);
  }
  const entries = JSON.stringify(entered.map(({ deviceId, registerId, line }) => ({ deviceId, registerId, ...line })));
  await tx.query(UPDATE_ENTRIES, [entries, actor]);
  await tx.query(INSERT_ENTRIES, [entries, actor]);
  return entered.map(({ index, deviceId }) => ({ index, deviceId }));
}

const ROW = `jsonb_to_recordset($1::jsonb) as row("deviceId" integer, "registerId" integer, "serialNumber" text, "serialKey" text,
  manufacturer text, "makerKey" text, model text, "assetTag" text, supplier text, "purchaseOrder" text,
  "purchasedOn" date, "pricePence" integer, "warrantyEndsOn" date)`;

const INSERT_DEVICES = `
  insert into device (id, serial_number, manufacturer, model) overriding system value
  select "deviceId", "serialNumber", manufacturer, model from ${ROW}`;

const INSERT_BOXED = `
  insert into boxed_device (device_id, serial_key, manufacturer_key) select "deviceId", "serialKey", "makerKey" from ${ROW}`;

/** People's earlier word stays; a delivery only fills in what is blank. */
const UPDATE_ENTRIES = `
  update device_register entry
  set device_id = row."deviceId", linked_for = case when entry.device_id = row."deviceId" then entry.linked_for end,
      asset_tag = coalesce(entry.asset_tag, row."assetTag"),
      asset_tag_key = coalesce(entry.asset_tag_key, upper(row."assetTag")),
      serial_number = coalesce(entry.serial_number, row."serialNumber"), serial_key = coalesce(entry.serial_key, row."serialKey"),
      manufacturer = coalesce(entry.manufacturer, row.manufacturer),
      manufacturer_key = coalesce(entry.manufacturer_key, row."makerKey"), model = coalesce(entry.model, row.model),
      supplier = coalesce(entry.supplier, row.supplier), purchase_order = coalesce(entry.purchase_order, row."purchaseOrder"),
      purchased_on = coalesce(entry.purchased_on, row."purchasedOn"), price_pence = coalesce(entry.price_pence, row."pricePence"),
      warranty_ends_on = coalesce(entry.warranty_ends_on, row."warrantyEndsOn"),
      version = nextval('device_register_version_sequence'), changed_by = $2, changed_at = now()
  from ${ROW} where entry.id = row."registerId"`;

const INSERT_ENTRIES = `
  insert into device_register (device_id, asset_tag, asset_tag_key, serial_number, serial_key, manufacturer,
    manufacturer_key, model, supplier, purchase_order, purchased_on, price_pence, warranty_ends_on, changed_by)
  select "deviceId", "assetTag", upper("assetTag"), "serialNumber", "serialKey", manufacturer, "makerKey", model, supplier,
         "purchaseOrder", "purchasedOn", "pricePence", "warrantyEndsOn", $2
  from ${ROW} where "registerId" is null`;
