-- The keeper: the few functions that write into the catalog, with the rights of its owner.
--
-- A function f(...) is C code (src/call/job.c) that calls f_as_keeper(caller, ...) as the owner of the extension, where caller
-- is the role that called. Each first checks that the caller owns the model and its relations. What the caller says of
-- his own model is not checked beyond the constraints of the tables: it is shown to those whom he lets read it, and
-- whoever computes with it checks it there (src/model/model.c).

CREATE FUNCTION segment_internal.keep_run(
    m          segment_internal.catalog_model,
    run        segment_internal.catalog_run,
    features   segment_internal.catalog_feature[],
    centroids  segment_internal.catalog_centroid[],
    profiles   segment_internal.catalog_profile[],
    candidates segment_internal.catalog_candidate[],
    nodes      segment_internal.catalog_node[] DEFAULT '{}',
    groups     segment_internal.catalog_group[] DEFAULT '{}',
    transitions segment_internal.catalog_transition[] DEFAULT '{}'
) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_run IS
'Internal: writes a run of a model, which is new, or which the caller owns; then what the model is now takes the place of what it was.';

CREATE FUNCTION segment_internal.keep_run_as_keeper(
    caller     oid,
    m          segment_internal.catalog_model,
    run        segment_internal.catalog_run,
    features   segment_internal.catalog_feature[],
    centroids  segment_internal.catalog_centroid[],
    profiles   segment_internal.catalog_profile[],
    candidates segment_internal.catalog_candidate[],
    nodes      segment_internal.catalog_node[],
    groups     segment_internal.catalog_group[],
    transitions segment_internal.catalog_transition[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old segment_internal.catalog_model;
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    SELECT c.* INTO old FROM segment_internal.catalog_model c WHERE c.model_id = m.model_id;
    IF FOUND THEN
        PERFORM segment_internal.check_owner(caller, old);
    END IF;
    IF m.run IS DISTINCT FROM coalesce(old.run, 0) + 1 OR cardinality(centroids) <> run.k
       OR (SELECT count(*) FROM unnest(profiles) u WHERE u.segment <> 0) <> run.k
       OR cardinality(nodes) NOT IN (0, 2 * run.k::bigint - 1)
       OR EXISTS (SELECT run.model_id, run.run UNION ALL SELECT u.model_id, u.run FROM unnest(features) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(centroids) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(profiles) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(candidates) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(nodes) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(groups) u
                   UNION ALL SELECT u.model_id, u.run FROM unnest(transitions) u
                  EXCEPT SELECT m.model_id, m.run) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('what is to be recorded is no run of model "%s"', m.name);
    END IF;

    m.highest_segment := greatest(CASE WHEN old.model_id IS NULL THEN m.highest_segment ELSE old.highest_segment END, (SELECT max(u.segment) FROM unnest(profiles) u));
    IF old.model_id IS NULL THEN
        INSERT INTO segment_internal.catalog_model SELECT m.*;
    ELSE
        UPDATE segment_internal.catalog_model c
           SET (source, key, columns, features, preparation, options, run, profile, assignment, members, assignment_kind, binding, changes, changes_from, highest_segment)
             = (m.source, m.key, m.columns, m.features, m.preparation, m.options, m.run, m.profile, m.assignment, m.members, m.assignment_kind, m.binding, m.changes, m.changes_from, m.highest_segment)
         WHERE c.model_id = m.model_id;
    END IF;
    INSERT INTO segment_internal.catalog_run SELECT run.*;
    INSERT INTO segment_internal.catalog_feature SELECT u.* FROM unnest(features) u;
    INSERT INTO segment_internal.catalog_centroid SELECT u.* FROM unnest(centroids) u;
    INSERT INTO segment_internal.catalog_profile SELECT u.* FROM unnest(profiles) u;
    INSERT INTO segment_internal.catalog_candidate SELECT u.* FROM unnest(candidates) u;
    INSERT INTO segment_internal.catalog_node SELECT u.* FROM unnest(nodes) u;
    INSERT INTO segment_internal.catalog_group SELECT u.* FROM unnest(groups) u;
    INSERT INTO segment_internal.catalog_transition SELECT u.* FROM unnest(transitions) u;
    INSERT INTO segment_internal.catalog_status (model_id, changes)
    VALUES (m.model_id, segment_internal.changes(m.source))
    ON CONFLICT ON CONSTRAINT catalog_status_pkey DO UPDATE SET changes = excluded.changes;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_run_as_keeper IS 'Internal: keep_run for this caller.';

CREATE FUNCTION segment_internal.keep_automatic_labels(model_id bigint, labels segment_internal.label[]) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_automatic_labels IS 'Internal: the automatic labels of the current run.';

CREATE FUNCTION segment_internal.keep_automatic_labels_as_keeper(caller oid, model_id bigint, labels segment_internal.label[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    UPDATE segment_internal.catalog_profile p
       SET label = l.label, label_terms = l.terms
      FROM unnest(labels) l
     WHERE p.model_id = m.model_id AND p.run = m.run AND p.segment = l.segment;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_automatic_labels_as_keeper IS 'Internal: keep_automatic_labels for this caller.';

CREATE FUNCTION segment_internal.keep_label(model_id bigint, segment integer, label text, description text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_label IS 'Internal: the label that a person gave to a segment; NULL takes it away.';

CREATE FUNCTION segment_internal.keep_label_as_keeper(caller oid, model_id bigint, segment integer, label text, description text)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    IF label IS NULL THEN
        DELETE FROM segment_internal.catalog_label l WHERE l.model_id = m.model_id AND l.segment = $3;
    ELSE
        INSERT INTO segment_internal.catalog_label
        VALUES (m.model_id, segment, label, description)
        ON CONFLICT ON CONSTRAINT catalog_label_pkey
        DO UPDATE SET label = excluded.label, description = excluded.description;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_label_as_keeper IS 'Internal: keep_label for this caller.';

CREATE FUNCTION segment_internal.keep_drift(model_id bigint, run integer, verdict text, figure float8, what text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_drift IS 'Internal: the drift of a model as it was last measured.';

CREATE FUNCTION segment_internal.keep_drift_as_keeper(caller oid, model_id bigint, run integer, verdict text, figure float8, what text)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    INSERT INTO segment_internal.catalog_status (model_id, drift_run, drift_verdict, drift, drift_of, drift_at)
    VALUES (m.model_id, run, verdict, figure, left(what, 1000), clock_timestamp())
    ON CONFLICT ON CONSTRAINT catalog_status_pkey
    DO UPDATE SET (drift_run, drift_verdict, drift, drift_of, drift_at)
                = (excluded.drift_run, excluded.drift_verdict, excluded.drift, excluded.drift_of, excluded.drift_at);
END
$$;

COMMENT ON FUNCTION segment_internal.keep_drift_as_keeper IS 'Internal: keep_drift for this caller.';

CREATE FUNCTION segment_internal.keep_error(model_id bigint, state text, message text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_error IS 'Internal: why a model could not be refreshed.';

CREATE FUNCTION segment_internal.keep_error_as_keeper(caller oid, model_id bigint, state text, message text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m     segment_internal.catalog_model := segment_internal.model(model_id);
    owner oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = m.profile);
BEGIN
    -- whatever became of its other relations: that may be the error
    IF NOT pg_has_role(caller, owner, 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = format('must be owner of model "%s"', m.name);
    END IF;
    INSERT INTO segment_internal.catalog_status (model_id, error, error_state, error_at)
    VALUES (m.model_id, left(message, 1000), left(state, 5), clock_timestamp())
    ON CONFLICT ON CONSTRAINT catalog_status_pkey
    DO UPDATE SET (error, error_state, error_at) = (excluded.error, excluded.error_state, excluded.error_at);
END
$$;

COMMENT ON FUNCTION segment_internal.keep_error_as_keeper IS 'Internal: keep_error for this caller.';

CREATE FUNCTION segment_internal.keep_live(model_id bigint, live regclass) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_live IS 'Internal: the live view of a model; NULL: it has none any more.';

CREATE FUNCTION segment_internal.keep_live_as_keeper(caller oid, model_id bigint, live regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    -- whoever may read it reads the model
    IF live IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_class p ON p.oid = m.profile AND p.relowner = c.relowner
                                         WHERE c.oid = keep_live_as_keeper.live AND c.relkind = 'v') THEN
        RAISE insufficient_privilege USING MESSAGE = format('%s is no view of the owner of model "%s"', live, m.name);
    END IF;
    UPDATE segment_internal.catalog_model c SET live = keep_live_as_keeper.live WHERE c.model_id = m.model_id;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_live_as_keeper IS 'Internal: keep_live for this caller.';

CREATE FUNCTION segment_internal.keep_name(model_id bigint, name text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.keep_name IS 'Internal: gives a model another name.';

CREATE FUNCTION segment_internal.keep_name_as_keeper(caller oid, model_id bigint, name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m segment_internal.catalog_model := segment_internal.model(model_id);
BEGIN
    PERFORM segment_internal.check_owner(caller, m);
    UPDATE segment_internal.catalog_model c SET name = $3 WHERE c.model_id = m.model_id;
END
$$;

COMMENT ON FUNCTION segment_internal.keep_name_as_keeper IS 'Internal: keep_name for this caller.';

CREATE FUNCTION segment_internal.delete_models(models bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM segment_internal.catalog_model WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_run WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_feature WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_centroid WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_profile WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_candidate WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_node WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_group WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_label WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_transition WHERE model_id = ANY (models);
    DELETE FROM segment_internal.catalog_status WHERE model_id = ANY (models);
END
$$;

COMMENT ON FUNCTION segment_internal.delete_models IS 'Internal: deletes the rows of models.';

CREATE FUNCTION segment_internal.forget(model_id bigint) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.forget IS 'Internal: forgets a model that the caller owns.';

CREATE FUNCTION segment_internal.forget_as_keeper(caller oid, model_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.check_owner(caller, segment_internal.model(model_id));
    PERFORM segment_internal.delete_models(ARRAY[model_id]);
END
$$;

COMMENT ON FUNCTION segment_internal.forget_as_keeper IS 'Internal: forget for this caller.';

CREATE FUNCTION segment_internal.sweep() RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_keeper';

COMMENT ON FUNCTION segment_internal.sweep IS
'Internal: forgets the models whose profile view is gone, which nobody may see any more.';

CREATE FUNCTION segment_internal.sweep_as_keeper(caller oid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM segment_internal.delete_models(ARRAY(
        SELECT m.model_id
          FROM segment_internal.catalog_model m
         WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = m.profile)
           FOR UPDATE SKIP LOCKED));
END
$$;

COMMENT ON FUNCTION segment_internal.sweep_as_keeper IS 'Internal: sweep, whoever calls.';
