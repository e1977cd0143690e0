-- The source that a model is bound to.

CREATE FUNCTION segment_internal.source_of(m segment_internal.catalog_model) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hint  text := 'Restore it, or fit the model anew with segment_kmeans(..., replace => true).';
    wrong record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.source) THEN
        RAISE undefined_table USING
            MESSAGE = format('the source of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew on another relation.';
    END IF;
    PERFORM segment_internal.check_columns(m.source, m.key, 'key', hint),
            segment_internal.check_columns(m.source, coalesce(segment_internal.group_by(m), '{}'), 'group_by', hint),
            segment_internal.check_columns(
                m.source, segment_internal.model_columns(m), 'features', hint),
            segment_internal.check_weight(m.source, m.options ->> 'sample_weight', hint);
    SELECT c.* INTO wrong
      FROM jsonb_populate_recordset(NULL::segment_internal.source_column, m.preparation -> 'columns') WITH ORDINALITY f
      JOIN segment_internal.columns(m.source) c ON c.column_name = f.name
     WHERE CASE f.kind WHEN 'number' THEN c.kind NOT IN ('number', 'boolean', 'date', 'interval')
                       WHEN 'category' THEN c.kind NOT IN ('category', 'boolean')
                       ELSE c.kind <> f.kind END
     ORDER BY f.ordinality LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, of which model "%s" cannot make its features',
                             wrong.column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = m.source), wrong.data_type,
                             m.name),
            HINT = hint;
    END IF;
    IF m.assignment_kind <> 'none' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.assignment) THEN
        RAISE undefined_table USING
            MESSAGE = format('the assignment of model "%s" no longer exists', m.name),
            HINT = 'Fit the model anew with segment_kmeans(..., replace => true).';
    END IF;
    RETURN m.source;
END
$$;

COMMENT ON FUNCTION segment_internal.source_of IS
'Internal: the source of a model, which must still have what the model was fitted on.';
