// What can be computed again from the tables: the search index with its triggers, and the folder counters. Applied after
// every migration, because rebuilding a table silently drops the triggers on it.

/** Bump when the definition of the search index changes: the next open drops and rebuilds it. */
export const searchVersion = 1

export const createSearch = `
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
  subject, sender, recipients, body, filenames,
  content='message_text', content_rowid='message_id',
  tokenize='unicode61 remove_diacritics 2', prefix='3'
);`

export const derivedTriggers = `
DROP TRIGGER IF EXISTS search_insert;
CREATE TRIGGER search_insert AFTER INSERT ON message_text BEGIN
  INSERT INTO search (rowid, subject, sender, recipients, body, filenames)
  VALUES (new.message_id, new.subject, new.sender, new.recipients, new.body, new.filenames);
END;
DROP TRIGGER IF EXISTS search_delete;
CREATE TRIGGER search_delete AFTER DELETE ON message_text BEGIN
  INSERT INTO search (search, rowid, subject, sender, recipients, body, filenames)
  VALUES ('delete', old.message_id, old.subject, old.sender, old.recipients, old.body, old.filenames);
END;
DROP TRIGGER IF EXISTS search_update;
CREATE TRIGGER search_update AFTER UPDATE ON message_text BEGIN
  INSERT INTO search (search, rowid, subject, sender, recipients, body, filenames)
  VALUES ('delete', old.message_id, old.subject, old.sender, old.recipients, old.body, old.filenames);
  INSERT INTO search (rowid, subject, sender, recipients, body, filenames)
  VALUES (new.message_id, new.subject, new.sender, new.recipients, new.body, new.filenames);
END;

DROP TRIGGER IF EXISTS count_insert;
CREATE TRIGGER count_insert AFTER INSERT ON placement BEGIN
  UPDATE folder SET total = total + 1, unread = unread + (new.seen = 0) WHERE id = new.folder_id;
END;
DROP TRIGGER IF EXISTS count_delete;
CREATE TRIGGER count_delete AFTER DELETE ON placement BEGIN
  UPDATE folder SET total = total - 1, unread = unread - (old.seen = 0) WHERE id = old.folder_id;
END;
DROP TRIGGER IF EXISTS count_seen;
CREATE TRIGGER count_seen AFTER UPDATE OF seen, folder_id ON placement BEGIN
  UPDATE folder SET total = total - 1, unread = unread - (old.seen = 0) WHERE id = old.folder_id;
  UPDATE folder SET total = total + 1, unread = unread + (new.seen = 0) WHERE id = new.folder_id;
END;`
