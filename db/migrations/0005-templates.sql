-- Texts written once and sent often, and the documents that often go along.

CREATE TABLE template (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  -- '' for the top; 'Sourcing/First contact' for a folder in a folder.
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  shortcut TEXT,
  -- The shortcut in lower case: what must be unique among those that are there.
  shortcut_key TEXT,
  uses INTEGER NOT NULL DEFAULT 0,
  last_used_at INTEGER,
  updated_at INTEGER NOT NULL,
  -- Taken away by the person; deleted for good some time later.
  removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX template_shortcut ON template (shortcut_key) WHERE shortcut_key IS NOT NULL AND removed_at IS NULL;
CREATE INDEX template_removed ON template (removed_at) WHERE removed_at IS NOT NULL;

CREATE TABLE template_variant (
  template_id INTEGER NOT NULL REFERENCES template(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  html TEXT NOT NULL,
  PRIMARY KEY (template_id, position),
  UNIQUE (template_id, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE template_file (
  template_id INTEGER NOT NULL REFERENCES template(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  hash TEXT NOT NULL,
  filename TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (template_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX template_file_hash ON template_file (hash);

CREATE TABLE library_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL,
  filename TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  folder TEXT NOT NULL,
  uses INTEGER NOT NULL DEFAULT 0,
  added_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE INDEX library_file_hash ON library_file (hash);
