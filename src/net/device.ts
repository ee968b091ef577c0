import { DEVICE_BYTES_MAX } from '../protocol/limits.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * What of a device's name fits into its field, whole characters only: a host may be called anything,
 * and nobody shall fail to log in for that.
 */
export function fitDevice(name: string): string {
  let fitting = ''
  for (const { segment } of segmenter.segment(name.toWellFormed())) {
    if (Buffer.byteLength(fitting + segment) > DEVICE_BYTES_MAX) break
    fitting += segment
  }
  return fitting
}
