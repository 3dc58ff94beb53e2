// Every command there is. An area adds its commands by exporting a list that is named here.
import { composerCommands } from '../message/composer/composer-commands.ts'
import { messageCommands } from '../message/message-commands.ts'
import { folderCommands } from '../screens/inbox/folder-commands.ts'
import { accountsCommands } from '../screens/accounts/accounts-commands.ts'
import { ledgerCommands } from '../screens/ledger/ledger-commands.ts'
import { laneCommands } from '../screens/inbox/lane-commands.ts'
import { outboxCommands } from '../screens/outbox/outbox-commands.ts'
import { templatesCommands } from '../screens/templates/templates-commands.ts'
import { searchCommands } from '../screens/search/search-commands.ts'
import { useApp } from '../state.ts'
import { appCommands } from './app-commands.ts'
import { isPossible } from './command.ts'
import type { Command, CommandContext } from './command.ts'
import { goCommands } from './go-commands.ts'
import { moveCommands } from './move-commands.ts'
import { paneCommands } from './pane-commands.ts'
import { threadCommands } from './thread-commands.ts'
import { triageCommands } from './triage-commands.ts'

export const allCommands: readonly Command[] = [
  ...moveCommands,
  ...paneCommands,
  ...threadCommands,
  ...triageCommands,
  ...composerCommands,
  ...templatesCommands,
  ...messageCommands,
  ...folderCommands,
  ...goCommands,
  ...laneCommands,
  ...searchCommands,
  ...outboxCommands,
  ...accountsCommands,
  ...ledgerCommands,
  ...appCommands,
]

export function currentContext(): CommandContext {
  return { app: useApp.getState() }
}

/** Performs a command by its id when it is possible now. Says whether it was. */
export function perform(id: string): boolean {
  const context = currentContext()
  const command = allCommands.find((candidate) => candidate.id === id && isPossible(candidate, context))
  if (!command) return false
  run(command)
  return true
}

export function run(command: Command): void {
  void Promise.resolve(command.perform(currentContext())).catch(reportFailure)
}

let reportFailure: (error: unknown) => void = () => undefined

/** Where the failures of commands go that did not deal with them. */
export function onCommandFailure(report: (error: unknown) => void): void {
  reportFailure = report
}
