import type { Command } from '../../commands/command.ts'

export const accountsCommands: readonly Command[] = []
