-- Tables hold what cannot be derived. The search index, the triggers and the counters are in derived.sql.ts.

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  color TEXT NOT NULL,
  settings TEXT NOT NULL,
  keep TEXT NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  -- Its data is being deleted; no longer shown or synced.
  removing INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  last_success_at INTEGER
) STRICT;

CREATE TABLE folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  -- NULL while a folder made here has not reached the server.
  remote_id TEXT,
  parent_id INTEGER REFERENCES folder(id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  special TEXT,
  selectable INTEGER NOT NULL DEFAULT 1,
  subscribed INTEGER NOT NULL DEFAULT 1,
  icon TEXT,
  position INTEGER,
  shown_name TEXT,
  hidden INTEGER NOT NULL DEFAULT 0,
  -- Changes made here that the server has not confirmed. While above 0, sync leaves name and parent alone.
  pending INTEGER NOT NULL DEFAULT 0,
  -- Deleted here, not yet on the server: not shown, not synced.
  removing INTEGER NOT NULL DEFAULT 0,
  cursor TEXT,
  mark TEXT,
  total INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  server_total INTEGER,
  to_fetch INTEGER NOT NULL DEFAULT 0,
  expunged INTEGER NOT NULL DEFAULT 0,
  compared_at INTEGER,
  proved_at INTEGER,
  UNIQUE (account_id, remote_id)
) STRICT;
CREATE INDEX folder_parent ON folder (parent_id);

CREATE TABLE thread (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  -- Set when a person split or joined: such threads are never merged by References.
  choice TEXT,
  subject TEXT NOT NULL DEFAULT '',
  people TEXT NOT NULL DEFAULT '[]',
  snippet TEXT NOT NULL DEFAULT '',
  newest_id INTEGER NOT NULL DEFAULT 0,
  message_count INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  flagged INTEGER NOT NULL DEFAULT 0,
  answered INTEGER NOT NULL DEFAULT 0,
  has_attachment INTEGER NOT NULL DEFAULT 0,
  has_invite INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX thread_account ON thread (account_id);
CREATE UNIQUE INDEX thread_by_choice ON thread (account_id, choice) WHERE choice IS NOT NULL;

-- The id follows the message's date: see messageIdFor.
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  thread_id INTEGER NOT NULL REFERENCES thread(id),
  -- Hash of the raw header bytes and the size: the same mail in two folders is one message.
  identity BLOB NOT NULL,
  header_message_id TEXT,
  subject TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_address TEXT NOT NULL,
  -- {replyTo, to, cc, bcc} as arrays of {name, address}.
  people TEXT NOT NULL,
  recipients_omitted INTEGER NOT NULL DEFAULT 0,
  date INTEGER NOT NULL,
  size INTEGER NOT NULL,
  snippet TEXT NOT NULL DEFAULT '',
  -- 0 none, 1 stored, 2 unparsed (kept raw).
  body_state INTEGER NOT NULL DEFAULT 0,
  -- Why a body could not be parsed, or how often fetching it was refused.
  body_note TEXT,
  has_attachment INTEGER NOT NULL DEFAULT 0,
  invite TEXT,
  automatic INTEGER NOT NULL DEFAULT 0,
  list_id TEXT,
  unsubscribe TEXT,
  -- When its last placement went; purged some time later unless it turns up elsewhere (a move seen as delete and add).
  orphaned_at INTEGER
) STRICT;
CREATE UNIQUE INDEX message_identity ON message (account_id, identity);
CREATE INDEX message_thread ON message (thread_id);
CREATE INDEX message_orphan ON message (orphaned_at) WHERE orphaned_at IS NOT NULL;
CREATE INDEX message_without_body ON message (account_id, id) WHERE body_state = 0;
CREATE INDEX message_unparsed ON message (id) WHERE body_state = 2;
CREATE INDEX message_header_id ON message (header_message_id) WHERE header_message_id IS NOT NULL;

CREATE TABLE placement (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  folder_id INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  seen INTEGER NOT NULL,
  flagged INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  draft INTEGER NOT NULL,
  keywords TEXT NOT NULL DEFAULT '',
  -- Local changes the server has not confirmed; while above 0, sync leaves the flags alone.
  pending INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX placement_remote ON placement (folder_id, remote_id);
CREATE INDEX placement_message ON placement (message_id);

CREATE TABLE thread_folder (
  folder_id INTEGER NOT NULL REFERENCES folder(id) ON DELETE CASCADE,
  thread_id INTEGER NOT NULL REFERENCES thread(id) ON DELETE CASCADE,
  newest_id INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  flagged INTEGER NOT NULL,
  has_attachment INTEGER NOT NULL,
  PRIMARY KEY (folder_id, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_folder_thread ON thread_folder (thread_id);
CREATE INDEX thread_folder_newest ON thread_folder (folder_id, newest_id DESC);
CREATE INDEX thread_folder_unread ON thread_folder (folder_id, newest_id DESC) WHERE unread = 1;
CREATE INDEX thread_folder_flagged ON thread_folder (folder_id, newest_id DESC) WHERE flagged = 1;
CREATE INDEX thread_folder_attachment ON thread_folder (folder_id, newest_id DESC) WHERE has_attachment = 1;

-- Every Message-ID seen or referred to, hashed with its account, and the thread it belongs to.
CREATE TABLE thread_ref (
  ref BLOB PRIMARY KEY,
  thread_id INTEGER NOT NULL REFERENCES thread(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_ref_thread ON thread_ref (thread_id);

-- A person's choice, kept by Message-ID so that it survives the loss of every local id.
CREATE TABLE thread_choice (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  header_message_id TEXT NOT NULL,
  choice TEXT NOT NULL,
  PRIMARY KEY (account_id, header_message_id)
) STRICT, WITHOUT ROWID;

-- The text for reading and search, once it was fetched.
CREATE TABLE message_text (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  filenames TEXT NOT NULL
) STRICT;

-- Messages whose row in the search index is out of date, in the order they changed. Filled by triggers.
CREATE TABLE index_queue (
  -- Never used twice: the index worker remembers how far it came while rows behind it are deleted.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL
) STRICT;

CREATE TABLE message_html (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  -- zstd; unsanitised, as it came.
  html BLOB NOT NULL
) STRICT;

CREATE TABLE message_source (
  message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  -- zstd of the whole RFC 5322 source.
  source BLOB NOT NULL
) STRICT;

CREATE TABLE attachment (
  message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  idx INTEGER NOT NULL,
  filename TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  content_id TEXT,
  inline INTEGER NOT NULL,
  kind TEXT NOT NULL,
  dangerous INTEGER NOT NULL,
  PRIMARY KEY (message_id, idx)
) STRICT, WITHOUT ROWID;

-- What is owed to a server, in order per account.
CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  failure TEXT
) STRICT;
CREATE INDEX task_order ON task (account_id, id);
