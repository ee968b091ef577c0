import { protoFile } from './proto.ts'
import { protocolPage } from './protocol.ts'

/** Every file that is made from the source: its path from the root, and what makes it. */
export const generated: Readonly<Record<string, () => string>> = {
  'docs/PROTOCOL.md': protocolPage,
  'docs/tchat.proto': protoFile,
}
