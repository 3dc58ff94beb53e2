-- Begun on another computer, which may have been told to send it at the same time.
ALTER TABLE outgoing ADD COLUMN continued INTEGER NOT NULL DEFAULT 0;
-- When such a mail was last looked for in Sent, in vain, to let the other computer go first.
ALTER TABLE outgoing ADD COLUMN looked_at INTEGER;
