/** What no two calls answer alike, and every run answers in the same order. */

let nonces = 0

/** 16 bytes that nothing else was sent with. */
export function newNonce(): Buffer {
  nonces += 1
  const bytes = Buffer.alloc(16, 0x5f)
  bytes.writeUInt32BE(nonces, 12)
  return bytes
}

let times = 100

/** Later than all before: only then there is one order by time. */
export function nextTime(): number {
  times += 1
  return times
}
