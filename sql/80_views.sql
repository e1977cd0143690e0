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
       r.started_at AS refreshed_at
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
       r.elapsed
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT array_agg(f.source_column ORDER BY f.feature_no) AS features
                       FROM (SELECT f.source_column, min(f.feature_no) AS feature_no
                               FROM segment_internal.catalog_feature f
                              WHERE f.model_id = r.model_id AND f.run = r.run
                              GROUP BY f.source_column) f) f;

COMMENT ON VIEW @extschema@.segment_runs IS 'The fits of the models that the reader may see, in the columns of segment_run.';

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

-- In the long form of segment_profile(), for tools that cannot call functions.
CREATE VIEW @extschema@.segment_profiles WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       l.name AS model,
       s.segment,
       s.label,
       s.rows,
       s.share,
       f.feature,
       s.mean[f.feature_no] AS mean,
       s.median[f.feature_no] AS median,
       s.stddev[f.feature_no] AS stddev,
       s.min[f.feature_no] AS min,
       s.max[f.feature_no] AS max,
       f.mean AS population_mean,
       segment_internal.index(s.mean[f.feature_no], f.mean) AS index,
       segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev) AS z
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_segment s ON s.model_id = l.model_id
  JOIN segment_internal.catalog_feature f ON f.model_id = l.model_id AND f.run = m.run;

COMMENT ON VIEW @extschema@.segment_profiles IS 'The segments of the models that the reader may see, a row a segment and feature, with the figures of the latest fit in the units of the features.';
COMMENT ON COLUMN @extschema@.segment_profiles.schema IS 'Schema of the model''s relations.';
COMMENT ON COLUMN @extschema@.segment_profiles.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_profiles.segment IS 'Number of the segment, from 1; a segment keeps it when the model is refreshed.';
COMMENT ON COLUMN @extschema@.segment_profiles.label IS 'Name of the segment, to be shown to people; segment_label() changes it.';
COMMENT ON COLUMN @extschema@.segment_profiles.rows IS 'Number of rows in the segment, at the latest fit; the same for each of its features.';
COMMENT ON COLUMN @extschema@.segment_profiles.share IS 'Share of the segment in all rows of the latest fit: 0.25 is a quarter; the same for each of its features.';
COMMENT ON COLUMN @extschema@.segment_profiles.feature IS 'The column of the source; "column=value" for the rows with that value, 1 or 0 each.';
COMMENT ON COLUMN @extschema@.segment_profiles.mean IS 'Average in the segment; of "column=value" the share of rows, 0 to 1; of dates in days since 1970-01-01. NULL if no row has a value, as are median, stddev, min, max, index and z.';
COMMENT ON COLUMN @extschema@.segment_profiles.median IS 'Median in the segment: half of the rows are below, half above.';
COMMENT ON COLUMN @extschema@.segment_profiles.stddev IS 'Standard deviation in the segment (of a population).';
COMMENT ON COLUMN @extschema@.segment_profiles.min IS 'Least value in the segment.';
COMMENT ON COLUMN @extschema@.segment_profiles.max IS 'Greatest value in the segment.';
COMMENT ON COLUMN @extschema@.segment_profiles.population_mean IS 'Average of all rows; NULL if no row has a value.';
COMMENT ON COLUMN @extschema@.segment_profiles.index IS 'mean as a percentage of population_mean: 100 is average, 200 twice as much. NULL if that is 0.';
COMMENT ON COLUMN @extschema@.segment_profiles.z IS 'How many standard deviations of all rows mean is above population_mean; below it is negative. NULL if all values are the same.';

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
COMMENT ON COLUMN @extschema@.segment_progress.phase IS 'reading, preparing, searching, clustering, judging, writing or indexing.';
COMMENT ON COLUMN @extschema@.segment_progress.rows_done IS 'Rows done in this phase; when clustering, in this iteration.';
COMMENT ON COLUMN @extschema@.segment_progress.rows_total IS 'Rows to do in this phase; NULL: not known.';
COMMENT ON COLUMN @extschema@.segment_progress.iteration IS 'Iterations done of the restart; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.max_iter IS 'The most that there will be.';
COMMENT ON COLUMN @extschema@.segment_progress.restart IS 'The restart, from 1; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.n_init IS 'Restarts in all.';
COMMENT ON COLUMN @extschema@.segment_progress.inertia IS 'Sum of squared distances to the nearest centroid after that iteration, scaled space; NULL before the first.';
COMMENT ON COLUMN @extschema@.segment_progress.started_at IS 'When the fit began to read.';

-- What charts show, for all models: one row a segment and run, and a k tried.

CREATE VIEW @extschema@.segment_history WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       r.run,
       r.started_at,
       p.segment,
       coalesce(n.label, p.label, 'Segment ' || p.segment) AS label,
       p.rows,
       p.rows::float8 / r.rows_used AS share,
       p.border_rows,
       p.distance_avg,
       p.margin_avg AS silhouette
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id
  JOIN segment_internal.catalog_profile p ON p.model_id = r.model_id AND p.run = r.run
  LEFT JOIN segment_internal.catalog_label n ON n.model_id = m.model_id AND n.segment = p.segment;

COMMENT ON VIEW @extschema@.segment_history IS 'The segments of each run of the models that the reader may see: how their sizes went.';
COMMENT ON COLUMN @extschema@.segment_history.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_history.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_history.run IS 'Number of the fit, from 1.';
COMMENT ON COLUMN @extschema@.segment_history.started_at IS 'When the fit began.';
COMMENT ON COLUMN @extschema@.segment_history.segment IS 'Number of the segment.';
COMMENT ON COLUMN @extschema@.segment_history.label IS 'The label that a person gave it, else the automatic one of the run.';
COMMENT ON COLUMN @extschema@.segment_history.rows IS 'Rows in the segment.';
COMMENT ON COLUMN @extschema@.segment_history.share IS 'Its share of the rows used, 0 to 1.';
COMMENT ON COLUMN @extschema@.segment_history.border_rows IS 'Its rows at the border to another segment: with a margin below 0.1.';
COMMENT ON COLUMN @extschema@.segment_history.distance_avg IS 'Mean distance of its rows to its centroid, scaled space.';
COMMENT ON COLUMN @extschema@.segment_history.silhouette IS 'Mean margin of its rows, their simplified silhouette; NULL for one segment.';

CREATE VIEW @extschema@.segment_distribution WITH (security_invoker) AS
SELECT l.schema COLLATE "default" AS schema,
       m.name AS model,
       s.segment,
       s.label,
       f.feature,
       f.feature_no,
       d.min,
       segment_internal.whisker(d.p25, d.p75, d.min) AS low,
       d.p25,
       d.median,
       d.p75,
       segment_internal.whisker(d.p75, d.p25, d.max) AS high,
       d.max
  FROM segment_internal.catalog_live l
  JOIN segment_internal.catalog_model m ON m.model_id = l.model_id
  JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = m.run
  JOIN segment_internal.catalog_segment s ON s.model_id = m.model_id
 CROSS JOIN LATERAL (SELECT s.min[f.feature_no] AS min, s.p25[f.feature_no] AS p25, s.median[f.feature_no] AS median,
                            s.p75[f.feature_no] AS p75, s.max[f.feature_no] AS max) d;

COMMENT ON VIEW @extschema@.segment_distribution IS 'How the values of each feature are spread in each segment of the models that the reader may see, original units: what a box plot shows.';
COMMENT ON COLUMN @extschema@.segment_distribution.schema IS 'Schema of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.model IS 'Name of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.segment IS 'Number of the segment.';
COMMENT ON COLUMN @extschema@.segment_distribution.label IS 'Its label.';
COMMENT ON COLUMN @extschema@.segment_distribution.feature IS 'The feature.';
COMMENT ON COLUMN @extschema@.segment_distribution.feature_no IS 'Its place among the features of the model.';
COMMENT ON COLUMN @extschema@.segment_distribution.min IS 'Least value; NULL here and in what follows: no value.';
COMMENT ON COLUMN @extschema@.segment_distribution.low IS 'Lower end of a whisker: 1.5 interquartile ranges below the first quartile, at least the least value.';
COMMENT ON COLUMN @extschema@.segment_distribution.p25 IS 'First quartile, interpolated.';
COMMENT ON COLUMN @extschema@.segment_distribution.median IS 'Median.';
COMMENT ON COLUMN @extschema@.segment_distribution.p75 IS 'Third quartile.';
COMMENT ON COLUMN @extschema@.segment_distribution.high IS 'Upper end of a whisker: 1.5 interquartile ranges above the third quartile, at most the greatest value.';
COMMENT ON COLUMN @extschema@.segment_distribution.max IS 'Greatest value.';

GRANT SELECT ON @extschema@.segment_models, @extschema@.segment_runs, @extschema@.segment_profiles, @extschema@.segment_history,
    @extschema@.segment_distribution, @extschema@.segment_progress TO PUBLIC;
