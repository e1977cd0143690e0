-- CREATE EXTENSION runs this script as a superuser for any role that may create in the database, and puts the schema
-- that it names first in the search path. There such a role may keep functions and operators that suit a call better
-- than PostgreSQL's own do. So the script takes the schema off the path: from here on names without a schema, also
-- those in bodies that are bound when they are created, are PostgreSQL's, and ours have theirs in front.
SET LOCAL search_path = pg_catalog, pg_temp;

SET LOCAL standard_conforming_strings = on;

-- What users do not call has a schema of its own, in which nobody else may create: what a writable schema holds beside
-- our functions, under their names, cannot come between them.
CREATE SCHEMA segment_internal;

GRANT USAGE ON SCHEMA segment_internal TO PUBLIC;

COMMENT ON SCHEMA segment_internal IS 'What the extension segment is made of; its functions are not meant to be called by hand.';
