-- The tree of a bisecting model, and what there is at each height of it: a model of twelve segments is also one of three.

CREATE FUNCTION segment_internal.side(kind text, name text, unit text, verb text, split float8, above boolean) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN $1 = 'share' AND $5 IS NOT NULL THEN CASE WHEN $6 THEN '' ELSE 'not ' END || $2
            WHEN $5 IS NULL THEN CASE WHEN $6 THEN 'more ' ELSE 'less ' END || $2
            WHEN $1 IN ('date', 'year')
                THEN coalesce($4, $2) || CASE WHEN $6 THEN ' from ' ELSE ' before ' END
                     || CASE $1 WHEN 'date' THEN segment_internal.day($5) ELSE ceil($5)::text END
            ELSE CASE WHEN $1 = 'spend' THEN 'spend on ' ELSE '' END || $2 || CASE WHEN $6 THEN ' from ' ELSE ' below ' END
                 || CASE WHEN $1 IN ('count', 'children') THEN regexp_replace(segment_internal.amount(ceil($5), NULL, NULL), '[.]0+$', '')
                         ELSE segment_internal.amount($5, NULL, $3) END END;

COMMENT ON FUNCTION segment_internal.side IS
'Internal: one side of a split in words: "income below $51,300", "income from $51,300".';

CREATE FUNCTION segment_internal.tree(
    m segment_internal.catalog_model,
    OUT node integer, OUT parent integer, OUT segment integer, OUT depth integer, OUT rows bigint, OUT feature text, OUT split float8,
    OUT share float8, OUT label text, OUT side text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        WITH RECURSIVE known AS MATERIALIZED (
            SELECT n.* FROM segment_internal.feature_names(m) n
        ), names AS MATERIALIZED (
            -- the no of a column of yes and no has no name: it is what is not the yes
            SELECT f.feature_no, f.feature, coalesce(n.kind, y.kind, 'number') AS kind,
                   coalesce(n.name, y.name, segment_internal.shorten(f.feature)) AS name, n.unit, n.verb,
                   n.feature_no IS NULL AND y.feature_no IS NOT NULL AS negated
              FROM segment_internal.catalog_feature f
              LEFT JOIN known n ON n.feature_no = f.feature_no
              LEFT JOIN known y ON y.source_column = f.source_column AND y.kind = 'share' AND n.feature_no IS NULL
             WHERE f.model_id = m.model_id AND f.run = m.run
        ), segments AS MATERIALIZED (
            SELECT s.segment, s.label FROM segment_internal.catalog_segment s WHERE s.model_id = m.model_id
        ), nodes AS MATERIALIZED (
            SELECT t.*, segment_internal.side(n.kind, n.name, n.unit, n.verb, p.split, t.above <> n.negated) AS side
              FROM segment_internal.catalog_node t
              LEFT JOIN segment_internal.catalog_node p ON p.model_id = t.model_id AND p.run = t.run AND p.node = t.parent
              LEFT JOIN names n ON n.feature_no = p.feature_no
             WHERE t.model_id = m.model_id AND t.run = m.run
        ), told AS (
            SELECT r.node, 'all'::text AS sides, ARRAY[r.node] AS path FROM nodes r WHERE r.parent IS NULL
             UNION ALL
            SELECT c.node, concat_ws(', ', nullif(t.sides, 'all'), c.side), t.path || c.node FROM told t JOIN nodes c ON c.parent = t.node
        )
        SELECT t.node, t.parent, t.segment, t.depth, t.rows, n.feature, t.split, t.rows::float8 / r.rows_used,
               coalesce(s.label, w.sides), t.side
          FROM nodes t
          JOIN told w ON w.node = t.node
          JOIN segment_internal.catalog_run r ON r.model_id = t.model_id AND r.run = t.run
          LEFT JOIN names n ON n.feature_no = t.feature_no
          LEFT JOIN segments s ON s.segment = t.segment
         ORDER BY w.path;
    IF NOT FOUND THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('model "%s" has no tree', m.name),
            HINT = 'Fit it with algorithm => ''bisecting''.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.tree IS
'Internal: segment_tree of a model. label of a node that is split: the sides of all splits above it.';

CREATE FUNCTION @extschema@.segment_tree(
    model text,
    OUT node    integer,
    OUT parent  integer,
    OUT segment integer,
    OUT depth   integer,
    OUT rows    bigint,
    OUT feature text,
    OUT split   float8,
    OUT share   float8,
    OUT label   text,
    OUT side    text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.* FROM segment_internal.tree(segment_internal.model($1)) t;
END;

COMMENT ON FUNCTION @extschema@.segment_tree IS
'The tree of a bisecting model, a row a node, parents before their children, 1 being all rows: leaves have their segment, others the feature in which their two children differ most, and the split halfway between the means of these, original units (NULL for cosine distance). Split s made the nodes 2s and 2s + 1, so those of the first k - 1 splits have the least numbers. rows, share: of the segments below. side: on which side of the split of its parent a node is; label: that of the segment, else the sides from the top.';

CREATE FUNCTION segment_internal.cut(
    m segment_internal.catalog_model, k integer,
    OUT node integer, OUT label text, OUT rows bigint, OUT share float8, OUT segments integer[]
) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    most integer;
BEGIN
    RETURN QUERY
        WITH RECURSIVE nodes AS MATERIALIZED (
            SELECT t.* FROM segment_internal.tree(m) t
        ), climbed AS (
            -- from each leaf up to a node of the first k - 1 splits
            SELECT t.segment, t.node, t.parent FROM nodes t WHERE t.segment IS NOT NULL
             UNION ALL
            SELECT c.segment, p.node, p.parent FROM climbed c JOIN nodes p ON p.node = c.parent WHERE c.node > 2 * k::bigint - 1
        )
        SELECT t.node, min(t.label), min(t.rows), min(t.share), array_agg(c.segment ORDER BY c.segment)
          FROM climbed c
          JOIN nodes t ON t.node = c.node
         WHERE c.node <= 2 * k::bigint - 1
         GROUP BY t.node
        HAVING k <= (SELECT count(*) FROM nodes n WHERE n.segment IS NOT NULL)
         ORDER BY t.node;
    IF NOT FOUND THEN
        most := (SELECT r.k FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
        RAISE invalid_parameter_value USING
            MESSAGE = CASE WHEN k IS NULL THEN 'argument "k" must not be NULL' ELSE format('argument "k" is %s', k) END,
            HINT = format('The tree of model "%s" has from 1 to %s segments.', m.name, most);
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.cut IS 'Internal: segment_cut of a model.';

CREATE FUNCTION @extschema@.segment_cut(
    model text,
    k     integer,
    OUT node     integer,
    OUT label    text,
    OUT rows     bigint,
    OUT share    float8,
    OUT segments integer[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.* FROM segment_internal.cut(segment_internal.model($1), $2) c;
END;

COMMENT ON FUNCTION @extschema@.segment_cut IS
'A bisecting model in fewer segments, a row each: the nodes that its tree had when there were k of them (see segment_tree), and the segments of the model that each has. A cut of fewer is made of whole rows of one of more.';
