/** Something in the catalogue. */
export interface StoryProduct {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly serialised: boolean;
  readonly pricePence: number;
  readonly mostEach: number | null;
  readonly reasonNeeded: boolean;
  readonly replacesKind: boolean;
  readonly models: readonly { readonly manufacturer: string; readonly model: string }[];
}

/** Products that somebody gets together, by their names. */
export interface StoryBundle {
  readonly name: string;
  readonly workStyle: string | null;
  readonly description: string;
  readonly lines: readonly { readonly product: string; readonly quantity: number }[];
}

/** A cost centre with a budget for each financial year, by the year in which it begins. */
export interface StoryCostCentre {
  readonly code: string;
  readonly name: string;
  readonly budgetHolder: string | null;
  readonly budgets: readonly { readonly year: number; readonly pence: number }[];
}

/** A thing for somebody. */
export interface StoryRequestLine {
  readonly for: string;
  readonly product: string;
  readonly bundle: string | null;
  readonly quantity: number;
  readonly exceptionReason: string | null;
  readonly privateReason: string | null;
  /** Of a laptop that was handed over in the past: its id in Intune. */
  readonly intuneDeviceId: string | null;
}

/** What a request says; people go by their object ids, times are ISO 8601. */
export interface StoryAsk {
  readonly requester: string;
  readonly neededBy: string;
  readonly delivery: 'site' | 'home';
  readonly site: string | null;
  readonly reason: string | null;
  readonly costCentre: string | null;
  readonly lines: readonly StoryRequestLine[];
}

/** Who was asked to decide and what they decided. */
export interface StoryStep {
  readonly kind: 'line_manager' | 'budget_holder' | 'it';
  readonly approver: string | null;
  readonly queue: 'approvals' | 'it' | null;
  readonly openedAt: string;
  readonly decidedAt: string;
  readonly by: string;
  readonly outcome: 'approved' | 'rejected';
  readonly reason: string | null;
}

/** A request that is over. */
export interface StoryPastRequest extends StoryAsk {
  readonly submittedAt: string;
  readonly steps: readonly StoryStep[];
  /** Null for one that was rejected or cancelled. */
  readonly given: {
    readonly place: string;
    readonly by: string;
    readonly pickedAt: string;
    readonly handedOverAt: string;
    readonly receivedAt: string;
    readonly observed: boolean;
    readonly tracking: string | null;
  } | null;
  readonly cancelledAt: string | null;
}

/** A request that is under way, and how far it is. */
export interface StoryPresentRequest extends StoryAsk {
  /** Null for a draft. */
  readonly submittedAt: string | null;
  /** How many steps are decided, and how the last of these came out. */
  readonly decided: 'none' | 'first' | 'all' | 'rejected' | 'returned';
  readonly decidedAt: string | null;
  readonly decisionReason: string | null;
  /** How far what was reserved has come. */
  readonly fulfilled: 'no' | 'picked' | 'sent' | 'handed-over' | 'received';
}

/** Something that changed how much of a counted thing there is; in the order of time. */
export interface StoryMovement {
  readonly at: string;
  readonly product: string;
  readonly place: string;
  readonly kind: 'received' | 'picked' | 'sent' | 'arrived' | 'counted';
  readonly quantity: number;
  /** Place in the list of what it belongs to: the line of an order, past requests with their lines, transfers, counts. */
  readonly of: readonly number[];
}

export interface StoryOrderLine {
  readonly product: string;
  readonly place: string;
  readonly quantity: number;
  readonly pricePence: number;
  readonly receipts: readonly { readonly at: string; readonly quantity: number }[];
}

export interface StoryOrder {
  readonly number: string;
  readonly supplier: string;
  readonly orderedOn: string;
  readonly expectedOn: string;
  readonly lines: readonly StoryOrderLine[];
}

export interface StoryTransfer {
  readonly product: string;
  readonly from: string;
  readonly to: string;
  readonly quantity: number;
  readonly sentAt: string;
  readonly arrivedAt: string | null;
}

export interface StoryCount {
  readonly place: string;
  readonly openedAt: string;
  readonly closedAt: string;
  readonly lines: readonly { readonly product: string; readonly expected: number; readonly counted: number }[];
}

/** What the invented council's stores and finance have on record of a year of requests for equipment. */
export interface RequestsStory {
  readonly source: string;
  readonly stockHolder: string;
  readonly approver: string;
  readonly itApprover: string;
  readonly products: readonly StoryProduct[];
  readonly alternatives: readonly { readonly product: string; readonly alternative: string; readonly note: string }[];
  readonly bundles: readonly StoryBundle[];
  readonly places: readonly string[];
  readonly costCentres: readonly StoryCostCentre[];
  readonly orders: readonly StoryOrder[];
  readonly transfers: readonly StoryTransfer[];
  readonly counts: readonly StoryCount[];
  readonly movements: readonly StoryMovement[];
  readonly thresholds: readonly { readonly product: string; readonly place: string; readonly threshold: number }[];
  readonly delegations: readonly {
    readonly from: string;
    readonly to: string;
    readonly fromDay: string;
    readonly untilDay: string;
    readonly reason: string;
  }[];
  readonly past: readonly StoryPastRequest[];
  readonly present: readonly StoryPresentRequest[];
}

/** Those as whom visitors sign in, by object id. */
export interface StoryCast {
  readonly approver: string;
  readonly stockHolder: string;
  readonly rolloutManager: string;
  readonly lineManager: string;
  readonly staff: string;
}
