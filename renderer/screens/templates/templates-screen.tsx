// Templates, snippets and the files sent often: a list by folder at the left, the chosen one beside it.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronRight, FileStack, FolderInput, Import, MoreHorizontal, Pencil, Plus, Share, Sparkles, Text, Trash2 } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { Template, TemplateKind } from '../../../shared/model/template.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useSettings } from '../../api/settings.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { ContextMenu, Menu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { SplitPane } from '../../parts/split-pane.tsx'
import { inputLook, TextField } from '../../parts/text-field.tsx'
import { VirtualList } from '../../parts/virtual-list.tsx'
import type { ListHandle, RowState } from '../../parts/virtual-list.tsx'
import { importProblem, type ImportResult } from './import-problem.ts'
import { LibraryTab } from './library-tab.tsx'
import { addExamples, duplicateTemplate, exportTemplates, importTemplates, newTemplate, removeTemplates, tellFailed } from './template-actions.ts'
import { useTemplateDraft } from './template-draft.ts'
import { TemplateEditor } from './template-editor.tsx'
import { TemplatePreview } from './template-preview.tsx'
import { isWithin, rankTemplates, rowsOf } from './template-rows.ts'
import type { FolderRow, ListRow } from './template-rows.ts'
import { selectTemplate, showTab, toggleFolder, useTemplates } from './templates-state.ts'

const none: readonly Template[] = []

export function TemplatesScreen() {
  const t = useText()
  const tab = useTemplates((state) => state.tab)
  const list = useQuery(api.templates.list.queryOptions())
  const all = list.data ?? none
  const [imported, setImported] = useState<ImportResult | null>(null)
  const file = useRef<HTMLInputElement>(null)

  return (
    <div className="flex h-full flex-col bg-surface">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-5 py-2.5">
        <h1 className="text-lg font-semibold tracking-[-0.01em]">{t('templates:title')}</h1>
        <Segmented
          label={t('templates:title')}
          value={tab}
          choices={[
            { value: 'template', label: t('templates:tab.template') },
            { value: 'snippet', label: t('templates:tab.snippet') },
            { value: 'files', label: t('templates:tab.files') },
          ]}
          onChange={showTab}
        />
        <span className="flex-1" />
        {tab !== 'files' && (
          <>
            <Menu
              align="end"
              items={[
                { label: t('templates:action.import'), icon: Import, onSelect: () => file.current?.click() },
                { label: t('templates:action.exportAll'), icon: Share, disabled: all.length === 0, onSelect: () => void exportTemplates(null) },
                { label: t('templates:action.examples'), icon: Sparkles, onSelect: () => void addExamples() },
              ]}
            >
              <IconButton icon={MoreHorizontal} label={t('templates:moreActions')} tooltip={false} />
            </Menu>
            <Button look="primary" icon={<Plus aria-hidden className="size-4" strokeWidth={2} />} onClick={() => void newTemplate(tab).catch(tellFailed)}>
              {t(tab === 'snippet' ? 'templates:newSnippet' : 'templates:new')}
            </Button>
          </>
        )}
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          hidden
          aria-label={t('templates:action.import')}
          onChange={(event) => {
            const [chosen] = event.target.files ?? []
            event.target.value = ''
            if (chosen) importTemplates(chosen).then(setImported, tellFailed)
          }}
        />
      </div>
      <div className="min-h-0 flex-1">
        {tab === 'files' ? (
          <LibraryTab />
        ) : list.isPending ? (
          <div aria-busy className="flex flex-col gap-2 p-5">
            <Skeleton className="h-8 w-64 rounded-md" />
            <Skeleton className="h-8 w-64 rounded-md" />
          </div>
        ) : list.isError ? (
          <EmptyState title={t('templates:loadFailed')} action={<Button onClick={() => void list.refetch()}>{t('shell:retry')}</Button>}>
            {failureText(failureFrom(list.error))}
          </EmptyState>
        ) : (
          <Templates key={tab} kind={tab} all={all} onImport={() => file.current?.click()} />
        )}
      </div>
      <ImportDialog result={imported} onClose={() => setImported(null)} />
    </div>
  )
}

function Templates({ kind, all, onImport }: { readonly kind: TemplateKind; readonly all: readonly Template[]; readonly onImport: () => void }) {
  const t = useText()
  const selected = useTemplates((state) => state.selected)
  const [preview, setPreview] = useState(innerWidth >= 1200)
  const [language, setLanguage] = useState('')
  const own = useMemo(() => all.filter((template) => template.kind === kind), [all, kind])
  const template = own.find((one) => one.id === selected) ?? null
  const draft = useTemplateDraft((state) => (state.id === template?.id ? state.text : null))
  const variants = draft?.variants ?? template?.variants ?? []
  const variant = variants.find((one) => one.language === language) ?? variants[0]

  if (own.length === 0) {
    return (
      <EmptyState
        icon={kind === 'snippet' ? Text : FileStack}
        title={t(kind === 'snippet' ? 'templates:empty.snippets' : 'templates:empty.templates')}
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => void newTemplate(kind).catch(tellFailed)}>
              {t(kind === 'snippet' ? 'templates:newSnippet' : 'templates:new')}
            </Button>
            <Button icon={<Sparkles aria-hidden className="size-4" strokeWidth={1.75} />} onClick={() => void addExamples()}>
              {t('templates:action.examples')}
            </Button>
            <Button look="quiet" icon={<Import aria-hidden className="size-4" strokeWidth={1.75} />} onClick={onImport}>
              {t('templates:action.import')}
            </Button>
          </div>
        }
      >
        {t(kind === 'snippet' ? 'templates:empty.snippetsText' : 'templates:empty.templatesText')}
      </EmptyState>
    )
  }
  const editor = template ? (
    <TemplateEditor key={template.id} template={template} all={all} language={language} onLanguage={setLanguage} preview={preview} onPreview={setPreview} />
  ) : (
    <EmptyState icon={FileStack} title={t('templates:choose')}>
      {t('templates:chooseText')}
    </EmptyState>
  )
  return (
    <SplitPane
      name="templates"
      label={(left) => t('shell:pane.resize', { name: left.id === 'list' ? t('shell:pane.list') : t('templates:editor.text') })}
      panes={[
        { id: 'list', start: 264, min: 180, max: 420, fixed: true, content: <TemplateList kind={kind} own={own} /> },
        { id: 'editor', start: '60%', min: 300, content: editor },
        ...(preview && template && variant ? [{ id: 'preview', start: '40%', min: 240, content: <TemplatePreview variant={variant} snippet={kind === 'snippet'} /> }] : []),
      ]}
    />
  )
}

const rowHeights = { comfortable: 30, compact: 26 }

function TemplateList({ kind, own }: { readonly kind: TemplateKind; readonly own: readonly Template[] }) {
  const t = useText()
  const { density } = useSettings()
  const query = useTemplates((state) => state.query)
  const folded = useTemplates((state) => state.folded)
  const selected = useTemplates((state) => state.selected)
  const naming = useTemplates((state) => state.naming)
  const atFolder = useTemplates((state) => state.atFolder)
  const cursor = atFolder !== null ? `folder ${atFolder}` : selected !== null ? `template ${String(selected)}` : null
  const [menuRow, setMenuRow] = useState<ListRow | null>(null)
  const [moving, setMoving] = useState<FolderRow | null>(null)
  const handle = useRef<ListHandle>(null)
  const sought = useDeferredValue(query)
  const rows = useMemo<readonly ListRow[]>(
    () =>
      sought.trim() === ''
        ? rowsOf(own, folded)
        : rankTemplates(own, sought, 200).map((template) => ({ kind: 'template', key: `template ${String(template.id)}`, template, depth: 0 })),
    [own, folded, sought],
  )
  useEffect(() => {
    // A new one is named first.
    if (naming === null || naming !== selected) return
    useTemplates.setState({ naming: null })
    requestAnimationFrame(() => {
      const field = document.querySelector<HTMLInputElement>('[data-template-name]')
      field?.focus()
      field?.select()
    })
  }, [naming, selected])

  const show = (row: ListRow): void => {
    if (row.kind === 'template') selectTemplate(row.template.id)
    else useTemplates.setState({ atFolder: row.path })
  }
  const step = (by: number): void => {
    const at = rows.findIndex((row) => row.key === cursor)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at === -1 ? 0 : at + by))]
    if (next) show(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows.find((one) => one.key === cursor)
    switch (event.key) {
      case 'ArrowDown': step(1); break
      case 'ArrowUp': step(-1); break
      case 'PageDown': step(handle.current?.pageRows() ?? 10); break
      case 'PageUp': step(-(handle.current?.pageRows() ?? 10)); break
      case 'Home': step(-rows.length); break
      case 'End': step(rows.length); break
      case 'ArrowRight':
      case 'ArrowLeft':
        if (row?.kind !== 'folder' || row.open === (event.key === 'ArrowRight')) return
        toggleFolder(row.path)
        break
      case 'Enter':
      case ' ':
        if (row?.kind === 'folder') toggleFolder(row.path)
        else document.querySelector<HTMLElement>('[data-template-name]')?.focus()
        break
      case 'Delete':
      case 'Backspace':
        if (row?.kind === 'template') void removeTemplates([row.template])
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const labelOf = useCallback((row: ListRow) => (row.kind === 'folder' ? t('templates:folderRow', { name: row.name, count: row.count }) : [row.template.name, row.template.shortcut === null ? '' : `;${row.template.shortcut}`].filter(Boolean).join(', ')), [t])
  const renderRow = useCallback((row: ListRow, state: RowState) => <Row row={row} state={state} />, [])
  const keyOf = useCallback((row: ListRow) => row.key, [])

  return (
    <div className="flex h-full flex-col bg-canvas">
      <div className="shrink-0 p-2">
        <input
          type="search"
          aria-label={t('templates:search')}
          placeholder={t('templates:search')}
          value={query}
          onChange={(event) => useTemplates.setState({ query: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') handle.current?.focus()
            else if (event.key === 'Enter' && rows[0]) show(rows[0])
            else if (event.key === 'Escape' && query !== '') useTemplates.setState({ query: '' })
            else return
            event.preventDefault()
            event.stopPropagation()
          }}
          className={inputLook}
        />
      </div>
      <ContextMenu items={menuRow === null ? [] : menuOf(menuRow, own, kind, t, setMoving)}>
        <div className="min-h-0 flex-1">
          {rows.length === 0 ? (
            <p className="px-4 py-6 text-center text-ink-3">{t('templates:nothingFound')}</p>
          ) : (
            <VirtualList
              label={t(kind === 'snippet' ? 'templates:tab.snippet' : 'templates:tab.template')}
              rows={rows}
              keyOf={keyOf}
              labelOf={labelOf}
              rowHeight={rowHeights[density]}
              cursor={cursor}
              isSelected={(row) => row.kind === 'template' && row.template.id === selected}
              renderRow={renderRow}
              onRowClick={(row) => {
                show(row)
                if (row.kind === 'folder') toggleFolder(row.path)
              }}
              onRowContextMenu={setMenuRow}
              onKeyDown={onKeyDown}
              handle={handle}
              size={rows.length}
            />
          )}
        </div>
      </ContextMenu>
      <MoveFolder row={moving} onClose={() => setMoving(null)} />
    </div>
  )
}

function menuOf(row: ListRow, own: readonly Template[], kind: TemplateKind, t: ReturnType<typeof useText>, onMove: (row: FolderRow) => void): MenuItem[] {
  if (row.kind === 'folder') {
    const inside = own.filter((template) => isWithin(template, row.path))
    return [
      { label: t(kind === 'snippet' ? 'templates:newSnippet' : 'templates:new'), icon: Plus, onSelect: () => void newTemplate(kind, row.path).catch(tellFailed) },
      { label: t('templates:action.renameFolder'), icon: FolderInput, onSelect: () => onMove(row) },
      { label: t('templates:action.exportFolder'), icon: Share, onSelect: () => void exportTemplates(inside.map((template) => template.id)) },
      { type: 'line' },
      { label: t('templates:action.removeFolder', { count: inside.length }), icon: Trash2, danger: true, onSelect: () => void removeTemplates(inside) },
    ]
  }
  const { template } = row
  return [
    { label: t('templates:action.edit'), icon: Pencil, onSelect: () => selectTemplate(template.id) },
    { label: t('templates:action.duplicate'), icon: Plus, onSelect: () => void duplicateTemplate(template) },
    { label: t('templates:action.export'), icon: Share, onSelect: () => void exportTemplates([template.id]) },
    { type: 'line' },
    { label: t('templates:action.remove'), icon: Trash2, danger: true, onSelect: () => void removeTemplates([template]) },
  ]
}

function Row({ row, state }: { readonly row: ListRow; readonly state: RowState }) {
  return (
    <div
      style={{ paddingLeft: 8 + row.depth * 14 }}
      className={clsx(
        'mx-2 flex h-full items-center gap-1.5 rounded-md pr-2',
        state.selected ? 'bg-fill-strong font-medium text-ink' : 'text-ink-2 hover:bg-fill',
        state.listFocused && 'outline-2 -outline-offset-2 outline-(--ring)',
      )}
    >
      {row.kind === 'folder' ? (
        <>
          <ChevronRight aria-hidden className={clsx('size-3 shrink-0 text-ink-3 transition-transform duration-100', row.open && 'rotate-90')} strokeWidth={2} />
          <span className="min-w-0 flex-1 truncate text-xs font-medium">{row.name}</span>
          <span className="tabular shrink-0 text-2xs text-ink-3">{row.count}</span>
        </>
      ) : (
        <>
          <span className="w-3 shrink-0" />
          <span className="min-w-0 flex-1 truncate">{row.template.name}</span>
          {row.template.shortcut !== null && <span className="min-w-0 shrink-[4] truncate font-mono text-2xs text-ink-3">;{row.template.shortcut}</span>}
        </>
      )}
    </div>
  )
}

function MoveFolder({ row, onClose }: { readonly row: FolderRow | null; readonly onClose: () => void }) {
  const t = useText()
  const [to, setTo] = useState<string | null>(null)
  const path = to ?? row?.path ?? ''
  const close = (): void => {
    setTo(null)
    onClose()
  }
  const move = (): void => {
    if (row === null) return
    client.templates
      .moveFolder({ from: row.path, to: path })
      .then(() => queryClient.invalidateQueries({ queryKey: api.templates.list.key() }))
      .then(close, tellFailed)
  }
  return (
    <Dialog
      open={row !== null}
      onOpenChange={(open) => {
        if (!open) close()
      }}
      title={t('templates:action.renameFolder')}
      width="narrow"
      footer={
        <>
          <Button look="quiet" onClick={close}>
            {t('shell:cancel')}
          </Button>
          <Button look="primary" onClick={move}>
            {t('shell:save')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          move()
        }}
      >
        <TextField label={t('templates:editor.folder')} hint={t('templates:folderHint')} value={path} maxLength={300} onChange={setTo} />
      </form>
    </Dialog>
  )
}

function ImportDialog({ result, onClose }: { readonly result: ImportResult | null; readonly onClose: () => void }) {
  const t = useText()
  return (
    <Dialog
      open={result !== null}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={t('templates:imported.title')}
      width="narrow"
      footer={
        <Button look="primary" onClick={onClose}>
          {t('shell:close')}
        </Button>
      }
    >
      {result && (
        <>
          <p>{t('templates:imported.added', { count: result.added })}</p>
          <p>{t('templates:imported.replaced', { count: result.replaced })}</p>
          {result.problems.length > 0 && (
            <>
              <p className="mt-3 font-medium">{t('templates:imported.problems', { count: result.problems.length })}</p>
              <ul className="selectable mt-1 list-disc pl-5 text-ink-2">
                {result.problems.map((problem, at) => (
                  <li key={at}>{importProblem(problem)}</li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Dialog>
  )
}
