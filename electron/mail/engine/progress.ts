// Counts and time left of one step, from how fast it went so far.
const sampleMs = 10_000

export class Progress {
  #samples: { at: number; done: number }[] = []
  done = 0
  total = 0

  begin(total: number, now: number): void {
    this.done = 0
    this.total = total
    this.#samples = [{ at: now, done: 0 }]
  }

  to(done: number, total: number, now: number): void {
    this.done = done
    this.total = Math.max(total, done)
    this.#samples.push({ at: now, done })
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > sampleMs) this.#samples.shift()
  }

  /** Milliseconds until the step ends at the speed of the last seconds; null until that is known. */
  leftMs(): number | null {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (!first || !last || last.at - first.at < 1000 || last.done <= first.done) return null
    return Math.round(((this.total - this.done) * (last.at - first.at)) / (last.done - first.done))
  }
}
