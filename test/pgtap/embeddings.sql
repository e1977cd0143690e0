-- Columns of pgvector's types: a model of them against scikit-learn's, and what becomes of their dimensions.

BEGIN;
SELECT no_plan();

SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS available \gset
\if :available

SET LOCAL client_min_messages = warning;
\ir complaint.psql
CREATE SCHEMA other;
CREATE EXTENSION vector SCHEMA other;
SET LOCAL search_path = public, other;

-- The rows of test/reference/embeddings.py; a half holds each value.
CREATE TABLE docs AS
SELECT i AS id, ARRAY(SELECT ((i % 7 % 4) * 5 + j * 3) % 8 + (i * (j + 3) * 7 % 32) / 64::float8 FROM generate_series(1, 8) j) AS point FROM generate_series(1, 300) i;
ALTER TABLE docs ADD PRIMARY KEY (id);
ALTER TABLE docs ADD embedding vector(8), ADD half halfvec(8), ADD sparse sparsevec(8), ADD free vector;
UPDATE docs SET embedding = point::vector, half = point::vector::halfvec, sparse = point::vector::sparsevec, free = point::vector;
ALTER TABLE docs DROP COLUMN point;

-- ---- The model ----

CREATE TABLE reference (rows bigint, mean numeric, centroid numeric);
INSERT INTO reference VALUES (86, 12.391929, 12.386185730), (86, 12.396629, 12.391169417), (85, 12.377497, 12.372252128), (43, 12.394765, 12.389035855);

CREATE TABLE run AS SELECT * FROM segment_kmeans('docs', 4, '{embedding}');
SELECT ok(abs(inertia / 49.38593429377565 - 1) < 1e-12, 'the inertia is scikit-learn''s') FROM run;
SELECT results_eq(
    'SELECT rows, round(mean::numeric, 6), round(c.value::numeric, 9) FROM segment_profile(''docs'') p JOIN segment_centroids(''docs'') c USING (segment, feature) ORDER BY 2',
    'SELECT * FROM reference ORDER BY mean', 'a segment has one row: the mean length of its vectors, and the length of its centroid, are scikit-learn''s');
SELECT results_eq('SELECT features, rows_skipped FROM run', $$VALUES ('{embedding}'::text[], 0::bigint)$$, 'it is one feature');
SELECT ok(abs(max(a.distance - d.d)) < 1e-5 AND abs(min(a.distance - d.d)) < 1e-5, 'each row is as far from its centroid as pgvector finds')
  FROM docs x JOIN docs_assignment a USING (id)
  JOIN (SELECT b.segment, avg(y.embedding) AS centroid FROM docs y JOIN docs_assignment b USING (id) GROUP BY b.segment) c USING (segment)
 CROSS JOIN LATERAL (SELECT x.embedding <-> c.centroid AS d) d;
SELECT is_empty('SELECT id FROM docs d JOIN docs_assignment a USING (id) WHERE segment_predict(''docs'', d) <> a.segment', 'scoring agrees with the assignment');
SELECT is_empty($$SELECT 1 FROM docs d JOIN docs_assignment a USING (id) CROSS JOIN LATERAL (SELECT d.half AS embedding) h WHERE segment_predict('docs', h) <> a.segment$$,
                'halfvec is scored by a model of vector');

CREATE FUNCTION pg_temp.fingerprint(model text) RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(concat_ws(' ', p.segment, p.rows, p.mean, p.median, p.stddev, p.min, p.max, c.value, c.scaled), ',' ORDER BY p.segment))
        || (SELECT inertia FROM segment_models m WHERE m.model = $1) FROM segment_profile($1) p JOIN segment_centroids($1) c USING (segment)
$$;
SELECT is((segment_kmeans('docs', 4, '{half}', model => 'half')).rows_used, 300::bigint, 'halfvec');
SELECT is((segment_kmeans('docs', 4, '{sparse}', model => 'sparse')).rows_used, 300::bigint, 'sparsevec');
SELECT is((segment_kmeans('docs', 4, '{free}', model => 'free')).rows_used, 300::bigint, 'vector without a dimension');
SELECT is(pg_temp.fingerprint(m), pg_temp.fingerprint('docs'), 'the model of ' || m || ' is that of vector') FROM unnest('{half,sparse,free}'::text[]) m;

SELECT ok(abs((segment_kmeans('docs', 4, '{embedding}', model => 'round', distance => 'cosine')).inertia / 0.267234375228831 - 1) < 1e-9, 'cosine: as directions have it');
SELECT ok(bool_and(abs(value - 1) < 1e-12), 'their centroids have length 1') FROM segment_centroids('round');

-- ---- What is chosen, and how it is prepared ----

CREATE VIEW plain AS SELECT id, embedding FROM docs;
SELECT is(pg_temp.fingerprint('p'), pg_temp.fingerprint('docs'), 'a vector is a feature by itself')
  FROM segment_kmeans('plain', 4, key => '{id}', model => 'p', assignment => 'none');
SELECT results_eq($$SELECT parameter, value FROM segment_recipe('docs') ORDER BY 1$$,
                  $$VALUES ('center', '0'), ('method', 'none'), ('rule', 'skip'), ('scale', '1'), ('weight', '1')$$, 'it is not scaled');
SELECT is((SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'docs_profile'::regclass AND attnum > 5), '{embedding_avg,embedding_median,embedding_index}',
          'and has three columns in the profile view');

CREATE TABLE holes AS SELECT id, id % 50 AS age, CASE WHEN id % 10 > 0 THEN embedding END AS embedding FROM docs;
ALTER TABLE holes ADD PRIMARY KEY (id);
SELECT results_eq($$SELECT rows_read, rows_skipped FROM segment_kmeans('holes', 4, '{embedding}')$$, 'VALUES (300::bigint, 30::bigint)', 'rows without a vector are left out');
SELECT results_eq($$SELECT rows_read, rows_skipped FROM segment_kmeans('holes', 4, '{embedding}', model => 'filled', missing => 'mean')$$, 'VALUES (300::bigint, 0::bigint)', 'or get the mean of all vectors');
SELECT ok(abs(s.distance - (m.mean <-> c.centroid)) < 1e-5, 'which is where they are')
  FROM holes h
  JOIN filled_assignment s USING (id)
 CROSS JOIN (SELECT avg(embedding) AS mean FROM holes) m
  JOIN (SELECT a.segment, avg(coalesce(o.embedding, m.mean)) AS centroid FROM holes o JOIN filled_assignment a USING (id) CROSS JOIN (SELECT avg(embedding) AS mean FROM holes) m GROUP BY 1) c USING (segment)
 WHERE h.id = 10;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('holes', 4, '{embedding}', model => 'e', missing => 'error')$$),
          '22004 column "embedding" has missing values: 30 of 300 | Choose what replaces them with missing => ''median'', ''mean'' or ''zero'', or leave such rows out with ''skip''.', 'or are an error');
-- what a weight does: the distances of two columns add up
SELECT ok(abs((segment_kmeans('docs', 1, '{embedding,half}', model => 'two', feature_options => '{"half": {"weight": 3}}', assignment => 'none')).inertia
              / (4 * (segment_kmeans('docs', 1, '{embedding}', model => 'one', assignment => 'none')).inertia) - 1) < 1e-12, 'a weight multiplies squared distances');
SELECT is(count(*), 2::bigint, 'two vectors are two rows') FROM segment_profile('two');

-- ---- What is said of it ----

SELECT results_eq($$SELECT value, segment_mean IS NOT NULL, contribution FROM docs d, segment_explain('docs', d) WHERE id = 1$$,
                  $$SELECT vector_norm(embedding)::real::float8, true, 1::float8 FROM docs WHERE id = 1$$, 'segment_explain: one row');
SELECT results_eq($$SELECT about, count(*) FROM segment_insights('docs') WHERE segment = 1 GROUP BY about ORDER BY about COLLATE "C"$$,
                  $$VALUES ('border', 1::bigint), ('size', 1), ('typical', 1), ('vector', 1)$$, 'insights: lengths and the nearest rows, no effects');
SELECT results_eq($$SELECT insight FROM segment_insights('docs') WHERE about = 'typical' ORDER BY segment$$,
                  $$SELECT 'nearest to the centroid: ' || string_agg(id::text, '; ' ORDER BY n)
                      FROM (SELECT segment, id, row_number() OVER (PARTITION BY segment ORDER BY distance, id) AS n FROM docs_assignment) a WHERE n <= 3 GROUP BY segment ORDER BY segment$$,
                  'which are those of the least distances');
SELECT is((SELECT array_agg(label ORDER BY segment) FROM docs_profile), '{Segment 1,Segment 2,Segment 3,Segment 4}', 'labels say nothing of lengths');
SELECT ok(length(segment_report('docs')) BETWEEN 10000 AND 100000, 'a report');
SELECT is((SELECT count(*) FROM segment_components('docs')), 16::bigint, 'components have an entry a dimension');
SELECT is((SELECT feature || verdict FROM segment_drift('docs') WHERE kind = 'feature'), 'embeddingstable', 'drift: of the length');
SELECT is((SELECT k FROM segment_elbow('docs', 2, 6, '{embedding}') WHERE recommended), 4, 'the elbow is where the groups are');
SELECT is((SELECT count(*) FROM segment_map('docs')), 300::bigint, 'a map');
CREATE TABLE before AS SELECT pg_temp.fingerprint('docs') AS figures;
SELECT is((segment_refresh('docs')).run, 2, 'a refresh');
SELECT is(pg_temp.fingerprint('docs'), figures, 'of the same rows is the same model') FROM before;
INSERT INTO docs (id, embedding) SELECT 1000 + id, embedding FROM docs WHERE id <= 20;
SELECT results_eq('SELECT rows_used FROM segment_rescore(''docs'')', 'VALUES (320::bigint)', 'rescored');
SELECT is((SELECT count(*) FROM docs_assignment a JOIN docs_assignment b ON b.id = a.id + 1000 AND b.segment = a.segment), 20::bigint, 'new rows are where their likes are');

CREATE TABLE tree AS SELECT segment_kmeans('docs', 4, '{embedding}', model => 'tree', algorithm => 'bisecting');
SELECT is((SELECT array_agg(DISTINCT feature) FROM segment_tree('tree') WHERE feature IS NOT NULL), '{embedding}', 'a tree: by the vector');
SELECT ok(bool_and(split IS NULL), 'at no value of it') FROM segment_tree('tree');

-- ---- What is wrong ----

UPDATE docs SET free = '[1,2,3]' WHERE id = 150;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('docs', 4, '{free}', model => 'e')$$),
          '2202E column "free" has vectors of 3 and of 8 dimensions | A model has vectors of one length: leave the others out in a view, and fit that.', 'vectors of two lengths');
SELECT is(pg_temp.complaint($$SELECT segment_predict('docs', d) FROM (SELECT '[1,2]'::vector AS embedding) d$$),
          '2202E column "embedding" has vectors of 2 and of 8 dimensions | A model has vectors of one length: leave the others out in a view, and fit that.', 'a row of another length');
SELECT is(pg_temp.complaint($$SELECT segment_predict('docs', d) FROM (SELECT 1 AS embedding) d$$),
          '42804 column "embedding" is of type integer, not a vector | The model was fitted on vector, halfvec or sparsevec of the extension vector there.', 'no vector');
CREATE TABLE long AS SELECT i AS id, format('{%s:1}/%s', i, 16001)::sparsevec AS v FROM generate_series(1, 9) i;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('long', 2, '{v}', key => '{id}')$$),
          '54000 column "v" has vectors of 16001 dimensions, more than 16000 | Make shorter vectors of them in a view, and fit that.', 'too many dimensions');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('docs', 4, '{embedding}', model => 'e', feature_options => '{"embedding": {"transform": "log1p"}}')$$),
          '22023 option "transform" of feature "embedding" is not for type other.vector(8) | A vector can have a weight, and missing => skip, mean, zero or error: it is taken as it is.', 'no transform');
SELECT is(pg_temp.complaint($$SELECT segment_internal.dimensions('x', 5)$$), '42804 column "x" is no vector | ', 'no vector of ours');
CREATE TYPE vector AS (x integer);
CREATE TABLE fake AS SELECT i AS id, ROW(i)::public.vector AS v FROM generate_series(1, 9) i;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('fake', 2, '{v}', key => '{id}')$$),
          '0A000 column "v" of relation "fake" has type vector, which cannot be a feature | Make a number or a text of it in a view, and fit that view.', 'a type of that name is none');
-- whoever owns the extension can make it one
ALTER EXTENSION vector ADD TYPE public.vector;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('fake', 2, '{v}', key => '{id}')$$),
          'XX001 column "v" has a value that is no vector as pgvector stores it | Leave such rows out in a view.', 'but its values are looked at');

CREATE TABLE wide AS SELECT i AS id, ARRAY(SELECT (i * j % 17)::real FROM generate_series(1, 16000) j)::other.vector(16000) AS v FROM generate_series(1, 40) i;
SELECT is((segment_kmeans('wide', 3, '{v}', key => '{id}')).rows_used, 40::bigint, '16000 dimensions');

\else
SELECT skip('the server has no pgvector');
\endif
SELECT * FROM finish();
ROLLBACK;
