// Answers 'when?': by a usual choice, by words, or by date and time. One field over a list, as in the palette, so that a
// few letters and Enter do; the date and the time below it for those who would rather pick.
import { Command as Cmdk } from 'cmdk'
import { CalendarClock, CalendarDays, Clock, Moon, Sunrise } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSettings } from '../api/settings.ts'
import { useFormat } from '../locales/format.ts'
import { shownLocale, useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { TextField } from '../parts/text-field.tsx'
import { timeChoices } from './choices.ts'
import type { ChoiceName } from './choices.ts'
import { readTime } from './read-time.ts'
import { whenText } from './when-text.ts'
import { instantOf, wallIn } from './zones.ts'

const icons: Readonly<Record<ChoiceName, LucideIcon>> = { later: Clock, evening: Moon, tomorrow: Sunrise, monday: CalendarDays, week: CalendarClock }
const furthest = 5 * 366 * 86_400_000

type Props = {
  /** The clock that choices, words, date and time are about. */
  readonly zone: string
  /** The instant as somebody elsewhere reads it, shown beside each choice. */
  readonly alsoIn?: ((at: number) => string) | undefined
  /** What is set already. */
  readonly start?: number | null
  /** On the button beside date and time. */
  readonly confirm: string
  readonly onPick: (at: number) => void
}

export function TimePicker({ zone, alsoIn, start = null, confirm, onPick }: Props) {
  const t = useText()
  const format = useFormat()
  const { morning } = useSettings()
  const now = useMinute()
  const [typed, setTyped] = useState('')
  const choices = timeChoices(now, zone, morning)
  const read = typed.trim() === '' ? null : readTime(typed, { locale: shownLocale(), tag: format.tag, now, zone, morning })
  const wrong = typed.trim() === '' ? null : read === null ? t('when:notUnderstood') : faultOf(read, now, t)
  const matching = choices.filter(({ name }) => typed.trim() === '' || t(`when:choice.${name}`).toLowerCase().includes(typed.trim().toLowerCase()))
  const shown = (at: number) => whenText(format.tag, at, zone, now)
  return (
    <div>
      <Cmdk shouldFilter={false} loop label={t('when:typed')}>
        <Cmdk.Input
          autoFocus
          value={typed}
          onValueChange={setTyped}
          placeholder={t('when:typedPlaceholder')}
          className="h-(--control) w-full rounded-md border border-line-control bg-surface px-2.5 text-sm outline-none focus-visible:border-accent dark:bg-fill"
        />
        <Cmdk.List className="mt-2" label={t('when:chosen')}>
          {read !== null && wrong === null && <Row value="typed" icon={CalendarClock} label={shown(read)} detail={alsoIn?.(read)} onSelect={() => onPick(read)} />}
          {matching.map(({ name, at }) => (
            <Row key={name} value={name} icon={icons[name]} label={t(`when:choice.${name}`)} detail={alsoIn ? `${shown(at)} · ${alsoIn(at)}` : shown(at)} onSelect={() => onPick(at)} />
          ))}
        </Cmdk.List>
        <p role="status" className="px-3 text-xs text-ink-3">
          {matching.length === 0 || read !== null ? wrong : null}
        </p>
      </Cmdk>
      {/* Date and time follow the words, so that the button below means what was typed last. */}
      <DateAndTime
        key={`${zone} ${typed}`}
        zone={zone}
        now={now}
        typed={typed.trim() === '' ? null : { at: read }}
        start={read ?? start ?? choices.find(({ name }) => name === 'tomorrow')?.at ?? now}
        alsoIn={alsoIn}
        confirm={confirm}
        onPick={onPick}
      />
    </div>
  )
}

function faultOf(at: number, now: number, t: ReturnType<typeof useText>): string | null {
  if (at <= now) return t('when:past')
  return at > now + furthest ? t('when:tooFar') : null
}

type RowProps = { readonly value: string; readonly icon: LucideIcon; readonly label: string; readonly detail?: string | undefined; readonly onSelect: () => void }

function Row({ value, icon: Icon, label, detail, onSelect }: RowProps) {
  return (
    <Cmdk.Item value={value} onSelect={onSelect} className="flex min-h-9 items-center gap-3 rounded-md px-3 py-1.5 data-[selected=true]:bg-fill-strong">
      <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
      <span className="min-w-0 flex-1">{label}</span>
      {detail !== undefined && <span className="tabular text-right text-xs text-ink-3">{detail}</span>}
    </Cmdk.Item>
  )
}

type DateAndTimeProps = Pick<Props, 'alsoIn' | 'confirm' | 'onPick'> & {
  readonly zone: string
  readonly now: number
  readonly start: number
  /** What the words above mean; `at` null while they mean nothing. They count until a date or a time is picked. */
  readonly typed: { readonly at: number | null } | null
}

function DateAndTime({ zone, now, start, typed, alsoIn, confirm, onPick }: DateAndTimeProps) {
  const t = useText()
  const [picked, setPicked] = useState(false)
  const two = (value: number) => String(value).padStart(2, '0')
  const [date, setDate] = useState(() => {
    const wall = wallIn(start, zone)
    return `${String(wall.year)}-${two(wall.month)}-${two(wall.day)}`
  })
  const [time, setTime] = useState(() => {
    const wall = wallIn(start, zone)
    return `${two(wall.hour)}:${two(wall.minute)}`
  })
  const [year, month, day] = date.split('-').map(Number)
  const [hour, minute] = time.split(':').map(Number)
  const inFields = year && month && day && hour !== undefined && minute !== undefined ? instantOf({ year, month, day, hour, minute }, zone) : null
  const at = typed === null || picked ? inFields : typed.at
  const pick = (set: (value: string) => void) => (value: string) => {
    set(value)
    setPicked(true)
  }
  const fault = at === null ? null : faultOf(at, now, t)
  return (
    <form
      className="mt-3 border-t border-line pt-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (at !== null && fault === null) onPick(at)
      }}
    >
      <div className="flex items-end gap-2">
        <TextField type="date" label={t('when:date')} value={date} min={todayIn(now, zone)} onChange={pick(setDate)} className="min-w-0 flex-1" />
        <TextField type="time" label={t('when:time')} value={time} onChange={pick(setTime)} className="w-28" />
        <Button submit look="primary" disabled={at === null || fault !== null}>
          {confirm}
        </Button>
      </div>
      <p role="status" className="mt-1 min-h-4 text-xs text-ink-3">
        {fault ?? (at === null ? null : alsoIn?.(at))}
      </p>
    </form>
  )
}

function todayIn(now: number, zone: string): string {
  const { year, month, day } = wallIn(now, zone)
  return `${String(year)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** The time, to the minute, moving while the picker is open. */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
