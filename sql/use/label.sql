-- Naming segments.

CREATE FUNCTION segment_internal.label(model_id bigint, segment integer, label text, description text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m        segment_internal.catalog_model := segment_internal.owned_model(model_id);
    segments integer[] := ARRAY(SELECT s.segment FROM segment_internal.catalog_segment s
                                 WHERE s.model_id = m.model_id ORDER BY s.segment);
BEGIN
    IF segment IS NULL OR segment <> ALL (segments) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('model "%s" has no segment %s', m.name, coalesce(segment::text, 'NULL')),
            HINT = format('Its segments are %s to %s.', segments[1], segments[cardinality(segments)]);
    END IF;
    IF btrim(label) = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "label" is empty',
            HINT = 'NULL takes the label of a segment away.';
    ELSIF octet_length(label) > 1000 OR octet_length(description) > 10000 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "%s" is too long', CASE WHEN octet_length(label) > 1000 THEN 'label' ELSE 'description' END),
            HINT = 'A label has at most 1000 bytes, a description 10000.';
    END IF;
    PERFORM segment_internal.keep_label(model_id, segment, label, description);
END
$$;

COMMENT ON FUNCTION segment_internal.label IS 'Internal: segment_label of a model.';

CREATE FUNCTION @extschema@.segment_label(model text, segment integer, label text, description text DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE
RETURN segment_internal.label(segment_internal.model_id_now($1, current_schemas(true)), $2, $3, $4);

COMMENT ON FUNCTION @extschema@.segment_label IS
'Names a segment; the name shows in the profile and in members and survives refits. A NULL label takes the name away.';
