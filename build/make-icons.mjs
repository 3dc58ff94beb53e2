// Draws every icon file from the SVG files here with an installed Chromium: `node build/make-icons.mjs [chromium]`.
// The results are committed, so that packaging needs no browser.
import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from '@playwright/test'

const at = (name) => new URL(name, import.meta.url)
const browser = await chromium.launch({ executablePath: process.argv[2] ?? '/usr/bin/chromium', chromiumSandbox: false, args: ['--disable-gpu'] })
const page = await browser.newPage()

async function draw(svg, size) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
  return page.screenshot({ omitBackground: true })
}

const icon = readFileSync(at('icon.svg'), 'utf8')
// The same picture with less in it, for where less can be seen.
const small = readFileSync(at('icon-small.svg'), 'utf8')
const tray = readFileSync(at('tray.svg'), 'utf8')
const png = new Map()
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) png.set(size, await draw(size > 48 ? icon : small, size))

/** Windows: a directory of PNG images. */
function ico(sizes) {
  const head = Buffer.alloc(6 + 16 * sizes.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(sizes.length, 4)
  let offset = head.length
  sizes.forEach((size, index) => {
    const entry = 6 + 16 * index
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(png.get(size).length, entry + 8)
    head.writeUInt32LE(offset, entry + 12)
    offset += png.get(size).length
  })
  return Buffer.concat([head, ...sizes.map((size) => png.get(size))])
}

/** macOS: PNG images under their four-letter types, plain and for dense screens. */
function icns() {
  const images = [['icp4', 16], ['ic11', 32], ['icp5', 32], ['ic12', 64], ['ic07', 128], ['ic13', 256], ['ic08', 256], ['ic14', 512], ['ic09', 512], ['ic10', 1024]].map(([type, size]) => {
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(8 + png.get(size).length, 4)
    return Buffer.concat([head, png.get(size)])
  })
  const head = Buffer.alloc(8)
  head.write('icns', 'latin1')
  head.writeUInt32BE(8 + images.reduce((sum, image) => sum + image.length, 0), 4)
  return Buffer.concat([head, ...images])
}

const stroked = (color) => tray.replace('fill="none"', `fill="none" stroke="${color}"`)
writeFileSync(at('icon.png'), png.get(1024))
writeFileSync(at('icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]))
writeFileSync(at('icon.icns'), icns())
// Run-time icons, copied to out/icons: the tray, its black template for macOS, and the picture under a dragged file.
writeFileSync(at('icons/tray.png'), png.get(24))
writeFileSync(at('icons/tray@2x.png'), png.get(48))
writeFileSync(at('icons/trayTemplate.png'), await draw(stroked('#000'), 16))
writeFileSync(at('icons/trayTemplate@2x.png'), await draw(stroked('#000'), 32))
writeFileSync(at('icons/drag.png'), png.get(64))
await browser.close()
