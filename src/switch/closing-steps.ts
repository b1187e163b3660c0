import type { Step } from '../platform/postgres/pipeline.ts'
import type { Fact, StoredTask, TaskName } from './tranlog.ts'

/** Its payment's version lets nothing of it happen twice. */
export const isChange = ({ outcome, change }: Fact): boolean =>
  outcome !== undefined || change !== undefined

/** A task of a name that is there already is that task: what follows no change may be repeated. */
const insertTask = ({ payment, task, dueAt, tries }: StoredTask): Step => ({
  name: 'insert_task',
  text: `INSERT INTO task (shard_key, payment_date, request_key, topic, name, body, due_at, tries)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (shard_key, request_key, topic, name) DO NOTHING`,
  values: [
    String(payment.shardKey),
    payment.businessDate,
    payment.requestKey,
    task.topic,
    task.name,
    JSON.stringify(task.body),
    dueAt.toISOString(),
    String(tries),
  ],
})

/** What ends waiting work, and what follows it: all of them may be repeated without harm. */
export function addClosingSteps(steps: Step[], fact: Fact): void {
  const { acknowledged, taskDone, taskRetry, tasks } = fact
  if (tasks !== undefined && !isChange(fact)) steps.push(...tasks.map(insertTask))
  if (acknowledged !== undefined) {
    const { advice, at, code } = acknowledged
    steps.push({
      name: 'acknowledge_advice',
      text: `UPDATE advice SET acknowledged_at = $6, response_code = $7
        WHERE shard_key = $1 AND business_date = $2 AND request_key = $3 AND kind = $4 AND part = $5`,
      values: [
        String(advice.payment.shardKey),
        advice.businessDate,
        advice.payment.requestKey,
        advice.kind,
        String(advice.part),
        at.toISOString(),
        code,
      ],
    })
  }
  if (taskDone !== undefined) {
    steps.push({
      name: 'delete_task',
      text: `DELETE FROM task
        WHERE shard_key = $1 AND request_key = $2 AND topic = $3 AND name = $4`,
      values: taskValues(taskDone),
    })
  }
  if (taskRetry !== undefined) {
    steps.push({
      name: 'retry_task',
      text: `UPDATE task SET due_at = $5, tries = $6
        WHERE shard_key = $1 AND request_key = $2 AND topic = $3 AND name = $4`,
      values: [
        ...taskValues(taskRetry.task),
        taskRetry.dueAt.toISOString(),
        String(taskRetry.tries),
      ],
    })
  }
}

function taskValues({ payment, topic, name }: TaskName): string[] {
  return [String(payment.shardKey), payment.requestKey, topic, name]
}
