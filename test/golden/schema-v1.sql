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
