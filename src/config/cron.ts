import { CronExpressionParser } from 'cron-parser';

/** Whether a text is a cron expression of five fields; the job queue's clock ticks once a minute, so seconds are refused. */
export function isCron(expression: string): boolean {
  if (expression.split(/\s+/).length !== 5) return false;
  try {
    CronExpressionParser.parse(expression, { tz: 'UTC' });
    return true;
  } catch {
    return false;
  }
}
