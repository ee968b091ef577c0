import type { ReactNode } from 'react'

/**
 * What a row of a page is, in the order in which they go where there is no room for all: what a
 * person types into, or would choose with Enter, stays to the last.
 */
const KINDS = ['gap', 'help', 'note', 'title', 'other', 'fault'] as const

export type PageRow = Readonly<{
  /** `other`: a field or choice that the keys do not go to now, `focus`: the one that they go to. */
  is: (typeof KINDS)[number] | 'focus'
  /** One row of the screen, or what draws it. */
  row: string | ReactNode
  /** What stands in it, for who looks for it. */
  id?: string
}>

/** As many rows as there is room for. */
export function rowsThatFit(rows: readonly PageRow[], height: number): readonly PageRow[] {
  let kept = rows
  for (const kind of KINDS) {
    if (kept.length <= height) break
    kept = kind === 'help' || kind === 'note' ? without(kept, kind) : fewer(kept, kind, height)
  }
  return kept.slice(0, Math.max(0, height))
}

/** Half of what is to be known misleads. */
function without(rows: readonly PageRow[], kind: PageRow['is']): readonly PageRow[] {
  return rows.filter(({ is }) => is !== kind)
}

function fewer(rows: readonly PageRow[], kind: PageRow['is'], height: number): readonly PageRow[] {
  let kept = rows
  while (kept.length > height) {
    const at = firstToGo(kept, kind)
    if (at === -1) break
    kept = kept.toSpliced(at, 1)
  }
  return kept
}

/** The last one; of what is chosen from the one furthest away, so that the rest has no hole. */
function firstToGo(rows: readonly PageRow[], kind: PageRow['is']): number {
  const last = rows.findLastIndex(({ is }) => is === kind)
  if (kind !== 'other') return last
  const first = rows.findIndex(({ is }) => is === kind)
  const focus = rows.findIndex(({ is }) => is === 'focus')
  return focus - first > last - focus ? first : last
}
