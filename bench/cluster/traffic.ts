/** What NATS has taken from nodes and given to them, since its start. */
export type Traffic = Readonly<{
  /** Packs that nodes have published, and their bytes. */
  packs: number
  bytes: number
  /** Packs given to other nodes: each goes to all but its own. */
  readings: number
}>

export const NO_TRAFFIC: Traffic = { packs: 0, bytes: 0, readings: 0 }

type Varz = Readonly<{ in_msgs: number; in_bytes: number; out_msgs: number }>

/** @param port of NATS' own monitoring */
export async function busTraffic(port: number): Promise<Traffic> {
  const answer = await fetch(`http://127.0.0.1:${port}/varz`)
  const { in_msgs, in_bytes, out_msgs } = (await answer.json()) as Varz
  return { packs: in_msgs, bytes: in_bytes, readings: out_msgs }
}

export function between(before: Traffic, after: Traffic): Traffic {
  return {
    packs: after.packs - before.packs,
    bytes: after.bytes - before.bytes,
    readings: after.readings - before.readings,
  }
}
