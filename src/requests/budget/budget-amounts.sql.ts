/**
 * SQL of what lines of requests and picks add to a budget, in pence: rows of `request_id`, `cost_centre_code`, `for_whom`,
 * `spent`, `committed`, `back_ordered` and `waiting`, one for each line. Nothing of it is stored; a request counts to
 * the financial year in which its revision was submitted, with the prices of that revision.
 *
 * What was handed over and brought back is neither spent nor committed.
 * @param revisions a condition about `revision`, the row of `request_revision`
 */
export function budgetAmounts(revisions: string): string {
  return `(
    select revision.request_id, revision.cost_centre_code, line.beneficiary_entra_id as for_whom,
      line.price_pence::bigint * coalesce(given.kept, 0) as spent,
      case when ${IS_APPROVED} then line.price_pence::bigint * (line.quantity - line.cancelled - coalesce(given.quantity, 0))
        else 0 end as committed,
      case when line.state = 'back_ordered'
        then line.price_pence::bigint * (line.quantity - line.reserved - line.picked - line.cancelled) else 0 end as back_ordered,
      case when request.state = 'submitted' and request.revision = line.revision and line.state = 'open'
        then line.price_pence::bigint * line.quantity else 0 end as waiting
    from request_revision as revision
    join equipment_request as request on request.id = revision.request_id
    join request_line as line on (line.request_id, line.revision) = (revision.request_id, revision.revision)
    left join lateral (
      select sum(pick.quantity) as quantity, sum(pick.quantity) filter (where pick.state <> 'returned') as kept
      from pick where pick.request_line_id = line.id and pick.state in ('handed_over', 'received', 'returned')
    ) as given on true
    where revision.submitted_at is not null and (${revisions})
      and (${IS_APPROVED} or line.state = 'open' or given.quantity is not null))`;
}

const IS_APPROVED = `line.state in ('reserved', 'back_ordered', 'picking', 'fulfilled')`;

/** SQL of the sums over `budgetAmounts`, called `amounts`, as a JSON object like `Amounts`. */
export const SUMMED = `json_build_object('spent', coalesce(sum(amounts.spent), 0),
  'committed', coalesce(sum(amounts.committed), 0), 'backOrdered', coalesce(sum(amounts.back_ordered), 0),
  'waiting', coalesce(sum(amounts.waiting), 0))`;

/** SQL for revisions that were submitted within these days of the UK. @param firstDay and lastDay are placeholders */
export function submittedWithin(firstDay: string, lastDay: string): string {
  return `revision.submitted_at >= ${firstDay}::date::timestamp at time zone 'Europe/London'
    and revision.submitted_at < (${lastDay}::date + 1)::timestamp at time zone 'Europe/London'`;
}
