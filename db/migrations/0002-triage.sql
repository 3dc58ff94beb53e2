-- Acting on mail: what is owed to servers for each message, lanes, muting, snoozing, steps that can be taken back, and the
-- people mail goes to and comes from.

-- Everybody written to or heard from, by account. Addresses are lower-case.
CREATE TABLE correspondent (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  -- What follows the @.
  domain TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  sent INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL DEFAULT 0,
  -- Minutes east of UTC in the Date field of their last mail.
  utc_offset INTEGER,
  -- When a person asked that it be suggested no more; written to after that, it is again. 0: never asked.
  forgotten INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX correspondent_written ON correspondent (address) WHERE sent > 0;
CREATE INDEX correspondent_domain_written ON correspondent (domain) WHERE sent > 0;

WITH person AS (
  SELECT m.account_id, lower(m.from_address) AS address, m.from_name AS name, 0 AS sent, 1 AS received, m.date
  FROM message m JOIN account a ON a.id = m.account_id
  WHERE m.from_address LIKE '%_@_%' AND lower(m.from_address) <> lower(a.address) AND m.automatic = 0 AND m.list_id IS NULL
  UNION ALL
  SELECT m.account_id, lower(json_extract(j.value, '$.address')), json_extract(j.value, '$.name'), 1, 0, m.date
  FROM message m JOIN account a ON a.id = m.account_id, json_each(m.people) list, json_each(list.value) j
  WHERE lower(m.from_address) = lower(a.address) AND list.key IN ('to', 'cc', 'bcc') AND json_extract(j.value, '$.address') LIKE '%_@_%'
    AND lower(json_extract(j.value, '$.address')) <> lower(a.address)
)
INSERT INTO correspondent (account_id, address, domain, name, sent, received, last_at)
SELECT account_id, address, substr(address, instr(address, '@') + 1), coalesce(max(name), ''), sum(sent), sum(received), max(date)
FROM person GROUP BY account_id, address;

CREATE INDEX message_sender ON message (lower(substr(from_address, instr(from_address, '@') + 1)), lower(from_address));
CREATE INDEX message_list ON message (lower(list_id)) WHERE list_id IS NOT NULL;

-- A person's own say about whose mail goes where; wins over what is worked out.
CREATE TABLE lane_rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  lane TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (kind, value)
) STRICT;

-- Threads whose lane is to be worked out again; emptied in small writes.
CREATE TABLE lane_due (
  thread_id INTEGER PRIMARY KEY REFERENCES thread(id) ON DELETE CASCADE
) STRICT;
INSERT INTO lane_due SELECT id FROM thread;

-- Derived, like the rest of a thread's summary.
ALTER TABLE thread ADD COLUMN lane TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE thread ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread ADD COLUMN snoozed_until INTEGER;
ALTER TABLE thread ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX thread_snoozed ON thread (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- Where the thread stands in the folder's list, highest first; NULL while it is snoozed and not shown there. The newest
-- message's id, or the id a message of the instant would have at which it came back.
ALTER TABLE thread_folder ADD COLUMN rank INTEGER;
ALTER TABLE thread_folder ADD COLUMN lane TEXT NOT NULL DEFAULT 'unknown';
UPDATE thread_folder SET rank = newest_id;
DROP INDEX thread_folder_newest;
DROP INDEX thread_folder_unread;
DROP INDEX thread_folder_flagged;
DROP INDEX thread_folder_attachment;
CREATE INDEX thread_folder_rank ON thread_folder (folder_id, rank, thread_id);
CREATE INDEX thread_folder_lane ON thread_folder (folder_id, lane, rank, thread_id, unread);
CREATE INDEX thread_folder_unread ON thread_folder (folder_id, rank, thread_id) WHERE unread = 1;
CREATE INDEX thread_folder_flagged ON thread_folder (folder_id, rank, thread_id) WHERE flagged = 1;
CREATE INDEX thread_folder_attachment ON thread_folder (folder_id, rank, thread_id) WHERE has_attachment = 1;

-- Conversations muted and snoozed, by the Message-IDs of their messages (or '#' and the identity of a message that has
-- none), so that both survive the loss of every local id.
CREATE TABLE mute (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  message_key TEXT NOT NULL,
  PRIMARY KEY (account_id, message_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE snooze (
  account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  message_key TEXT NOT NULL,
  until INTEGER NOT NULL,
  set_at INTEGER NOT NULL,
  -- When it came back; it keeps the place this gave it in the list.
  returned_at INTEGER,
  -- Somebody looked at it since.
  opened INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, message_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX snooze_until ON snooze (until) WHERE returned_at IS NULL;

-- 'started': it may have reached the server, so it cannot be dropped as if nothing had happened.
ALTER TABLE task ADD COLUMN started INTEGER NOT NULL DEFAULT 0;
-- Could not be done and waits for the person to read it; no longer in the order.
ALTER TABLE task ADD COLUMN problem INTEGER NOT NULL DEFAULT 0;
CREATE INDEX task_waiting ON task (account_id, id) WHERE problem = 0;
CREATE INDEX task_problem ON task (id) WHERE problem = 1;

-- One placement's part in a task. Where it is a move or a deletion, folder_id and remote_id say where the server still has
-- the message: sync passes over it there. What it is called where it was put in the meantime is 'local:' and this id.
CREATE TABLE owed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER NOT NULL REFERENCES task(id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
  -- Not a reference: what was deleted here has none any more.
  placement_id INTEGER NOT NULL,
  -- Of a copy: the placement it made.
  made_id INTEGER,
  -- Of a flag change: seen, flagged, answered or keywords, and its value before.
  field TEXT,
  before TEXT,
  folder_id INTEGER,
  remote_id TEXT,
  -- Its flags as they were, to bring back what was deleted here.
  flags TEXT,
  -- The server no longer has it there.
  gone INTEGER NOT NULL DEFAULT 0,
  -- What the server said of the field meanwhile.
  told TEXT
) STRICT;
CREATE INDEX owed_task ON owed (task_id);
CREATE INDEX owed_message ON owed (message_id);
CREATE INDEX owed_placement ON owed (placement_id, id);
CREATE UNIQUE INDEX owed_departed ON owed (folder_id, remote_id) WHERE remote_id IS NOT NULL;

INSERT INTO owed (task_id, message_id, placement_id, field, before)
SELECT t.id, p.message_id, p.id, iif(json_extract(t.payload, '$.seen') IS NOT NULL, 'seen', 'flagged'),
       iif(coalesce(json_extract(t.payload, '$.seen'), json_extract(t.payload, '$.flagged')), '0', '1')
FROM task t, json_each(t.payload, '$.placements') j JOIN placement p ON p.id = j.value WHERE t.kind = 'set-flags';
UPDATE task SET payload = json_object(
  'field', iif(json_extract(payload, '$.seen') IS NOT NULL, 'seen', 'flagged'),
  'value', json(iif(coalesce(json_extract(payload, '$.seen'), json_extract(payload, '$.flagged')), 'true', 'false')))
WHERE kind = 'set-flags';

-- What the person did, newest last, so that it can be taken back.
CREATE TABLE undo_step (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  threads INTEGER NOT NULL,
  messages INTEGER NOT NULL
) STRICT;
CREATE TABLE undo_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  step_id INTEGER NOT NULL REFERENCES undo_step(id) ON DELETE CASCADE,
  -- Removing an account takes its steps along.
  account_id TEXT REFERENCES account(id) ON DELETE CASCADE,
  data TEXT NOT NULL
) STRICT;
CREATE INDEX undo_item_step ON undo_item (step_id, id);
CREATE INDEX undo_item_account ON undo_item (account_id);
