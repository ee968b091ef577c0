import type { User } from '../../protocol/messages.ts'
import type { EditorState } from '../input/editor.ts'
import type { Counts } from './receipts.ts'

/** The windows over the chat that are about one message, or one person. */
export type MessageWindow = DeleteWindow | ReactWindow | InfoWindow | WhoisWindow | LinksWindow

/** Which message: the conversation's target id and its seq. */
export type MessagePlace = Readonly<{ target: string; seq: number }>

export type DeleteWindow = MessagePlace & Readonly<{ type: 'deleteMessage'; chosen: number }>

export type ReactWindow = MessagePlace &
  Readonly<{ type: 'react'; query: EditorState; chosen: number }>

export type InfoWindow = MessagePlace &
  Readonly<{
    type: 'messageInfo'
    /** The first row that is shown. */
    top: number
    /** How far the others have got with it; undefined until the server has said so. */
    counts: Counts | undefined
    fault: string
  }>

/** The addresses in a message, of which one is to be opened. */
export type LinksWindow = Readonly<{ type: 'links'; urls: readonly string[]; chosen: number }>

export type WhoisWindow = Readonly<{ type: 'whois'; user: User }>
