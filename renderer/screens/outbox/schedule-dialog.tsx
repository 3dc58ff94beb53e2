// When a mail is to go: by the person's own clock, the recipient's, or any other, with both times in view. The zone the
// time was chosen in goes along, so that 8:30 there stays 8:30 when clocks change in between.
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Select } from '../../parts/select.tsx'
import type { Recipient } from '../../../shared/model/draft.ts'
import { TimePicker } from '../../when/time-picker.tsx'
import { whenText } from '../../when/when-text.ts'
import { allZones, likelyZone, ownZone, zoneCity } from '../../when/zones.ts'

/** `timeZone` is the IANA zone the time was meant in; null for this computer's. */
export type ScheduleChoice = { readonly at: number; readonly timeZone: string | null }

type Props = {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** Those the mail goes to; the zones of the first few are offered. */
  readonly recipients: readonly Recipient[]
  /** What is set already, when it is changed. */
  readonly start?: ScheduleChoice | null
  /** Called once, after which the dialog closes. */
  readonly onChoose: (choice: ScheduleChoice) => void
}

export function ScheduleDialog({ open, onOpenChange, recipients, start = null, onChoose }: Props) {
  const t = useText()
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('outbox:schedule.title')} width="medium">
      <Choosing
        recipients={recipients}
        start={start}
        onChoose={(choice) => {
          onOpenChange(false)
          onChoose(choice)
        }}
      />
    </Dialog>
  )
}

function Choosing({ recipients, start, onChoose }: Required<Pick<Props, 'recipients' | 'start' | 'onChoose'>>) {
  const t = useText()
  const format = useFormat()
  const own = ownZone()
  const people = usePeopleElsewhere(recipients, own)
  const [chosen, setZone] = useState<string | null>(start?.timeZone ?? null)
  const zone = chosen ?? own
  const elsewhere = people[0]
  // With the clock set to somebody else's, one's own is shown beside it; with one's own, that of whoever is elsewhere.
  const also = (at: number): string | undefined => {
    if (zone !== own) return t('when:yourTime', { when: whenText(format.tag, at, own) })
    return elsewhere ? t('when:theirTime', { when: whenText(format.tag, at, elsewhere.zone), city: zoneCity(elsewhere.zone) }) : undefined
  }
  return (
    <>
      <TimePicker zone={zone} start={start?.at ?? null} alsoIn={zone === own && !elsewhere ? undefined : (at) => also(at) ?? ''} confirm={t('outbox:schedule.confirm')} onPick={(at) => onChoose({ at, timeZone: chosen === own ? null : chosen })} />
      <Select
        label={t('when:zone')}
        hint={people.some((person) => person.zone === zone) ? t('when:theirZoneHint') : undefined}
        className="mt-2"
        value={zone}
        options={[{ value: own, label: t('when:ownZone', { city: zoneCity(own) }) }, ...people.map((person) => ({ value: person.zone, label: t('when:theirZone', { name: person.name, city: zoneCity(person.zone) }) }))]}
        more={{
          label: t('when:otherZones'),
          options: allZones()
            .filter((name) => name !== own && !people.some((person) => person.zone === name))
            .map((name) => ({ value: name, label: name.replaceAll('_', ' ') })),
        }}
        onChange={(name) => setZone(name === own ? null : name)}
      />
    </>
  )
}

/** Recipients whose own mail was written by another clock than this computer's, one for each zone. */
function usePeopleElsewhere(recipients: readonly Recipient[], own: string): readonly { readonly name: string; readonly zone: string }[] {
  const known = useQueries({
    queries: recipients.slice(0, 5).map(({ address }) => api.recipients.suggest.queryOptions({ input: { text: address, accountId: null, limit: 5 } })),
  })
  const people = new Map<string, string>()
  for (const [at, { data }] of known.entries()) {
    const recipient = recipients[at]
    const found = data?.find(({ address }) => address.toLowerCase() === recipient?.address.toLowerCase())
    if (!recipient || !found || found.utcOffset === null) continue
    const zone = likelyZone(found.utcOffset, found.lastAt, own)
    if (zone !== null && zone !== own && !people.has(zone)) people.set(zone, recipient.name || recipient.address)
  }
  return [...people].map(([zone, name]) => ({ name, zone }))
}
