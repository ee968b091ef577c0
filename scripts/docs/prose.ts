import { SILENT_MS_MAX } from '../../src/net/silence.ts'
import { NATIVE_SERIALIZER, NATIVE_VERSION } from '../../src/protocol/frames.ts'
import {
  FRAME_BYTES_MAX,
  FRAME_HEADER_BYTES,
  MENTIONS_COUNTED_MAX,
  NAME_CHARS_MAX,
  NONCE_BYTES,
  PASSWORD_CHARS_MIN,
  PAYLOAD_BYTES_MAX,
  PRESENCE_MEMBERS_MAX,
  RECEIPT_MEMBERS_MAX,
  SILENT_INTERVALS_MAX,
  TEXT_BYTES_MAX,
  TOKEN_BYTES,
} from '../../src/protocol/limits.ts'
import {
  ACCOUNT_CONNECTIONS_MAX,
  CROWD_COUNTED_MAX,
  CROWD_GAP_MS,
  CURSOR_MS,
  defaultRates,
  GUEST_MS_MAX,
  HEARTBEAT_MS,
  SESSION_MS,
  TURN_MS_MAX,
} from '../../src/server/limits.ts'

/** The parts of PROTOCOL.md that are written by hand. Every figure comes from where it is used. */

export const intro = `# The protocol of tchat

Everything between a client and a server of tchat is said here. With this page and
[tchat.proto](tchat.proto) a client can be written in any language.

Both files are made by \`npm run docs\` from the table in \`src/protocol/messages.ts\` and its
neighbours; a test fails when they are out of date.

**In one paragraph.** A client opens a TCP connection (port 8000), agrees on TLS, and sends frames: an
${FRAME_HEADER_BYTES}-byte header and a protobuf message. It logs in, asks for the heads of its
conversations, and fetches what it lacks. Every conversation is a log of entries that are numbered 1,
2, 3, …; a message that was sent is acknowledged with its number once it is on disk, and pushed to
every member. What a client did not see while it was away has numbers above the last one it saw.`

export const connection = `## Connection

A server listens on one TCP port, 8000 unless it was told otherwise. The first byte that a client
sends tells how it speaks:

| first byte | what follows |
| --- | --- |
| \`16\` | a TLS ClientHello: TLS 1.2 or 1.3, and frames inside it |
| \`12\` | a frame without TLS |
| any other | the server closes the connection without sending a byte |

Frames without TLS are taken from loopback addresses (127.0.0.0/8, ::1, ::ffff:127.0.0.0/104) and from
everywhere when the server was started with \`--allow-plaintext\`; elsewhere the first frame is
answered with \`goodbye\`, code \`plaintextRefused\`. A client uses TLS unless a person told it not
to, and never falls back from it on its own.

### Whom one talks to

Most servers have a self-signed certificate. What is trusted is then its key:

1. A certificate that the system's authorities verify for the host name that was dialled is good.
2. Otherwise the client compares the certificate's **fingerprint** with the one it keeps for that host
   and port (the *pin*): \`sha256:\` and 64 lower-case hex digits, the SHA-256 of the certificate's
   SubjectPublicKeyInfo in DER. A new certificate on the same key has the same fingerprint.
   \`openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform der | sha256sum\` prints
   the digits, and so does the server when it starts.
3. Without a pin: on loopback the key is pinned silently. Elsewhere a person is asked; a program
   without one stops and names the fingerprint.
4. A key that is not the pinned one is refused. No password or token is sent to it.

There is no other authentication of the server, and no client certificate.

### Looking at it

\`tchat dissector > tchat.lua\` makes a plugin for Wireshark and tshark from the table of messages: every
frame, every field (\`tchat.sendGroup.text\`, \`tchat.Entry.seq\`), every error, and the packets of version
1. Of TLS it sees what Wireshark can decrypt; a server on loopback also takes \`--plaintext\`.`

export const frame = `## Frame

Numbers are big-endian. The layout is the same in all versions.

| offset | bytes | field | value |
| --- | --- | --- | --- |
| 0 | 4 | magic | \`12 34 56 78\` |
| 4 | 1 | version | ${NATIVE_VERSION} |
| 5 | 1 | serializer | ${NATIVE_SERIALIZER}: the proto3 wire format; it belongs to version ${NATIVE_VERSION} |
| 6 | 1 | command | which message the payload is: see [Messages](#messages) |
| 7 | 4 | length | bytes of the payload, unsigned, at most ${number(PAYLOAD_BYTES_MAX)} |
| 11 | length | payload | the message's fields; may be empty |

A whole frame has at most ${number(FRAME_BYTES_MAX)} bytes. Frames follow each other without anything
between; where the network cuts the stream means nothing. With Netty:
\`LengthFieldBasedFrameDecoder(${FRAME_BYTES_MAX}, 7, 4)\`.

A wrong magic, version, serializer or length ends the connection, at its first wrong byte. A peer that
has sent at least one valid frame is told why first, with \`goodbye\`; one that has not is sent
nothing. Version 1 with serializer 1 (JSON) is for clients of another kind, where a server speaks it: see
[the end of this page](#version-1-the-classic-profile). A
command that is not known is answered with \`error\`, code \`unknownCommand\`, and the connection
stays; a client passes over what it does not know.`

export const payload = `## Payload

A payload is one message of [tchat.proto](tchat.proto) in the proto3 wire format, without a length or
tag of its own. Any protobuf library can read and write it. Names are written here as in the table of
messages (\`logIn\`, \`readN\`), and there as protobuf has them: message \`LogIn\`, field \`read_n\`, values
like \`COMMAND_LOG_IN\`. Where a field's name is a word of one's language, as \`from\` is in
Python, the library has another way to it. What is used of the format:

- A field is a tag and a value. The tag is a varint: field number × 8 + wire type.
- **varint** (wire type 0) for *uint*, *bool* and *choice*: seven bits to a byte, the lowest first, the
  highest bit says that more follows. Numbers go up to 2^53 − 1, or to the maximum in the table.
- **length-delimited** (wire type 2) for *text* (UTF-8), *bytes* and *record*: a varint length and so
  many bytes. A record holds fields again.
- A list is its field repeated, once for each item.

Reading:

- An absent field is its default: 0, false, the empty text, no bytes, the choice with number 0, no
  record, the empty list. A default need not be written.
- Fields may come in any order. One that is not known, or known with another wire type, is passed over
  (wire types 0, 1, 2, 5): that is how messages grow. Of a single field that is repeated the last one
  counts; records that are repeated so are merged.
- A number that is not of a choice reads as 0. Skip entries of a kind that you do not know.
- A payload that breaks this form, is not UTF-8 where it should be, or is beyond a maximum of its
  table ends the connection: \`goodbye\`, code \`badPayload\`. Groups (wire types 3 and 4) are broken.

Maxima of texts are in bytes of UTF-8. Times are milliseconds since 1970-01-01 UTC, by the server's
clock. Ids are opaque short texts that begin with \`~\`; where a table says 'id or name', both do.`

export const states = `## States

\`\`\`
            connect                 logIn, register
  (nothing) ───────► guest ───────────────────────────────► member
                      ▲ │  ◄─────────────────────────────── │ │
                      │ │              logOut               │ │
                      │ └── heartbeat                       │ └── every other request
                      │                                     │
                      └───────── goodbye, or closed ◄───────┘
                                        gone
\`\`\`

| state | may ask | may be told |
| --- | --- | --- |
| **guest** | \`logIn\`, \`register\`, \`heartbeat\` | answers, \`error\`, \`goodbye\` |
| **member** | all but \`logIn\` and \`register\` | the same, and notices: \`directEntry\`, \`groupEntry\`, \`groupCreated\`, \`marked\`, \`presences\`, \`contacts\`, \`typed\`, \`receipts\`, \`settings\`, \`preferencesChanged\`, \`serverState\` |
| **gone** | nothing: the connection is closed | \`goodbye\` was the last frame, if there was time for one |

A request that the state does not allow is answered with \`error\`, code \`notLoggedIn\` or
\`alreadyLoggedIn\`, and changes nothing. Nothing is pushed before \`loggedIn\`. After \`loggedOut\` the
connection is a guest again and nothing is pushed any more. Several connections may be logged in as one
user; each is a device of theirs and gets everything.`

export const rules = `## Rules

1. **Requests.** Field 1 of every request is an id that the client chooses, above 0 and up to
   2^32 − 1; best counted upwards. Its answer, or \`error\`, has the same; a notice has none. Every
   request is answered exactly once, unless the connection ends before. Requests may be sent without
   waiting for answers; they are begun in the order in which they came, but the answers may come in
   another. \`logIn\`, \`register\`, \`logOut\` and \`heartbeat\` wait until everything before them was
   answered. When a connection ends, nobody knows whether its unanswered requests were done: rule 3 says
   why repeating them is safe.
2. **Log.** What all members of a conversation must see is an entry of its log, with the next \`seq\`.
   Entries of one conversation are pushed in the order of seq and without gaps from the first one that is
   pushed. The sending connection gets both \`sent\` and the pushed entry (known by its nonce), in
   either order. A push with a conversation that one does not know is the first sign of a new one: ask
   \`sync\` for its head.
3. **Exactly once.** A send has a nonce of ${NONCE_BYTES} random bytes, unique for its conversation and
   sender. Sending the same again, on any connection, at any time, also when either side crashed,
   appends nothing and is answered with the first one's place, also after one has quit. The same nonce
   with another text, or as an answer to another one, is refused (\`nonceReused\`). \`createGroup\` works
   alike. Joining, quitting, contacts, cursors, edits, deletions and reactions can be repeated by nature. So a client keeps what it wrote, with its nonce, until
   \`sent\` has come, and sends it again after every log-in until then. **A repetition goes to the id of a
   group, never to its name**: a group may be renamed and another one take the name, and to that one the
   nonce is new, so that both would get the text. Who has only the name asks for the id (\`members\` has
   it, and so has a head) and keeps that before sending. Once a group is deleted, a repetition is
   answered \`unknownGroup\`, although the text may have been stored while there was one. What is refused
   for what it is, as with \`goodbye\`, code \`badPayload\`, is refused again however often it is sent:
   it is taken out, and a person told.
4. **Durable.** \`sent\` means: on disk. \`heartbeatAnswer\` comes after everything earlier on that
   connection is on disk and answered.
5. **Membership has a beginning.** A member sees entries from the head's \`from\` on. In public groups
   that is the first kept one; in groups by invitation the entry by which they became a member, unless
   the group has \`history\`; anew each time that they come back. A change of the group's access changes
   nothing for who is a member. An \`edited\` entry whose target stands before \`from\` has an empty text and
   no mentions for that member, pushed or in a page. Joining puts both cursors on the entry that says so: nobody begins with
   thousands of unread messages. The last entry that is pushed to someone who leaves is the one that
   says so: \`quit\` of theirs, \`removed\` or \`banned\` about them, or \`ended\`.
6. **Cursors.** A member has two in each conversation: \`delivered\` (reached a device) and \`read\`. They
   only move forward; a smaller value changes nothing, a larger one than the last seq counts as that.
   Every entry has \`n\`, the number of text messages up to it, so that unread = \`n\` of the last entry
   − \`readN\`. Joins, edits and reactions never count. The head's \`mentions\` counts the texts above
   \`read\` that name the member with @, up to ${MENTIONS_COUNTED_MAX}. Sending moves one's own cursors. They are written at most every
   ${CURSOR_MS} ms; a crash may move one back, which does no harm. 'Mark unread' is a preference beside them
   (\`changePreferences\`): it moves no cursor and nobody else learns of it. The server never takes it
   away, since a client that shows a conversation may have nobody before it; a client does (\`seen\`)
   when a person opens the conversation or writes in it. Leaving takes it away, too.
7. **Heads.** \`sync\` answers with where every conversation stands. A client that saw up to seq *s* of
   one lacks *s* + 1 … \`last\`; it fetches them with \`getPage\`, the newest first when they are many.
   An entry is known by (conversation, seq): one that comes twice is dropped, a gap is fetched.
8. **Changes.** \`edit\`, \`deleteEntry\` and \`react\` append an entry (\`edited\`, \`deleted\`, \`reacted\`,
   \`unreacted\`) whose \`target\` is the seq of a text. Pages and search give a text as it is now, and say
   in \`changed\` up to which change. So a client applies a change to the text that it has when the
   change's seq is above the text's \`changed\`, which then becomes that seq: \`edited\` puts its text and
   mentions in the place of the old ones; \`deleted\` empties the text and takes mentions and reactions
   away; (un)\`reacted\` counts the reaction up or down. Reactions stand in the order of their count, the
   greatest first, then of their UTF-16 units. A text that is empty was deleted: of it, and of what
   changed it, nothing is kept, so that entries of changes may have empty texts, too. What is pushed has
   \`changed\` 0. A nonce is good for ever: the first send can be repeated after an edit or a deletion.
9. **Receipts.** \`getReceipts\` says how far the others have got with what the asker wrote, each by name
   in groups of up to ${RECEIPT_MEMBERS_MAX} members, in numbers above: nobody's cursors stand beyond the asker's
   newest text (looked for among the newest 1,000 entries, and at the seq that is asked for), and what
   others wrote is not counted. Those who joined after an entry are not counted for it.
   \`receipts\` notices come once a second at most: to the other side of a direct conversation, always; in
   a group, to who has it open (\`watch\`) and wrote in it. Who hides what they have read
   (\`changeSettings\`) has read 0; those between whom there is a block see nothing of each other, and of
   whose account is deleted nothing is seen: 0 and 0.
10. **Presence** (\`presences\`) of one's contacts and of those one has a direct conversation with is
    pushed; of the conversation that is open (\`watch\`), of its first ${PRESENCE_MEMBERS_MAX} members. At
    most once a second. Of a group with more members it is told how many of them are online, too, every
    ${CROWD_GAP_MS / 1_000} seconds at most and when it is another number: of its first
    ${CROWD_COUNTED_MAX.toLocaleString('en-GB')} members on all nodes, of further ones on one's own.
    Who is blocked by someone sees them as not connected. Of who is connected it
    also says the status (\`setStatus\`), which is of the account and outlasts its connections.
11. **Direct conversations** belong to two users: there is one, whoever writes first, also when both do at
    the same time. It begins with its first message. The one with oneself is called Notes. Who is blocked by the other
    side (\`block\`) is refused what they send there (\`blocked\`), and cannot put that user into groups; in
    groups that both are in, everything is as before. Blocks stand in one's list of contacts.
12. **Names** of users and groups have 1 to ${NAME_CHARS_MAX} letters or digits of any script, '.', '_' and
    '-', and begin with a letter or digit. They are kept in Unicode's form NFKC; two names are the same
    when they are after case folding. 张三 is a name. A user's name is theirs for ever. A group's name is
    unique among groups and shown as \`#name\`; a \`#\` in front is dropped where one is asked for. A new
    user is a member of \`#lobby\`, which has no owner. An empty group keeps its name and log,
    and who joins it next owns nothing; one by invitation ends when the last member leaves it.
    **Roles**: what each request of a group takes is said with it. An owner may do everything; an admin
    removes and bans members, but not other admins; there may be several of both. When the last
    owner leaves, the admin, else the member, who has been there longest becomes owner, which an entry
    \`role\` says before \`quit\`; the last owner cannot give the role up otherwise. In a public group every
    member may add others; who is banned is added and let in by nobody. An invite of a group by
    invitation is good as long as who made it is its admin or owner. When a group was deleted, its name
    is free at once, and asking for it by its id is answered \`unknownGroup\`. So is the id of a group by
    invitation, for who is no member, unless they join with a good invite. By its name they learn that the
    name is taken, and no more: a refusal never has more of a group than what was asked. Each entering by
    an invite counts as a use of it, but for the first of who registered with the same. Who was banned
    from a public group cannot enter it; they find it with \`find\`, as anybody does.
13. **Time-outs**: see [Signs of life](#signs-of-life).
14. **Rates.** The server bounds them. A member's request beyond the rate waits for its turn, and those
    that came after it on the same connection wait behind it, so that order is kept; the server reads no
    more meanwhile. One whose turn would not come within ${TURN_MS_MAX / 1_000} s gets \`error\`, code
    \`rateLimited\`, and \`retryMs\`; a failed log-in beyond the rate gets it at once. With the rates
    below, a client that keeps at most 100 sends unanswered is never refused one, and what it sends to a
    conversation has the order in which it was sent. Who is refused sends that request again, and all
    that it sent later to the same conversation only after it. Unless its operator chose otherwise: ${defaultRates.messagesPerSecond} messages a second
    for each account (${number(defaultRates.messagesBurst)} at once; other requests count as parts of one
    or as several), ${defaultRates.failedLogInsPerAccount} failed log-ins a minute for an account and
    ${defaultRates.failedLogInsPerAddress} for an address (a registration counts as one; as many again with tokens that are
    not good), ${defaultRates.passwordsPerAccount} passwords of an account a minute, right ones too, ${defaultRates.newConnectionsPerSecond} new
    connections a second and ${number(defaultRates.openConnections)} open ones for an address
    (\`goodbye\`, code \`tooManyConnections\`, which tells no time: come back after a second at the least,
    and later each time). An account has ${ACCOUNT_CONNECTIONS_MAX} connections at most: one more \`logIn\` gets
    \`error\`, code \`tooManyConnections\`.
15. **TLS**: see [Connection](#connection).

The numbers are those that the source cites.

A text is what its sender wrote: up to ${number(TEXT_BYTES_MAX)} bytes of UTF-8, with line feeds, without
markup. A client that shows it in a terminal takes control characters and escape sequences out first.
A password has at least ${PASSWORD_CHARS_MIN} characters.`

export const heartbeat = `## Signs of life

\`loggedIn\` says \`heartbeatMs\` (${number(HEARTBEAT_MS)}). A client sends something at least that often;
when it has nothing else to say, \`heartbeat\`. Any byte is a sign of life. A server that hears nothing
for ${SILENT_INTERVALS_MAX} intervals says \`goodbye\`, code \`timedOut\`; a client that hears nothing for as
long, though it sent a heartbeat, gives the connection up (tchat after ${SILENT_MS_MAX / 1_000} s already when it waits for
the answer to something else, which the heartbeat would have to wait for, too). A peer that is slow but alive is never closed:
what it did not read yet is kept in the log and comes later, in order.

A connection that has not sent a whole frame ${GUEST_MS_MAX / 1_000} s after it was opened is closed. A
client does not hold one while a person thinks about their password.`

export const resume = `## Coming back

\`loggedIn\` gave a token of ${TOKEN_BYTES} bytes: the session. It is good for
${SESSION_MS / 86_400_000} days from its last use, until \`logOut\`, on whichever of its connections: the others are
then told \`goodbye\`, code \`revoked\`. A client keeps the token (readable by
its user only) and never the password. When a connection is lost:

1. Wait: a short random time at first, longer after every failure, up to half a minute or so.
2. Connect, and \`logIn\` with the token alone. \`badToken\`: the session is over, a person must log in.
3. \`sync\`, page by page, until \`next\` is empty. A conversation that is not named is no longer
   one's own.
4. For each head whose \`last\` is above the last seq seen (by a client that remembers none: above the
   head's \`delivered\`, for what stands below was sent to some device of the account): \`getPage\` with \`after\` for a small gap;
   with nothing for a large one (the newest page), and what is between when a person scrolls there.
   Pushes that come meanwhile fit in by their seq.
5. Send again everything that was not acknowledged, each with its old nonce (rule 3).
6. \`mark\` what was taken in as delivered, and what was looked at as read.

After \`goodbye\` with code \`stopping\` the same, for the server comes back; after \`revoked\` a person
must log in.`

function number(value: number): string {
  return value.toLocaleString('en-GB')
}
