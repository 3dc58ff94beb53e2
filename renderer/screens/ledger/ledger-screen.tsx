// The ledger: what the server counts, what is here, and why the two differ. Its one rule is to claim no more than was
// proved: a difference nothing explains is shown as a fault, never rounded away.
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import { AlertTriangle, ArrowLeft, BookOpenCheck, CircleDashed, Download, ScanSearch, ShieldCheck } from 'lucide-react'
import { memo, useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import type { Account, AccountState } from '../../../shared/model/account.ts'
import type { LedgerLine } from '../../../shared/model/folder.ts'
import { api, client } from '../../api/api.ts'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { failureAdvice } from '../../api/failure-advice.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import type { Format } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { Select } from '../../parts/select.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { inputLook } from '../../parts/text-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { Checkbox } from '../../parts/toggle.tsx'
import { Tooltip } from '../../parts/tooltip.tsx'
import { goBack } from '../../state.ts'
import { useNow } from '../accounts/use-now.ts'
import { checkLedger, useLedgerCheck } from './ledger-check.ts'
import type { LedgerCheck } from './ledger-check.ts'
import { differenceOf, explanations, nextSort, notes, sortedLines, totalsOf, verdictOf } from './ledger-rows.ts'
import type { LedgerColumn, LedgerSort, LedgerTotals } from './ledger-rows.ts'
import { useShownLedger } from './shown-ledger.ts'

/** From this many folders on, finding one by eye is work. */
const manyFolders = 15
const noLines: readonly LedgerLine[] = []

export function LedgerScreen() {
  const t = useText()
  const accounts = useAccounts() ?? []
  const chosen = useShownLedger((state) => state.accountId)
  const shown = accounts.find(({ account }) => account.id === chosen) ?? accounts[0]
  if (shown === undefined) {
    return (
      <EmptyState icon={BookOpenCheck} title={t('ledger:noAccounts')}>
        {t('ledger:noAccountsText')}
      </EmptyState>
    )
  }
  return (
    <AccountLedger
      key={shown.account.id}
      account={shown.account}
      state={shown.state}
      choice={
        accounts.length > 1 && (
          <Select
            label={t('ledger:account')}
            hideLabel
            className="max-w-60 min-w-0"
            value={String(shown.account.id)}
            options={accounts.map(({ account }) => ({ value: String(account.id), label: account.name }))}
            onChange={(id) => useShownLedger.setState({ accountId: accounts.find(({ account }) => account.id === id)?.account.id ?? null })}
          />
        )
      }
    />
  )
}

type LedgerProps = { readonly account: Account; readonly state: AccountState; readonly choice: ReactNode }

function AccountLedger({ account, state, choice }: LedgerProps) {
  const t = useText()
  const format = useFormat()
  const ledger = useQuery(api.ledger.get.queryOptions({ input: { accountId: account.id } }))
  const check = useLedgerCheck(account.id)
  const now = useNow(30_000)
  const [sort, setSort] = useState<LedgerSort>({ column: 'path', descending: false })
  const [words, setWords] = useState('')
  const [onlyDifferences, setOnlyDifferences] = useState(false)
  const sought = useDeferredValue(words)
  const lines = ledger.data ?? noLines

  const shown = useMemo(() => {
    const wanted = sought.trim().toLocaleLowerCase()
    const matching = lines.filter((line) => {
      if (wanted !== '' && !line.path.toLocaleLowerCase().includes(wanted)) return false
      return !onlyDifferences || differenceOf(line) !== 0 || line.unexplained !== 0
    })
    return sortedLines(matching, sort, format.tag)
  }, [lines, sought, onlyDifferences, sort, format])

  return (
    <div className="flex h-full flex-col bg-surface">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-6 pt-5 pb-3">
        <IconButton icon={ArrowLeft} label={t('shell:back')} className="-ml-2" onClick={goBack} />
        <h1 className="text-lg font-semibold tracking-[-0.01em]">{t('ledger:title')}</h1>
        <div className="min-w-0 flex-1">{choice}</div>
        <Button icon={<Download aria-hidden className="size-4" strokeWidth={1.75} />} title={t('ledger:exportHint')} disabled={lines.length === 0} onClick={() => void exportLedger(t, account)}>
          {t('ledger:export')}
        </Button>
        <Button
          look="primary"
          icon={<ScanSearch aria-hidden className="size-4" strokeWidth={1.75} />}
          title={t('ledger:checkHint')}
          busy={check?.state === 'running'}
          onClick={() => void checkLedger(account.id)}
        >
          {t(check?.state === 'running' ? 'ledger:checking' : 'ledger:check')}
        </Button>
      </div>
      {ledger.isPending ? (
        <Loading />
      ) : ledger.isError ? (
        <EmptyState title={t('ledger:loadFailed')} action={<Button onClick={() => void ledger.refetch()}>{t('shell:retry')}</Button>}>
          {failureText(failureFrom(ledger.error))}
        </EmptyState>
      ) : lines.length === 0 ? (
        <EmptyState icon={BookOpenCheck} title={t('ledger:empty')}>
          {t('ledger:emptyText')}
        </EmptyState>
      ) : (
        <>
          <div className="shrink-0 px-6 pb-3">
            <Verdict lines={lines} check={check} state={state} now={now} />
          </div>
          {lines.length >= manyFolders && (
            <div className="flex shrink-0 flex-wrap items-center gap-x-5 gap-y-2 px-6 pb-3">
              <input
                type="search"
                aria-label={t('ledger:filter')}
                placeholder={t('ledger:filter')}
                value={words}
                onChange={(event) => setWords(event.target.value)}
                className={clsx(inputLook, '!w-64')}
              />
              <Checkbox label={t('ledger:onlyDifferences')} checked={onlyDifferences} onChange={setOnlyDifferences} />
            </div>
          )}
          <Table lines={shown} sort={sort} onSort={(column) => setSort((last) => nextSort(last, column))} none={t(sought.trim() === '' ? 'ledger:noDifferences' : 'ledger:noMatch')} />
        </>
      )}
    </div>
  )
}

type VerdictProps = { readonly lines: readonly LedgerLine[]; readonly check: LedgerCheck | null; readonly state: AccountState; readonly now: number }

function Verdict({ lines, check, state, now }: VerdictProps) {
  const t = useText()
  const format = useFormat()
  const verdict = verdictOf(lines)
  const looks = {
    ok: { box: 'bg-ok-soft', title: 'text-ok', icon: <ShieldCheck aria-hidden className="size-5 text-ok" strokeWidth={1.75} /> },
    calm: { box: 'bg-fill', title: 'text-ink', icon: <CircleDashed aria-hidden className="size-5 text-ink-3" strokeWidth={1.75} /> },
    fault: { box: 'bg-danger-soft', title: 'text-danger', icon: <AlertTriangle aria-hidden className="size-5 text-danger" strokeWidth={1.75} /> },
  }
  let look = looks.calm
  let title = ''
  let told = ''
  switch (verdict.kind) {
    case 'empty':
      return null
    case 'proved':
      look = looks.ok
      title = t('ledger:verdict.proved', { count: verdict.folders })
      told = t('ledger:verdict.provedText', { when: now - verdict.comparedAt < 60_000 ? t('ledger:justNow') : format.relative(verdict.comparedAt, now) })
      break
    case 'agrees':
      look = looks.ok
      title = t('ledger:verdict.agrees')
      told = t('ledger:verdict.agreesText', { count: verdict.notCompared })
      break
    case 'incomplete':
      title = t('ledger:verdict.incomplete', { count: verdict.folders })
      told = [
        verdict.messages > 0 ? t('ledger:verdict.incompleteText', { count: verdict.messages }) : '',
        verdict.notLookedAt > 0 ? t('ledger:verdict.notLookedAt', { count: verdict.notLookedAt }) : '',
      ].join(' ')
      break
    case 'fault':
      look = looks.fault
      title = t('ledger:verdict.fault', { count: verdict.messages })
      told = t('ledger:verdict.faultText', { count: verdict.folders })
      break
  }
  const fresh = check?.state === 'done' && now - check.at < 10 * 60_000
  const result =
    verdict.kind === 'fault'
      ? t('ledger:checkResult.fault', { count: verdict.messages })
      : verdict.kind === 'incomplete'
        ? t('ledger:checkResult.incomplete', { count: verdict.messages })
        : t('ledger:checkResult.proved', { count: verdict.folders })
  const comparing = state.step === 'checking'
  return (
    <div className={clsx('rounded-lg p-4', look.box)}>
      <div className="flex gap-3">
        <span className="mt-px shrink-0">{look.icon}</span>
        <div className="min-w-0 flex-1">
          <h2 className={clsx('text-md font-semibold', look.title)}>{title}</h2>
          <p className="max-w-[44rem] text-ink-2">{told}</p>
        </div>
      </div>
      {check?.state === 'running' && (
        <div className="mt-3 pl-8">
          <ProgressBar
            label={comparing && state.folderName !== null ? t('ledger:checkProgress', { folder: state.folderName }) : t('ledger:checkStarting')}
            done={comparing ? state.done : 0}
            total={comparing ? state.total : 0}
            leftMs={comparing ? state.leftMs : null}
            onCancel={check.stop}
          />
        </div>
      )}
      {check?.state === 'failed' && (
        <div role="alert" className="mt-3 ml-8 rounded-md bg-danger-soft p-3">
          <p className="font-medium text-danger">{failureText(check.failure)}</p>
          <p className="text-xs text-ink-2">
            {t('ledger:checkFailed')} {failureAdvice(check.failure)}
          </p>
          {check.failure.said !== null && <p className="selectable mt-1 font-mono text-xs break-words text-ink-2">{check.failure.said}</p>}
        </div>
      )}
      <p role="status" className="sr-only">
        {check?.state === 'running' ? t('ledger:checking') : fresh ? result : ''}
      </p>
    </div>
  )
}

/** Pixels; every row is one line. */
const rowHeight = 33

type TableProps = { readonly lines: readonly LedgerLine[]; readonly sort: LedgerSort; readonly onSort: (column: LedgerColumn) => void; readonly none: string }

/** Draws the rows in view and the space of the others: some mailboxes have hundreds of folders. */
function Table({ lines, sort, onSort, none }: TableProps) {
  const t = useText()
  const format = useFormat()
  const folders = useFolders()
  const names = useMemo(() => new Map(folders?.map((folder) => [folder.id, folder.name])), [folders])
  const scroller = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are only called here
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    // Reachable by keyboard, to scroll it.
    <div ref={scroller} tabIndex={0} role="region" aria-label={t('ledger:title')} className="ring-inset-focus min-h-0 flex-1 overflow-auto border-t border-line">
      <table aria-rowcount={lines.length + 3} className="w-full border-separate border-spacing-0 text-sm">
        <caption className="sr-only">{t('ledger:intro')}</caption>
        <Head sort={sort} onSort={onSort} />
        <tbody>
          {above > 0 && <Space height={above} />}
          {items.map(({ index }) => {
            const line = lines[index]
            return line && <Row key={line.folderId} line={line} name={names.get(line.folderId) ?? null} index={index + 3} format={format} t={t} />
          })}
          {below > 0 && <Space height={below} />}
          {lines.length === 0 && (
            <tr>
              <td colSpan={columns.length} className="px-6 py-10 text-center text-ink-3">
                {none}
              </td>
            </tr>
          )}
        </tbody>
        <Totals totals={totalsOf(lines)} format={format} />
      </table>
      <How />
    </div>
  )
}

function Space({ height }: { readonly height: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns.length} style={{ height }} className="p-0" />
    </tr>
  )
}

type ColumnSpec = { readonly column: LedgerColumn; readonly edge?: boolean }

const columns: readonly ColumnSpec[] = [
  { column: 'path' },
  { column: 'serverCount' },
  { column: 'ourCount' },
  { column: 'difference' },
  { column: explanations[0], edge: true },
  { column: explanations[1] },
  { column: explanations[2] },
  { column: 'unexplained' },
  { column: notes[0], edge: true },
  { column: notes[1] },
  { column: 'comparedAt', edge: true },
  { column: 'provedAt' },
]

const edgeLook = 'border-l border-l-line'
const headLook = 'sticky z-10 border-b border-line bg-surface px-2.5 font-medium text-ink-2'

type HeadProps = { readonly sort: LedgerSort; readonly onSort: (column: LedgerColumn) => void }

function Head({ sort, onSort }: HeadProps) {
  const t = useText()
  const group = 'sticky top-0 z-10 h-6 bg-surface px-2.5 text-left align-bottom text-2xs font-medium text-ink-3'
  return (
    <thead className="text-xs">
      <tr>
        <td colSpan={4} className={clsx(group, 'left-0')} />
        <th scope="colgroup" colSpan={4} className={clsx(group, edgeLook)}>
          {t('ledger:groups.explained')}
        </th>
        <th scope="colgroup" colSpan={2} className={clsx(group, edgeLook)}>
          {t('ledger:groups.within')}
        </th>
        <th scope="colgroup" colSpan={2} className={clsx(group, edgeLook)}>
          {t('ledger:groups.proof')}
        </th>
      </tr>
      <tr>
        {columns.map(({ column, edge }) => {
          const sorted = sort.column === column
          const first = column === 'path'
          return (
            <th
              key={column}
              scope="col"
              aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
              className={clsx(headLook, 'top-6 py-1.5 align-bottom', first ? 'left-0 z-20 pl-6 text-left' : 'min-w-[4.5rem] text-right', edge && edgeLook)}
            >
              <Tooltip label={t(`ledger:columnHints.${column}`)}>
                <button
                  type="button"
                  onClick={() => onSort(column)}
                  className={clsx('inline-flex items-end gap-0.5 rounded-sm leading-4 hover:text-ink', first ? 'text-left' : 'justify-end text-right', sorted && 'text-ink')}
                >
                  <span className="max-w-20">{t(`ledger:columns.${column}`)}</span>
                  <span aria-hidden className={clsx('w-2.5 text-center', !sorted && 'invisible')}>
                    {sort.descending ? '↓' : '↑'}
                  </span>
                </button>
              </Tooltip>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

const cellLook = 'border-b border-line/60 px-2.5 text-right tabular whitespace-nowrap'

type RowProps = { readonly line: LedgerLine; readonly name: string | null; readonly index: number; readonly format: Format; readonly t: Translate }

const Row = memo(function Row({ line, name, index, format, t }: RowProps) {
  const difference = differenceOf(line)
  const fault = line.unexplained !== 0
  // The folder's own name is what people look for: its parents give way first.
  const own = name !== null && line.path.endsWith(name) ? name : line.path
  const parents = line.path.slice(0, line.path.length - own.length)
  return (
    <tr aria-rowindex={index} style={{ height: rowHeight }} className={fault ? 'bg-danger-soft' : 'hover:bg-fill'}>
      <th scope="row" title={line.path} className={clsx('sticky left-0 w-full max-w-0 min-w-48 border-b border-line/60 pr-2.5 pl-6 text-left font-normal', fault ? 'bg-danger-soft' : 'bg-surface')}>
        <span className="flex items-center">
          {fault && <AlertTriangle aria-label={t('ledger:fault')} className="mr-2 size-3.5 shrink-0 text-danger" strokeWidth={2} />}
          {parents !== '' && <span className="selectable min-w-4 shrink-[99] truncate whitespace-pre text-ink-3">{parents}</span>}
          <span className="selectable min-w-0 truncate">{own}</span>
        </span>
      </th>
      <td className={cellLook}>{line.serverCount === null ? <span className="text-ink-3">{t('ledger:notYet')}</span> : format.number(line.serverCount)}</td>
      <td className={cellLook}>{format.number(line.ourCount)}</td>
      <Count value={difference} format={format} />
      <Count value={line.toFetch} format={format} edge />
      <Count value={line.expunged} format={format} />
      <Count value={line.pending} format={format} />
      <td className={clsx(cellLook, fault ? 'font-semibold text-danger' : 'text-ink-3')}>{format.number(line.unexplained)}</td>
      <Count value={line.bodiesToFetch} format={format} edge />
      <Count value={line.unparsed} format={format} />
      <When at={line.comparedAt} never={t('ledger:never')} format={format} edge />
      <When at={line.provedAt} never={t('ledger:never')} format={format} />
    </tr>
  )
})

function Count({ value, format, edge = false }: { readonly value: number | null; readonly format: Format; readonly edge?: boolean }) {
  // Zeros are there to be read, but what is not zero must be seen first.
  return <td className={clsx(cellLook, edge && edgeLook, value === null || value === 0 ? 'text-ink-3' : 'font-medium')}>{value === null ? '' : format.number(value)}</td>
}

function When({ at, never, format, edge = false }: { readonly at: number | null; readonly never: string; readonly format: Format; readonly edge?: boolean }) {
  return (
    <td title={at === null ? undefined : format.fullDate(at)} className={clsx(cellLook, edge && edgeLook, 'text-ink-3 last:pr-6')}>
      {at === null ? never : format.listDate(at)}
    </td>
  )
}

function Totals({ totals, format }: { readonly totals: LedgerTotals; readonly format: Format }) {
  const t = useText()
  const look = 'sticky bottom-0 border-t border-line bg-surface px-2.5 py-2 text-right tabular font-semibold'
  return (
    <tfoot>
      <tr>
        <th scope="row" className={clsx(look, 'left-0 z-10 pl-6 !text-left')}>
          {t('ledger:total', { count: totals.folders })}
        </th>
        <td className={look}>{format.number(totals.serverCount)}</td>
        <td className={look}>{format.number(totals.ourCount)}</td>
        <td className={look}>{format.number(totals.difference)}</td>
        <td className={clsx(look, edgeLook)}>{format.number(totals.toFetch)}</td>
        <td className={look}>{format.number(totals.expunged)}</td>
        <td className={look}>{format.number(totals.pending)}</td>
        <td className={clsx(look, totals.unexplained !== 0 && 'text-danger')}>{format.number(totals.unexplained)}</td>
        <td className={clsx(look, edgeLook)}>{format.number(totals.bodiesToFetch)}</td>
        <td className={look}>{format.number(totals.unparsed)}</td>
        <td className={clsx(look, edgeLook)} />
        <td className={look} />
      </tr>
    </tfoot>
  )
}

function How() {
  const t = useText()
  return (
    <section className="sticky left-0 max-w-[44rem] px-6 py-6 text-ink-2">
      <h2 className="mb-2 font-semibold text-ink">{t('ledger:how.title')}</h2>
      <div className="flex flex-col gap-2">
        <p>{t('ledger:how.counts')}</p>
        <p>{t('ledger:how.ids')}</p>
        <p>{t('ledger:how.limits')}</p>
      </div>
    </section>
  )
}

function Loading() {
  return (
    <div aria-busy className="flex flex-col gap-3 px-6">
      <Skeleton className="h-16 rounded-lg" />
      {Array.from({ length: 8 }, (_, at) => (
        <Skeleton key={at} className="h-6" />
      ))}
    </div>
  )
}

async function exportLedger(t: Translate, account: Account): Promise<void> {
  try {
    const csv = await client.ledger.export({ accountId: account.id })
    const file = t('ledger:fileName', { account: account.address.replace(/[^\p{L}\p{N}@._-]+/gu, '-'), date: new Date().toISOString().slice(0, 10) })
    // The mark in front tells spreadsheets that the text is UTF-8.
    const url = URL.createObjectURL(new Blob(['\uFEFF', csv], { type: 'text/csv;charset=utf-8' }))
    const link = document.createElement('a')
    link.href = url
    link.download = file
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
    showToast({ message: t('ledger:exported', { file }) })
  } catch (error) {
    const failure = failureFrom(error)
    showToast({ tone: 'error', message: failureText(failure), ...(failure.said === null ? {} : { detail: failure.said }) })
  }
}
