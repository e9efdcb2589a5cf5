/** How the text of a field is read and checked. */
export type FieldKind = 'reference' | 'text' | 'notes' | 'date' | 'money';

/** One field of the register that an import can set. */
export interface RegisterField {
  readonly name: string;
  /** Column of `device_register`. */
  readonly column: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** Longest text accepted, in characters. */
  readonly limit: number;
  /** Headers that are known to mean this field, as `headerKey` gives them. */
  readonly headers: readonly string[];
}

/**
 * The fields of the register, all owned by people: nothing here is written by a synchronisation. Headers are those of the
 * council's own exports, of Microsoft Configuration Manager (SMS_G_System_PC_BIOS and SMS_R_System columns), of Active
 * Directory and of suppliers' delivery notes (Dell, HP and Lenovo name the serial number service tag, S/N and serial).
 */
export const REGISTER_FIELDS = [
  {
    name: 'assetTag',
    column: 'asset_tag',
    label: 'Asset tag',
    kind: 'reference',
    limit: 64,
    headers: [
      'assettag',
      'asset',
      'assetno',
      'assetnumber',
      'assetid',
      'assetcode',
      'tag',
      'tagno',
      'tagnumber',
      'inventorynumber',
    ],
  },
  {
    name: 'serialNumber',
    column: 'serial_number',
    label: 'Serial number',
    kind: 'reference',
    limit: 128,
    headers: [
      'serial',
      'serialno',
      'serialnumber',
      'serialnumber0',
      'servicetag',
      'sn',
      'biosserial',
      'biosserialnumber',
      'deviceserialnumber',
    ],
  },
  {
    name: 'manufacturer',
    column: 'manufacturer',
    label: 'Manufacturer',
    kind: 'text',
    limit: 128,
    headers: ['manufacturer', 'manufacturer0', 'make', 'maker', 'vendor', 'brand'],
  },
  {
    name: 'model',
    column: 'model',
    label: 'Model',
    kind: 'text',
    limit: 256,
    headers: ['model', 'model0', 'modelname', 'modelnumber', 'product', 'productname', 'productdescription'],
  },
  {
    name: 'hostname',
    column: 'hostname',
    label: 'Hostname as noted',
    kind: 'text',
    limit: 255,
    headers: [
      'hostname',
      'host',
      'computername',
      'devicename',
      'machinename',
      'pcname',
      'netbiosname',
      'netbiosname0',
      'dnshostname',
    ],
  },
  {
    name: 'purchasedOn',
    column: 'purchased_on',
    label: 'Purchase date',
    kind: 'date',
    limit: 64,
    headers: [
      'purchasedate',
      'purchasedon',
      'purchased',
      'datepurchased',
      'dateofpurchase',
      'invoicedate',
      'acquisitiondate',
      'acquired',
    ],
  },
  {
    name: 'price',
    column: 'price_pence',
    label: 'Price',
    kind: 'money',
    limit: 64,
    headers: [
      'cost',
      'price',
      'purchasecost',
      'purchaseprice',
      'unitprice',
      'unitcost',
      'costgbp',
      'pricegbp',
      'value',
      'purchasevalue',
    ],
  },
  {
    name: 'supplier',
    column: 'supplier',
    label: 'Supplier',
    kind: 'text',
    limit: 200,
    headers: ['supplier', 'suppliername', 'reseller', 'purchasedfrom'],
  },
  {
    name: 'purchaseOrder',
    column: 'purchase_order',
    label: 'Purchase order',
    kind: 'reference',
    limit: 64,
    headers: ['ponumber', 'po', 'pono', 'purchaseorder', 'purchaseordernumber', 'ordernumber', 'orderno'],
  },
  {
    name: 'warrantyEndsOn',
    column: 'warranty_ends_on',
    label: 'Warranty end',
    kind: 'date',
    limit: 64,
    headers: [
      'warrantyend',
      'warrantyendson',
      'warrantyenddate',
      'warrantyexpiry',
      'warrantyexpirydate',
      'warrantyexpires',
      'warrantyuntil',
    ],
  },
  {
    name: 'location',
    column: 'location',
    label: 'Location',
    kind: 'text',
    limit: 200,
    headers: ['location', 'site', 'building', 'office', 'sitename', 'locationname'],
  },
  {
    name: 'holderNote',
    column: 'holder_note',
    label: 'Assigned to',
    kind: 'text',
    limit: 320,
    headers: [
      'assignedto',
      'assigneduser',
      'holder',
      'user',
      'username',
      'useremail',
      'email',
      'emailaddress',
      'upn',
      'userprincipalname',
      'owner',
      'custodian',
      'issuedto',
    ],
  },
  {
    name: 'status',
    column: 'register_status',
    label: 'Status',
    kind: 'text',
    limit: 64,
    headers: ['status', 'assetstatus', 'state', 'registerstatus', 'lifecyclestatus'],
  },
  {
    name: 'notes',
    column: 'notes',
    label: 'Notes',
    kind: 'notes',
    limit: 2_000,
    headers: ['notes', 'note', 'comment', 'comments', 'remarks'],
  },
] as const satisfies readonly RegisterField[];

/** Name of a field, as mappings and answers have it. */
export type RegisterFieldName = (typeof REGISTER_FIELDS)[number]['name'];

const BY_NAME: ReadonlyMap<string, RegisterField & { readonly name: RegisterFieldName }> = new Map(
  REGISTER_FIELDS.map((field) => [field.name, field]),
);

/** The field of that name; undefined when there is none. */
export function registerField(name: string): (RegisterField & { readonly name: RegisterFieldName }) | undefined {
  return BY_NAME.get(name);
}
