-- Attempts after which some recipients were to be tried again later, by their servers' wish.
ALTER TABLE outgoing ADD COLUMN deferrals INTEGER NOT NULL DEFAULT 0;
