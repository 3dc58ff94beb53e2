-- Attempts in a row that ended by a fault of our own.
ALTER TABLE outgoing ADD COLUMN own_faults INTEGER NOT NULL DEFAULT 0;
