-- What there is: the models, their runs, their profiles and the fits that run now, as far as the reader may see them.
-- Names from PostgreSQL's catalogs have the collation of bytes, which is in the way when they are compared with others.

CREATE VIEW @extschema@.segment_models WITH (security_invoker) AS
SELECT m.name AS model,
       l.schema COLLATE "default" AS schema,
       m.source,
       r.k,
       m.run,
       r.rows_used,
       m.columns AS features,
       r.inertia,
       r.silhouette,
       m.assignment,
       m.profile,
       m.members,
       pg_get_userbyid(l.owner) AS owner,
       m.created_at,
       r.started_at AS refreshed_at,
       m.changes,
       m.live
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run;

COMMENT ON VIEW @extschema@.segment_models IS 'The models that the reader may see, with the figures of their current run.';
COMMENT ON COLUMN @extschema@.segment_models.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_models.schema IS 'Schema of its relations.';
COMMENT ON COLUMN @extschema@.segment_models.source IS 'Relation whose rows it segments.';
COMMENT ON COLUMN @extschema@.segment_models.k IS 'Number of segments.';
COMMENT ON COLUMN @extschema@.segment_models.run IS 'Number of its latest fit, from 1.';
COMMENT ON COLUMN @extschema@.segment_models.rows_used IS 'Rows that were clustered.';
COMMENT ON COLUMN @extschema@.segment_models.features IS 'Columns that it clusters on.';
COMMENT ON COLUMN @extschema@.segment_models.inertia IS 'Sum of the squared distances of the rows to the centres of their segments, scaled units: lower is better, for the same features and k.';
COMMENT ON COLUMN @extschema@.segment_models.silhouette IS 'How clearly the segments are set apart, 0 to 1: mean margin of the rows (simplified silhouette); NULL for one segment.';
COMMENT ON COLUMN @extschema@.segment_models.assignment IS 'Relation with the segment of every row; NULL: none.';
COMMENT ON COLUMN @extschema@.segment_models.profile IS 'View with the segments and their figures.';
COMMENT ON COLUMN @extschema@.segment_models.members IS 'View with the source''s rows and their segments; NULL: none.';
COMMENT ON COLUMN @extschema@.segment_models.owner IS 'Owner of the profile, who owns the model.';
COMMENT ON COLUMN @extschema@.segment_models.created_at IS 'When it was first fitted.';
COMMENT ON COLUMN @extschema@.segment_models.refreshed_at IS 'When its latest fit began: the age of its figures.';
COMMENT ON COLUMN @extschema@.segment_models.changes IS 'Table of the rows that runs have moved; NULL: the model has no history.';
COMMENT ON COLUMN @extschema@.segment_models.live IS 'View that scores the source''s rows when it is read; NULL: segment_live_view() made none.';

CREATE VIEW @extschema@.segment_runs WITH (security_invoker) AS
SELECT m.name AS model,
       r.run,
       m.source,
       r.k,
       r.k_reason,
       r.rows_read,
       r.rows_used,
       r.rows_skipped,
       f.features,
       r.iterations,
       r.converged,
       r.inertia,
       r.silhouette,
       r.explained,
       r.davies_bouldin,
       r.calinski_harabasz,
       m.assignment,
       m.profile,
       m.members,
       r.started_at,
       r.elapsed,
       r.clear_groups,
       m.changes,
       jsonb_strip_nulls(r.options) || jsonb_build_object('source', quote_ident(r.binding ->> 'schema') || '.' || quote_ident(r.binding ->> 'name')) AS options
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT array_agg(f.source_column ORDER BY f.feature_no) AS features
                       FROM (SELECT f.source_column, min(f.feature_no) AS feature_no
                               FROM segment_internal.catalog_feature f
                              WHERE f.model_id = r.model_id AND f.run = r.run
                              GROUP BY f.source_column) f) f;

COMMENT ON VIEW @extschema@.segment_runs IS 'The fits of the models that the reader may see, in the columns of segment_run, and their options.';
COMMENT ON COLUMN @extschema@.segment_runs.options IS 'Arguments of the fit, with the name that its source had.';

CREATE FUNCTION segment_internal.shown_run(profile regclass, run integer) RETURNS @extschema@.segment_run
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.model, r.run, r.source, r.k, r.k_reason, r.rows_read, r.rows_used, r.rows_skipped, r.features, r.iterations, r.converged, r.inertia,
           r.silhouette, r.explained, r.davies_bouldin, r.calinski_harabasz, r.assignment, r.profile, r.members, r.started_at, r.elapsed, r.clear_groups,
           r.changes
      FROM @extschema@.segment_runs r
     WHERE r.profile = $1 AND r.run = $2;
END;

COMMENT ON FUNCTION segment_internal.shown_run IS 'Internal: a run as the call that made it returns it.';

DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS comment
                   FROM pg_attribute a
                  WHERE a.attrelid = '@extschema@.segment_run'::regclass AND a.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.segment_runs.%I IS %L', '@extschema@', entry.attname, entry.comment);
    END LOOP;
END
$$;

CREATE VIEW @extschema@.segment_progress WITH (security_invoker) AS
SELECT p.pid,
       d.datname,
       p.model,
       p.phase,
       p.rows_done,
       p.rows_total,
       p.iteration,
       p.max_iter,
       p.restart,
       p.n_init,
       p.inertia,
       p.started_at
  FROM segment_internal.progress() p
  LEFT JOIN pg_database d ON d.oid = p.datid;

COMMENT ON VIEW @extschema@.segment_progress IS 'The fits that run now, in any session and database. Of sessions of roles that the reader is no member of: pid and datname only, but for pg_read_all_stats.';
COMMENT ON COLUMN @extschema@.segment_progress.pid IS 'Process of the session.';
COMMENT ON COLUMN @extschema@.segment_progress.datname IS 'Its database.';
COMMENT ON COLUMN @extschema@.segment_progress.model IS 'Name of the model; of the relation for segment_elbow.';
COMMENT ON COLUMN @extschema@.segment_progress.phase IS 'choosing (features, where none are named), reading, preparing, searching, clustering, judging, writing or indexing.';
COMMENT ON COLUMN @extschema@.segment_progress.rows_done IS 'Rows done in this phase; when clustering, in this iteration.';
COMMENT ON COLUMN @extschema@.segment_progress.rows_total IS 'Rows to do in this phase; NULL: not known.';
COMMENT ON COLUMN @extschema@.segment_progress.iteration IS 'Iterations done of the restart; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.max_iter IS 'The most that there will be.';
COMMENT ON COLUMN @extschema@.segment_progress.restart IS 'The restart, from 1; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.n_init IS 'Restarts in all.';
COMMENT ON COLUMN @extschema@.segment_progress.inertia IS 'Sum of squared distances to the nearest centroid after that iteration, scaled space; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.started_at IS 'When the fit began to read.';

CREATE FUNCTION @extschema@.segment_version() RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'segment_version';

COMMENT ON FUNCTION @extschema@.segment_version IS
'The version of the library that this session has loaded; that of the SQL objects is extversion in pg_extension, which ALTER EXTENSION segment UPDATE brings up to it.';
