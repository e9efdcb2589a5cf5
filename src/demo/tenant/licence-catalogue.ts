/** One plan inside a product; ids are Microsoft's. */
export interface ServicePlan {
  readonly id: string;
  readonly name: string;
}

/** A product that the council has bought. Ids and part numbers are Microsoft's own (licensing service plan reference). */
export interface Product {
  readonly skuId: string;
  readonly partNumber: string;
  /** The group that hands it out, or null when administrators assign it directly. */
  readonly group: string | null;
  readonly plans: readonly ServicePlan[];
}

const PLAN = {
  teams: { id: '57ff2da0-773e-42df-b2af-ffb7a2317929', name: 'TEAMS1' },
  exchange: { id: 'efb87545-963c-4e0d-99df-69c6916d9eb0', name: 'EXCHANGE_S_ENTERPRISE' },
  exchangeKiosk: { id: '4a82b400-a79f-41a4-b4e2-e94f5787b113', name: 'EXCHANGE_S_DESKLESS' },
  sharePoint: { id: '5dbe027f-2339-4123-9542-606e4d348a72', name: 'SHAREPOINTENTERPRISE' },
  office: { id: '43de0ff5-c92c-492b-9116-175376d08c38', name: 'OFFICESUBSCRIPTION' },
  intune: { id: 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5', name: 'INTUNE_A' },
  entra: { id: '41781fb2-bc02-4b7c-bd55-b576c07bb09d', name: 'AAD_PREMIUM' },
  entraP2: { id: 'eec0eb4f-6444-4f95-aba0-50c24d67f998', name: 'AAD_PREMIUM_P2' },
  windows: { id: '21b439ba-a0ca-424f-a6cc-52f954a5b111', name: 'WIN10_PRO_ENT_SUB' },
  phone: { id: '4828c8ec-dc2e-4779-b502-87ac9ce28ab7', name: 'MCOEV' },
  visio: { id: '663a804f-1c30-4ff0-9915-9db84f0d1cea', name: 'VISIO_CLIENT_SUBSCRIPTION' },
  project: { id: 'fafd7243-e5c1-4a3a-9e40-495efcb1d3c3', name: 'PROJECT_CLIENT_SUBSCRIPTION' },
  powerBi: { id: '70d33638-9c74-4d01-bfd3-562de28bd4ba', name: 'BI_AZURE_P2' },
  flow: { id: '50e68c76-46c6-4674-81f9-75456511b170', name: 'FLOW_P2_VIRAL' },
} as const satisfies Record<string, ServicePlan>;

/** The council's products by a short name. Group ids are invented. */
export const PRODUCTS = {
  e3: {
    skuId: '05e9a617-0261-4cee-bb44-138d3ef5d965',
    partNumber: 'SPE_E3',
    group: '6f0f3a3e-58a5-4a52-9d3a-0c6a6f4f1e01',
    plans: [PLAN.teams, PLAN.exchange, PLAN.sharePoint, PLAN.office, PLAN.intune, PLAN.entra, PLAN.windows],
  },
  f3: {
    skuId: '66b55226-6b4f-492c-910c-a3b7a3c9d993',
    partNumber: 'SPE_F1',
    group: '6f0f3a3e-58a5-4a52-9d3a-0c6a6f4f1e02',
    plans: [PLAN.teams, PLAN.exchangeKiosk, PLAN.intune, PLAN.entra],
  },
  e5: {
    skuId: '06ebc4ee-1bb5-47dd-8120-11324bc54e06',
    partNumber: 'SPE_E5',
    group: '6f0f3a3e-58a5-4a52-9d3a-0c6a6f4f1e03',
    plans: [
      PLAN.teams,
      PLAN.exchange,
      PLAN.sharePoint,
      PLAN.office,
      PLAN.intune,
      PLAN.entraP2,
      PLAN.windows,
      PLAN.phone,
    ],
  },
  powerBi: {
    skuId: 'f8a1db68-be16-40ed-86d5-cb42ce701560',
    partNumber: 'POWER_BI_PRO',
    group: '6f0f3a3e-58a5-4a52-9d3a-0c6a6f4f1e04',
    plans: [PLAN.powerBi],
  },
  phone: { skuId: 'e43b5b99-8dfb-405f-9987-dc307f34bcbd', partNumber: 'MCOEV', group: null, plans: [PLAN.phone] },
  visio: { skuId: 'c5928f49-12ba-48f7-ada3-0d743a3601d5', partNumber: 'VISIOCLIENT', group: null, plans: [PLAN.visio] },
  project: {
    skuId: '53818b1b-4a27-454b-8896-0dba576410e6',
    partNumber: 'PROJECTPROFESSIONAL',
    group: null,
    plans: [PLAN.project],
  },
  flow: { skuId: 'f30db892-07e9-47e9-837c-80727f46fd3d', partNumber: 'FLOW_FREE', group: null, plans: [PLAN.flow] },
  rooms: {
    skuId: '4cde982a-ede4-4409-9ae6-b003453c8ea6',
    partNumber: 'Microsoft_Teams_Rooms_Pro',
    group: null,
    plans: [PLAN.teams, PLAN.intune],
  },
  /** Bought before Microsoft 365 E3 and now suspended; some people still hold it. */
  office365: {
    skuId: '6fd2c87f-b296-42f0-b197-1e91e994b900',
    partNumber: 'ENTERPRISEPACK',
    group: null,
    plans: [PLAN.teams, PLAN.exchange, PLAN.sharePoint, PLAN.office],
  },
} as const satisfies Record<string, Product>;

/** Every product, in the order in which the tenant lists them. */
export const ALL_PRODUCTS: readonly Product[] = Object.values(PRODUCTS);
