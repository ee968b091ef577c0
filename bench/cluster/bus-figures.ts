import { encode } from '../../src/protocol/codec.ts'
import type { Figure } from '../figure.ts'
import { median } from '../measure.ts'
import { ENGLISH, groupEntry } from '../samples.ts'
import type { Traffic } from './traffic.ts'

/** What a member is sent of one message. */
const ENTRY_BYTES = encode(groupEntry(ENGLISH)).length

/**
 * What went over the bus while so many messages were said, what nodes always say included.
 * @param what was said, and where
 */
export function busFigures(
  what: string,
  rounds: readonly Traffic[],
  messages: number,
): readonly Figure[] {
  const each = (read: (traffic: Traffic) => number) => median(rounds.map(read)) / messages
  const packs = each((traffic) => traffic.packs) * 1_000
  const readings = each((traffic) => traffic.readings) * 1_000
  const bytes = each((traffic) => traffic.bytes)
  return [
    figure(`packs on the bus for 1,000, ${what}`, packs, 1_000, 'a pack for each'),
    figure(`… and given to other nodes`, readings, packs, 'packs published'),
    figure(`… bytes for one, as published`, bytes, ENTRY_BYTES, 'the frame that a member is sent'),
  ]
}

function figure(what: string, ours: number, ceiling: number, beside: string): Figure {
  return { what, ours, ceiling, ratio: ours / ceiling, beside }
}
