import { type Context, notify, show } from '../context.ts'
import { type Press, stepped } from '../keys/window-keys.ts'
import type { LinksWindow } from '../state/message-windows.ts'
import { linksIn } from '../text/links.ts'
import { type Chosen, chosenMessage } from './chosen.ts'
import { copyText } from './copy.ts'

/** The address in a message; of several one is chosen in a window. */
export function openLink(context: Context): Promise<void> | void {
  const { noLink } = context.look.words.reading
  const hasLink = ({ text }: Chosen['entry']) => linksIn(text).length > 0
  const { entry } = chosenMessage(context, hasLink, hasLink, noLink)
  const urls = [...new Set(linksIn(entry.text).map(({ url }) => url))]
  const [url = ''] = urls
  if (urls.length === 1) return openUrl(context, url)
  show(context, { type: 'links', urls, chosen: 0 })
}

/** A key in the window with the addresses of a message. */
export function linksKey(context: Context, overlay: LinksWindow, key: Press): void | Promise<void> {
  const chosen = stepped(key, overlay.chosen, overlay.urls.length)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  const url = overlay.urls[overlay.chosen] ?? ''
  if (key.action === 'copyLine') return copyText(context, url)
  if (key.action !== 'accept') return
  show(context, undefined)
  return openUrl(context, url)
}

async function openUrl(context: Context, url: string): Promise<void> {
  const { reading } = context.look.words
  notify(context, 'info', reading.opened(url))
  const opened = await context.openUrl(url)
  if (opened.state === 'opened') return
  context.copy(url)
  if (opened.state === 'none') return notify(context, 'info', reading.linkCopied(url))
  notify(context, 'error', reading.notOpened(opened.program, opened.reason))
}
