import { Building2, CircleHelp, Newspaper, UserRound } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Lane } from '../../../shared/model/lane.ts'

export const laneIcons: Readonly<Record<Lane, LucideIcon>> = { candidates: UserRound, clients: Building2, unknown: CircleHelp, bulk: Newspaper }
