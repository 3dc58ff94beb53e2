// Choosing a template, a snippet or a file for the mail being written, by a few letters; what it will say is shown beside.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Command as Cmdk } from 'cmdk'
import clsx from 'clsx'
import { FileStack, Plus, Search, Sparkles, Text } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { LibraryFile, Template } from '../../../shared/model/template.ts'
import { api } from '../../api/api.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { kindLooks } from '../../message/attachment-kinds.ts'
import { currentIdentity, currentRecipient } from '../../message/composer/insertion.ts'
import { Button } from '../../parts/button.tsx'
import { useReturnFocus } from '../../parts/return-focus.ts'
import { kindOfFile } from './file-kind.ts'
import { insertTemplate } from './insert-template.ts'
import { languageName } from './language-names.ts'
import { attachFromLibrary } from './library-tab.tsx'
import { RichTextView } from './rich-text.tsx'
import { addExamples, newTemplate, tellFailed } from './template-actions.ts'
import { plainText, rankTemplates } from './template-rows.ts'
import { useTemplates } from './templates-state.ts'

const close = (): void => useTemplates.setState({ picker: null })
/** Rows of what was found; more letters find the rest. */
const shownAtMost = 60

export function TemplatePicker() {
  const t = useText()
  const picker = useTemplates((state) => state.picker)
  const none = useQuery(api.templates.list.queryOptions()).data?.length === 0
  const focus = useReturnFocus()
  return (
    <Dialog.Root
      open={picker !== null}
      onOpenChange={(open) => {
        if (!open) close()
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          {...focus}
          aria-describedby={undefined}
          className={clsx(
            'fixed top-[10vh] left-1/2 z-40 max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-rise overflow-hidden rounded-xl bg-raised shadow-raised',
            picker === 'templates' && none ? 'w-[28rem]' : 'w-[56rem]',
          )}
        >
          <Dialog.Title className="sr-only">{t(picker === 'files' ? 'templates:picker.files' : 'templates:picker.templates')}</Dialog.Title>
          {picker === 'templates' && <Templates />}
          {picker === 'files' && <LibraryFiles />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** Where there is nothing to choose from, the ways to come by something. */
function NoTemplates({ onExamples }: { readonly onExamples: () => void }) {
  const t = useText()
  return (
    <div className="flex flex-col items-center px-8 py-7 text-center">
      <span className="mb-3 flex size-10 items-center justify-center rounded-full bg-fill text-ink-3">
        <FileStack aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <p className="text-md font-medium">{t('templates:empty.templates')}</p>
      <p className="mt-1 max-w-80 text-balance text-ink-3">{t('templates:empty.templatesText')}</p>
      <div className="mt-4 flex flex-wrap justify-center gap-2">
        <Button
          look="primary"
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => {
            close()
            // After the dialog gave the focus back.
            requestAnimationFrame(() => void newTemplate('template').catch(tellFailed))
          }}
        >
          {t('templates:picker.writeFirst')}
        </Button>
        <Button icon={<Sparkles aria-hidden className="size-4" strokeWidth={1.75} />} onClick={onExamples}>
          {t('templates:action.examples')}
        </Button>
      </div>
    </div>
  )
}

function Templates() {
  const t = useText()
  const all = useQuery(api.templates.list.queryOptions()).data
  const [filled, setFilled] = useState(false)
  const [typed, setTyped] = useState('')
  const [value, setValue] = useState('')
  const [language, setLanguage] = useState<string | null>(null)
  const found = useMemo(() => rankTemplates(all ?? [], typed, shownAtMost), [all, typed])
  const at = found.find((template) => String(template.id) === value) ?? found[0]
  const insert = (template: Template): void => {
    close()
    // After the dialog gave the focus back to the composer.
    requestAnimationFrame(() => void insertTemplate(template, language))
  }
  if (all?.length === 0) {
    return (
      <NoTemplates
        onExamples={() => {
          setFilled(true)
          void addExamples()
        }}
      />
    )
  }
  return (
    <Cmdk
      label={t('templates:picker.templates')}
      shouldFilter={false}
      loop
      value={at ? String(at.id) : ''}
      onValueChange={(next) => {
        setValue(next)
        setLanguage(null)
      }}
      onKeyDown={(event) => {
        // Alt with an arrow goes through the languages of the one that is pointed at.
        if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') || !at) return
        event.preventDefault()
        const languages = at.variants.map((variant) => variant.language)
        const now = languages.indexOf(language ?? '')
        setLanguage(languages[(now + (event.key === 'ArrowRight' ? 1 : languages.length * 2 - 1)) % languages.length] ?? null)
      }}
      className="flex flex-col"
    >
      <Typing typed={typed} onTyped={setTyped} placeholder={t('templates:picker.placeholder')} takesFocus={filled} />
      <div className="grid h-[min(28rem,64vh)] grid-cols-[20rem_1fr]">
        <Cmdk.List className="h-full scroll-py-2 overflow-y-auto border-r border-line p-2">
          <Cmdk.Empty className="px-3 py-8 text-center text-ink-3">{t('templates:nothingFound')}</Cmdk.Empty>
          {found.map((template) => {
            const Icon = template.kind === 'snippet' ? Text : FileStack
            return (
              <Cmdk.Item key={template.id} value={String(template.id)} onSelect={() => insert(template)} className="flex items-center gap-3 rounded-md px-3 py-1.5 data-[selected=true]:bg-fill-strong">
                <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{template.name}</span>
                  <span className="block truncate text-xs text-ink-3">{template.folder || template.variants[0]?.subject || plainText(template.variants[0] ?? { html: '' })}</span>
                </span>
                {template.shortcut !== null && <span className="shrink-0 font-mono text-2xs text-ink-3">;{template.shortcut}</span>}
              </Cmdk.Item>
            )
          })}
        </Cmdk.List>
        {at ? <Preview key={at.id} template={at} language={language} onLanguage={setLanguage} /> : <div />}
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-ink-3">{t('templates:picker.hint')}</p>
    </Cmdk>
  )
}

type TypingProps = {
  readonly typed: string
  readonly onTyped: (typed: string) => void
  readonly placeholder: string
  /** It comes after the dialog has opened, which only looks for a place for the focus then. */
  readonly takesFocus?: boolean
}

function Typing({ typed, onTyped, placeholder, takesFocus = false }: TypingProps) {
  return (
    <div className="flex items-center gap-3 border-b border-line px-4">
      <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
      <Cmdk.Input autoFocus={takesFocus} value={typed} onValueChange={onTyped} placeholder={placeholder} className="h-12 w-full bg-transparent text-md outline-none" />
    </div>
  )
}

function Preview({ template, language, onLanguage }: { readonly template: Template; readonly language: string | null; readonly onLanguage: (language: string) => void }) {
  const t = useText()
  const format = useFormat()
  const [input] = useState(() => ({ to: currentRecipient(), identityId: currentIdentity(), gender: null, values: {} }))
  const rendered = useQuery({ ...api.templates.render.queryOptions({ input: { id: template.id, language, ...input } }), placeholderData: keepPreviousData }).data
  return (
    <div className="flex min-w-0 flex-col overflow-y-auto px-5 py-4">
      <div className="mb-3 flex items-center gap-2 text-xs text-ink-3">
        {template.variants.length > 1 &&
          template.variants.map((variant) => (
            <button
              key={variant.language}
              type="button"
              tabIndex={-1}
              aria-pressed={variant.language === rendered?.language}
              onClick={() => onLanguage(variant.language)}
              className={clsx('rounded-md px-2 py-0.5', variant.language === rendered?.language ? 'bg-fill-strong font-medium text-ink' : 'hover:bg-fill')}
            >
              {languageName(variant.language)}
            </button>
          ))}
        <span className="flex-1" />
        {template.files.length > 0 && <span>{t('templates:picker.withFiles', { count: template.files.length })}</span>}
        <span>{template.uses === 0 ? t('templates:usesNone') : t('templates:uses', { count: template.uses, when: format.listDate(template.lastUsedAt ?? template.updatedAt) })}</span>
      </div>
      {rendered !== undefined && (
        <>
          {rendered.subject !== '' && <p className="mb-3 border-b border-line pb-2 font-semibold">{rendered.subject}</p>}
          <RichTextView html={rendered.html} label={t('templates:preview.title')} />
        </>
      )}
    </div>
  )
}

function LibraryFiles() {
  const t = useText()
  const format = useFormat()
  const all = useQuery(api.library.list.queryOptions()).data
  const [typed, setTyped] = useState('')
  const found = useMemo(() => {
    const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
    return (all ?? [])
      .filter((file) => words.every((word) => `${file.filename} ${file.folder}`.toLowerCase().includes(word)))
      .toSorted((a, b) => b.uses - a.uses)
      .slice(0, shownAtMost)
  }, [all, typed])
  const attach = (file: LibraryFile): void => {
    close()
    void attachFromLibrary(file)
  }
  return (
    <Cmdk label={t('templates:picker.files')} shouldFilter={false} loop className="flex flex-col">
      <Typing typed={typed} onTyped={setTyped} placeholder={t('templates:picker.filesPlaceholder')} />
      <Cmdk.List className="max-h-[min(26rem,60vh)] scroll-py-2 overflow-y-auto p-2">
        <Cmdk.Empty className="px-3 py-8 text-center text-ink-3">{t(all?.length === 0 ? 'templates:library.empty' : 'templates:nothingFound')}</Cmdk.Empty>
        {found.map((file) => {
          const { icon: Icon, tint } = kindLooks[kindOfFile(file)]
          return (
            <Cmdk.Item key={file.id} value={String(file.id)} onSelect={() => attach(file)} className="flex h-9 items-center gap-3 rounded-md px-3 data-[selected=true]:bg-fill-strong">
              <Icon aria-hidden className={clsx('size-4 shrink-0', tint)} strokeWidth={1.75} />
              <bdi className="min-w-0 truncate font-medium">{file.filename}</bdi>
              <span className="min-w-0 flex-1 truncate text-ink-3">{file.folder}</span>
              <span className="tabular shrink-0 text-xs text-ink-3">{format.size(file.size)}</span>
            </Cmdk.Item>
          )
        })}
      </Cmdk.List>
    </Cmdk>
  )
}
