-- segment_prune: old runs are forgotten.

CREATE FUNCTION segment_internal.keep_runs(model_id bigint, first_run integer) RETURNS integer
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_runs IS 'Internal: forgets the runs of a model before this one, and returns how many these are.';

CREATE FUNCTION segment_internal.keep_runs_as_keeper(caller oid, model_id bigint, first_run integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m         segment_internal.catalog_model := segment_internal.model(model_id);
    forgotten integer;
    child     regclass;
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    first_run := least(first_run, m.run);
    DELETE FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run < first_run;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    -- and what the catalog has of them
    FOR child IN SELECT a.attrelid
                   FROM pg_attribute a
                   JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
                  WHERE c.relnamespace = 'segment_internal'::regnamespace AND a.attname IN ('model_id', 'run') AND NOT a.attisdropped
                    AND c.oid <> 'segment_internal.catalog_model'::regclass
                  GROUP BY a.attrelid HAVING count(*) = 2
                  ORDER BY a.attrelid
    LOOP
        EXECUTE format('DELETE FROM %s WHERE model_id = $1 AND run < $2', child) USING m.model_id, first_run;
    END LOOP;
    UPDATE segment_internal.catalog_model c SET changes_from = greatest(c.changes_from, first_run)
     WHERE c.model_id = m.model_id AND c.changes_from < first_run;
    RETURN forgotten;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_runs_as_keeper IS 'Internal: keep_runs for this caller.';

CREATE FUNCTION segment_internal.prune(model_id bigint, keep_runs integer) RETURNS integer
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_owner';

COMMENT ON FUNCTION segment_internal.prune IS 'Internal: segment_prune of a model, as its owner.';

CREATE FUNCTION segment_internal.prune_as_owner(model_id bigint, keep_runs integer) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m         segment_internal.catalog_model;
    changes   regclass;
    first_run integer;
BEGIN
    PERFORM segment_internal.check_writable('segment_prune');
    IF keep_runs IS NULL THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'argument "keep_runs" must not be NULL',
            HINT = 'Say how many of the latest runs shall stay.';
    ELSIF keep_runs < 1 THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "keep_runs" is %s', keep_runs),
            HINT = 'It must be at least 1: the current run stays. To forget the model too, use segment_drop().';
    END IF;
    m := segment_internal.claim(model_id);
    first_run := (SELECT min(r.run) FROM (SELECT r.run FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id ORDER BY r.run DESC LIMIT keep_runs) r);
    changes := segment_internal.changes_of(m);
    IF segment_internal.holds_changes(changes, m.key, m.assignment) THEN
        -- its own changes begin in a run that is forgotten
        EXECUTE format('DELETE FROM %s WHERE %I <= $1', changes,
                       (ARRAY(SELECT c.column_name FROM segment_internal.columns(changes) c))[cardinality(m.key) + 1])
          USING first_run;
    END IF;
    RETURN segment_internal.keep_runs(m.model_id, first_run);
END
$$;

COMMENT ON FUNCTION segment_internal.prune_as_owner IS 'Internal: the job of segment_prune.';

CREATE FUNCTION @extschema@.segment_prune(model text, keep_runs integer) RETURNS integer
LANGUAGE sql VOLATILE
RETURN segment_internal.prune(segment_internal.model_id_now($1, current_schemas(true)), $2);

COMMENT ON FUNCTION @extschema@.segment_prune IS
'Forgets all runs of a model but the latest keep_runs, the current one among them, with their figures and the changes that led to them, and returns how many it has forgotten. Runs as the model''s owner, whose members may call it.';
