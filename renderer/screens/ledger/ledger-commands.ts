import type { Command } from '../../commands/command.ts'

export const ledgerCommands: readonly Command[] = []
