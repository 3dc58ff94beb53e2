-- The name a draft is sent under, on whichever computer: that of the draft it was begun as. NULL: its own.
ALTER TABLE draft ADD COLUMN sending_name TEXT;
