import { useState } from 'react'
import { useText } from '../locales/text.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Kbd } from '../parts/kbd.tsx'
import { inputLook } from '../parts/text-field.tsx'
import { useApp } from '../state.ts'
import { allCommands } from './all.ts'
import { sections } from './command.ts'
import type { Command } from './command.ts'

/** Every key there is, from the commands themselves. */
export function ShortcutSheet() {
  const t = useText()
  const open = useApp((state) => state.shortcuts)
  return (
    <Dialog open={open} onOpenChange={(shortcuts) => useApp.setState({ shortcuts })} title={t('commands:app.shortcuts')} width="full">
      <Sheet />
    </Dialog>
  )
}

/** Commands that share a key (star, remove star) are one line, under the first one's name. */
function withoutTwins(commands: readonly Command[]): readonly Command[] {
  const seen = new Set<string>()
  return commands.filter(({ keys }) => {
    const first = keys[0]
    if (first === undefined || seen.has(first)) return false
    seen.add(first)
    return true
  })
}

function Sheet() {
  const t = useText()
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const groups = sections
    .map((section) => ({
      section,
      commands: withoutTwins(allCommands.filter((command) => command.section === section)).filter(
        (command) => wanted === '' || t(command.labelKey).toLowerCase().includes(wanted) || command.keys.includes(wanted),
      ),
    }))
    .filter(({ commands }) => commands.length > 0)
  return (
    <>
      <input type="search" aria-label={t('commands:sheet.filter')} placeholder={t('commands:sheet.filter')} value={query} onChange={(event) => setQuery(event.target.value)} className={inputLook} />
      {groups.length === 0 && <p className="py-8 text-center text-ink-3">{t('commands:sheet.none')}</p>}
      <div className="mt-4 columns-2 gap-10 min-[1200px]:columns-3">
        {groups.map(({ section, commands }) => (
          <section key={section} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-ink-2">{t(`commands:sections.${section}`)}</h3>
            <dl>
              {commands.map((command) => (
                <div key={command.id} className="flex items-center justify-between gap-4 border-b border-line/60 py-1 last:border-0">
                  <dt className="min-w-0 truncate">{t(command.labelKey)}</dt>
                  <dd className="flex shrink-0 items-center gap-1.5">
                    {command.keys.slice(0, 2).map((keys, at) => (
                      <span key={keys} className="flex items-center gap-1.5">
                        {at > 0 && <span className="text-2xs text-ink-3">{t('commands:sheet.or')}</span>}
                        <Kbd keys={keys} />
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  )
}
