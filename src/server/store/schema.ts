/**
 * The migrations, oldest first. Their number is the version of a database (`user_version`). One
 * that was published never changes: databases made by it exist (test/golden/schema-v1.sql).
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  token_hash BLOB PRIMARY KEY,
  user INTEGER NOT NULL,
  device TEXT NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX sessions_by_user ON sessions (user);

-- kind 1: direct, between low and high (low <= high); kind 2: group, with a name.
-- The last seq, n and time of a conversation are those of its last entry, which is always kept.
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,
  low INTEGER,
  high INTEGER,
  name TEXT,
  name_key TEXT,
  members INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX direct_by_pair ON conversations (low, high) WHERE kind = 1;
CREATE UNIQUE INDEX groups_by_name ON conversations (name_key) WHERE kind = 2;
CREATE INDEX groups_by_members ON conversations (members) WHERE kind = 2;

CREATE TABLE entries (
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  n INTEGER NOT NULL,
  subject INTEGER,
  nonce BLOB,
  text TEXT,
  PRIMARY KEY (conversation, seq)
) WITHOUT ROWID, STRICT;

-- Entries that are not in their place yet, in the order in which they were appended.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  n INTEGER NOT NULL,
  subject INTEGER,
  nonce BLOB,
  text TEXT
) STRICT;

-- Apart from the entries because they outlive them. digest: of what was sent with the nonce.
CREATE TABLE nonces (
  conversation INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  seq INTEGER NOT NULL,
  digest INTEGER NOT NULL,
  PRIMARY KEY (conversation, sender, nonce)
) WITHOUT ROWID, STRICT;

CREATE TABLE group_nonces (
  user INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  conversation INTEGER NOT NULL,
  digest INTEGER NOT NULL,
  PRIMARY KEY (user, nonce)
) WITHOUT ROWID, STRICT;

-- joined: seq of the entry by which a group was joined, so also the order of joining.
CREATE TABLE memberships (
  conversation INTEGER NOT NULL,
  user INTEGER NOT NULL,
  role INTEGER NOT NULL,
  from_seq INTEGER NOT NULL,
  joined INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  read INTEGER NOT NULL,
  read_n INTEGER NOT NULL,
  PRIMARY KEY (conversation, user)
) WITHOUT ROWID, STRICT;
CREATE INDEX memberships_by_user ON memberships (user, conversation);
CREATE INDEX memberships_by_joining ON memberships (conversation, joined);

CREATE TABLE contacts (
  user INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  PRIMARY KEY (user, contact)
) WITHOUT ROWID, STRICT;
`,
  `
-- operator, banned (from the server), deleted, hide_receipts: 0 or 1.
ALTER TABLE users ADD COLUMN operator INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN banned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN ban_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN hide_receipts INTEGER NOT NULL DEFAULT 0;
-- classic 1: made by a client of version 1, and only such clients can log in to it.
ALTER TABLE users ADD COLUMN classic INTEGER NOT NULL DEFAULT 0;
-- What they say of themselves, 0: that they are there.
ALTER TABLE users ADD COLUMN status INTEGER NOT NULL DEFAULT 0;

-- access 1: public, 2: by invitation. history 1: newcomers by invitation may read it all.
-- A group that was ended has no name; of its log the last entry is kept.
ALTER TABLE conversations ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN access INTEGER NOT NULL DEFAULT 1;
ALTER TABLE conversations ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
-- What anybody may find, so that no other group is looked at for it.
DROP INDEX groups_by_members;
CREATE INDEX public_by_members ON conversations (members DESC, name_key) WHERE kind = 2 AND access = 1 AND name_key IS NOT NULL;
CREATE INDEX public_by_name ON conversations (name_key) WHERE kind = 2 AND access = 1 AND name_key IS NOT NULL;

CREATE INDEX contacts_by_contact ON contacts (contact);

-- target: seq of the text that an entry changes or answers. changed: seq of the last entry that
-- changed this one. role: what the subject became. mentions: user numbers with spaces between.
ALTER TABLE entries ADD COLUMN target INTEGER;
ALTER TABLE entries ADD COLUMN mentions TEXT;
ALTER TABLE entries ADD COLUMN role INTEGER;
ALTER TABLE entries ADD COLUMN changed INTEGER;
ALTER TABLE entries ADD COLUMN edited INTEGER;
CREATE INDEX entries_by_target ON entries (conversation, target) WHERE target IS NOT NULL;
ALTER TABLE journal ADD COLUMN target INTEGER;
ALTER TABLE journal ADD COLUMN mentions TEXT;
ALTER TABLE journal ADD COLUMN role INTEGER;

-- Groups that were ended and of whose logs more than the last entry is left.
CREATE TABLE ended (conversation INTEGER PRIMARY KEY) STRICT;

CREATE TABLE reactions (
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  user INTEGER NOT NULL,
  PRIMARY KEY (conversation, seq, text, user)
) WITHOUT ROWID, STRICT;

CREATE TABLE mentions (
  user INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (user, conversation, seq)
) WITHOUT ROWID, STRICT;
CREATE INDEX mentions_by_text ON mentions (conversation, seq);

CREATE TABLE bans (
  conversation INTEGER NOT NULL,
  user INTEGER NOT NULL,
  PRIMARY KEY (conversation, user)
) WITHOUT ROWID, STRICT;
CREATE INDEX bans_by_user ON bans (user);

-- What a user wants of a conversation for themselves; a row that says nothing is not kept. It stays
-- when they leave. unread: from that seq on it is to be read again, unread_n: the texts before it.
CREATE TABLE preferences (
  user INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  muted INTEGER NOT NULL,
  notify INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  unread_n INTEGER NOT NULL,
  PRIMARY KEY (user, conversation)
) WITHOUT ROWID, STRICT;
CREATE INDEX preferences_by_conversation ON preferences (conversation);

CREATE TABLE blocks (
  user INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  PRIMARY KEY (user, blocked)
) WITHOUT ROWID, STRICT;
CREATE INDEX blocks_by_blocked ON blocks (blocked);

-- conversation: the group that it opens, if any. used: how often it let somebody in.
CREATE TABLE invites (
  code TEXT PRIMARY KEY,
  conversation INTEGER,
  maker INTEGER,
  uses INTEGER NOT NULL,
  used INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX invites_by_maker ON invites (maker);
CREATE INDEX invites_by_group ON invites (conversation) WHERE conversation IS NOT NULL;
-- Who registered with an invite, and has not entered its group yet: that counts no second time.
CREATE TABLE invite_uses (
  code TEXT NOT NULL,
  user INTEGER NOT NULL,
  PRIMARY KEY (code, user)
) WITHOUT ROWID, STRICT;
`,
]
