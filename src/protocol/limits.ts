/**
 * Every maximum of the protocol, with its unit in the name. Limits are checked before memory is
 * taken for what they bound. PROTOCOL.md prints this file's figures.
 */

/** Bytes before the payload: magic 4, version 1, serializer 1, command 1, length 4. */
export const FRAME_HEADER_BYTES = 11
/** A whole frame, header included. */
export const FRAME_BYTES_MAX = 65_536
/** What a frame can carry. */
export const PAYLOAD_BYTES_MAX = FRAME_BYTES_MAX - FRAME_HEADER_BYTES
/** A message's text, in UTF-8. */
export const TEXT_BYTES_MAX = 8_192
/** A user's or group's name, in Unicode characters (code points). */
export const NAME_CHARS_MAX = 32
/** The same in UTF-8: four bytes each at most. */
export const NAME_BYTES_MAX = NAME_CHARS_MAX * 4
/** An opaque id (`~…`). */
export const ID_BYTES_MAX = 32
/** A name or an id, with the `#` a person may write before a group. */
export const TARGET_BYTES_MAX = NAME_BYTES_MAX + 1
/** A password, in UTF-8. */
export const PASSWORD_BYTES_MAX = 1_024
/** A new password, in characters; NIST SP 800-63B asks for no less. */
export const PASSWORD_CHARS_MIN = 8
/** Random bytes that make a send repeatable (rule 3). */
export const NONCE_BYTES = 16
/** A session token: 256 random bits. */
export const TOKEN_BYTES = 32
/** What a client says of itself ('tchat 0.1.0 on Linux'), shown in the session list. */
export const DEVICE_BYTES_MAX = 64
/** An error's or goodbye's human words. */
export const REASON_BYTES_MAX = 512
/** An opaque token that continues a list. */
export const CONTINUATION_BYTES_MAX = 256
/** First members that one request may name. */
export const FIRST_MEMBERS_MAX = 100
/** Entries in one page. */
export const PAGE_ENTRIES_MAX = 500
/** Items in one list answer; a list that is longer is continued. */
export const LIST_ITEMS_MAX = 500
/** Members of the open conversation whose presence is pushed (rule 10). */
export const PRESENCE_MEMBERS_MAX = 200
/** A person's contacts. */
export const CONTACTS_MAX = 1_000
/** Members whom one text names with @ and who are told so. */
export const MENTIONS_MAX = 50
/** Texts that name a member, as they are counted for a head: so many, or more. */
export const MENTIONS_COUNTED_MAX = 100
/** A reaction, in UTF-8: the longest emoji sequences have 35. */
export const REACTION_BYTES_MAX = 64
/** Different reactions to one text. */
export const REACTIONS_MAX = 20
/** What a group is about, in UTF-8. */
export const TOPIC_BYTES_MAX = 512
/** An invite's code. */
export const INVITE_BYTES_MAX = 32
/** So many characters has the code of every invite that a server makes; a shorter one was cut. */
export const INVITE_CHARS = 16
/** People that one invite can let in. */
export const INVITE_USES_MAX = 1_000
/** Days that an invite can last. */
export const INVITE_DAYS_MAX = 365
/** Days that an invite lasts unless said otherwise. */
export const INVITE_DAYS_DEFAULT = 7
/** Invites of one person that have not expired. */
export const INVITES_MAX = 1_000
/** Members up to which receipts name each of them (rule 9). */
export const RECEIPT_MEMBERS_MAX = 50
/** Sessions of one account; with one more the one that was not used for longest ends. */
export const SESSIONS_MAX = 400
/** An opaque id of a session. */
export const SESSION_ID_BYTES_MAX = 32
/** Words to search for. */
export const SEARCH_BYTES_MAX = 256
/** Different words of one search. */
export const SEARCH_WORDS_MAX = 8
/** People on a block list. */
export const BLOCKS_MAX = 1_000
/** The secret of who owns the data folder. */
export const OPERATOR_SECRET_BYTES = 32
/** An operator's argument. */
export const ADMIN_ARGUMENT_BYTES_MAX = 4_096
/** One answer to an operator. */
export const ADMIN_REPORT_BYTES_MAX = 60_000
/** Heartbeat intervals without a byte after which either side gives the connection up (rule 13). */
export const SILENT_INTERVALS_MAX = 3
