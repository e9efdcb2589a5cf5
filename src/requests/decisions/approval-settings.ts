import type { ApprovalSettings } from '../domain/approval-route.js';

/**
 * What routes and times of approvals go by. Assumptions of this product, which no rule of any authority names: every amount
 * is the budget holder's to spend, IT is asked about exceptions only, and a week passes at most before somebody else decides.
 */
export const APPROVAL_SETTINGS: ApprovalSettings = {
  budgetHolderFromPence: 1,
  itFromPence: null,
  managersUp: 5,
  reminderDays: 2,
  dueDays: 3,
  escalationDays: 5,
};
