import { conversationKind } from '../../../protocol/records.ts'
import { type Database, prepare } from '../statements.ts'
import type { Figures } from '../store.ts'

/** Counts what is in the database, whenever it is called. */
export function figuresOf(db: Database): () => Figures {
  const { direct, group } = conversationKind.values
  const select = prepare<Figures>(
    db,
    `SELECT
       (SELECT count(*) FROM users WHERE deleted = 0) AS users,
       (SELECT count(*) FROM users WHERE banned = 1) AS banned,
       (SELECT count(*) FROM users WHERE operator = 1) AS operators,
       (SELECT count(*) FROM conversations WHERE kind = ${group} AND name IS NOT NULL) AS groups,
       (SELECT count(*) FROM conversations WHERE kind = ${direct}) AS directs,
       (SELECT count(*) FROM sessions) AS sessions,
       (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes,
       (SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size)
         AS freeBytes`,
  )
  return () => {
    const row = select.get()
    if (row === undefined) throw new Error('counting gave nothing')
    return row
  }
}
