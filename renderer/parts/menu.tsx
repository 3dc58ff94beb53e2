// Drop-down and context menus from the same list of items.
import clsx from 'clsx'
import { Check, ChevronRight } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { ContextMenu as Context, DropdownMenu as Dropdown } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

export type MenuItem =
  | { readonly type: 'line' }
  | { readonly type: 'title'; readonly label: string }
  | {
      readonly type?: 'item'
      readonly label: string
      readonly icon?: LucideIcon | undefined
      readonly shortcut?: string | undefined
      readonly checked?: boolean | undefined
      readonly danger?: boolean | undefined
      readonly disabled?: boolean | undefined
      readonly onSelect: () => void
    }
  | { readonly type: 'more'; readonly label: string; readonly icon?: LucideIcon | undefined; readonly items: readonly MenuItem[] }

const surface = 'z-50 max-h-(--radix-popper-available-height) min-w-52 animate-rise overflow-y-auto rounded-lg bg-raised p-1 shadow-raised'
const row =
  'flex h-7 items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-disabled:opacity-45 data-highlighted:bg-fill-strong data-[state=open]:bg-fill-strong'

type Kit = typeof Dropdown | typeof Context

function Items({ items, kit: Kit }: { readonly items: readonly MenuItem[]; readonly kit: Kit }) {
  const icons = items.some((item) => 'icon' in item && item.icon)
  const checks = items.some((item) => 'checked' in item && item.checked !== undefined)
  return items.map((item, at): ReactNode => {
    switch (item.type) {
      case 'line':
        return <Kit.Separator key={at} className="mx-1 my-1 h-px bg-line" />
      case 'title':
        return (
          <Kit.Label key={at} className="px-2 pt-1.5 pb-1 text-2xs font-medium text-ink-3">
            {item.label}
          </Kit.Label>
        )
      case 'more':
        return (
          <Kit.Sub key={at}>
            <Kit.SubTrigger className={row}>
              {checks && <span className="w-3.5" />}
              {icons && <Icon icon={item.icon} />}
              <span className="flex-1">{item.label}</span>
              <ChevronRight aria-hidden className="size-3.5 text-ink-3" />
            </Kit.SubTrigger>
            <Kit.Portal>
              <Kit.SubContent className={surface} sideOffset={4} collisionPadding={8}>
                <Items items={item.items} kit={Kit} />
              </Kit.SubContent>
            </Kit.Portal>
          </Kit.Sub>
        )
      default: {
        const content = (
          <>
            {checks && <span className="w-3.5 shrink-0">{item.checked === true && <Check aria-hidden className="size-3.5" />}</span>}
            {icons && <Icon icon={item.icon} />}
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
            {item.shortcut !== undefined && <Kbd keys={item.shortcut} className="ml-4" />}
          </>
        )
        const shared = { disabled: item.disabled ?? false, onSelect: item.onSelect, className: clsx(row, item.danger === true && 'text-danger') }
        return item.checked === undefined ? (
          <Kit.Item key={at} {...shared}>
            {content}
          </Kit.Item>
        ) : (
          <Kit.CheckboxItem key={at} {...shared} checked={item.checked}>
            {content}
          </Kit.CheckboxItem>
        )
      }
    }
  })
}

function Icon({ icon: Shown }: { readonly icon: LucideIcon | undefined }) {
  return <span className="w-4 shrink-0 opacity-75">{Shown && <Shown aria-hidden className="size-4" strokeWidth={1.75} />}</span>
}

type MenuProps = {
  readonly items: readonly MenuItem[]
  /** One element that takes a ref and the trigger's props. */
  readonly children: ReactElement
  readonly align?: 'start' | 'center' | 'end'
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  readonly onOpenChange?: ((open: boolean) => void) | undefined
  /** Where the focus goes on closing, when not back to the trigger. */
  readonly onClosed?: ((event: Event) => void) | undefined
}

export function Menu({ items, children, align = 'start', side = 'bottom', onOpenChange, onClosed }: MenuProps) {
  return (
    <Dropdown.Root modal={false} {...(onOpenChange ? { onOpenChange } : {})}>
      <Dropdown.Trigger asChild>{children}</Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content className={surface} align={align} side={side} sideOffset={4} collisionPadding={8} onCloseAutoFocus={onClosed}>
          <Items items={items} kit={Dropdown} />
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  )
}

type ContextMenuProps = {
  /** Made when the menu opens. */
  readonly items: readonly MenuItem[]
  readonly children: ReactElement
  readonly onOpenChange?: ((open: boolean) => void) | undefined
  readonly onClosed?: ((event: Event) => void) | undefined
}

export function ContextMenu({ items, children, onOpenChange, onClosed }: ContextMenuProps) {
  return (
    <Context.Root modal={false} {...(onOpenChange ? { onOpenChange } : {})}>
      <Context.Trigger asChild>{children}</Context.Trigger>
      <Context.Portal>
        <Context.Content className={surface} collisionPadding={8} onCloseAutoFocus={onClosed}>
          <Items items={items} kit={Context} />
        </Context.Content>
      </Context.Portal>
    </Context.Root>
  )
}
