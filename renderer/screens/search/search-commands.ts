import type { Command } from '../../commands/command.ts'

export const searchCommands: readonly Command[] = []
