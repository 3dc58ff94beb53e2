// What can be computed again from the tables: the folder counters, the list of what is to be indexed, and the search index
// itself, which lives in a file of its own. Applied after every migration, because rebuilding a table silently drops the
// triggers on it.

/** Bump when the definition of the search index changes: the next open builds it anew. */
export const searchVersion = 1

/** Contentless: the texts stand in the mail database; the index is told ids and words only. Its rows carry message ids. */
export const createSearch = `
CREATE VIRTUAL TABLE search USING fts5(
  subject, sender, recipients, body, filenames,
  content='', contentless_delete=1,
  tokenize='unicode61 remove_diacritics 2', prefix='3'
);`

export const derivedTriggers = `
DROP TRIGGER IF EXISTS index_message;
CREATE TRIGGER index_message AFTER INSERT ON message BEGIN
  INSERT INTO index_queue (message_id) VALUES (new.id);
END;
DROP TRIGGER IF EXISTS index_message_gone;
CREATE TRIGGER index_message_gone AFTER DELETE ON message BEGIN
  INSERT INTO index_queue (message_id) VALUES (old.id);
END;
DROP TRIGGER IF EXISTS index_text;
CREATE TRIGGER index_text AFTER INSERT ON message_text BEGIN
  INSERT INTO index_queue (message_id) VALUES (new.message_id);
END;
DROP TRIGGER IF EXISTS index_text_changed;
CREATE TRIGGER index_text_changed AFTER UPDATE ON message_text BEGIN
  INSERT INTO index_queue (message_id) VALUES (new.message_id);
END;
DROP TRIGGER IF EXISTS index_text_gone;
CREATE TRIGGER index_text_gone AFTER DELETE ON message_text BEGIN
  INSERT INTO index_queue (message_id) VALUES (old.message_id);
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
