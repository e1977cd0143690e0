\set SHOW_CONTEXT never
-- The main job on data small enough to follow by eye, on any server: make installcheck.
CREATE TABLE shoppers (id integer PRIMARY KEY, spend numeric, "Visits" integer, member boolean, city text);
INSERT INTO shoppers
VALUES (1, 10, 1, false, 'Bath'), (2, 12, 1, false, 'York'), (3, NULL, 2, false, 'Bath'),
       (4, 90, 8, true, 'York'), (5, 94, 9, true, 'York'), (6, 92, 8, true, 'Bath');

SELECT model, run, k, k_reason, rows_read, rows_used, rows_skipped, features, round(inertia::numeric, 6) AS inertia,
       round(silhouette::numeric, 6) AS silhouette, assignment, profile, members
  FROM segment_kmeans('shoppers', 2);
SELECT id, segment, second_segment FROM shoppers_assignment ORDER BY id;
SELECT segment, label, rows, share, spend_avg, spend_median, round("Visits_index"::numeric, 2) AS "Visits_index", member_avg
  FROM shoppers_profile;
SELECT segment_label('shoppers', 2, 'Regulars');
SELECT id, spend, segment, label FROM shoppers_members ORDER BY id;
SELECT segment_predict('shoppers', s) FROM (VALUES (11.0, 1, false), (95.0, 7, true)) AS s (spend, "Visits", member);

INSERT INTO shoppers VALUES (7, 11, 2, false, 'Bath');
DELETE FROM shoppers WHERE id = 6;
SELECT run, k, rows_used FROM segment_refresh('shoppers');
SELECT segment, label, rows FROM shoppers_profile;

SELECT segment_kmeans('shoppers', 2);
SELECT segment_kmeans('shoppers', 20, model => 'too_many');
SELECT segment_drop('shoppers');
SELECT count(*) FROM segment_models WHERE model = 'shoppers';
DROP TABLE shoppers;
