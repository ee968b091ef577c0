const FNV_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * What was sent with a nonce, in 32 bits (FNV-1a over UTF-16 units): tells the repetition of a
 * request from another request by mistake, nothing more. Kept in databases, so it never changes.
 */
export function digestOf(...parts: readonly string[]): number {
  let hash = FNV_BASIS
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 1) hash = mix(hash, part.charCodeAt(at))
    hash = mix(hash, 0xffff)
  }
  return hash >>> 0
}

function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, FNV_PRIME)
}
