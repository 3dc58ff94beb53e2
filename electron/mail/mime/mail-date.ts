// The Date field: RFC 5322 with its obsolete forms, and what broken clocks and scripts put there.

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Minutes east of Greenwich. */
const zones: ReadonlyMap<string, number> = new Map([
  ['est', -300], ['edt', -240], ['cst', -360], ['cdt', -300], ['mst', -420], ['mdt', -360], ['pst', -480], ['pdt', -420],
  ['cet', 60], ['cest', 120], ['met', 60], ['mest', 120], ['mez', 60], ['mesz', 120], ['bst', 60], ['ist', 330], ['jst', 540],
  ['eet', 120], ['eest', 180], ['msk', 180], ['wet', 0], ['west', 60], ['aest', 600], ['aedt', 660],
])

const rfc5322 = /(?:^|[\s,])(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s,.-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:\.\d{1,9})?\s*(?:\(?([+-]\s?\d{1,2}:?\d{2}|[a-z]{1,5}))?/i
const asctime = /^(?:[a-z]{3,9},?\s+)?([a-z]{3})[a-z]*\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+(?:([+-]\d{4}|[a-z]{1,5})\s+)?(\d{4})/i

/** Years outside this are a clock that was never set, or a joke. */
const firstYear = 1970
const lastYear = 2100

/** UTC milliseconds; null when the text names no moment between 1970 and 2100. A missing zone is read as UTC. */
export function readDate(raw: string): number | null {
  const text = raw.slice(0, 200).trim()
  const usual = rfc5322.exec(text)
  if (usual !== null) {
    const [, day, month, year, hour, minute, second, zone] = usual
    return moment(fullYear(year ?? ''), month ?? '', Number(day), Number(hour), Number(minute), Number(second ?? 0), zone)
  }
  const old = asctime.exec(text)
  if (old !== null) {
    const [, month, day, hour, minute, second, zone, year] = old
    return moment(Number(year), month ?? '', Number(day), Number(hour), Number(minute), Number(second ?? 0), zone)
  }
  if (/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)/.test(text)) {
    const parsed = Date.parse(text)
    return Number.isNaN(parsed) ? null : within(parsed)
  }
  return null
}

/** RFC 5322 4.3: two digits under 50 are this century, three digits count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year
  return digits.length === 3 ? 1900 + year : year
}

function moment(year: number, monthName: string, day: number, hour: number, minute: number, second: number, zone: string | undefined): number | null {
  const month = months.indexOf(monthName.toLowerCase())
  if (month === -1 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 61) return null
  return within(Date.UTC(year, month, day, hour, minute, Math.min(second, 59)) - zoneMinutes(zone) * 60_000)
}

/** Minutes east of UTC that the field itself names; null when it names none, or only UTC without meaning a place (-0000, RFC 5322 3.3). */
export function readZone(raw: string): number | null {
  const text = raw.slice(0, 200).trim()
  const zone = rfc5322.exec(text)?.[7] ?? asctime.exec(text)?.[6]
  if (zone === undefined || zone.replace(/\s/g, '') === '-0000') return null
  return /^[+-]/.test(zone) || zones.has(zone.toLowerCase()) ? zoneMinutes(zone) : null
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined) return 0
  const numeric = /^([+-])\s?(\d{1,2}):?(\d{2})$/.exec(zone)
  if (numeric === null) return zones.get(zone.toLowerCase()) ?? 0
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3])
  // No place is further than 14 hours away; -9999 and the like mean nothing.
  if (minutes > 14 * 60) return 0
  return numeric[1] === '-' ? -minutes : minutes
}

function within(ms: number): number | null {
  return ms >= Date.UTC(firstYear, 0, 1) && ms < Date.UTC(lastYear, 0, 1) ? ms : null
}
