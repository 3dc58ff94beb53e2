// One template while it is written: its name and place, a tab for each language, subject, text, files, and what is wrong.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { AlertTriangle, Check, CircleAlert, CopyPlus, Eye, EyeOff, Languages, MoreHorizontal, Plus, Share, Trash2, X } from 'lucide-react'
import { useEffect, useId, useMemo, useRef } from 'react'
import type { Template, TemplateProblem, TemplateVariant } from '../../../shared/model/template.ts'
import { api } from '../../api/api.ts'
import { failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Field, inputLook, TextField } from '../../parts/text-field.tsx'
import { FieldMenu } from './field-menu.tsx'
import { languageName, offeredLanguages } from './language-names.ts'
import { MergeMarks } from './merge-marks.ts'
import { problemPlace, problemText } from './problem-text.ts'
import { RichText } from './rich-text.tsx'
import type { RichTextHandle } from './rich-text.tsx'
import { duplicateTemplate, exportTemplates, removeTemplates } from './template-actions.ts'
import { changeDraft, openDraft, saveDraft, useTemplateDraft } from './template-draft.ts'
import { TemplateFiles } from './template-files.tsx'
import { foldersOf } from './template-rows.ts'
import { useSettled } from './use-settled.ts'

type Props = {
  readonly template: Template
  readonly all: readonly Template[]
  readonly language: string
  readonly onLanguage: (language: string) => void
  readonly preview: boolean
  readonly onPreview: (shown: boolean) => void
}

const mergeMarks = [MergeMarks]
const noProblems: readonly TemplateProblem[] = []

export function TemplateEditor({ template, all, language, onLanguage, preview, onPreview }: Props) {
  const t = useText()
  const format = useFormat()
  const draft = useTemplateDraft((state) => (state.id === template.id ? state.text : null))
  useEffect(() => openDraft(template), [template])
  useEffect(() => () => void saveDraft(), [])
  const folders = useMemo(() => foldersOf(all), [all])
  const listId = useId()
  if (draft === null) return null
  const variant = draft.variants.find((one) => one.language === language) ?? draft.variants[0]
  if (!variant) return null
  const taken = draft.shortcut !== null && all.some((other) => other.id !== template.id && other.shortcut?.toLowerCase() === draft.shortcut?.toLowerCase())
  const isSnippet = draft.kind === 'snippet'

  return (
    <section aria-label={draft.name} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 px-5 pt-3 pb-2">
        <input
          data-template-name
          aria-label={t('templates:editor.name')}
          value={draft.name}
          maxLength={200}
          spellCheck={false}
          aria-invalid={draft.name.trim() === '' || undefined}
          onChange={(event) => changeDraft((text) => ({ ...text, name: event.target.value }))}
          className="-ml-1.5 h-9 min-w-0 flex-1 rounded-md border border-transparent bg-transparent px-1.5 text-lg font-semibold tracking-[-0.01em] hover:bg-fill focus-visible:border-accent focus-visible:bg-surface focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger"
        />
        <Saved />
        <IconButton icon={preview ? EyeOff : Eye} label={t(preview ? 'templates:preview.hide' : 'templates:preview.show')} aria-pressed={preview} onClick={() => onPreview(!preview)} />
        <Menu
          align="end"
          items={[
            { label: t('templates:action.duplicate'), icon: CopyPlus, onSelect: () => void duplicateTemplate(template) },
            { label: t('templates:action.export'), icon: Share, onSelect: () => void exportTemplates([template.id]) },
            { type: 'line' },
            { label: t('templates:action.remove'), icon: Trash2, danger: true, onSelect: () => void removeTemplates([template]) },
          ]}
        >
          <IconButton icon={MoreHorizontal} label={t('templates:action.more', { name: template.name })} tooltip={false} />
        </Menu>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">
        <div className="flex min-h-full flex-col gap-3">
          <div className="grid shrink-0 grid-cols-2 gap-3">
            <Field label={t('templates:editor.folder')}>
              {(control) => (
                <>
                  <input
                    {...control}
                    list={listId}
                    value={draft.folder}
                    maxLength={300}
                    spellCheck={false}
                    autoComplete="off"
                    placeholder={t('templates:editor.noFolder')}
                    className={inputLook}
                    onChange={(event) => changeDraft((text) => ({ ...text, folder: event.target.value }))}
                  />
                  <datalist id={listId}>
                    {folders.map((folder) => (
                      <option key={folder} value={folder} />
                    ))}
                  </datalist>
                </>
              )}
            </Field>
            <TextField
              label={t(isSnippet ? 'templates:editor.keyword' : 'templates:editor.shortcut')}
              value={draft.shortcut === null ? '' : draft.shortcut}
              maxLength={40}
              placeholder={t('templates:editor.shortcutPlaceholder')}
              error={taken ? t('templates:editor.shortcutTaken') : undefined}
              onChange={(value) => {
                const shortcut = value.replace(/[^\p{L}\p{N}_-]/gu, '')
                changeDraft((text) => ({ ...text, shortcut: shortcut === '' ? null : shortcut }))
              }}
            />
          </div>
          <VariantTabs variants={draft.variants} shown={variant.language} onShow={onLanguage} />
          <VariantEditor key={`${String(template.id)} ${variant.language}`} variant={variant} snippet={isSnippet} />
          {!isSnippet && <TemplateFiles files={draft.files} onChange={(files) => changeDraft((text) => ({ ...text, files: [...files] }))} />}
          <p className="shrink-0 text-xs text-ink-3">
            {template.uses === 0 ? t('templates:usesNone') : t('templates:uses', { count: template.uses, when: format.listDate(template.lastUsedAt ?? template.updatedAt) })}
          </p>
        </div>
      </div>
    </section>
  )
}

/** Whether what is seen is stored. */
function Saved() {
  const t = useText()
  const state = useTemplateDraft((draft) => draft.state)
  const failure = useTemplateDraft((draft) => draft.failure)
  return (
    <span role="status" className={clsx('flex min-w-0 shrink items-center gap-1 truncate text-xs', state === 'failed' ? 'text-danger' : 'text-ink-3')}>
      {state === 'saved' && <Check aria-hidden className="size-3.5" />}
      {state === 'failed' && <CircleAlert aria-hidden className="size-3.5" />}
      <span className="truncate">{state === 'saved' ? t('templates:saved') : state === 'failed' && failure !== null ? failureText(failure) : t('templates:saving')}</span>
    </span>
  )
}

function VariantTabs({ variants, shown, onShow }: { readonly variants: readonly TemplateVariant[]; readonly shown: string; readonly onShow: (language: string) => void }) {
  const t = useText()
  const missing = offeredLanguages.filter((language) => !variants.some((variant) => variant.language === language))
  const add = (language: string): void => {
    // Begun from what is there: translating is easier than starting over.
    const from = variants.find((variant) => variant.language === shown)
    changeDraft((text) => ({ ...text, variants: [...text.variants, { language, subject: from?.subject ?? '', html: from?.html ?? '' }] }))
    onShow(language)
  }
  const remove = (language: string): void => {
    const next = variants.find((variant) => variant.language !== language)
    changeDraft((text) => ({ ...text, variants: text.variants.filter((variant) => variant.language !== language) }))
    if (next) onShow(next.language)
  }
  return (
    <div className="flex shrink-0 items-center gap-1 border-b border-line">
      <div role="tablist" aria-label={t('templates:editor.languages')} className="flex min-w-0 gap-1 overflow-x-auto">
        {variants.map(({ language }) => (
          <span key={language} className={clsx('group -mb-px flex shrink-0 items-center border-b-2', language === shown ? 'border-accent' : 'border-transparent')}>
            <button
              type="button"
              role="tab"
              aria-selected={language === shown}
              tabIndex={language === shown ? 0 : -1}
              onClick={() => onShow(language)}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
                const at = variants.findIndex((variant) => variant.language === language)
                const next = variants[(at + (event.key === 'ArrowRight' ? 1 : variants.length - 1)) % variants.length]
                if (!next) return
                onShow(next.language)
                const tabs = event.currentTarget.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]')
                tabs?.[variants.indexOf(next)]?.focus()
              }}
              className={clsx('rounded-sm px-2 py-1.5 text-sm font-medium ring-inset-focus hover:text-ink', language === shown ? 'text-ink' : 'text-ink-2')}
            >
              {languageName(language)}
            </button>
            {variants.length > 1 && language === shown && (
              <IconButton icon={X} size="small" className="size-5!" label={t('templates:editor.removeLanguage', { language: languageName(language) })} onClick={() => remove(language)} />
            )}
          </span>
        ))}
      </div>
      {missing.length > 0 && (
        <Menu items={[{ type: 'title', label: t('templates:editor.addLanguage') }, ...missing.map((language) => ({ label: languageName(language), icon: Languages, onSelect: () => add(language) }))]}>
          <IconButton icon={Plus} size="small" label={t('templates:editor.addLanguage')} />
        </Menu>
      )}
    </div>
  )
}

function VariantEditor({ variant, snippet }: { readonly variant: TemplateVariant; readonly snippet: boolean }) {
  const t = useText()
  const editor = useRef<RichTextHandle>(null)
  const subject = useRef<HTMLInputElement>(null)
  const lastField = useRef<'subject' | 'text'>('text')
  const settled = useSettled(variant, 350)
  const check = useQuery({ ...api.templates.check.queryOptions({ input: { subject: settled.subject, html: settled.html } }), placeholderData: keepPreviousData, gcTime: 0 })
  const problems = check.data ?? noProblems
  const marked = useMemo(() => problems.filter((problem) => problem.where === 'text').map((problem) => ({ line: problem.line, column: problem.column, told: problemText(problem) })), [problems])
  const change = (part: Partial<TemplateVariant>): void =>
    changeDraft((text) => ({ ...text, variants: text.variants.map((one) => (one.language === variant.language ? { ...one, ...part } : one)) }))

  const insertField = (written: string): void => {
    const field = subject.current
    if (lastField.current === 'text' || field === null) {
      editor.current?.insertText(written)
      return
    }
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length]
    change({ subject: `${field.value.slice(0, from)}${written}${field.value.slice(to)}` })
    requestAnimationFrame(() => {
      field.focus()
      field.setSelectionRange(from + written.length, from + written.length)
    })
  }
  const goTo = (problem: TemplateProblem): void => {
    if (problem.where === 'text') {
      editor.current?.goTo(problem.line, problem.column)
      return
    }
    const at = Array.from(subject.current?.value ?? '').slice(0, problem.column - 1).join('').length
    subject.current?.focus()
    subject.current?.setSelectionRange(at, at)
  }

  return (
    <>
      {!snippet && (
        <Field label={t('templates:editor.subject')} className="shrink-0">
          {(control) => (
            <input
              {...control}
              ref={subject}
              value={variant.subject}
              maxLength={2000}
              autoComplete="off"
              aria-invalid={problems.some((problem) => problem.where === 'subject') || undefined}
              className={inputLook}
              onFocus={() => (lastField.current = 'subject')}
              onChange={(event) => change({ subject: event.target.value })}
            />
          )}
        </Field>
      )}
      <div className="flex min-h-72 flex-1 flex-col" onFocus={() => (lastField.current = 'text')}>
        <RichText
          handle={editor}
          label={t('templates:editor.text')}
          initial={variant.html}
          placeholder={t('templates:editor.placeholder')}
          extensions={mergeMarks}
          problems={marked}
          onChange={(html) => change({ html })}
          tools={<FieldMenu onInsert={insertField} />}
          className="min-h-72 flex-1"
        />
      </div>
      <Problems problems={problems} onGo={goTo} />
    </>
  )
}

function Problems({ problems, onGo }: { readonly problems: readonly TemplateProblem[]; readonly onGo: (problem: TemplateProblem) => void }) {
  const t = useText()
  return (
    <div role="status" className="shrink-0 empty:hidden">
      {problems.length > 0 && (
        <div className="rounded-md bg-danger-soft p-3">
          <p className="flex items-center gap-1.5 font-medium text-danger">
            <AlertTriangle aria-hidden className="size-4" strokeWidth={1.75} />
            {t('templates:problems', { count: problems.length })}
          </p>
          <ul className="mt-1.5 flex flex-col">
            {problems.map((problem, at) => (
              <li key={at}>
                <button type="button" className="-mx-1 w-full rounded-sm px-1 py-0.5 text-left hover:bg-fill" onClick={() => onGo(problem)}>
                  <span className="font-medium">{problemPlace(problem)}</span> <span className="text-ink-2">{problemText(problem)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
