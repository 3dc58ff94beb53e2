import { AccountsSettings } from '../accounts/accounts-settings.tsx'

export function SettingsScreen() {
  return <AccountsSettings />
}
