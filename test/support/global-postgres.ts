import type { TestProject } from 'vitest/node'
import { newServerFolder, postgresPrograms, removeServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the PostgreSQL server that the first test that needs one starts; empty: there is none. */
    postgresFolder: string
  }
}

/** For the whole test run: where a PostgreSQL server would be, and its end. */
export function setup({ provide }: TestProject): () => void {
  const folder = postgresPrograms() === undefined ? '' : newServerFolder()
  provide('postgresFolder', folder)
  return () => {
    if (folder !== '') removeServer(folder)
  }
}
