-- A forwarded message is marked with the keyword $Forwarded (RFC 5788), which other programs set too.
ALTER TABLE thread ADD COLUMN forwarded INTEGER NOT NULL DEFAULT 0;
UPDATE thread SET forwarded = 1 WHERE id IN (
  SELECT m.thread_id FROM placement p JOIN message m ON m.id = p.message_id WHERE ' ' || lower(p.keywords) || ' ' LIKE '% $forwarded %'
  UNION
  SELECT m.thread_id FROM outgoing o JOIN message m ON m.id = o.source_message_id WHERE o.source_mark = 'forwarded' AND o.sent_at IS NOT NULL
);
