\set SHOW_CONTEXT never
\set VERBOSITY terse
-- Every public function and view once, on data small enough to check by hand: make installcheck, on any server.
CREATE TABLE customers (id integer PRIMARY KEY, visits float8, spend float8, city text);
INSERT INTO customers
VALUES (1, 1, 10, 'Bath'), (2, 2, 20, 'Bath'), (3, 3, 30, 'York'), (4, 11, 110, 'York'), (5, 12, 100, 'York'), (6, 13, 120, 'Bath');
CREATE TABLE orders (customer integer, at timestamptz, amount numeric);
INSERT INTO orders VALUES (1, '2026-01-01 00:00+00', 10), (1, '2026-01-11 00:00+00', 30), (2, '2026-01-06 00:00+00', 5);

-- a look before a fit
SELECT column_name, rows, missing, distinct_values, mean, median, min, max, bar FROM segment_describe('customers');
SELECT bin, lower, upper, rows FROM segment_histogram('customers', 'visits', 3);
SELECT x, y, round(r::numeric, 4) AS r FROM segment_correlation('customers', '{visits,spend}') WHERE x < y;
SELECT key, column_name, value, round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper FROM segment_outliers('customers', '{visits}', 'zscore', 1);
SELECT row_value, column_value, rows, round(row_share::numeric, 4) AS row_share FROM segment_crosstab('customers', 'city', 'visits') WHERE row_value = 'Bath' ORDER BY column_value::float8;
SELECT k, round(inertia::numeric, 4) AS inertia, bar FROM segment_elbow('customers', 1, 3, features => '{visits}', scaling => 'none');

-- the main job: of visits as they are, so that the centroids are 2 and 12 and the inertia is 4
SELECT model, run, k, rows_used, inertia, round(explained::numeric, 6) AS explained, assignment, profile, members
  FROM segment_kmeans('customers', 2, features => '{visits}', scaling => 'none');
SELECT * FROM customers_assignment ORDER BY id;
SELECT segment, rows, share, visits_avg, round(visits_index::numeric, 4) AS visits_index FROM customers_profile;
SELECT id, city, segment, label FROM customers_members ORDER BY id;

-- the model
SELECT model, k, run, features, inertia FROM segment_models;
SELECT model, run, k, rows_used, inertia FROM segment_runs;
SELECT model, run, segment, rows, share FROM segment_history ORDER BY segment;
SELECT segment, feature, value, scaled FROM segment_centroids('customers') ORDER BY segment;
SELECT feature, step, parameter, value FROM segment_recipe('customers') ORDER BY step, parameter;
SELECT segment, feature, mean, median, min, max, population_mean, bar FROM segment_profile('customers') ORDER BY segment;
SELECT segment, feature, mean, population_mean FROM segment_profiles ORDER BY segment;
SELECT segment, feature, low, p25, median, p75, high FROM segment_distribution ORDER BY segment;
SELECT metric, round(value::numeric, 4) AS value FROM segment_evaluate('customers') ORDER BY metric;
SELECT k, inertia, chosen FROM segment_candidates('customers');
SELECT segment, rank, key, distance FROM segment_typical('customers', 1) ORDER BY segment;
SELECT segment, value_sum, value_avg, round(value_share::numeric, 4) AS value_share FROM segment_value('customers', 'spend') ORDER BY segment;
SELECT segment, value, rows, round(rate::numeric, 4) AS rate, round(low::numeric, 4) AS low, round(high::numeric, 4) AS high, round(lift::numeric, 4) AS lift FROM segment_outcome('customers', '{city}');
SELECT segment, rule, coverage, "precision" FROM segment_rules('customers') ORDER BY segment;
SELECT segment, rank, insight FROM segment_insights('customers') ORDER BY segment, rank;
SELECT x, y, r FROM segment_feature_correlation('customers');
SELECT component, feature, abs(loading) AS loading, explained FROM segment_components('customers') WHERE component = 1;
SELECT key, segment, abs(round(x::numeric, 6)) AS x, y FROM segment_map('customers') ORDER BY key ->> 'id';
SELECT segment, rows, round(silhouette::numeric, 4) AS silhouette, sampled FROM segment_silhouette('customers');
SELECT segment, jaccard, verdict, dissolved, recovered, rand FROM segment_stability('customers', 3);
SELECT segment_chart('customers', chart) ->> '$schema' LIKE '%vega-lite/v6%' AS vega, count(*) FROM segment_charts() GROUP BY 1;
SELECT segment_report('customers') ILIKE '<!doctype html>%</html>%' AS page;
SELECT k, rows_used FROM segment_kmeans('customers', 1, model => 'by_city', features => '{spend}', group_by => '{city}');
SELECT group_values, rows_used, k, k_reason, segments FROM segment_groups('by_city');
SELECT segment_drop('by_city');
SELECT count(*) FROM segment_progress WHERE pid = pg_backend_pid();
SELECT segment_version() = extversion AS same FROM pg_extension WHERE extname = 'segment';

-- a tree: of visits in three, the first split is halfway between 2 and 12
SELECT model, k, inertia FROM segment_kmeans('customers', 3, model => 'tree', features => '{visits}', scaling => 'none', algorithm => 'bisecting');
SELECT * FROM segment_tree('tree');
SELECT * FROM segment_cut('tree', 2);
SELECT segment_drop('tree');

-- a history: who moved, back to a run, and without the runs before
SELECT model, run, changes FROM segment_kmeans('customers', 2, model => 'lists', features => '{visits}', scaling => 'none', history => true);
UPDATE customers SET visits = 11 WHERE id = 3;
SELECT run, k_reason FROM segment_rescore('lists');
SELECT id, run, from_segment, to_segment FROM lists_changes;
SELECT * FROM segment_migration('lists');
SELECT run, k_reason FROM segment_rollback('lists', 1);
SELECT segment_prune('lists', 1);
SELECT segment_drop('lists');
UPDATE customers SET visits = 3 WHERE id = 3;

-- scoring
SELECT visits, segment_predict('customers', s), segment_score('customers', s) FROM (VALUES (0.0::float8), (7.5)) AS s (visits) ORDER BY 1;
SELECT visits, segment_predict(compiled, s) FROM segment_compiled, (VALUES (0.0::float8), (7.5)) AS s (visits) WHERE model = 'customers' ORDER BY 1;
SELECT segment_share_key();
SELECT d.* FROM (VALUES (4.0::float8)) AS s (visits), segment_distances('customers', s) AS d ORDER BY segment;
SELECT e.* FROM (VALUES (4.0::float8)) AS s (visits), segment_explain('customers', s) AS e;

-- another model beside it
SELECT k FROM segment_kmeans('customers', 2, features => '{spend}', model => 'spenders');
SELECT metric, value FROM segment_compare('customers', 'spenders') ORDER BY metric;
SELECT segment_a, segment_b, rows FROM segment_contingency('customers', 'spenders') ORDER BY segment_a, segment_b;
SELECT segment_drop('spenders');

-- a copy as it would be made on another server, which has the source or has not
SELECT model, source, k, inertia, profile, members FROM segment_import(segment_export('customers'), model => 'copied', source => 'customers');
SELECT segment, label, rows, visits_avg FROM copied_profile ORDER BY segment;
SELECT model, source, k, inertia, profile, members FROM segment_import(segment_export('copied'), model => 'elsewhere');
SELECT segment_predict('elsewhere', s) FROM (VALUES (7.5)) AS s (visits);
SELECT segment_drop(model) FROM unnest('{copied,elsewhere}'::text[]) model;

-- a model's life
SELECT segment_label('customers', 2, 'Regulars');
INSERT INTO customers VALUES (7, 14, 130, 'Bath');
SELECT run, k, rows_used, inertia FROM segment_refresh('customers');
SELECT * FROM segment_transitions('customers');
SELECT segment, label, rows, visits_avg FROM customers_profile ORDER BY segment;
INSERT INTO customers VALUES (8, 3, 20, 'Bath');
SELECT run, k, k_reason, rows_used, inertia FROM segment_rescore('customers');

-- a row comes in, and is scored when it is read: the mean of 11 to 15 is 0.5 from the centroid 12.5, which is 10.5 from the other
SELECT segment_live_view('customers');
INSERT INTO customers VALUES (9, 15, 140, 'York');
SELECT id, segment, label FROM customers_live WHERE id > 6 ORDER BY id;
SELECT kind, feature, segment, round(psi::numeric, 4) AS psi, round(ks::numeric, 4) AS ks, verdict, round(before::numeric, 4) AS before, round(now::numeric, 4) AS now, round(moved::numeric, 4) AS moved
  FROM segment_drift('customers');
CALL segment_refresh_all(only_if_drift => true);
SELECT model, run, rows, drift_verdict, drift_of, error, next_step FROM segment_status;

SELECT segment_rename('customers', 'people');
SELECT id, segment, label FROM people_members WHERE id > 5 ORDER BY id;
SELECT segment_drop('people');
SELECT count(*) FROM segment_models;

-- recency, frequency and monetary value
SELECT segment_rfm('orders', 'customer', 'at', 'amount', as_of => '2026-01-21 00:00+00');
SELECT * FROM orders_rfm ORDER BY customer;
SELECT segment_rfm('orders', 'customer', 'at', 'amount', into_view => 'own_rfm', time_window => '8 days', cut_offs => '{"monetary": [5, 20]}', segment_names => '{{a,b,c},{d,e,f},{g,h,i}}', frequency_by => 'day');
SELECT customer, recency_days, frequency, monetary, rfm_score, rfm_segment FROM own_rfm ORDER BY customer;

-- building blocks: the mean and deviation of 1, 3 are 2 and 1
SELECT segment_scaler(ARRAY[x], 'standard') AS scaler FROM (VALUES (1.0::float8), (3)) AS v (x);
SELECT segment_scale(ARRAY[5.0::float8], s) AS scaled, segment_unscale(ARRAY[3.0::float8], s) AS unscaled
  FROM (SELECT segment_scaler(ARRAY[x], 'standard') AS s FROM (VALUES (1.0::float8), (3)) AS v (x)) AS fitted;
SELECT segment_kmeans_agg(ARRAY[visits], 2) AS centroids, segment_kmeans_agg(ARRAY[visits], 2, 7) AS again FROM customers WHERE id < 7;
SELECT segment_kmeans_step(ARRAY[visits], '{{0},{20}}') AS step FROM customers WHERE id < 7;
SELECT segment_rand_index(a, b) FROM (VALUES (1, 1), (1, 2), (2, 1), (2, 2)) AS labels (a, b);
SELECT segment_nearest(ARRAY[5.0::float8], '{{2},{12}}') AS nearest;

DROP VIEW orders_rfm, own_rfm;
DROP TABLE orders, customers;
