// Five thousand scheduled mails; five thousand others are in a file of their own, which runs beside this one.
import { it } from 'vitest'
import { liveThrough, perWorld } from './schedules-world.ts'

const [first, last] = [1, 125]

it(`${String((last - first + 1) * perWorld)} scheduled mails: none lost, none doubled, none early`, () => liveThrough(first, last), 600_000)
