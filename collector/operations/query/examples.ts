/** A question that is worth asking, in docs/query.md; tests run each of them. */
export interface QueryExample {
  asks: string;
  sql: string;
}

/** Ten questions, from counting to joining. */
export const queryExamples: readonly QueryExample[] = [
  {
    asks: 'How often does each type of action fail?',
    sql: `SELECT type, count(*) AS actions, round(100.0 * count(*) FILTER (status = 'failed') / count(*), 1) AS failed_percent
FROM actions GROUP BY type ORDER BY failed_percent DESC, type`,
  },
  {
    asks: 'How many actions were recorded each day, and how many of them failed?',
    sql: `SELECT time::DATE AS day, count(*) AS actions, count(*) FILTER (status = 'failed') AS failed
FROM actions GROUP BY day ORDER BY day`,
  },
  {
    asks: 'How long do deployments take (median, and the slowest twentieth)?',
    sql: `SELECT type, median(duration_ms) AS median_ms, quantile_cont(duration_ms, 0.95) AS slow_ms
FROM actions WHERE type LIKE 'deploy%' GROUP BY type ORDER BY type`,
  },
  {
    asks: 'What do the details of an action say?',
    sql: `SELECT time, details->>'module' AS module, details->>'result' AS result
FROM actions WHERE type = 'build' ORDER BY time DESC LIMIT 10`,
  },
  {
    asks: 'Which actions failed within an hour after a deployment?',
    sql: `SELECT failed.time, failed.type, deploy.time AS deployed_at
FROM actions AS failed JOIN actions AS deploy
  ON deploy.type LIKE 'deploy%' AND failed.time > deploy.time AND failed.time <= deploy.time + INTERVAL 1 HOUR
WHERE failed.status = 'failed' ORDER BY failed.time`,
  },
  {
    asks: 'How has a number of the snapshots moved, day by day?',
    sql: `SELECT time::DATE AS day, min(number) AS least, avg(number) AS mean, max(number) AS most
FROM fields WHERE path = 'system_state.load' GROUP BY day ORDER BY day`,
  },
  {
    asks: 'When did the health become another?',
    sql: `SELECT time, before, health FROM (
  SELECT time, health, lag(health) OVER (ORDER BY time) AS before FROM snapshots)
WHERE before IS DISTINCT FROM health ORDER BY time`,
  },
  {
    asks: 'Which run reached the lowest loss, and with which learning rate?',
    sql: `SELECT metrics.run, min(metrics.value) AS loss, any_value(params.number) AS lr
FROM metrics LEFT JOIN params ON params.run = metrics.run AND params.name = 'lr'
WHERE metrics.name = 'loss' AND NOT isnan(metrics.value)
GROUP BY metrics.run ORDER BY loss LIMIT 5`,
  },
  {
    asks: 'What does a parameter do to the outcome of runs?',
    sql: `SELECT params.value AS optimizer, count(*) AS runs, avg((runs.metrics->>'loss')::DOUBLE) AS mean_loss
FROM runs JOIN params USING (run) WHERE params.name = 'optimizer'
GROUP BY optimizer ORDER BY mean_loss`,
  },
  {
    asks: 'Which artifacts are no longer where their run says?',
    sql: `SELECT runs.run, runs.status, artifacts.path
FROM artifacts JOIN runs USING (run) WHERE artifacts.file IS NULL ORDER BY runs.run, artifacts.path`,
  },
];
