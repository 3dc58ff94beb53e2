-- Mail on its way out, and what became of it. The frozen bytes lie in files beside the database, named here.
CREATE TABLE outgoing (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  identity_id INTEGER,
  draft_id INTEGER,
  -- The message this one answers or forwards, and which of the two it does.
  source_message_id INTEGER REFERENCES message(id) ON DELETE SET NULL,
  source_mark TEXT,
  header_message_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  from_name TEXT NOT NULL,
  from_address TEXT NOT NULL,
  state TEXT NOT NULL,
  held_by TEXT NOT NULL DEFAULT 'computer',
  run_at INTEGER NOT NULL,
  -- The time a person chose, and the wall clock it meant in their time zone; NULL for mail that goes at once.
  chosen_at INTEGER,
  time_zone TEXT,
  wall TEXT,
  -- From when on the server may be asked to hold it; NULL when it was asked already or is not to be.
  handover_at INTEGER,
  created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  failure TEXT,
  route TEXT,
  said TEXT,
  sent_at INTEGER,
  size INTEGER NOT NULL,
  notify INTEGER NOT NULL DEFAULT 0,
  -- NULL once nothing can be owed any more.
  raw_file TEXT,
  -- The copy for Sent, where it differs from what travels.
  copy_file TEXT,
  -- The last bytes of an attempt may have left: only the server knows what became of it.
  passed INTEGER NOT NULL DEFAULT 0,
  -- Sent is to be searched before anything else: this often again.
  looks INTEGER NOT NULL DEFAULT 0,
  -- An APPEND was begun: Sent is searched before another one.
  append_begun INTEGER NOT NULL DEFAULT 0,
  -- Where the copy in Sent lies, as far as the server told.
  sent_folder_remote_id TEXT,
  sent_remote_id TEXT
) STRICT;
CREATE INDEX outgoing_account ON outgoing (account_id);
CREATE INDEX outgoing_source ON outgoing (source_message_id) WHERE source_message_id IS NOT NULL;
CREATE INDEX outgoing_header_id ON outgoing (header_message_id);
CREATE INDEX outgoing_draft ON outgoing (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX outgoing_sent ON outgoing (sent_at DESC, id DESC) WHERE state = 'sent';
CREATE INDEX outgoing_owed ON outgoing (run_at) WHERE state <> 'sent';

CREATE TABLE outgoing_recipient (
  outgoing_id INTEGER NOT NULL REFERENCES outgoing(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  said TEXT,
  status TEXT,
  PRIMARY KEY (outgoing_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX outgoing_bounced ON outgoing_recipient (address) WHERE state = 'bounced';

-- What was learned about an account's way out, so that it is known offline.
CREATE TABLE account_sending (
  account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE,
  -- Host and port it was learned of; another server is learned anew.
  server TEXT NOT NULL,
  -- 1: the server puts what it sends into Sent. NULL: not known.
  saves_sent INTEGER
) STRICT, WITHOUT ROWID;
