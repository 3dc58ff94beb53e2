import { useQuery } from '@tanstack/react-query'
import { Braces } from 'lucide-react'
import type { MergeField } from '../../../shared/model/template.ts'
import { api } from '../../api/api.ts'
import { hasText, text, useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Menu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'

/** What a field is called; a field of the person's own by its own name. */
export function fieldLabel(name: string): string {
  const key = `templates:field.${name.replaceAll('.', '_')}`
  if (hasText(key)) return text(key)
  return name.replace(/^custom\./, '').replaceAll('_', ' ')
}

const groups = ['greeting', 'candidate', 'position', 'interview', 'offer', 'client', 'sender', 'date'] as const
type Group = (typeof groups)[number]

function groupOf({ name }: MergeField): Group {
  if (name.startsWith('greeting')) return 'greeting'
  if (name === 'today' || name === 'weekday') return 'date'
  const [first = ''] = name.split('.')
  return first === 'account' ? 'sender' : (groups.find((group) => group === first) ?? 'candidate')
}

/** Everything that can be put into a template, by what it is about, and the patterns that are hard to remember. */
export function FieldMenu({ onInsert }: { readonly onInsert: (written: string) => void }) {
  const t = useText()
  const fields = useQuery(api.templates.fields.queryOptions()).data ?? []
  const item = (label: string, written: string): MenuItem => ({ label, onSelect: () => onInsert(written) })
  const items: MenuItem[] = [
    ...groups.flatMap((group): MenuItem[] => {
      const own = fields.filter((field) => groupOf(field) === group)
      if (own.length === 0) return []
      return [{ type: 'more', label: t(`templates:fieldGroup.${group}`), items: own.map((field) => item(fieldLabel(field.name), `{{ ${field.name} }}`)) }]
    }),
    { type: 'line' },
    {
      type: 'more',
      label: t('templates:fieldGroup.patterns'),
      items: [
        item(t('templates:pattern.fallback'), `{{ candidate.first_name | default: "${t('templates:pattern.fallbackWord')}" }}`),
        item(t('templates:pattern.condition'), '{% if position.location %} … {% else %} … {% endif %}'),
        item(t('templates:pattern.gender'), '{% if candidate.gender == "female" %} … {% elsif candidate.gender == "male" %} … {% else %} … {% endif %}'),
        item(t('templates:pattern.inDays'), '{{ today | in_days: 7, "full" }}'),
        item(t('templates:pattern.own'), `{{ custom.${t('templates:pattern.ownName')} }}`),
      ],
    },
  ]
  return (
    <Menu items={items} align="end" onClosed={(event) => event.preventDefault()}>
      <Button look="quiet" className="ml-auto h-7! px-2! text-xs!" icon={<Braces aria-hidden className="size-3.5" strokeWidth={1.75} />}>
        {t('templates:editor.insertField')}
      </Button>
    </Menu>
  )
}
