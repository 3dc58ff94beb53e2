-- What a person writes: senders, signatures, drafts with their versions, and the files that go along.

CREATE TABLE signature (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  html TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  reply_to TEXT,
  signature_new INTEGER REFERENCES signature(id) ON DELETE SET NULL,
  signature_reply INTEGER REFERENCES signature(id) ON DELETE SET NULL,
  is_default INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX identity_account ON identity (account_id, position);
CREATE UNIQUE INDEX identity_default ON identity (account_id) WHERE is_default = 1;
CREATE INDEX identity_signature_new ON identity (signature_new) WHERE signature_new IS NOT NULL;
CREATE INDEX identity_signature_reply ON identity (signature_reply) WHERE signature_reply IS NOT NULL;

INSERT INTO identity (account_id, name, address, is_default) SELECT id, name, address, 1 FROM account WHERE removing = 0 ORDER BY position;

CREATE TABLE draft (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  -- Names the draft in the copies of it on servers. Random, so that two computers never name two drafts the same.
  name TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  -- The newest version, for lists; its whole content is in draft_version.
  people TEXT NOT NULL,
  subject TEXT NOT NULL,
  snippet TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  source_message_id INTEGER REFERENCES message(id) ON DELETE SET NULL,
  thread_id INTEGER REFERENCES thread(id) ON DELETE SET NULL,
  -- Message-IDs without brackets, frozen when the draft was made; refs is a JSON array, oldest first.
  in_reply_to TEXT,
  refs TEXT NOT NULL DEFAULT '[]',
  copied_version INTEGER,
  -- A version this old is all the server needs: nothing a person wrote came after it.
  settled_version INTEGER NOT NULL DEFAULT 0,
  outgoing INTEGER NOT NULL DEFAULT 0,
  discarded_at INTEGER
) STRICT;
CREATE INDEX draft_account ON draft (account_id);
CREATE INDEX draft_source ON draft (source_message_id) WHERE source_message_id IS NOT NULL;
CREATE INDEX draft_thread ON draft (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX draft_listed ON draft (updated_at) WHERE discarded_at IS NULL AND outgoing = 0;

CREATE TABLE draft_version (
  draft_id INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  subject TEXT NOT NULL,
  snippet TEXT NOT NULL,
  -- zstd of the content as JSON.
  content BLOB NOT NULL,
  PRIMARY KEY (draft_id, version)
) STRICT, WITHOUT ROWID;

-- The original a draft quotes or sends on, kept with it so that it survives the original's deletion.
CREATE TABLE draft_quote (
  draft_id INTEGER PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE,
  -- {from, to, cc, date, subject, language} of the original.
  about TEXT NOT NULL,
  -- zstd of safe HTML; its own pictures refer to stored files as cid:HASH.
  html BLOB NOT NULL
) STRICT;

-- Messages on a server that are copies of a draft. Noted before they are put there, so that none is ever forgotten; they
-- outlive the draft until they are removed.
CREATE TABLE draft_copy (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  draft_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  folder_remote_id TEXT NOT NULL,
  header_message_id TEXT NOT NULL,
  -- NULL until the server said it, or for ever where it does not.
  remote_id TEXT,
  -- Hash of what was put there, to tell it from another program's edit under the same Message-ID.
  hash BLOB
) STRICT;
CREATE INDEX draft_copy_draft ON draft_copy (draft_name);
CREATE INDEX draft_copy_header ON draft_copy (header_message_id);

-- Files by their content; the bytes lie in the data folder under the hash.
CREATE TABLE stored_file (
  hash TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  -- When it was stored or let go the last time: an unused file is kept for some time after.
  touched_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stored_file_touched ON stored_file (touched_at);

-- Who still needs a file. `owner` is 'draft', 'signature', 'template', 'library' or 'outgoing'.
CREATE TABLE file_use (
  owner TEXT NOT NULL,
  owner_id INTEGER NOT NULL,
  hash TEXT NOT NULL REFERENCES stored_file(hash),
  PRIMARY KEY (owner, owner_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_use_hash ON file_use (hash);

-- What an answer needs of the original's header beyond what the message row keeps; only where there is any.
CREATE TABLE reply_header (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  -- JSON array of Message-IDs, oldest first.
  refs TEXT NOT NULL,
  list_post TEXT,
  -- Mail-Followup-To as a JSON array of addresses.
  followup_to TEXT
) STRICT;

-- The largest message an account's outgoing server takes, as it said last; bytes.
CREATE TABLE size_limit (
  account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
  bytes INTEGER,
  asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
