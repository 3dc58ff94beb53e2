const rows = [
  { hue: '215', name: 74, subject: 138 },
  { hue: '25', name: 58, subject: 116 },
  { hue: '150', name: 88, subject: 150 },
  { hue: '300', name: 64, subject: 102 },
] as const

/** The promise as a picture: this computer with its mail, your server, one line between them and nothing on it. */
export function StraightLine({ className }: { readonly className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 420 300" fill="none" className={className} overflow="visible">
      <defs>
        <filter id="straight-line-shadow" x="-20%" y="-20%" width="140%" height="150%">
          <feDropShadow dx="0" dy="8" stdDeviation="12" floodColor="#14161e" floodOpacity="0.13" />
        </filter>
      </defs>
      <path d="M252 150h76" stroke="var(--accent)" strokeWidth="2" strokeLinecap="round" />
      <g filter="url(#straight-line-shadow)">
        <rect x="12" y="44" width="240" height="212" rx="14" fill="var(--raised)" stroke="var(--line)" />
        <rect x="328" y="92" width="80" height="116" rx="12" fill="var(--raised)" stroke="var(--line)" />
      </g>
      <g fill="var(--line)">
        <circle cx="30" cy="61" r="3.5" />
        <circle cx="42" cy="61" r="3.5" />
        <circle cx="54" cy="61" r="3.5" />
      </g>
      <path d="M12 78h240" stroke="var(--line)" />
      <rect x="20" y="86" width="224" height="36" rx="7" fill="var(--accent-soft)" />
      {rows.map((row, at) => (
        <g key={row.hue} transform={`translate(30 ${String(92 + at * 40)})`} style={{ '--hue': row.hue } as Record<string, string>}>
          <circle cx="12" cy="12" r="12" style={{ fill: 'oklch(from oklch(var(--avatar-fill) var(--hue)) l c h)' }} />
          <circle cx="12" cy="9.5" r="3.4" style={{ fill: 'oklch(from oklch(var(--avatar-ink) var(--hue)) l c h)' }} opacity="0.65" />
          <path d="M5.6 18.4a6.6 6.6 0 0 1 12.8 0" style={{ fill: 'oklch(from oklch(var(--avatar-ink) var(--hue)) l c h)' }} opacity="0.65" />
          <rect x="34" y="3" width={row.name} height="6" rx="3" fill="var(--ink)" opacity={at === 0 ? 0.8 : 0.42} />
          <rect x="34" y="15" width={row.subject} height="5" rx="2.5" fill="var(--ink-3)" opacity="0.32" />
        </g>
      ))}
      {[0, 1, 2].map((at) => (
        <g key={at} transform={`translate(340 ${String(106 + at * 32)})`}>
          <rect width="56" height="24" rx="6" fill="var(--fill)" stroke="var(--line)" />
          <circle cx="11" cy="12" r="3" fill="var(--ok)" />
          <path d="M30 12h16" stroke="var(--line-control)" strokeWidth="2" strokeLinecap="round" opacity="0.6" />
        </g>
      ))}
      <circle cx="252" cy="150" r="4.5" fill="var(--raised)" stroke="var(--accent)" strokeWidth="2" />
      <circle cx="328" cy="150" r="4.5" fill="var(--raised)" stroke="var(--accent)" strokeWidth="2" />
      <g>
        <circle cx="290" cy="150" r="12" fill="var(--accent)" />
        <path d="M286 149v-2.2a4 4 0 0 1 8 0v2.2" stroke="var(--on-accent)" strokeWidth="1.6" strokeLinecap="round" />
        <rect x="284.8" y="148.6" width="10.4" height="7.4" rx="1.8" fill="var(--on-accent)" />
      </g>
    </svg>
  )
}
