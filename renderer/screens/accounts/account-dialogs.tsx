import { useAccounts } from '../../api/shared-query.ts'
import { askAboutAccount, dropAccountQuestion, useAccountQuestion } from './account-questions.ts'
import { EditAccountDialog } from './edit-account.tsx'
import { ReconnectDialog } from './reconnect-dialog.tsx'
import { RemoveAccountDialog } from './remove-account.tsx'

/** The dialogs about one account, wherever they are asked for: the settings, the status line, the folder tree. */
export function AccountDialogs() {
  const asked = useAccountQuestion((state) => state.asked)
  const accounts = useAccounts()
  const about = accounts?.find(({ account }) => account.id === asked?.id)
  if (asked === null || about === undefined) return null
  const { account, state } = about
  switch (asked.what) {
    case 'edit':
      return <EditAccountDialog key={account.id} account={account} onClose={dropAccountQuestion} />
    case 'edit-server':
      return <EditAccountDialog key={account.id} account={account} showServer onClose={dropAccountQuestion} />
    case 'edit-outgoing':
      return <EditAccountDialog key={account.id} account={account} showOutgoing onClose={dropAccountQuestion} />
    case 'remove':
      return <RemoveAccountDialog key={account.id} account={account} onClose={dropAccountQuestion} />
    case 'sign-in':
      return <ReconnectDialog key={account.id} account={account} failure={state.failure} onClose={dropAccountQuestion} onEdit={() => askAboutAccount('edit-server', account.id)} />
    case 'sign-in-outgoing':
      return <ReconnectDialog key={account.id} account={account} sending failure={null} onClose={dropAccountQuestion} onEdit={() => askAboutAccount('edit-outgoing', account.id)} />
  }
}
