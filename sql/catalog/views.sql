-- The catalog as everything else reads it.

CREATE VIEW segment_internal.catalog_live WITH (security_invoker) AS
SELECT m.model_id,
       m.name,
       CASE n.oid WHEN pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname END::text AS schema,
       c.relowner AS owner
  FROM segment_internal.catalog_model m
  JOIN pg_class c ON c.oid = m.profile
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT pg_is_other_temp_schema(n.oid);

COMMENT ON VIEW segment_internal.catalog_live IS 'The models that exist for this session, with their schema and owner.';
COMMENT ON COLUMN segment_internal.catalog_live.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_live.name IS 'Its name.';
COMMENT ON COLUMN segment_internal.catalog_live.schema IS 'The schema of its profile.';
COMMENT ON COLUMN segment_internal.catalog_live.owner IS 'The owner of its profile.';

CREATE FUNCTION segment_internal.changes(source regclass) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE part (oid) AS (
        SELECT c.oid FROM pg_class c WHERE c.oid = $1 AND c.relkind IN ('r', 'p')
         UNION
        SELECT i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.oid
    )
    -- those of this session that are not yet reported as well
    SELECT sum(pg_stat_get_tuples_inserted(p.oid) + pg_stat_get_tuples_updated(p.oid) + pg_stat_get_tuples_deleted(p.oid)
               + pg_stat_get_xact_tuples_inserted(p.oid) + pg_stat_get_xact_tuples_updated(p.oid) + pg_stat_get_xact_tuples_deleted(p.oid))::bigint
      FROM part p;
$$;

COMMENT ON FUNCTION segment_internal.changes IS
'Internal: rows of a table, its partitions and the tables that inherit from it that were inserted, updated and deleted, as statistics count them; NULL: it is no table.';

CREATE FUNCTION segment_internal.index_base(mean float8, min float8, max float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $2 < 0 AND $3 > 0 THEN NULL ELSE $1 END;

COMMENT ON FUNCTION segment_internal.index_base IS
'Internal: what an index is a percentage of: the mean of all rows; NULL where their values have both signs, of which it would be of any size.';

CREATE VIEW segment_internal.catalog_segment_group WITH (security_invoker) AS
SELECT g.model_id, g.run, s.segment, g.group_no, g.group_values, g.rows_used, g.k
  FROM segment_internal.catalog_group g
 CROSS JOIN LATERAL unnest(g.segments) s (segment);

COMMENT ON VIEW segment_internal.catalog_segment_group IS 'The group of each segment of each run; no rows for a model without groups.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.run IS 'The run.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.group_no IS 'Position of its group.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.group_values IS 'The texts of the columns that the model is grouped by.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.rows_used IS 'Rows of the group that were clustered.';
COMMENT ON COLUMN segment_internal.catalog_segment_group.k IS 'Number of segments of the group.';

CREATE VIEW segment_internal.catalog_segment WITH (security_invoker) AS
SELECT m.model_id,
       p.segment,
       coalesce(l.label, p.label, 'Segment ' || p.segment) AS label,
       l.label IS NOT NULL AS named,
       l.description,
       p.rows,
       p.rows::float8 / r.rows_used AS share,
       p.border_rows,
       p.distance_avg,
       p.margin_avg,
       p.mean,
       p.p25,
       p.median,
       p.p75,
       p.stddev,
       p.min,
       p.max,
       f.index_base,
       g.group_no,
       g.group_values,
       p.silhouette_pairwise
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run
  LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = p.segment
  LEFT JOIN segment_internal.catalog_segment_group g ON g.model_id = m.model_id AND g.run = m.run AND g.segment = p.segment
 CROSS JOIN LATERAL (SELECT array_agg(segment_internal.index_base(f.mean, f.min, f.max) ORDER BY f.feature_no) AS index_base
                       FROM segment_internal.catalog_feature f
                      WHERE f.model_id = m.model_id AND f.run = m.run) f;

COMMENT ON VIEW segment_internal.catalog_segment IS 'The segments of the current run of each model; the profile views read it.';
COMMENT ON COLUMN segment_internal.catalog_segment.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_segment.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_segment.label IS 'The label that a person gave it, else its automatic one.';
COMMENT ON COLUMN segment_internal.catalog_segment.rows IS 'Rows in the segment.';
COMMENT ON COLUMN segment_internal.catalog_segment.share IS 'Its share of the rows used, 0 to 1.';
COMMENT ON COLUMN segment_internal.catalog_segment.distance_avg IS 'Mean distance of its rows to its centroid, scaled space.';
COMMENT ON COLUMN segment_internal.catalog_segment.mean IS 'Means, one entry a feature.';
COMMENT ON COLUMN segment_internal.catalog_segment.stddev IS 'Population standard deviations.';
COMMENT ON COLUMN segment_internal.catalog_segment.min IS 'Least values.';
COMMENT ON COLUMN segment_internal.catalog_segment.median IS 'Medians.';
COMMENT ON COLUMN segment_internal.catalog_segment.max IS 'Greatest values.';
COMMENT ON COLUMN segment_internal.catalog_segment.index_base IS 'Means of all rows used; NULL where their values have both signs.';
COMMENT ON COLUMN segment_internal.catalog_segment.p25 IS 'First quartiles.';
COMMENT ON COLUMN segment_internal.catalog_segment.p75 IS 'Third quartiles.';
COMMENT ON COLUMN segment_internal.catalog_segment.border_rows IS 'Its rows with a margin below 0.1.';
COMMENT ON COLUMN segment_internal.catalog_segment.margin_avg IS 'Mean margin of its rows; NULL for one segment.';
COMMENT ON COLUMN segment_internal.catalog_segment.named IS 'Whether a person gave it its label.';
COMMENT ON COLUMN segment_internal.catalog_segment.description IS 'What that person said about it.';
COMMENT ON COLUMN segment_internal.catalog_segment.group_no IS 'Position of its group; NULL: the model has none.';
COMMENT ON COLUMN segment_internal.catalog_segment.group_values IS 'The texts of the columns that the model is grouped by.';
COMMENT ON COLUMN segment_internal.catalog_segment.silhouette_pairwise IS 'Pairwise silhouette of a sample of its rows; NULL where there is none.';

CREATE VIEW segment_internal.catalog_shown WITH (security_barrier) AS
SELECT m.profile,
       p.segment,
       coalesce(l.label, p.label, 'Segment ' || p.segment) AS label,
       m.model_id
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_profile p ON p.model_id = m.model_id AND p.run = m.run
  LEFT JOIN segment_internal.catalog_label l ON l.model_id = m.model_id AND l.segment = p.segment
 WHERE segment_internal.owns(m.profile) OR segment_internal.reads(m.profile, m.members, m.assignment, m.live);

COMMENT ON VIEW segment_internal.catalog_shown IS 'The labels of the current run of each model that the reader may see; the members views read it. Row security would ask by a subquery for each row, with which no plan is parallel; this view asks once for each model.';
COMMENT ON COLUMN segment_internal.catalog_shown.profile IS 'The profile of the model.';
COMMENT ON COLUMN segment_internal.catalog_shown.segment IS 'Number of the segment.';
COMMENT ON COLUMN segment_internal.catalog_shown.label IS 'The label that a person gave it, else its automatic one.';
COMMENT ON COLUMN segment_internal.catalog_shown.model_id IS 'The model, for views over tables of Citus.';

CREATE VIEW segment_internal.catalog_compiled WITH (security_invoker) AS
SELECT r.model_id, r.compiled
  FROM segment_internal.catalog_model m
  JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run;

COMMENT ON VIEW segment_internal.catalog_compiled IS 'The compiled current run of each model; assignment views read it.';
COMMENT ON COLUMN segment_internal.catalog_compiled.model_id IS 'The model.';
COMMENT ON COLUMN segment_internal.catalog_compiled.compiled IS 'Preparation and centroids in one value.';

CREATE FUNCTION segment_internal.history(
    m segment_internal.catalog_model,
    OUT run integer, OUT started_at timestamptz, OUT segment integer, OUT label text, OUT rows bigint, OUT share float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- what people called a segment: what they call it now, or did when it was last there
    WITH RECURSIVE named AS (
        (SELECT ($1).run AS run, l.segment, l.label FROM segment_internal.catalog_label l WHERE l.model_id = ($1).model_id
          UNION
         SELECT t.run - 1, t.from_segment, t.label FROM segment_internal.catalog_transition t
          WHERE t.model_id = ($1).model_id AND t.kind <> 'survived' AND t.label IS NOT NULL
            AND NOT EXISTS (SELECT FROM segment_internal.catalog_transition s
                             WHERE s.model_id = t.model_id AND s.run = t.run AND s.from_segment = t.from_segment AND s.kind = 'survived'))
         UNION ALL
        SELECT n.run - 1, t.from_segment, n.label
          FROM named n
          JOIN segment_internal.catalog_transition t ON t.model_id = ($1).model_id AND t.run = n.run AND t.to_segment = n.segment AND t.kind = 'survived'
    )
    SELECT p.run, r.started_at, p.segment, coalesce(n.label, l.label, p.label, 'Segment ' || p.segment), p.rows, p.rows::float8 / r.rows_used
      FROM segment_internal.catalog_profile p
      JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
      LEFT JOIN named n ON n.run = p.run AND n.segment = p.segment
      LEFT JOIN segment_internal.catalog_label l ON l.model_id = p.model_id AND l.segment = p.segment AND p.segment = 0
     WHERE p.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.history IS 'Internal: the segments of each run of a model, with their sizes and the names that they go by, or did when they were last there.';

GRANT SELECT ON segment_internal.catalog_live, segment_internal.catalog_segment_group, segment_internal.catalog_segment, segment_internal.catalog_shown,
                segment_internal.catalog_compiled TO PUBLIC;
