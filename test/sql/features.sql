\set SHOW_CONTEXT never
-- What a fit says about the features that it made of columns of many types.
CREATE TABLE shoppers (id integer PRIMARY KEY, city text, joined date, tastes integer[], spend numeric, cents integer, member boolean,
                       note jsonb, shop integer);
INSERT INTO shoppers
SELECT i, CASE WHEN i % 9 > 0 THEN (ARRAY['Bath', 'York', 'York', 'Leeds'])[i % 4 + 1] END, date '2026-01-01' + i % 30,
       ARRAY[i % 3, NULL, i % 5], i % 40, 100 * (i % 40), i % 2 = 0, '{}', 7
  FROM generate_series(1, 360) i;

SELECT features FROM segment_kmeans('shoppers', 3);
SELECT features FROM segment_kmeans('shoppers', 3, model => 'excluded', exclude => '{cents,shop,note}');
SELECT features FROM segment_kmeans('shoppers', 3, model => 'named', features => '{spend,city,joined,tastes,member}');
SELECT feature, round(value::numeric, 4) AS value FROM segment_centroids('named') WHERE segment = 1;
SELECT feature, step, parameter, value FROM segment_recipe('named') WHERE feature IN ('spend', 'city=York', 'joined');
SELECT feature FROM segment_centroids('named') EXCEPT SELECT feature FROM segment_recipe('named');

SELECT features FROM segment_kmeans('shoppers', 3, model => 'own', features => '{city,spend}', missing => 'category');
SELECT features FROM segment_kmeans('shoppers', 3, model => 'shares', features => '{city,spend}', missing => 'mean');
SELECT features FROM segment_kmeans('shoppers', 3, model => 'zero', features => '{city,spend}', missing => 'zero');
SELECT features FROM segment_kmeans('shoppers', 3, model => 'rare', features => '{city,spend}', min_frequency => 0.9);
SELECT segment_kmeans('shoppers', 3, model => 'refused', features => '{note}');
SELECT segment_drop(model) FROM segment_models WHERE source = 'shoppers'::regclass;
-- A rare flag is beyond the fences wherever it is set.
CREATE VIEW flagged AS SELECT id, spend, (id % 20 = 0)::integer AS vip FROM shoppers;
SELECT features FROM segment_kmeans('flagged', 3, key => '{id}', outliers => 'clip');
SELECT features FROM segment_kmeans('flagged', 3, key => '{id}', outliers => 'clip', replace => true,
                                    feature_options => '{"vip": {"outliers": "keep"}}');
SELECT segment_drop('flagged');
DROP VIEW flagged;
DROP TABLE shoppers;

-- nor does it take as the same what differs in later rows only
CREATE TABLE later AS SELECT i AS id, i % 101 AS x, CASE WHEN i < 12000 THEN i % 101 ELSE i % 97 END AS y FROM generate_series(1, 15000) i;
SELECT features FROM segment_kmeans('later', 2, features => '{x,y}', key => '{}');
SELECT segment_drop('later');
DROP TABLE later;
