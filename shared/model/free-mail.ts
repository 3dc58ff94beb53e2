// Domains where anybody gets a mailbox: an address there says nothing about the company its owner works for.
const domains: ReadonlySet<string> = new Set([
  'gmail.com', 'googlemail.com', 'outlook.com', 'outlook.de', 'outlook.no', 'hotmail.com', 'hotmail.de', 'hotmail.no', 'hotmail.co.uk', 'hotmail.fr',
  'live.com', 'live.de', 'live.no', 'live.se', 'live.dk', 'live.nl', 'live.co.uk', 'msn.com', 'yahoo.com', 'yahoo.de', 'yahoo.no', 'yahoo.se', 'yahoo.dk',
  'yahoo.co.uk', 'yahoo.fr', 'yahoo.it', 'yahoo.es', 'ymail.com', 'rocketmail.com', 'icloud.com', 'me.com', 'mac.com', 'aol.com', 'aim.com',
  'gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch', 'gmx.com', 'web.de', 't-online.de', 'freenet.de', 'posteo.de', 'posteo.net', 'mailbox.org', 'arcor.de', 'email.de',
  '1und1.de', 'online.de', 'vodafone.de', 'magenta.de', 'mail.de', 'bluewin.ch', 'sunrise.ch', 'hispeed.ch', 'aon.at', 'chello.at',
  'online.no', 'broadpark.no', 'frisurf.no', 'lyse.net', 'getmail.no', 'telia.com', 'telenor.no', 'spray.se', 'bredband.net', 'comhem.se', 'mail.dk', 'tdc.dk',
  'proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me', 'tutanota.com', 'tutanota.de', 'tuta.io', 'tuta.com', 'fastmail.com', 'fastmail.fm', 'hey.com', 'zoho.com',
  'mail.com', 'email.com', 'yandex.com', 'yandex.ru', 'mail.ru', 'inbox.lv', 'seznam.cz', 'wp.pl', 'o2.pl', 'onet.pl', 'interia.pl', 'op.pl', 'gazeta.pl',
  'orange.fr', 'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'libero.it', 'virgilio.it', 'tiscali.it', 'btinternet.com', 'sky.com', 'virginmedia.com',
  'ziggo.nl', 'kpnmail.nl', 'hetnet.nl', 'planet.nl', 'telenet.be', 'skynet.be', 'qq.com', '163.com', '126.com', 'comcast.net', 'verizon.net', 'att.net',
])

export function isFreeMail(domain: string): boolean {
  return domains.has(domain)
}
