-- How the models are, for whoever looks after them.

CREATE FUNCTION segment_internal.next_step(
    model text, source regclass, owned boolean, refreshed_at timestamptz, rows bigint, changed bigint, status segment_internal.catalog_status
) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN source = 0::regclass THEN NULL     -- imported without one
        WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = source) THEN 'its source is gone: fit it on another relation, or drop it'
        WHEN NOT owned THEN NULL
        WHEN status.error_at > refreshed_at THEN format('it failed: put that right, then SELECT segment_refresh(%L)', model)
        WHEN status.drift_at > refreshed_at AND status.drift_verdict <> 'stable' THEN format('it has drifted: SELECT segment_refresh(%L)', model)
        WHEN changed > 0.1 * rows AND NOT coalesce(status.drift_at > refreshed_at, false) THEN format('many rows have changed: SELECT * FROM segment_drift(%L)', model) END;
$$;

COMMENT ON FUNCTION segment_internal.next_step IS 'Internal: what to do about a model; NULL: nothing.';

CREATE VIEW @extschema@.segment_status WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       pg_get_userbyid(l.owner) AS owner,
       m.source,
       m.run,
       t.refreshed_at,
       now() - t.refreshed_at AS age,
       r.rows_used AS rows,
       t.changed AS rows_changed,
       s.drift_verdict,
       s.drift,
       s.drift_of,
       s.drift_at,
       s.error,
       s.error_state,
       s.error_at,
       segment_internal.next_step(segment_internal.qualified(m), m.source, segment_internal.owns(m.profile), t.refreshed_at, r.rows_used, t.changed, s) AS next_step
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
  LEFT JOIN segment_internal.catalog_status s ON s.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT r.started_at + r.elapsed AS refreshed_at,
                            CASE WHEN segment_internal.changes(m.source) >= s.changes THEN segment_internal.changes(m.source) - s.changes END AS changed) t;

COMMENT ON VIEW @extschema@.segment_status IS 'The models that the reader may see, and how they are: for whoever looks after them. Changes, drift and errors are for their owners.';
COMMENT ON COLUMN @extschema@.segment_status.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_status.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_status.owner IS 'Owner of the model.';
COMMENT ON COLUMN @extschema@.segment_status.source IS 'Relation whose rows it segments.';
COMMENT ON COLUMN @extschema@.segment_status.run IS 'Number of its latest run.';
COMMENT ON COLUMN @extschema@.segment_status.refreshed_at IS 'When that ended.';
COMMENT ON COLUMN @extschema@.segment_status.age IS 'How long ago that is.';
COMMENT ON COLUMN @extschema@.segment_status.rows IS 'Rows that were clustered.';
COMMENT ON COLUMN @extschema@.segment_status.rows_changed IS 'Rows inserted, updated and deleted since, as statistics count them: what other sessions wrote in the second before it may be among them; NULL: the source is no table, or statistics began anew.';
COMMENT ON COLUMN @extschema@.segment_status.drift_verdict IS 'What segment_refresh(only_if_drift => true) last found: stable, moderate or drifted; NULL: it was never asked.';
COMMENT ON COLUMN @extschema@.segment_status.drift IS 'The largest figure that it found.';
COMMENT ON COLUMN @extschema@.segment_status.drift_of IS 'What that is a figure of.';
COMMENT ON COLUMN @extschema@.segment_status.drift_at IS 'When it looked.';
COMMENT ON COLUMN @extschema@.segment_status.error IS 'Why segment_refresh_all() could last not refresh it; NULL: it never failed.';
COMMENT ON COLUMN @extschema@.segment_status.error_state IS 'SQLSTATE of that error.';
COMMENT ON COLUMN @extschema@.segment_status.error_at IS 'When that was: before refreshed_at it has succeeded since.';
COMMENT ON COLUMN @extschema@.segment_status.next_step IS 'What to do; NULL: nothing.';

GRANT SELECT ON @extschema@.segment_status TO PUBLIC;
