// Loaded into the program by a story that moves the clock (node --import): every clock in the process is ahead by so much.
const ahead = Number(process.env['STORY_AHEAD_MS'])
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + ahead)
    else super(...given)
  }
  static now() {
    return RealDate.now() + ahead
  }
}
