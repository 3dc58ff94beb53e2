// The other five thousand scheduled mails, beside the first.
import { it } from 'vitest'
import { liveThrough, perWorld } from './schedules-world.ts'

const [first, last] = [126, 250]

it(`${String((last - first + 1) * perWorld)} scheduled mails: none lost, none doubled, none early`, () => liveThrough(first, last), 600_000)
