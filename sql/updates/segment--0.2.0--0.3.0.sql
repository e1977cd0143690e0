\echo Use "ALTER EXTENSION segment UPDATE" to load this file. \quit

-- plan/choice.sql

CREATE OR REPLACE FUNCTION segment_internal.words(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    word   text;
    result text;
BEGIN
    FOREACH word IN ARRAY string_to_array(btrim(regexp_replace(regexp_replace(regexp_replace(name COLLATE "C",
        '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), '[\s_\x01-\x1f\x7f]+', ' ', 'g')), ' ')
    LOOP
        result := coalesce(result || ' ', '') || CASE WHEN word COLLATE "C" ~ '^[A-Z0-9]{2,}$' THEN word ELSE lower(word COLLATE "C") END;
    END LOOP;
    RETURN coalesce(result, '');
END
$$;
