// Acting on mail, the lanes, and the queue of what is owed to servers.
import { getLaneRule, listLaneRules, setLaneRule, whyLane } from '../../../db/queries/lanes.ts'
import { laneCounts } from '../../../db/queries/threads.ts'
import { settleLanes } from '../../tasks/lane-keeper.ts'
import type { Program } from '../program.ts'
import { base } from './base.ts'

/** Actions on fewer things than this are done before anybody could look at a progress bar. */
const worthTelling = 100

export function triageHandlers(program: Program) {
  const { triage, events } = program
  const told = (job: string | null) => {
    let toldAt = 0
    return (done: number, total: number): void => {
      if (job === null || total < worthTelling) return
      const now = performance.now()
      if (done < total && now - toldAt < 100) return
      toldAt = now
      events.tell({ type: 'job', job, done, total })
    }
  }
  return {
    act: base.triage.act.handler(({ input, signal }) => triage.act(input.target, input.action, { signal, onProgress: told(input.job) })),
    count: base.triage.count.handler(({ input }) => triage.count(input.target)),
    undo: base.triage.undo.handler(({ input, signal }) => triage.undo(input.id, { signal, onProgress: told(input.job) })),
    steps: base.triage.steps.handler(() => triage.steps()),
  }
}

export function laneHandlers(program: Program) {
  const { db, host, triage } = program
  return {
    rules: base.lanes.rules.handler(() => listLaneRules(db)),
    why: base.lanes.why.handler(({ input }) => whyLane(db, input.threadId)),
    set: base.lanes.set.handler(async ({ input }) => ({ undoId: await triage.setLane(input.threadIds, input.lane, input.scope) })),
    removeRule: base.lanes.removeRule.handler(async ({ input }) => {
      db.write('remove a lane rule', (tx) => {
        const rule = getLaneRule(tx, input.id)
        if (rule) setLaneRule(tx, rule.kind, rule.value, null, host.clock.now())
      })
      await settleLanes(db)
    }),
    counts: base.lanes.counts.handler(({ input }) => laneCounts(db, input.source)),
  }
}

export function queueHandlers({ engine, tasks }: Program) {
  return {
    list: base.queue.list.handler(() => tasks.list()),
    counts: base.queue.counts.handler(() => tasks.counts()),
    retry: base.queue.retry.handler(({ input }) => {
      for (const account of tasks.retry(input.ids)) engine.syncNow(account)
    }),
    drop: base.queue.drop.handler(({ input }) => {
      tasks.drop(input.ids)
    }),
  }
}
