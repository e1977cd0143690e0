-- segment_refresh_all: every model that the caller owns, each in a transaction of its own.

CREATE FUNCTION segment_internal.in_block() RETURNS boolean
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_in_block';

COMMENT ON FUNCTION segment_internal.in_block IS 'Internal: whether this is in a transaction block, where a procedure cannot commit.';

CREATE FUNCTION segment_internal.models_to_refresh() RETURNS bigint[]
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.models_to_refresh IS 'Internal: the models that the caller owns, in the order of their names.';

CREATE FUNCTION segment_internal.models_to_refresh_job() RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_writable('segment_refresh_all');
    IF segment_internal.in_block() THEN
        RAISE active_sql_transaction USING
            MESSAGE = 'segment_refresh_all cannot run inside a transaction block',
            HINT = 'Call it by itself: it commits after each model.';
    END IF;
    RETURN ARRAY(SELECT l.model_id
                   FROM segment_internal.catalog_live l
                   JOIN segment_internal.catalog_model m ON m.model_id = l.model_id AND m.source <> 0::regclass     -- imported without one
                  WHERE pg_has_role(l.owner, 'USAGE')
                  ORDER BY l.schema COLLATE "C", l.name COLLATE "C", l.model_id);
END
$$;

COMMENT ON FUNCTION segment_internal.models_to_refresh_job IS 'Internal: what models_to_refresh does.';

CREATE FUNCTION segment_internal.refresh_next(model_id bigint, only_if_drift boolean, wait boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM segment_internal.catalog_live l WHERE l.model_id = $1 AND pg_has_role(l.owner, 'USAGE')) THEN
        PERFORM segment_internal.refresh(model_id, jsonb_build_object(
            'only_if_drift', coalesce(only_if_drift, false), 'wait', coalesce(wait, true)));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_next IS 'Internal: segment_refresh of a model, unless it is gone meanwhile.';

CREATE FUNCTION segment_internal.refresh_failed(model_id bigint, state text, message text, detail text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model;
BEGIN
    SELECT c.* INTO m FROM segment_internal.catalog_model c JOIN segment_internal.catalog_live l ON l.model_id = c.model_id WHERE c.model_id = $1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    RAISE WARNING 'model "%" was not refreshed: %', m.name, message USING ERRCODE = state, DETAIL = coalesce(nullif(detail, ''), format('Its SQLSTATE is %s.', state));
    PERFORM segment_internal.keep_error(model_id, state, message);
    RETURN 1;
END
$$;

COMMENT ON FUNCTION segment_internal.refresh_failed IS 'Internal: keeps the error of a model, if that is still there, and warns of it. How many have failed.';

CREATE FUNCTION segment_internal.finish_refreshes(failed integer[], fail boolean) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_job';

COMMENT ON FUNCTION segment_internal.finish_refreshes IS 'Internal: raises an error in the end if that is wanted and any model has failed.';

CREATE FUNCTION segment_internal.finish_refreshes_job(failed integer[], fail boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n integer := (SELECT sum(f) FROM unnest(failed) f);
BEGIN
    IF fail AND n > 0 THEN
        RAISE triggered_action_exception USING
            MESSAGE = format('%s of %s models %s not refreshed', n, cardinality(failed), CASE n WHEN 1 THEN 'was' ELSE 'were' END),
            DETAIL = 'The others are, and stay so.',
            HINT = 'SELECT model, error FROM segment_status WHERE error_at > refreshed_at tells why.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.finish_refreshes_job IS 'Internal: what finish_refreshes does.';

-- A procedure that commits can have no search_path of its own: it calls functions of ours by their schema, and uses no operator.
CREATE PROCEDURE @extschema@.segment_refresh_all(
    only_if_drift boolean DEFAULT false,
    wait          boolean DEFAULT true,
    fail          boolean DEFAULT false
)
LANGUAGE plpgsql AS $$
DECLARE
    models  pg_catalog.int8[] := segment_internal.models_to_refresh();
    failed  pg_catalog.int4[] := '{}';
    model   pg_catalog.int8;
    one     pg_catalog.int4;
    state   pg_catalog.text;
    message pg_catalog.text;
    detail  pg_catalog.text;
BEGIN
    FOREACH model IN ARRAY models LOOP
        BEGIN
            PERFORM segment_internal.refresh_next(model, only_if_drift, wait);
            one := 0;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
            one := segment_internal.refresh_failed(model, state, message, detail);
        END;
        failed := pg_catalog.array_append(failed, one);
        COMMIT;
    END LOOP;
    PERFORM segment_internal.finish_refreshes(failed, fail);
END
$$;

COMMENT ON PROCEDURE @extschema@.segment_refresh_all IS
'Refreshes every model that the caller owns, as segment_refresh does, and commits after each. One that fails becomes a warning and an error in segment_status, and the others go on; fail: in the end that is an error, for a scheduler to see. only_if_drift, wait: as in segment_refresh. For schedules; it cannot run inside a transaction block.';
