import type { TestProject } from 'vitest/node'
import { newServerFolder, postgresPrograms, removeServer } from './postgres-server.ts'
import { leftFolders } from './run-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the PostgreSQL server that the first test that needs one starts; empty: there is none. */
    postgresFolder: string
  }
}

/**
 * For the whole test run: where a PostgreSQL server would be, and its end. What a run that was killed
 * has left goes, too.
 */
export function setup({ provide }: TestProject): () => void {
  for (const folder of leftFolders()) removeLeft(folder)
  const folder = postgresPrograms() === undefined ? '' : newServerFolder()
  provide('postgresFolder', folder)
  return () => {
    if (folder !== '') removeServer(folder)
  }
}

function removeLeft(folder: string): void {
  try {
    removeServer(folder)
  } catch {
    // Somebody else's, or another run removes it just now.
  }
}
