import {
  Archive, Bell, Bookmark, Briefcase, Building2, CalendarDays, CircleCheck, CircleHelp, CircleX, Clock, FileText, FileUser, Flag, Folder as FolderIcon,
  GraduationCap, Handshake, Heart, House, Inbox, Mails, MessagesSquare, Newspaper, Phone, Rocket, Send, ShieldAlert, Star, Trash2, UserCheck, Users,
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Folder, SpecialUse } from '../../../shared/model/folder.ts'

const special: Readonly<Record<SpecialUse, LucideIcon>> = {
  inbox: Inbox,
  drafts: FileText,
  sent: Send,
  archive: Archive,
  junk: ShieldAlert,
  trash: Trash2,
  all: Mails,
  flagged: Star,
}

/** What a person can choose for a folder, by the word that is stored. */
export const choosableIcons: Readonly<Record<string, LucideIcon>> = {
  folder: FolderIcon,
  users: Users,
  'user-check': UserCheck,
  'file-user': FileUser,
  briefcase: Briefcase,
  building: Building2,
  handshake: Handshake,
  calendar: CalendarDays,
  phone: Phone,
  messages: MessagesSquare,
  clock: Clock,
  check: CircleCheck,
  cross: CircleX,
  question: CircleHelp,
  star: Star,
  heart: Heart,
  flag: Flag,
  bookmark: Bookmark,
  bell: Bell,
  rocket: Rocket,
  graduation: GraduationCap,
  newspaper: Newspaper,
  house: House,
  archive: Archive,
}

export function folderIcon(folder: Pick<Folder, 'icon' | 'special'>): LucideIcon {
  const chosen = folder.icon === null ? undefined : choosableIcons[folder.icon]
  return chosen ?? (folder.special ? special[folder.special] : FolderIcon)
}
