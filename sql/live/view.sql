-- segment_live_view

CREATE FUNCTION segment_internal.live_view(model_id bigint, view_name text) RETURNS regclass
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.live_view IS 'Internal: segment_live_view of a model, as its owner.';

CREATE FUNCTION segment_internal.live_view_as_owner(model_id bigint, view_name text) RETURNS regclass
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m      segment_internal.catalog_model;
    schema text;
    live   regclass;
BEGIN
    PERFORM segment_internal.check_writable('segment_live_view');
    m := segment_internal.ungrouped(segment_internal.claim(model_id, true), 'live view');
    IF view_name = '' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "view_name" is empty',
            HINT = 'Leave it out to name the view after the model.';
    ELSIF octet_length(view_name) > current_setting('max_identifier_length')::integer THEN
        RAISE name_too_long USING MESSAGE = format('argument "view_name" is longer than %s bytes', current_setting('max_identifier_length'));
    END IF;
    SELECT c.oid INTO live FROM pg_class c WHERE c.oid = m.live;
    IF live IS NOT NULL THEN
        IF view_name <> (SELECT c.relname FROM pg_class c WHERE c.oid = live) THEN
            RAISE duplicate_table USING
                MESSAGE = format('model "%s" has a live view already, %s', m.name, live),
                HINT = 'Rename that one with ALTER VIEW, or drop it first.';
        END IF;
        RETURN live;
    END IF;
    PERFORM segment_internal.source_of(m);
    schema := (SELECT l.schema FROM segment_internal.catalog_live l WHERE l.model_id = m.model_id);
    live := segment_internal.create_live(m, schema, coalesce(view_name, segment_internal.output_name(schema, m.name, '_live')));
    PERFORM segment_internal.keep_live(m.model_id, live);
    RETURN live;
END
$$;

COMMENT ON FUNCTION segment_internal.live_view_as_owner IS 'Internal: the job of segment_live_view.';

CREATE FUNCTION @extschema@.segment_live_view(model text, view_name text DEFAULT NULL) RETURNS regclass
LANGUAGE sql VOLATILE
RETURN segment_internal.live_view(segment_internal.model_id_now($1, current_schemas(true)), $2);

COMMENT ON FUNCTION @extschema@.segment_live_view IS
'Makes a view of the source''s rows as they are now, each scored when it is read, with segment, label, distance, second_segment and margin: new rows are in it at once, and after a refresh it scores by the new centroids. view_name: in the schema of the model; NULL: <model>_live. A model has one: where it is there, its name is returned. The view belongs to the model''s owner, and goes with segment_drop.';
