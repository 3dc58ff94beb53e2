-- A mail made of this draft was given back while nobody knew whether it had arrived: Sent is searched before the next one goes.
ALTER TABLE draft ADD COLUMN may_have_left INTEGER NOT NULL DEFAULT 0;
