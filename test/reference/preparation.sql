-- Written by preparation.py; judged by judge.sql.

CREATE TYPE prepared_size AS ENUM ('small', 'medium', 'large');
CREATE TABLE prepared AS SELECT i AS id,
	(CASE WHEN i % 37 = 0 THEN NULL WHEN i % 53 = 0 THEN 'NaN' ELSE (i * 7919 % 1009) / 8.0 + 100 * (i % 3) END)::float8 AS "a",
	(CASE WHEN i % 41 = 5 THEN NULL ELSE (i * 31 % 97) * (i * 31 % 97) * (i * 31 % 97) / 64.0 + 900 * (i % 89 - i % 89 % 88) END)::numeric AS "Total spent",
	(CASE WHEN i % 59 = 7 THEN NULL ELSE (i * 57 % 201 - 120) * abs((i * 57 % 201 - 120)) / 16.0 + 50 * (i % 101 - i % 101 % 100) - 40 * (i % 97 - i % 97 % 96) END)::float8 AS "signed",
	(i * i % 7)::integer AS "order",
	(CASE WHEN i % 67 = 1 THEN NULL ELSE 1000000 + (i * 17 % 23) / 4.0 + (i * 113 % 401) / 64.0 END)::float8 AS "far",
	CASE WHEN i % 29 = 0 THEN NULL ELSE i * i % 5 % 2 = 1 END AS "vip",
	((i * 3 % 11 - i * 3 % 11 % 4) / 4.0 * 3 + i % 2)::smallint AS "visits",
	((i * 3 % 11) / 4.0)::float8 AS "w",
	(CASE WHEN i % 31 = 3 THEN NULL ELSE (ARRAY['free', 'basic', 'it''s = "odd"', '', 'été', 'pro', 'team', 'zoo'])[1 + (i * i % 41 % 11 * (i * i % 41 % 11) % 8)] END)::text AS "plan",
	(CASE WHEN i % 73 = 2 THEN NULL ELSE (ARRAY['small', 'medium', 'large'])[1 + (i * i % 23 % 3)] END)::prepared_size AS "size",
	CASE WHEN i % 61 = 0 THEN NULL ELSE date '1970-01-01' + (18262 + i * 37 % 900) END AS "joined",
	CASE WHEN i % 71 = 4 THEN NULL ELSE timestamp '1970-01-01' + (1622505600 + i * 12345 % 1000003) * interval '1 second' END AS "seen",
	timestamptz '1970-01-01 00:00+00' + (1577836800 + i * 54321 % 999983) * interval '1 second' AS "paid",
	CASE WHEN i % 43 = 1 THEN NULL ELSE (i * i % 311 - 20) * interval '1 hour' END AS "stay",
	(CASE WHEN i % 47 = 5 THEN NULL ELSE ARRAY[(i * 19 % 83) / 4.0, CASE WHEN i % 43 = 6 THEN NULL ELSE (i * 23 % 61) * (i * 23 % 61) END, (i * i % 37) - 18] END)::float8[] AS "v"
FROM generate_series(1, 400) AS i;

INSERT INTO expected_fit VALUES (1, 'numbers',
	'defaults',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''none''',
	'{{97.9541925,3577.22943,-122.719332,1.2173913,0.416149068},{243.556911,3410.35353,-192.870427,1.17886179,0.349593496},{152.0625,80189.4062,-35.015625,2.5,0.25},{164.835938,3552.21024,-133.104353,4,0.392857143}}',
	859.9100818029654, 0.4926597105775491, 400, '{161,123,112,4}');
INSERT INTO expected_feature VALUES
	(1, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(1, 'Total spent', 1838.265625, NULL, NULL, NULL, 4285.031484375, 8593.953561351462, 10, 0),
	(1, 'signed', -27.5625, NULL, NULL, NULL, -146.3215625, 590.4750427157907, 7, 0),
	(1, 'order', 2.0, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(1, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (2, 'numbers',
	'missing mean, transform log1p, outliers clip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''mean'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{177.135867,2316.8821,-768.352398,1.97466415,0.432191071},{190.881007,6.75565692,-23.2402749,1.56598414,0.4851116},{45.7642651,3019.70344,3.07450136,1.36429341,0.357626635},{283.701525,7727.67924,140.801975,1.65098515,0.608476807}}',
	204.19137193975138, 0.6349551249246294, 400, '{142,104,78,76}');
INSERT INTO expected_feature VALUES
	(2, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 4.872917369423229, 0.792732435796693, 17, 0),
	(2, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 6.792434963004247, 2.4973556699543344, 10, 4),
	(2, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -136.74686386768448, 318.7027132257488, 7, 10),
	(2, 'order', 1.9975, -3.5, 8.5, NULL, 0.9710741217251139, 0.5266483720028325, 0, 0),
	(2, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (3, 'numbers',
	'scaling minmax, missing zero, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''zero'', transform => ''none'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}''',
	'{{231.925347,2884.66385,-146.476562,2.02777778,1},{240.101974,3108.83786,-99.6217105,2.02631579,0},{77.7943038,3925.8928,-87.5506329,1.93670886,1},{79.7086777,3793.27621,-155.356921,1.90909091,0}}',
	86.8852717988863, 0.7937878234458315, 386, '{121,114,79,72}');
INSERT INTO expected_feature VALUES
	(3, 'a', 0.0, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(3, 'Total spent', 0.0, -8792.123046875, 15304.580078125, NULL, 0.0, 13824.0, 10, 0),
	(3, 'signed', 0.0, -894.375, 626.625, NULL, -855.5625, 1235.8125, 7, 0),
	(3, 'order', 0.0, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0),
	(3, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (4, 'numbers',
	'scaling robust, missing skip, transform log1p, outliers skip, feature_options {signed: {transform: none}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', feature_options => ''{"signed": {"transform": "none"}}'', distance => ''cosine''',
	'{{43.3168062,2947.2526,60.8578432,1.13777234,0.501402132},{162.347587,2388.60059,-543.095715,1.66065106,0.426669532},{406.434572,10654.3257,175.943614,1.42001364,0.891592256},{182.967854,8.58424474,-67.5408989,1.59836289,0.457825331}}',
	193.01825740722785, 0.5948135700862753, 342, '{94,89,81,78}');
INSERT INTO expected_feature VALUES
	(4, 'a', NULL, -97.1875, 424.3125, NULL, 5.070474062222566, 0.8496538374831957, 0, 0),
	(4, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 7.423737225637375, 3.2913893732131774, 0, 0),
	(4, 'signed', NULL, -894.375, 626.625, NULL, -20.25, 328.5, 0, 0),
	(4, 'order', NULL, -3.5, 8.5, NULL, 1.0986122886681096, 0.916290731874155, 0, 0),
	(4, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (5, 'numbers',
	'scaling maxabs, transform log1p, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''median'', transform => ''log1p'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{155.461183,17.9105423,-174.67217,1.96098546,0},{126.250953,871.492713,-120.033065,1.62610351,1},{161.696068,1812.9754,-103.058468,0.694683027,0},{99.4322099,3640.81029,-212.943813,2.80084773,0}}',
	9.317201798496445, 0.8886373571456746, 400, '{155,99,93,53}');
INSERT INTO expected_feature VALUES
	(5, 'a', 159.0, NULL, NULL, NULL, 0.0, 5.777652323222656, 17, 0),
	(5, 'Total spent', 1838.265625, NULL, NULL, NULL, 0.0, 11.312039972135217, 10, 0),
	(5, 'signed', -27.5625, NULL, NULL, NULL, 0.0, 4856.0, 7, 0),
	(5, 'order', 2.0, NULL, NULL, NULL, 0.0, 1.6094379124341003, 0, 0),
	(5, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (6, 'numbers',
	'scaling maxabs, missing mean, outliers clip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''clip''',
	'{{173.429356,3851.24699,5.78538936,4,0.0151138414},{159.165455,3633.67238,-123.472972,1.98709677,1},{155.845819,4159.00862,-666.275735,2.33333333,0.0235598115},{163.408771,3546.97571,-13.3829652,1.13475177,0.0227243572}}',
	117.52326600029703, 0.5313741007024166, 400, '{155,141,53,51}');
INSERT INTO expected_feature VALUES
	(6, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(6, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 0.0, 15304.580078125, 10, 4),
	(6, 'signed', -148.43686386768448, -894.375, 626.625, NULL, 0.0, 894.375, 7, 10),
	(6, 'order', 1.9975, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0),
	(6, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (7, 'numbers',
	'scaling none, missing zero, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''zero'', transform => ''none'', distance => ''cosine''',
	'{{130.539773,110.71804,417.116477,1.95454545,0.363636364},{151.43704,6115.4379,-86.0151654,1.94485294,0.400735294},{154.765873,431.259921,-700.889881,2.28571429,0.349206349},{192.604651,61.0617733,0.92877907,1.93023256,0.372093023}}',
	29.36116900055759, 0.8269685292475204, 400, '{272,63,43,22}');
INSERT INTO expected_feature VALUES
	(7, 'a', 0.0, NULL, NULL, NULL, 0.0, 1.0, 17, 0),
	(7, 'Total spent', 0.0, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(7, 'signed', 0.0, NULL, NULL, NULL, 0.0, 1.0, 7, 0),
	(7, 'order', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(7, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (8, 'numbers',
	'scaling none, missing skip, transform log1p, outliers clip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''skip'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}''',
	'{{131.935072,883.241592,-12.4515533,1.48821926,0.414201183},{127.531039,706.348459,-716.497642,2.05599917,0.358490566},{122.850308,878.959125,246.199219,1.67959212,0.390625},{122.823821,684.134767,-324.994565,1.61247585,0.391304348}}',
	2863403.426713585, 0.9184441719370338, 355, '{169,69,64,53}');
INSERT INTO expected_feature VALUES
	(8, 'a', NULL, -97.1875, 424.3125, NULL, 0.0, 1.0, 0, 0),
	(8, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 0, 4),
	(8, 'signed', NULL, -894.375, 626.625, NULL, 0.0, 1.0, 0, 9),
	(8, 'order', NULL, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0),
	(8, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (9, 'numbers',
	'scaling minmax, transform log1p, outliers clip, feature_options {signed: {transform: none}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''median'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}}'', distance => ''cosine''',
	'{{151.450803,16.6491523,-97.5625,2.26567614,0},{126.250953,862.288836,-121.133468,1.62610351,1},{142.196677,1514.94548,-24.9735577,0.478467535,0},{119.188871,2613.89891,-235.563012,2.56326077,0}}',
	30.20350873824643, 0.6391388540679594, 400, '{155,122,78,45}');
INSERT INTO expected_feature VALUES
	(9, 'a', 159.0, -97.1875, 424.3125, NULL, 1.927891643552635, 3.8497606796700214, 17, 0),
	(9, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 9.635972751878203, 10, 4),
	(9, 'signed', -27.5625, -894.375, 626.625, NULL, -894.375, 1521.0, 7, 10),
	(9, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.6094379124341003, 0, 0),
	(9, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (10, 'numbers',
	'scaling robust, missing mean, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}''',
	'{{236.080605,3407.00074,-171.599794,2.03141361,0.373838224},{152.0625,80189.4062,-35.015625,2.5,0.25},{92.8347233,3729.57394,-52.3650371,1.93532338,0.429866173},{122.9375,4492.125,-3983.4375,3,0.350129199}}',
	1167.595839071693, 0.5489896625740868, 400, '{201,191,4,4}');
INSERT INTO expected_feature VALUES
	(10, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 126.3125, 17, 0),
	(10, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 1953.125, 5834.25, 10, 0),
	(10, 'signed', -148.43686386768448, NULL, NULL, NULL, -36.0, 380.25, 7, 0),
	(10, 'order', 1.9975, NULL, NULL, NULL, 2.0, 3.0, 0, 0),
	(10, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (11, 'numbers',
	'scaling minmax, missing skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''skip'', transform => ''none''',
	'{{162.682927,3649.31593,-130.208841,4,1},{169.497881,5976.77225,-129.058263,4,0},{156.9025,4169.79031,-103.42125,1.18,1},{161.533871,4081.73135,-160.372984,1.2,0}}',
	41.87960368363458, 0.7420623148076388, 355, '{155,100,59,41}');
INSERT INTO expected_feature VALUES
	(11, 'a', NULL, NULL, NULL, NULL, 5.875, 316.125, 0, 0),
	(11, 'Total spent', NULL, NULL, NULL, NULL, 0.0, 81799.609375, 0, 0),
	(11, 'signed', NULL, NULL, NULL, NULL, -4191.5625, 9047.5625, 0, 0),
	(11, 'order', NULL, NULL, NULL, NULL, 0.0, 4.0, 0, 0),
	(11, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (12, 'numbers',
	'scaling robust, missing zero, transform log1p, outliers clip, feature_options {signed: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''zero'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}}''',
	'{{2.41497627,1260.03099,-123.981618,1.7192393,0.441176471},{137.614549,8.58002909,-98.8575949,1.83416953,0.417721519},{132.728224,1560.40483,-596.326389,1.91762306,0.333333333},{150.792086,2554.94853,32.3683252,1.45945025,0.388349515}}',
	649.1923915631959, 0.5508755377442497, 400, '{206,81,79,34}');
INSERT INTO expected_feature VALUES
	(12, 'a', 0.0, -97.1875, 424.3125, NULL, 5.011462734061528, 0.9574929613455421, 17, 0),
	(12, 'Total spent', 0.0, -8792.123046875, 15304.580078125, NULL, 7.45529848568329, 3.4598138356582293, 10, 4),
	(12, 'signed', 0.0, -894.375, 626.625, NULL, -23.90625, 380.25, 7, 10),
	(12, 'order', 0.0, -3.5, 8.5, NULL, 1.0986122886681096, 0.916290731874155, 0, 0),
	(12, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (13, 'numbers',
	'scaling none, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''median'', transform => ''none'', outliers => ''skip''',
	'{{164.148256,2846.26181,-132.09593,1.94186047,0.395348837},{150.478774,11421.6338,-118.231132,1.96226415,0.358490566},{167.423649,412.621199,-127.894257,1.96756757,0.4},{153.197581,6825.12727,-105.22379,2.03225806,0.387096774}}',
	349056478.41059154, 0.9433407870934147, 386, '{185,86,62,53}');
INSERT INTO expected_feature VALUES
	(13, 'a', 159.0, -97.1875, 424.3125, NULL, 0.0, 1.0, 17, 0),
	(13, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 10, 0),
	(13, 'signed', -27.5625, -894.375, 626.625, NULL, 0.0, 1.0, 7, 0),
	(13, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0),
	(13, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (14, 'numbers',
	'missing mean, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', outliers => ''skip''',
	'{{164.198783,1425.51013,-5.33555033,1.11904762,0.389304171},{160.293173,2743.47357,-639.789179,2.28358209,0.444791546},{143.440698,9832.59883,-57.718742,1.7,0.41001292},{180.515928,2321.22,-3.90403138,4,0.391563853}}',
	912.8187470275127, 0.4413713207858825, 386, '{168,80,71,67}');
INSERT INTO expected_feature VALUES
	(14, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 162.22001278426384, 85.53250080979299, 17, 0),
	(14, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 3561.432529352663, 3975.7530302251635, 10, 0),
	(14, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -126.05423069190101, 299.01612844449755, 7, 0),
	(14, 'order', 1.9975, -3.5, 8.5, NULL, 1.971502590673575, 1.407498910349765, 0, 0),
	(14, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (15, 'numbers',
	'scaling maxabs, missing zero, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''zero'', transform => ''none'', outliers => ''skip''',
	'{{160.076087,3367.40138,-7.88315217,1.12318841,0},{139.007979,4181.01197,-622.591755,2.27659574,0},{151.287252,3429.41277,-115.647765,1.98013245,1},{167.85,3043.69969,3.8925,4,0}}',
	119.5737698248794, 0.5234370195810987, 386, '{151,138,50,47}');
INSERT INTO expected_feature VALUES
	(15, 'a', 0.0, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(15, 'Total spent', 0.0, -8792.123046875, 15304.580078125, NULL, 0.0, 13824.0, 10, 0),
	(15, 'signed', 0.0, -894.375, 626.625, NULL, 0.0, 855.5625, 7, 0),
	(15, 'order', 0.0, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0),
	(15, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (16, 'numbers',
	'missing zero',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''zero'', transform => ''none''',
	'{{81.3223684,3531.90584,-117.895559,1.22368421,0.407894737},{238.326705,3376.43845,-192.598011,1.17424242,0.363636364},{152.0625,80189.4063,-35.015625,2.5,0.25},{157.737723,3502.97098,-132.612165,4,0.392857143}}',
	855.3273597315103, 0.49536348111271933, 400, '{152,132,112,4}');
INSERT INTO expected_feature VALUES
	(16, 'a', 0.0, NULL, NULL, NULL, 155.2375, 91.51949544700845, 17, 0),
	(16, 'Total spent', 0.0, NULL, NULL, NULL, 4239.07484375, 8611.811458290003, 10, 0),
	(16, 'signed', 0.0, NULL, NULL, NULL, -145.83921875, 590.5831045648331, 7, 0),
	(16, 'order', 0.0, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(16, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (17, 'numbers',
	'missing skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''skip'', transform => ''none''',
	'{{88.6712963,3658.47002,-121.016667,1.20740741,0.392592593},{239.752119,3367.1773,-162.022246,1.1779661,0.389830508},{152.0625,80189.4063,-35.015625,2.5,0.25},{168.660714,3468.58068,-128.132653,4,0.418367347}}',
	751.6707432070792, 0.5005500663732221, 355, '{135,118,98,4}');
INSERT INTO expected_feature VALUES
	(17, 'a', NULL, NULL, NULL, NULL, 161.68556338028168, 87.55481448683132, 0, 0),
	(17, 'Total spent', NULL, NULL, NULL, NULL, 4371.546214788732, 9024.910761162733, 0, 0),
	(17, 'signed', NULL, NULL, NULL, NULL, -135.64207746478874, 577.1722837991382, 0, 0),
	(17, 'order', NULL, NULL, NULL, NULL, 1.9830985915492958, 1.4141125635508591, 0, 0),
	(17, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (18, 'numbers',
	'scaling minmax, missing mean',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''mean'', transform => ''none''',
	'{{164.459054,5713.10684,-138.653562,4,0.022886674},{163.819403,4069.00283,-175.435703,1.20571429,0.0205980066},{161.517179,3813.39063,-132.720156,4,1},{158.23324,4138.06727,-118.270822,1.18918919,1}}',
	47.24993010986356, 0.7348627919525489, 400, '{175,111,70,44}');
INSERT INTO expected_feature VALUES
	(18, 'a', 162.12793733681463, NULL, NULL, NULL, 5.875, 316.125, 17, 0),
	(18, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 0.0, 81799.609375, 10, 0),
	(18, 'signed', -148.43686386768448, NULL, NULL, NULL, -4191.5625, 9047.5625, 7, 0),
	(18, 'order', 1.9975, NULL, NULL, NULL, 0.0, 4.0, 0, 0),
	(18, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (19, 'numbers',
	'scaling robust',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''median'', transform => ''none''',
	'{{165.727174,3480.91753,-538.361413,2.15652174,0.373913043},{161.152978,3519.78683,70.2409747,1.90974729,0.397111913},{152.0625,80189.4062,-35.015625,2.5,0.25},{122.9375,4492.125,-3983.4375,3,0.25}}',
	893.7633656352268, 0.5936253775123317, 400, '{277,115,4,4}');
INSERT INTO expected_feature VALUES
	(19, 'a', 159.0, NULL, NULL, NULL, 159.0, 126.3125, 17, 0),
	(19, 'Total spent', 1838.265625, NULL, NULL, NULL, 1838.265625, 5834.25, 10, 0),
	(19, 'signed', -27.5625, NULL, NULL, NULL, -27.5625, 380.25, 7, 0),
	(19, 'order', 2.0, NULL, NULL, NULL, 2.0, 3.0, 0, 0),
	(19, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (20, 'numbers',
	'scaling maxabs, missing skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''none''',
	'{{161.533871,4081.73135,-160.372984,1.2,0},{162.682927,3649.31593,-130.208841,4,1},{169.497881,5976.77225,-129.058263,4,0},{156.9025,4169.79031,-103.42125,1.18,1}}',
	44.46144320766827, 0.7304534982015655, 355, '{155,100,59,41}');
INSERT INTO expected_feature VALUES
	(20, 'a', NULL, NULL, NULL, NULL, 0.0, 322.0, 0, 0),
	(20, 'Total spent', NULL, NULL, NULL, NULL, 0.0, 81799.609375, 0, 0),
	(20, 'signed', NULL, NULL, NULL, NULL, 0.0, 4856.0, 0, 0),
	(20, 'order', NULL, NULL, NULL, NULL, 0.0, 4.0, 0, 0),
	(20, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (21, 'numbers',
	'scaling none, missing mean',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''mean'', transform => ''none''',
	'{{167.269597,700.654576,-118.387823,1.97767857,0.402697028},{152.0625,80189.4062,-35.015625,2.5,0.25},{152.07763,10727.1928,-51.4410122,1.98591549,0.391563853},{158.188351,4948.24446,-287.757413,2.02970297,0.407936142}}',
	707156261.1706325, 0.9761283771222137, 400, '{224,101,71,4}');
INSERT INTO expected_feature VALUES
	(21, 'a', 162.12793733681463, NULL, NULL, NULL, 0.0, 1.0, 17, 0),
	(21, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(21, 'signed', -148.43686386768448, NULL, NULL, NULL, 0.0, 1.0, 7, 0),
	(21, 'order', 1.9975, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(21, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (22, 'far from zero',
	'defaults',
	'features => ''{"far","visits"}'', scaling => ''standard''',
	'{{1000008.07,2.04411765},{1000003.85,1.65671642},{1000005.72,6.06923077}}',
	328.6632420742134, 0.5891709474072333, 400, '{136,134,130}');
INSERT INTO expected_feature VALUES
	(22, 'far', 1000005.953125, NULL, NULL, NULL, 1000005.8936328125, 2.422698219149834, 6, 0),
	(22, 'visits', 3.0, NULL, NULL, NULL, 3.2225, 2.432692695348099, 0, 0);

INSERT INTO expected_fit VALUES (23, 'far from zero',
	'transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''standard'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000007.48,4.58278801},{1000003.24,3.77889604},{1000006.31,0.351075716}}',
	285.2910648464475, 0.6433861689419407, 400, '{157,129,114}');
INSERT INTO expected_feature VALUES
	(23, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 13.815517450664425, 2.422670460835654e-06, 6, 0),
	(23, 'visits', 3.2225, -6.5, 13.5, NULL, 1.2178179876981527, 0.7261763224492523, 0, 0);

INSERT INTO expected_fit VALUES (24, 'far from zero',
	'scaling minmax',
	'features => ''{"far","visits"}'', scaling => ''minmax''',
	'{{1000005.83,0.5},{1000006.01,3.49655172},{1000005.82,6.50458716}}',
	21.038918799769895, 0.6875400485751272, 400, '{146,145,109}');
INSERT INTO expected_feature VALUES
	(24, 'far', 1000005.953125, NULL, NULL, NULL, 1000000.515625, 11.109375, 6, 0),
	(24, 'visits', 3.0, NULL, NULL, NULL, 0.0, 7.0, 0, 0);

INSERT INTO expected_fit VALUES (25, 'far from zero',
	'scaling minmax, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''minmax'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000005.83,0.414213562},{1000007.75,4.49773517},{1000003.76,4.67230341}}',
	19.32491495117223, 0.7149879510844677, 400, '{146,138,116}');
INSERT INTO expected_feature VALUES
	(25, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 13.815512073588126, 1.110929645342651e-05, 6, 0),
	(25, 'visits', 3.2225, -6.5, 13.5, NULL, 0.0, 2.0794415416798357, 0, 0);

INSERT INTO expected_fit VALUES (26, 'far from zero',
	'scaling robust',
	'features => ''{"far","visits"}'', scaling => ''robust''',
	'{{1000006.86,1},{1000003.28,3.48201439},{1000007.71,5.18461538}}',
	120.19110972544473, 0.5903180402402497, 400, '{139,131,130}');
INSERT INTO expected_feature VALUES
	(26, 'far', 1000005.953125, NULL, NULL, NULL, 1000005.953125, 3.4375, 6, 0),
	(26, 'visits', 3.0, NULL, NULL, NULL, 3.0, 5.0, 0, 0);

INSERT INTO expected_fit VALUES (27, 'far from zero',
	'scaling robust, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''robust'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000003.5,3.86323373},{1000005.99,0.288075708},{1000007.83,4.09543714}}',
	124.8329293907943, 0.6252266232999826, 400, '{155,130,115}');
INSERT INTO expected_feature VALUES
	(27, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 13.815517457428893, 3.4374762343247767e-06, 6, 0),
	(27, 'visits', 3.2225, -6.5, 13.5, NULL, 1.3862943611198906, 1.252762968495368, 0, 0);

INSERT INTO expected_fit VALUES (28, 'far from zero',
	'scaling maxabs',
	'features => ''{"far","visits"}'', scaling => ''maxabs''',
	'{{1000005.83,0.5},{1000005.82,6.50458716},{1000006.01,3.49655172}}',
	2.0407343346729805, 0.9577576512335297, 400, '{146,145,109}');
INSERT INTO expected_feature VALUES
	(28, 'far', 1000005.953125, NULL, NULL, NULL, 0.0, 1000011.625, 6, 0),
	(28, 'visits', 3.0, NULL, NULL, NULL, 0.0, 7.0, 0, 0);

INSERT INTO expected_fit VALUES (29, 'far from zero',
	'scaling maxabs, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''maxabs'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000005.71,1},{1000005.93,4.57678258},{1000005.95,0}}',
	4.364096659616758, 0.9105369638908382, 400, '{254,73,73}');
INSERT INTO expected_feature VALUES
	(29, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 0.0, 13.81552318288458, 6, 0),
	(29, 'visits', 3.2225, -6.5, 13.5, NULL, 0.0, 2.0794415416798357, 0, 0);

INSERT INTO expected_fit VALUES (30, 'far from zero',
	'scaling none',
	'features => ''{"far","visits"}'', scaling => ''none''',
	'{{1000008.07,2.04411765},{1000003.85,1.65671642},{1000005.72,6.06923077}}',
	1935.607713814887, 0.5894773669829676, 400, '{136,134,130}');
INSERT INTO expected_feature VALUES
	(30, 'far', 1000005.953125, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(30, 'visits', 3.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (31, 'far from zero',
	'scaling none, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''none'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000005.71,1},{1000005.93,4.57678258},{1000005.95,0}}',
	18.87069054058071, 0.9105369638809468, 400, '{254,73,73}');
INSERT INTO expected_feature VALUES
	(31, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 0.0, 1.0, 6, 0),
	(31, 'visits', 3.2225, -6.5, 13.5, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (32, 'nothing missing',
	'missing error',
	'features => ''{"order","visits","w"}'', missing => ''error''',
	'{{1.16571429,4.87428571,1.78571429},{1.99342105,0.598684211,0.401315789},{4,4.7260274,1.72945205}}',
	424.86100325030077, 0.6459491639580828, 400, '{175,152,73}');
INSERT INTO expected_feature VALUES
	(32, 'order', NULL, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(32, 'visits', NULL, NULL, NULL, NULL, 3.2225, 2.432692695348099, 0, 0),
	(32, 'w', NULL, NULL, NULL, NULL, 1.249375, 0.7902726487580093, 0, 0);

INSERT INTO expected_fit VALUES (33, 'one feature''s own options',
	'scaling robust, missing mean, feature_options {a: {missing: zero, scaling: minmax}, Total spent: {transform: log1p}, signed: {outliers: clip, weight: 4}, order: {scaling: none}, vip: {scaling: standard, missing: skip}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''mean'', feature_options => ''{"a": {"missing": "zero", "scaling": "minmax"}, "Total spent": {"transform": "log1p"}, "signed": {"outliers": "clip", "weight": 4}, "order": {"scaling": "none"}, "vip": {"scaling": "standard", "missing": "skip"}}''',
	'{{162.153274,942.386082,16.1131104,4,0.404761905},{150.613764,784.440764,4.34341317,1.13483146,1},{150.247024,918.747649,-636.716518,2.20238095,0.380952381},{156.252885,966.5818,-4.71488917,1.14615385,-3.33066907e-16}}',
	1065.9726303664102, 0.5882598613063015, 387, '{130,89,84,84}');
INSERT INTO expected_feature VALUES
	(33, 'a', 0.0, NULL, NULL, NULL, 0.0, 322.0, 17, 0),
	(33, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 7.5776978018974885, 3.210827718312637, 9, 0),
	(33, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -36.0, 367.03125, 7, 9),
	(33, 'order', 1.9975, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(33, 'vip', NULL, NULL, NULL, NULL, 0.4005167958656331, 0.4900031551889843, 0, 0);

INSERT INTO expected_fit VALUES (34, 'fences',
	'outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{240.466814,2094.81222,-205.604858,1.15929204,0.345132743},{141.972426,12029.6574,-70.3862022,2.04411765,0.352941176},{92.621,2005.26488,-74.573594,1.224,0.448},{174.398936,2229.68168,-198.650654,4,0.382978723}}',
	989.0624466950633, 0.41646081540171065, 400, '{125,113,94,68}');
INSERT INTO expected_feature VALUES
	(34, 'a', 159.0, -99.92954549930528, 424.1854201729345, NULL, 161.995, 85.47842960726993, 17, 0),
	(34, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, NULL, 3787.4466826917533, 4776.844956364456, 10, 4),
	(34, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, NULL, -140.03617853328896, 375.87584738158193, 7, 6),
	(34, 'order', 2.0, -2.242481574252404, 6.237481574252405, NULL, 1.9975, 1.413327191417472, 0, 0),
	(34, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (35, 'fences',
	'scaling minmax, missing mean, transform log1p, outliers clip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9], weight: 2.5}, signed: {clip: [0.05, 0.9], transform: none}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''mean'', transform => ''log1p'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9], "weight": 2.5}, "signed": {"clip": [0.05, 0.9], "transform": "none"}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{173.637283,1106.99217,-601.216981,1.95441251,0.0151138414},{127.227724,889.692943,-137.312097,1.65569061,0.98126615},{165.478337,729.118097,-7.56567256,1.48336488,0.0153063744},{31.2010192,1888.598,-67.3478955,1.89915044,0}}',
	26.803892197468496, 0.7575820309288408, 400, '{160,157,53,30}');
INSERT INTO expected_feature VALUES
	(35, 'a', 162.12793733681463, 20.85, 284.275, NULL, 3.084200921541599, 2.5692527057791437, 17, 59),
	(35, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 10.323247536375138, 10, 4),
	(35, 'signed', -148.43686386768448, -786.9374999999999, 225.0, NULL, -786.9374999999999, 1011.9374999999999, 7, 56),
	(35, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.6094379124341003, 0, 0),
	(35, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (36, 'fences',
	'scaling robust, missing zero, outliers skip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''zero'', transform => ''none'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{131.884263,3232.1098,-20.5515753,1.97319734,1.02795676},{139.842115,3700.63024,-628.422096,2.33124317,0.216138802},{305.639657,3298.2813,28.778571,1.80807157,0.149566603},{-6.344689,3461.59006,86.787506,1.19006756,0}}',
	172.83607950521713, 0.6566784805754373, 390, '{113,111,89,77}');
INSERT INTO expected_feature VALUES
	(36, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 149.125, 140.25, 17, 0),
	(36, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 1622.234375, 5659.69140625, 10, 0),
	(36, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, -20.25, 351.140625, 7, 0),
	(36, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0),
	(36, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (37, 'fences',
	'scaling maxabs, missing skip, transform log1p, outliers skip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9]}, signed: {clip: [0.05, 0.9], transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9]}, "signed": {"clip": [0.05, 0.9], "transform": "none"}}''',
	'{{129.080651,828.000786,17.6497642,1.56223656,1},{132.687708,650.656018,-564.7125,1.99166284,0},{134.703238,855.764875,14.8969371,1.46088494,0},{119.828732,634.493015,-550.571691,1.95382088,1}}',
	79.51986426989053, 0.6052191397195739, 351, '{151,106,60,34}');
INSERT INTO expected_feature VALUES
	(37, 'a', NULL, 20.85, 284.275, NULL, 0.0, 5.653453627320743, 0, 54),
	(37, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 9.534233826390535, 0, 0),
	(37, 'signed', NULL, -786.9374999999999, 225.0, NULL, 0.0, 786.9374999999999, 0, 45),
	(37, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.6094379124341003, 0, 0),
	(37, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (38, 'fences',
	'scaling none, missing mean, feature_options {a: {clip: [0.05, 0.9]}, signed: {clip: [0.05, 0.9]}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''mean'', transform => ''none'', feature_options => ''{"a": {"clip": [0.05, 0.9]}, "signed": {"clip": [0.05, 0.9]}}'', distance => ''cosine''',
	'{{158.575134,83.7109375,184.934659,2.22727273,0.354592436},{157.220238,5957.26709,-126.340291,1.96896552,0.40553328},{155.465196,136.10049,-465.870086,2.21568627,0.388255561},{196.11562,73.4434122,-19.2753206,1.78378378,0.405405405}}',
	25.088232972796433, 0.8320419147075218, 400, '{290,51,37,22}');
INSERT INTO expected_feature VALUES
	(38, 'a', 162.12793733681463, 20.85, 284.275, NULL, 0.0, 1.0, 17, 59),
	(38, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(38, 'signed', -148.43686386768448, -786.9374999999999, 225.0, NULL, 0.0, 1.0, 7, 56),
	(38, 'order', 1.9975, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(38, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (39, 'fences',
	'scaling maxabs, missing skip, outliers clip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{201.057047,3002.75535,-98.8452181,1.71812081,0},{158.583333,3672.56663,-112.666658,2,1},{65.7022059,7335.86112,92.7974486,2.79411765,0},{91.8306452,4458.16986,-658.356015,2.29032258,0}}',
	32.90294863947974, 0.7869217635674026, 355, '{149,141,34,31}');
INSERT INTO expected_feature VALUES
	(39, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 0, 0),
	(39, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 0, 4),
	(39, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 0, 5),
	(39, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(39, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (40, 'fences',
	'scaling robust, missing zero, transform log1p, outliers clip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9]}, signed: {clip: [0.05, 0.9], transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''zero'', transform => ''log1p'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9]}, "signed": {"clip": [0.05, 0.9], "transform": "none"}}''',
	'{{137.818531,6.39180511,-107.201858,1.76543431,0.418918919},{156.673479,1261.86346,-591.087329,1.93274844,0.328767123},{175.164349,2557.81686,20.1063179,1.44593359,0.385869565},{30.1316055,1948.92895,-124.940217,1.75951739,0.420289855}}',
	516.4736800914195, 0.4791035942511045, 400, '{184,74,73,69}');
INSERT INTO expected_feature VALUES
	(40, 'a', 0.0, 20.85, 284.275, NULL, 5.011462734061528, 0.9574929613455421, 17, 76),
	(40, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 7.45529848568329, 3.4598138356582293, 10, 4),
	(40, 'signed', 0.0, -786.9374999999999, 225.0, NULL, -23.90625, 380.25, 7, 56),
	(40, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 1.0986122886681096, 0.916290731874155, 0, 0),
	(40, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (41, 'fences',
	'scaling minmax, missing mean, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''mean'', transform => ''none'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{157.091043,3455.68592,-118.727261,1.2,1},{163.31262,3627.1177,-134.109364,1.19186047,0.0186286882},{166.31264,3883.49888,-136.860104,4,1},{168.56074,3341.31313,-157.303021,4,0.0242737452}}',
	94.54807432086717, 0.5743998056216197, 390, '{172,110,66,42}');
INSERT INTO expected_feature VALUES
	(41, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 5.875, 316.125, 17, 0),
	(41, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 13824.0, 10, 0),
	(41, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, -900.0, 1280.25, 7, 0),
	(41, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(41, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (42, 'fences',
	'transform log1p, outliers skip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9], weight: 2.5}, signed: {clip: [0.05, 0.9], transform: none}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''log1p'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9], "weight": 2.5}, "signed": {"clip": [0.05, 0.9], "transform": "none"}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{52.1732417,2721.10268,-30.4323394,1.54473089,0.409669286},{278.607485,6739.28077,117.604367,1.61579124,0.561286641},{193.892823,6.57178749,-0.040321482,1.47561095,0.446907076},{183.408969,2196.35786,-741.260291,1.94173358,0.372903843}}',
	197.0386948237142, 0.6522589054528147, 396, '{133,116,74,73}');
INSERT INTO expected_feature VALUES
	(42, 'a', 159.0, 20.85, 284.275, NULL, 4.8947996451398055, 0.702841275824274, 17, 58),
	(42, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, NULL, 6.7419818929738105, 2.483016039393242, 10, 0),
	(42, 'signed', -27.5625, -786.9374999999999, 225.0, NULL, -141.3068181818182, 297.8187913154821, 7, 55),
	(42, 'order', 2.0, -2.242481574252404, 6.237481574252405, NULL, 0.9699802034760336, 0.5250508912914142, 0, 0),
	(42, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (43, 'fences',
	'scaling none, missing zero, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{163.592415,670.712073,-129.528629,1.98717949,0.388888889},{142.943662,10727.1928,-94.673581,1.98591549,0.38028169},{152.0625,30430.9261,-35.015625,2.5,0.25},{143.48489,5014.23077,-204.944483,2.01098901,0.395604396}}',
	623123032.2330453, 0.9329385501052265, 400, '{234,91,71,4}');
INSERT INTO expected_feature VALUES
	(43, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 0.0, 1.0, 17, 0),
	(43, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 0.0, 1.0, 10, 4),
	(43, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1.0, 7, 6),
	(43, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.0, 0, 0),
	(43, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (44, 'fences',
	'scaling none, missing skip, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''skip'', transform => ''none'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{144.598837,11647.3405,-93.2180233,1.97674419,0.372093023},{167.038674,468.931457,-141.252762,1.98342541,0.403314917},{166.54291,3314.21199,-130.071828,1.88059701,0.388059701},{156.731818,7220.76875,-125.621591,1.92727273,0.418181818}}',
	311763714.1025386, 0.9442554103934442, 346, '{181,67,55,43}');
INSERT INTO expected_feature VALUES
	(44, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 0.0, 1.0, 0, 0),
	(44, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 1.0, 0, 0),
	(44, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1.0, 0, 0),
	(44, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.0, 0, 0),
	(44, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (45, 'fences',
	'missing mean, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{175.019654,2355.2379,-237.341241,3.95833333,0.39586025},{93.2035362,2091.65577,-81.3691308,1.23015873,0.450801854},{242.265704,2252.59242,-167.101551,1.11607143,0.375023071},{138.967937,12092.9075,-77.3931608,2.10606061,0.354553285}}',
	990.7140025351501, 0.4147897933617696, 400, '{126,112,96,66}');
INSERT INTO expected_feature VALUES
	(45, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(45, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 3850.1842688295746, 4767.3030207860575, 10, 4),
	(45, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, -142.1514799009734, 375.5769327316223, 7, 6),
	(45, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 1.9975, 1.413327191417472, 0, 0),
	(45, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (46, 'fences',
	'missing skip, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{89.0078125,2080.59375,-112.464844,1.1875,0.428571429},{179.353916,2091.76205,-173.023924,4,0.409638554},{132.079741,12256.7309,-48.8881336,2.12068966,0.362068966},{243.946078,2307.17494,-177.208818,1.1372549,0.37254902}}',
	874.2219964676931, 0.41912050980202853, 355, '{112,102,83,58}');
INSERT INTO expected_feature VALUES
	(46, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 161.68556338028168, 87.55481448683132, 0, 0),
	(46, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 3810.8872833146515, 4899.315521981386, 0, 4),
	(46, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, -134.83904066026244, 368.710198898403, 0, 5),
	(46, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 1.9830985915492958, 1.4141125635508591, 0, 0),
	(46, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (47, 'fences',
	'scaling minmax, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''median'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{164.325,4156.00302,-156.485696,4,0},{163.694286,3747.14806,-150.000208,1.20571429,0},{158.092342,3608.27355,-116.092905,1.18918919,1},{161.375,3813.39063,-134.639176,4,1}}',
	53.456298981168295, 0.7162664124721874, 400, '{175,111,70,44}');
INSERT INTO expected_feature VALUES
	(47, 'a', 159.0, -99.92954549930528, 424.1854201729345, NULL, 5.875, 316.125, 17, 0),
	(47, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(47, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, NULL, -1934.9244789224235, 3572.975230109478, 7, 6),
	(47, 'order', 2.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(47, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (48, 'fences',
	'scaling minmax, missing zero, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{154.147727,3813.39063,-134.012755,4,1},{157.510714,4077.22021,-156.091946,4,0},{150.93018,3542.02974,-115.596284,1.18918919,1},{157.334286,3715.63493,-149.527708,1.20571429,0}}',
	56.636119839144314, 0.7043851415034581, 400, '{175,111,70,44}');
INSERT INTO expected_feature VALUES
	(48, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(48, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(48, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, -1934.9244789224235, 3572.975230109478, 7, 6),
	(48, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(48, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (49, 'fences',
	'scaling robust, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{95.3761112,1867.12961,29.5910508,1.77099237,0.447344024},{140.723968,11977.4741,-22.1867235,2.02985075,0.400015427},{245.936531,2111.94954,-36.5123907,2.04761905,0.361921168},{157.110468,2985.30683,-719.078262,2.27631579,0.384230926}}',
	550.0608757848532, 0.46187137339260786, 400, '{131,126,76,67}');
INSERT INTO expected_feature VALUES
	(49, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 162.12793733681463, 126.3125, 17, 0),
	(49, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 1953.125, 5834.25, 10, 4),
	(49, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, -36.0, 380.25, 7, 6),
	(49, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0),
	(49, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (50, 'fences',
	'scaling robust, missing skip, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{164.576087,2586.25793,-693.820086,2.26086957,0.347826087},{90.5376106,1802.69234,27.931312,1.77876106,0.433628319},{134.733333,12159.8094,-14.9616541,2,0.416666667},{245.379425,2133.80877,-19.9363938,2.00884956,0.380530973}}',
	506.50665800029304, 0.46582010054590894, 355, '{113,113,69,60}');
INSERT INTO expected_feature VALUES
	(50, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 158.5, 134.3125, 0, 0),
	(50, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 1728.0, 5862.390625, 0, 4),
	(50, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, -20.25, 353.8125, 0, 5),
	(50, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0),
	(50, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (51, 'fences',
	'scaling maxabs, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{164.459054,4263.55317,-158.212473,4,0.022886674},{158.23324,3698.7061,-118.270822,1.18918919,1},{163.819403,3790.16812,-152.07234,1.20571429,0.0205980066},{161.517179,3813.39062,-137.38632,4,1}}',
	64.95665490113545, 0.6684717918601091, 400, '{175,111,70,44}');
INSERT INTO expected_feature VALUES
	(51, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(51, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(51, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 7, 6),
	(51, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(51, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (52, 'fences',
	'scaling maxabs, missing zero, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{157.510714,4077.22021,-156.091946,4,0},{150.93018,3542.02974,-115.596284,1.18918919,1},{157.334286,3715.63493,-149.527708,1.20571429,0},{154.147727,3813.39062,-134.012755,4,1}}',
	67.29389982378659, 0.6672975067178495, 400, '{175,111,70,44}');
INSERT INTO expected_feature VALUES
	(52, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(52, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(52, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 7, 6),
	(52, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(52, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (53, 'fences',
	'outlier_threshold 1, outliers clip',
	'features => ''{"a","Total spent","signed","order","vip"}'', outlier_threshold => 1, outliers => ''clip''',
	'{{160.368333,2621.74438,-613.2525,2.30666667,0.413333333},{145.742816,9832.15418,-52.0021552,1.79310345,0.379310345},{178.003521,2077.88512,0.293133803,4,0.394366197},{164.386228,1366.49935,-0.690494012,1.11377246,0.377245509}}',
	944.9424497434601, 0.4424912719534142, 400, '{167,87,75,71}');
INSERT INTO expected_feature VALUES
	(53, 'a', 159.0, -32.0, 359.125, NULL, 161.995, 85.47842960726993, 17, 0),
	(53, 'Total spent', 1838.265625, -5780.03515625, 12292.4921875, NULL, 3569.40869140625, 3966.1748908034797, 10, 21),
	(53, 'signed', -27.5625, -704.25, 436.5, NULL, -126.5315625, 298.01788127308083, 7, 34),
	(53, 'order', 2.0, -2.0, 7.0, NULL, 1.9975, 1.413327191417472, 0, 0),
	(53, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (54, 'fences',
	'outlier_threshold 1, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', outlier_threshold => 1, outliers => ''skip''',
	'{{182.468284,1862.56017,-6.59048507,4,0.373134328},{139.5,8697.86719,-17.453125,1.76388889,0.402777778},{155.864224,2049.20609,-497.608836,1.9137931,0.431034483},{168.685403,1302.1638,25.0897651,1.12751678,0.369127517}}',
	829.9551090241457, 0.43390435954999595, 346, '{149,72,67,58}');
INSERT INTO expected_feature VALUES
	(54, 'a', 159.0, -32.0, 359.125, NULL, 163.1318641618497, 86.08111238763095, 15, 0),
	(54, 'Total spent', 1838.265625, -5780.03515625, 12292.4921875, NULL, 3074.896902095376, 3489.625013410146, 8, 0),
	(54, 'signed', -27.5625, -704.25, 436.5, NULL, -77.51770231213872, 251.531944035254, 7, 0),
	(54, 'order', 2.0, -2.0, 7.0, NULL, 1.9479768786127167, 1.4173405689821847, 0, 0),
	(54, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 11, 0);

INSERT INTO expected_fit VALUES (55, 'fences',
	'outlier_threshold 1, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', outlier_threshold => 1, outliers => ''clip'', outlier_method => ''zscore''',
	'{{150.583371,10178.9752,-49.220317,2.02056806,0.390243902},{230.201341,1693.11726,-20.9641304,1.83842695,0.373913043},{105.692417,1608.1875,19.0570159,1.70732128,0.412698413},{163.184535,2712.50406,-619.818196,2.24550634,0.363636364}}',
	934.3946639581628, 0.44871438388839535, 400, '{126,115,82,77}');
INSERT INTO expected_feature VALUES
	(55, 'a', 159.0, 74.77544305810798, 249.48043161552127, NULL, 161.75861064976323, 65.76357838651045, 17, 147),
	(55, 'Total spent', 1838.265625, -4346.616599874698, 13042.15474090034, NULL, 3602.1972203520104, 4040.2981310360183, 10, 12),
	(55, 'signed', -27.5625, -743.9327355525975, 447.0590078172286, NULL, -129.4293952718327, 303.95242640230384, 7, 28),
	(55, 'order', 2.0, 0.584172808582532, 3.410827191417468, NULL, 1.9128303747769895, 1.0643428539782611, 0, 171),
	(55, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (56, 'fences',
	'outlier_threshold 1, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', outlier_threshold => 1, outliers => ''skip'', outlier_method => ''zscore''',
	'{{145.908784,1648.23564,39.0101351,1,0.378378378},{177.735,9820.31,-0.99,1.52,0.48},{155.395349,1606.31323,-18.5101744,2,0.325581395},{168.208333,1959.67708,-546.65625,1.375,0.541666667}}',
	277.7774129866281, 0.4923888503615844, 129, '{43,37,25,24}');
INSERT INTO expected_feature VALUES
	(56, 'a', 159.0, 74.77544305810798, 249.48043161552127, NULL, 159.3875968992248, 48.26478577364137, 9, 0),
	(56, 'Total spent', 1838.265625, -4346.616599874698, 13042.15474090034, NULL, 3275.939437984496, 3763.4676898510393, 4, 0),
	(56, 'signed', -27.5625, -743.9327355525975, 447.0590078172286, NULL, -96.87645348837209, 265.592313477377, 4, 0),
	(56, 'order', 2.0, 0.584172808582532, 3.410827191417468, NULL, 1.503875968992248, 0.4999849766386697, 0, 0),
	(56, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 4, 0);

INSERT INTO expected_fit VALUES (57, 'fences',
	'outliers clip, feature_options {a: {clip: [0, 0.5]}, Total spent: {outlier_method: zscore, outlier_threshold: 0.5}, signed: {outlier_threshold: 0.1}, order: {clip: [0.25, 1], outliers: skip}, vip: {outliers: skip, outlier_method: zscore}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', outliers => ''clip'', feature_options => ''{"a": {"clip": [0, 0.5]}, "Total spent": {"outlier_method": "zscore", "outlier_threshold": 0.5}, "signed": {"outlier_threshold": 0.1}, "order": {"clip": [0.25, 1], "outliers": "skip"}, "vip": {"outliers": "skip", "outlier_method": "zscore"}}''',
	'{{39.5443548,3029.5625,-119.917742,2.33870968,0.370967742},{145.296402,1249.76163,-113.832955,1.48484848,0.378787879},{146.383562,1772.75097,-119.453425,4,0.397260274},{136.384868,8057.24556,-83.0590461,2.18421053,0.394736842}}',
	778.6809572578995, 0.464161620992642, 343, '{132,76,73,62}');
INSERT INTO expected_feature VALUES
	(57, 'a', 159.0, 5.875, 159.0, NULL, 124.43768221574344, 46.86976100425312, 15, 163),
	(57, 'Total spent', 1838.265625, 0.5762353190611975, 8694.96190570658, NULL, 3191.145463372001, 3265.2198039925793, 9, 66),
	(57, 'signed', -27.5625, -362.025, 94.275, NULL, -109.31031341107872, 179.368363119546, 6, 157),
	(57, 'order', 2.0, 1.0, 4.0, NULL, 2.3294460641399417, 1.2474727744093947, 0, 0),
	(57, 'vip', 0.0, -1.0694926697013183, 1.8705262614325844, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (58, 'yeo-johnson',
	'transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''yeo-johnson''',
	'{{165.157679,59.4611555,-139.991688,1.81759275,0.398373984},{73.4195401,3775.23759,-86.60993,1.67837072,0.388888889},{228.901615,3975.66183,-84.2928896,1.84723071,0.380952381},{117.205679,4492.125,-3983.41105,2.92644271,0.25}}',
	1055.360205539079, 0.3773456510702732, 400, '{147,126,123,4}');
INSERT INTO expected_feature VALUES
	(58, 'a', 159.0, NULL, NULL, 0.7733110183184783, 63.21888588486971, 27.97781791660563, 17, 0),
	(58, 'Total spent', 1838.265625, NULL, NULL, 0.19635910798653383, 16.289623554229586, 8.386499520044607, 10, 0),
	(58, 'signed', -27.5625, NULL, NULL, 1.0055635731308952, -137.48874134281115, 585.0919892056871, 7, 0),
	(58, 'order', 2.0, NULL, NULL, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0),
	(58, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (59, 'yeo-johnson',
	'scaling minmax, missing mean, transform yeo-johnson, outliers clip, feature_options {signed: {clip: [0.05, 0.9]}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''clip'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{112.050727,753.365932,-200.52273,1.42101408,0.782235127},{273.444637,366.437618,80.8483957,2.41954444,0.0175293187},{237.358382,10792.2827,-187.290898,2.71582354,0.0146649868},{102.882027,16727.1698,236.170914,3.48655183,0}}',
	36.406405241227425, 0.7398250076972694, 400, '{161,91,86,62}');
INSERT INTO expected_feature VALUES
	(59, 'a', 162.12793733681463, -97.1875, 424.3125, 0.7757561904009295, 4.4626087943684265, 108.22189322470568, 17, 0),
	(59, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, 0.24266361117441068, 0.0, 38.58676148102436, 10, 4),
	(59, 'signed', -148.43686386768448, -786.9374999999999, 225.0, 1.0915456561799777, -469.90629757864934, 809.0653444166364, 7, 56),
	(59, 'order', 1.9975, -3.5, 8.5, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0),
	(59, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (60, 'yeo-johnson',
	'scaling robust, missing zero, transform yeo-johnson, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}''',
	'{{223.649479,1010.26228,-88.7116333,1.7963088,1},{232.277865,1210.43782,-58.6483206,1.77264919,0},{65.8980788,1703.91131,-27.9279014,1.74199133,1},{67.9017068,1415.49127,-91.431764,1.7378502,0}}',
	602.3068987291848, 0.5046768534595467, 386, '{123,112,78,73}');
INSERT INTO expected_feature VALUES
	(60, 'a', 0.0, -97.1875, 424.3125, 0.6968293476982349, 45.55153725094249, 30.76037541529957, 17, 0),
	(60, 'Total spent', 0.0, -8792.123046875, 15304.580078125, 0.21943461918018142, 18.518999041422088, 16.43327859987965, 10, 0),
	(60, 'signed', 0.0, -894.375, 626.625, 1.067871143840762, -17.453696835212632, 286.1091810678435, 7, 0),
	(60, 'order', 0.0, -3.5, 8.5, 0.3996341984883074, 1.379316522092853, 1.4597352706797206, 0, 0),
	(60, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (61, 'yeo-johnson',
	'scaling maxabs, missing skip, transform yeo-johnson, outliers clip, outlier_method zscore, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', distance => ''cosine''',
	'{{125.149369,857.833304,-71.6873701,1.44142052,0.894037566},{134.038163,9988.70813,-142.570183,2.69032673,0},{294.623537,7999.09356,-96.5239161,0.417786129,0},{238.567986,232.710401,-194.172764,3.10958616,0}}',
	39.08270619500221, 0.667014505000021, 355, '{141,86,77,51}');
INSERT INTO expected_feature VALUES
	(61, 'a', NULL, -99.92954549930528, 424.1854201729345, 0.7468054192868793, 0.0, 98.81733429187913, 0, 0),
	(61, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, 0.21486731178635468, 0.0, 38.11708214601571, 0, 4),
	(61, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, 1.035134751262663, 0.0, 2052.745355919605, 0, 5),
	(61, 'order', NULL, -2.242481574252404, 6.237481574252405, 0.412496865262263, 0.0, 2.284452831123079, 0, 0),
	(61, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (62, 'yeo-johnson',
	'scaling none, missing mean, transform yeo-johnson, outliers skip, outlier_method zscore, feature_options {signed: {clip: [0.05, 0.9]}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}}''',
	'{{157.537302,1627.19877,5.37083282,1.61651191,0.40876938},{154.527602,1551.14727,-661.540953,2.14395777,0.394615546},{154.317968,1617.95353,192.602318,1.86782586,0.413000436},{157.207598,1478.66933,-255.410587,1.74545062,0.385894513}}',
	1689977.2782938802, 0.9203183545054773, 396, '{160,85,77,74}');
INSERT INTO expected_feature VALUES
	(62, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, 0.7758934971344799, 0.0, 1.0, 17, 0),
	(62, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, 0.24339687869889481, 0.0, 1.0, 10, 0),
	(62, 'signed', -148.43686386768448, -786.9374999999999, 225.0, 1.0918474238302736, 0.0, 1.0, 7, 55),
	(62, 'order', 1.9975, -2.242481574252404, 6.237481574252405, 0.41470506986082556, 0.0, 1.0, 0, 0),
	(62, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (63, 'yeo-johnson',
	'missing zero, transform yeo-johnson, feature_options {signed: {clip: [0.05, 0.9]}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''zero'', transform => ''yeo-johnson'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{58.7035104,37.9707226,97.3573026,1.50172468,0.508435285},{241.744599,66.3749441,-432.835932,1.98929816,0.625234319},{48.8299301,10348.7218,-221.181929,1.92704842,0.445967468},{281.367182,5477.09831,74.903518,1.4985745,0.333521475}}',
	217.7122091620741, 0.6327667790334947, 400, '{112,106,100,82}');
INSERT INTO expected_feature VALUES
	(63, 'a', 0.0, NULL, NULL, 0.700415292406454, 45.32152339283608, 21.838627100390347, 17, 0),
	(63, 'Total spent', 0.0, NULL, NULL, 0.18921972398141795, 15.297967600298223, 8.356773858284857, 10, 0),
	(63, 'signed', 0.0, -786.9374999999999, 225.0, 1.0947549667745151, -47.95065674410412, 228.4274011668107, 7, 56),
	(63, 'order', 0.0, NULL, NULL, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0),
	(63, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (64, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers skip, feature_options {signed: {clip: [0.05, 0.9]}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}}'', distance => ''cosine''',
	'{{210.940278,2.63258372,26.4320337,1.03750756,0.666316056},{30.6179385,3688.17863,76.5256989,1.30334024,0.553392999},{151.561258,2004.63487,-672.487267,2.27566936,0.430419024},{305.13547,8424.70993,98.0616512,2.05626301,0.405326922}}',
	254.78256034739397, 0.5643212587838499, 396, '{114,103,96,83}');
INSERT INTO expected_feature VALUES
	(64, 'a', 159.0, -97.1875, 424.3125, 0.7734155585252375, 64.21404494883943, 40.03519558891492, 17, 0),
	(64, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.2379517575459055, 20.93594482742221, 17.521116216342584, 10, 0),
	(64, 'signed', -27.5625, -786.9374999999999, 225.0, 1.0931913012949375, -21.9441569709958, 283.41180894958086, 7, 55),
	(64, 'order', 2.0, -3.5, 8.5, 0.41470506986082556, 1.3916384155487136, 1.4859204686015448, 0, 0),
	(64, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (65, 'yeo-johnson',
	'scaling minmax, missing zero, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{151.054077,1401.2485,-73.2479253,0.632390189,0},{141.060727,1244.63117,-80.1427182,2.92644271,1},{143.715396,1394.03863,-101.658572,2.92644271,0},{141.133735,1543.33514,-45.1301879,0.611650433,1}}',
	91.250298263238, 0.5816683384886854, 400, '{140,105,88,67}');
INSERT INTO expected_feature VALUES
	(65, 'a', 0.0, -97.1875, 424.3125, 0.700415292406454, 0.0, 80.25462087728211, 17, 0),
	(65, 'Total spent', 0.0, -8792.123046875, 15304.580078125, 0.22312751292021477, 0.0, 33.99532850334633, 10, 4),
	(65, 'signed', 0.0, -894.375, 626.625, 1.0635407714392442, -619.7202969146255, 1507.396027906875, 7, 10),
	(65, 'order', 0.0, -3.5, 8.5, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0),
	(65, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (66, 'yeo-johnson',
	'scaling maxabs, transform yeo-johnson, outliers clip, outlier_method zscore, feature_options {signed: {clip: [0.05, 0.9]}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}''',
	'{{153.520413,1378.94962,-472.015749,1.96205902,1},{162.351399,1565.9655,59.3678756,1.73719748,0},{149.437932,1566.60434,-499.197973,1.92693435,0},{152.658349,1614.04057,65.0159079,1.6898146,1}}',
	132.00361941427224, 0.7244280909158847, 400, '{160,102,85,53}');
INSERT INTO expected_feature VALUES
	(66, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 0.0, 111.43692479367495, 17, 0),
	(66, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 0.0, 41.086488753870206, 10, 4),
	(66, 'signed', -27.5625, -786.9374999999999, 225.0, 1.092874202835079, 0.0, 466.4334355008204, 7, 56),
	(66, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0),
	(66, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (67, 'yeo-johnson',
	'scaling none, missing skip, transform yeo-johnson, outliers skip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine''',
	'{{179.164816,1296.50285,7.1641266,1.48931236,0.447916667},{135.023851,1202.98567,-498.78806,1.93116524,0.361111111},{140.618082,1637.57591,189.671539,1.78262769,0.406976744},{180.301873,1653.02971,-132.60002,1.75765465,0.375}}',
	19.93927647137244, 0.9313133836285908, 346, '{108,96,86,56}');
INSERT INTO expected_feature VALUES
	(67, 'a', NULL, -99.92954549930528, 424.1854201729345, 0.7545373167407663, 0.0, 1.0, 0, 0),
	(67, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, 0.22430906069519332, 0.0, 1.0, 0, 0),
	(67, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, 1.073101274985072, 0.0, 1.0, 0, 0),
	(67, 'order', NULL, -2.242481574252404, 6.237481574252405, 0.38769669112844946, 0.0, 1.0, 0, 0),
	(67, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (68, 'yeo-johnson',
	'scaling minmax, missing skip, transform yeo-johnson, feature_options {signed: {clip: [0.05, 0.9]}}',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''skip'', transform => ''yeo-johnson'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}}''',
	'{{155.780992,1346.00793,-71.8629329,0.621536214,0},{152.979843,1571.81157,-18.6431476,0.609911424,1},{149.967142,1197.65696,-66.935768,2.9503671,1},{157.436206,1506.05644,-74.389326,2.90062813,0}}',
	79.93731063855915, 0.5868768107446107, 355, '{121,93,80,61}');
INSERT INTO expected_feature VALUES
	(68, 'a', NULL, NULL, NULL, 0.7468054192868793, 4.311273835480441, 94.5060604563987, 0, 0),
	(68, 'Total spent', NULL, NULL, NULL, 0.18609561808951403, 0.0, 38.73329625677565, 0, 0),
	(68, 'signed', NULL, -786.9374999999999, 225.0, 1.0959166118643986, -458.580252979685, 804.5076606227246, 0, 46),
	(68, 'order', NULL, NULL, NULL, 0.412496865262263, 0.0, 2.284452831123079, 0, 0),
	(68, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (69, 'yeo-johnson',
	'scaling robust, missing mean, transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''mean'', transform => ''yeo-johnson''',
	'{{131.36198,2374.83589,4478.08199,4,0.5},{158.526251,1589.47866,27.7089974,1.68465711,0.408349483},{117.268763,4492.125,-3983.41309,2.92644271,0.350129199},{151.690583,1338.27871,-563.663257,2.02672855,0.379259909}}',
	629.7624840910422, 0.5914398430090964, 400, '{288,106,4,2}');
INSERT INTO expected_feature VALUES
	(69, 'a', 162.12793733681463, NULL, NULL, 0.7757561904009295, 65.8008607662067, 40.51264730144906, 17, 0),
	(69, 'Total spent', 4347.769070512821, NULL, NULL, 0.20065383690009916, 17.8141874714544, 13.597152163385012, 10, 0),
	(69, 'signed', -148.43686386768448, NULL, NULL, 1.0051344660515669, -35.502622005537496, 373.27220038914476, 7, 0),
	(69, 'order', 1.9975, NULL, NULL, 0.42109305880879333, 1.3969039054558747, 1.4971677992766546, 0, 0),
	(69, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (70, 'yeo-johnson',
	'missing skip, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{234.554301,4582.91574,66.278543,1.87402363,0.376344086},{163.365168,82.2673455,27.8044031,1.4406399,0.430107527},{65.9681622,4299.56124,-27.7123388,1.38769971,0.387096774},{170.472199,899.66198,-567.125602,2.64697961,0.394736842}}',
	933.490715593961, 0.37973922737049504, 355, '{93,93,93,76}');
INSERT INTO expected_feature VALUES
	(70, 'a', NULL, -97.1875, 424.3125, 0.7468054192868793, 56.695470593080195, 25.190238994660092, 0, 0),
	(70, 'Total spent', NULL, -8792.123046875, 15304.580078125, 0.2264351206837468, 18.64194732681051, 10.07286435999811, 0, 4),
	(70, 'signed', NULL, -894.375, 626.625, 1.064116853744629, -62.51096707741708, 268.847911417455, 0, 9),
	(70, 'order', NULL, -3.5, 8.5, 0.412496865262263, 1.2694712459165602, 0.7701007833818541, 0, 0),
	(70, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (71, 'yeo-johnson',
	'scaling none, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{154.937923,1731.04905,275.974797,1.8507368,0.4},{156.022312,1406.94804,-281.815378,1.76719158,0.364705882},{154.320977,1565.76588,-699.352451,2.18078557,0.382352941},{156.82419,1595.06405,14.7532387,1.65488586,0.395721925}}',
	3244312.029061735, 0.8927754707234644, 400, '{187,85,68,60}');
INSERT INTO expected_feature VALUES
	(71, 'a', 159.0, -97.1875, 424.3125, 0.7733110183184783, 0.0, 1.0, 17, 0),
	(71, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23714683508743917, 0.0, 1.0, 10, 4),
	(71, 'signed', -27.5625, -894.375, 626.625, 1.0619027526887943, 0.0, 1.0, 7, 10),
	(71, 'order', 2.0, -3.5, 8.5, 0.42109305880879333, 0.0, 1.0, 0, 0),
	(71, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (72, 'yeo-johnson',
	'missing mean, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{141.612889,59.5281215,-170.70333,2.38984594,0.383694563},{171.711362,4932.56368,-55.1883539,3.32905852,0.391929632},{239.784776,1529.08287,-21.4804899,0.789118116,0.434714971},{75.8013827,3739.66902,-51.6742686,0.923401093,0.404406963}}',
	1014.2104813019303, 0.3793214003768317, 386, '{99,98,98,91}');
INSERT INTO expected_feature VALUES
	(72, 'a', 162.12793733681463, -97.1875, 424.3125, 0.7730649088562928, 63.228655162129414, 27.94993133786464, 17, 0),
	(72, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, 0.23952616246689531, 20.067419617797043, 10.763838133824143, 10, 0),
	(72, 'signed', -148.43686386768448, -894.375, 626.625, 1.0648356574977764, -59.44709116000509, 254.89341801861124, 7, 0),
	(72, 'order', 1.9975, -3.5, 8.5, 0.3996341984883074, 1.2529081287569626, 0.7569364683941318, 0, 0),
	(72, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (73, 'yeo-johnson',
	'scaling none, missing zero, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{134.878654,1394.49813,-674.440235,2.05028363,0.373626374},{140.753739,1472.00861,221.516184,1.83376055,0.402439024},{150.159669,1321.64272,-63.8401588,1.66403829,0.386666667},{129.908392,2437.23943,1638.05075,4,0.5}}',
	8343503.939318556, 0.8231908166884518, 400, '{225,91,82,2}');
INSERT INTO expected_feature VALUES
	(73, 'a', 0.0, -99.92954549930528, 424.1854201729345, 0.700415292406454, 0.0, 1.0, 17, 0),
	(73, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, 0.21361404649871826, 0.0, 1.0, 10, 4),
	(73, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, 1.0399473613376746, 0.0, 1.0, 7, 6),
	(73, 'order', 0.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 0.0, 1.0, 0, 0),
	(73, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (74, 'yeo-johnson',
	'scaling minmax, transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{148.527686,1107.22603,-114.274699,3.0006665,1},{159.470856,1487.12735,-69.1989743,0.630482494,0},{158.164782,1460.37231,-94.2129384,2.91588794,0},{158.996503,2070.80611,-12.8954715,0.745339601,1}}',
	92.64771630484593, 0.5710402591325776, 390, '{133,105,78,74}');
INSERT INTO expected_feature VALUES
	(74, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.777710284075684, 4.473050425130983, 109.21912756379528, 17, 0),
	(74, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.23475800186020834, 0.0, 35.68266796329288, 10, 0),
	(74, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0687568822012028, -604.9700192679671, 1140.8273848267322, 7, 0),
	(74, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 0.0, 2.253382755957951, 0, 0),
	(74, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (75, 'yeo-johnson',
	'scaling maxabs, missing zero, transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{140.900628,1851.97194,84.9256732,1.51107882,1},{149.193987,1158.50198,-495.466517,2.03561708,0},{146.506773,1370.84086,66.4589465,1.62208147,0},{142.457068,762.632539,-413.461756,2.17926907,1}}',
	134.75744025038932, 0.5067820241171022, 390, '{156,92,82,60}');
INSERT INTO expected_feature VALUES
	(75, 'a', 0.0, -99.92954549930528, 424.1854201729345, 0.7023950770696686, 0.0, 80.96545317623999, 17, 0),
	(75, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, 0.22006367528922494, 0.0, 32.495063160813935, 10, 0),
	(75, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, 1.0705075267244184, 0.0, 598.9204499182351, 7, 0),
	(75, 'order', 0.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 0.0, 2.253382755957951, 0, 0),
	(75, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (76, 'yeo-johnson',
	'scaling maxabs, missing mean, transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''yeo-johnson''',
	'{{150.611652,1326.16912,-131.082382,2.92644271,1},{159.506923,1402.41896,-123.364802,0.632390189,0.0190722284},{156.525371,1782.77725,-98.3145222,0.611650433,1},{156.940957,1687.04374,-187.075454,2.92644271,0.022886674}}',
	62.05679681923695, 0.6644155135387055, 400, '{140,105,88,67}');
INSERT INTO expected_feature VALUES
	(76, 'a', 162.12793733681463, NULL, NULL, 0.7757561904009295, 0.0, 112.6845020190741, 17, 0),
	(76, 'Total spent', 4347.769070512821, NULL, NULL, 0.20065383690009916, 0.0, 43.24615036094916, 10, 0),
	(76, 'signed', -148.43686386768448, NULL, NULL, 1.0051344660515669, 0.0, 5046.448653717586, 7, 0),
	(76, 'order', 1.9975, NULL, NULL, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0),
	(76, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (77, 'yeo-johnson',
	'scaling robust, missing skip, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{159.090625,996.301929,-617.532646,2.10414007,0.320512821},{146.20945,1561.31039,262.771344,1.88568388,0.418181818},{237.521349,1201.84384,-29.1295022,1.66086535,0.435897436},{75.020249,2322.02443,-54.1410844,1.6149251,0.4}}',
	439.6020009540867, 0.4337908505038047, 355, '{117,105,78,55}');
INSERT INTO expected_feature VALUES
	(77, 'a', NULL, -97.1875, 424.3125, 0.7468054192868793, 57.79345188179545, 37.366867473693034, 0, 0),
	(77, 'Total spent', NULL, -8792.123046875, 15304.580078125, 0.2264351206837468, 19.47320480338578, 16.82631681063465, 0, 4),
	(77, 'signed', NULL, -894.375, 626.625, 1.064116853744629, -17.59662957090097, 289.1046397461149, 0, 9),
	(77, 'order', NULL, -3.5, 8.5, 0.412496865262263, 1.3898241703514418, 1.4820531450194, 0, 0),
	(77, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (78, 'yeo-johnson',
	'scaling minmax, missing skip, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{155.040931,1510.77534,-77.4096436,0.615874677,0},{183.296815,1254.23913,-97.5832474,3.25217022,1},{127.528435,1486.19071,-16.7765002,0.904021639,1},{159.156017,1328.70629,-75.1296136,2.87848382,0}}',
	82.45298510924164, 0.5696183355085738, 342, '{113,92,78,59}');
INSERT INTO expected_feature VALUES
	(78, 'a', NULL, -97.1875, 424.3125, 0.7461294345581653, 4.307814301433277, 94.20828534766031, 0, 0),
	(78, 'Total spent', NULL, -8792.123046875, 15304.580078125, 0.22350222871194866, 0.0, 33.21055556577793, 0, 0),
	(78, 'signed', NULL, -894.375, 626.625, 1.0699647027076644, -573.1337917579845, 1112.249195164698, 0, 0),
	(78, 'order', NULL, -3.5, 8.5, 0.3902535857260847, 0.0, 2.23963537268479, 0, 0),
	(78, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (79, 'yeo-johnson',
	'missing mean, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{240.635443,1517.42732,-70.5244006,0.826796232,0.435533338},{76.8208814,3833.6072,-85.1404144,0.946866143,0.395710039},{169.332595,5125.62599,-3.03305795,3.43352116,0.385724833},{137.278767,91.0890901,-279.550644,2.46114361,0.382378274}}',
	1058.8101489592711, 0.374565712730878, 400, '{107,102,98,93}');
INSERT INTO expected_feature VALUES
	(79, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, 0.7757561904009295, 63.88415645995203, 28.315316507057215, 17, 0),
	(79, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, 0.23083974260968315, 19.483969445609556, 10.354584991913296, 10, 4),
	(79, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, 1.0379524862801885, -94.46647042375493, 343.40871143944844, 7, 6),
	(79, 'order', 1.9975, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0),
	(79, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (80, 'yeo-johnson',
	'scaling none, transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''median'', transform => ''yeo-johnson''',
	'{{156.313931,1392.50841,-556.071837,1.9416395,0.366972477},{156.540484,1496.67705,33.9224799,1.71187122,0.396491228},{117.205679,4492.125,-3983.41105,2.92644271,0.25},{131.314937,2354.36524,4478.08885,4,0.5}}',
	10654158.25515234, 0.9223880000847184, 400, '{285,109,4,2}');
INSERT INTO expected_feature VALUES
	(80, 'a', 159.0, NULL, NULL, 0.7733110183184783, 0.0, 1.0, 17, 0),
	(80, 'Total spent', 1838.265625, NULL, NULL, 0.19635910798653383, 0.0, 1.0, 10, 0),
	(80, 'signed', -27.5625, NULL, NULL, 1.0055635731308952, 0.0, 1.0, 7, 0),
	(80, 'order', 2.0, NULL, NULL, 0.42109305880879333, 0.0, 1.0, 0, 0),
	(80, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (81, 'yeo-johnson',
	'scaling maxabs, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{156.715747,1643.22635,-103.66679,2.92644271,0},{156.268022,1769.10302,-46.8829831,0.611650433,1},{159.351105,1493.99659,-75.6660271,0.632390189,0},{150.439844,1401.78273,-82.9230243,2.92644271,1}}',
	109.65803913116167, 0.5365628207854528, 400, '{140,105,88,67}');
INSERT INTO expected_feature VALUES
	(81, 'a', 159.0, -97.1875, 424.3125, 0.7733110183184783, 0.0, 111.43692479367495, 17, 0),
	(81, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23714683508743917, 0.0, 37.221944150407914, 10, 4),
	(81, 'signed', -27.5625, -894.375, 626.625, 1.0619027526887943, 0.0, 879.7032127328627, 7, 10),
	(81, 'order', 2.0, -3.5, 8.5, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0),
	(81, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (82, 'yeo-johnson',
	'scaling maxabs, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''maxabs'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{159.92713,1317.92648,-476.102303,2.05152589,0},{151.711913,1843.98019,80.921965,1.57522434,1},{157.201246,1578.16575,66.1037688,1.6105368,0},{154.09139,1024.71095,-427.962756,2.12004001,1}}',
	127.08887183818965, 0.5203010674245472, 386, '{155,95,80,56}');
INSERT INTO expected_feature VALUES
	(82, 'a', 159.0, -97.1875, 424.3125, 0.7705595513177863, 0.0, 110.05058558081492, 17, 0),
	(82, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23407476961701185, 0.0, 35.52672095926781, 10, 0),
	(82, 'signed', -27.5625, -894.375, 626.625, 1.0660928468033852, 0.0, 585.9060621669737, 7, 0),
	(82, 'order', 2.0, -3.5, 8.5, 0.3996341984883074, 0.0, 2.2583991175308276, 0, 0),
	(82, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (83, 'yeo-johnson',
	'scaling none, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{158.192669,1394.63514,-265.689494,1.73496923,0.371794872},{154.234158,1499.83774,251.380479,1.79131612,0.396825397},{152.989716,1381.04197,-655.134752,2.11279733,0.393939394},{156.689581,1572.08212,10.7457954,1.63935702,0.396648045}}',
	2468725.609390498, 0.9024806062873263, 386, '{179,78,66,63}');
INSERT INTO expected_feature VALUES
	(83, 'a', 159.0, -97.1875, 424.3125, 0.7705595513177863, 0.0, 1.0, 17, 0),
	(83, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23407476961701185, 0.0, 1.0, 10, 0),
	(83, 'signed', -27.5625, -894.375, 626.625, 1.0660928468033852, 0.0, 1.0, 7, 0),
	(83, 'order', 2.0, -3.5, 8.5, 0.3996341984883074, 0.0, 1.0, 0, 0),
	(83, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (84, 'yeo-johnson',
	'scaling minmax, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''minmax'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{159.351105,1460.90043,-95.7439386,0.632390189,0},{156.268022,1765.26583,-70.1083421,0.611650433,1},{150.439844,1368.4426,-97.9587948,2.92644271,1},{156.715747,1648.93234,-135.829425,2.92644271,0}}',
	67.81178658585071, 0.6516497045841969, 400, '{140,105,88,67}');
INSERT INTO expected_feature VALUES
	(84, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 4.449584080896481, 106.98734071277846, 17, 0),
	(84, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 0.0, 41.086488753870206, 10, 4),
	(84, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0387651489719614, -1500.8637062305438, 3602.1743706530046, 7, 6),
	(84, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0),
	(84, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (85, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{131.314937,2495.93362,1638.05075,4,0.5},{80.2935447,1797.94776,42.4298079,1.76539662,0.425531915},{153.293701,1364.89965,-652.11239,2.04410852,0.333333333},{232.252041,1459.05582,17.5127845,1.65302194,0.385093168}}',
	562.3012093381719, 0.42142133975384977, 400, '{161,141,96,2}');
INSERT INTO expected_feature VALUES
	(85, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 64.18797487725554, 40.01400308695244, 17, 0),
	(85, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 19.734362236716258, 16.31264276783149, 10, 4),
	(85, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0387651489719614, -25.05318445964062, 332.6699324859697, 7, 6),
	(85, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 1.3969039054558747, 1.4971677992766546, 0, 0),
	(85, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (86, 'yeo-johnson',
	'transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{168.420705,68.6249399,27.6057525,1.53195048,0.408163265},{75.6434421,4022.85914,12.0662546,1.40059844,0.401869159},{239.267734,4155.89794,52.542674,1.79523902,0.353535354},{161.528214,1170.15074,-577.731606,2.51412114,0.395348837}}',
	1028.130148687775, 0.37793098410702186, 390, '{107,99,98,86}');
INSERT INTO expected_feature VALUES
	(86, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.777710284075684, 64.56063254964926, 28.5419666960303, 17, 0),
	(86, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.23475800186020834, 19.42140996602913, 10.376049026990678, 10, 0),
	(86, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0687568822012028, -59.79248978860041, 258.2452424045988, 7, 0),
	(86, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 1.251301203163524, 0.7536761040050014, 0, 0),
	(86, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (87, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{151.93924,1448.46606,253.799244,1.81595563,0.416666667},{236.24478,1218.78105,-32.4510597,1.66082113,0.390625},{78.6627275,2144.06926,-40.6966478,1.62827132,0.421052632},{158.083215,1231.23221,-607.308868,2.05752362,0.329545455}}',
	484.8202391943656, 0.43418167602086866, 390, '{128,114,88,60}');
INSERT INTO expected_feature VALUES
	(87, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.777710284075684, 65.29496291766347, 41.00568298501031, 17, 0),
	(87, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.23475800186020834, 20.61632043282496, 17.118298504317703, 10, 0),
	(87, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0687568822012028, -23.283914513430307, 281.9090223661685, 7, 0),
	(87, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 1.3772876251434325, 1.455441841180607, 0, 0),
	(87, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (88, 'sample weights',
	'sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', sample_weight => ''w''',
	'{{93.0884639,3785.77478,-136.092817,1.21144279,0.426616915},{251.736514,3169.91463,-174.21407,1.17713366,0.320450886},{158.6875,80298.7734,-84,2.66666667,0.333333333},{161.659397,3460.51669,-90.1139838,4,0.401079137}}',
	1064.8849838648946, 0.497764127205504, 400, '{161,123,112,4}');
INSERT INTO expected_feature VALUES
	(88, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(88, 'Total spent', 1838.265625, NULL, NULL, NULL, 4285.031484375, 8593.953561351462, 10, 0),
	(88, 'signed', -27.5625, NULL, NULL, NULL, -146.3215625, 590.4750427157907, 7, 0),
	(88, 'order', 2.0, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(88, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (89, 'sample weights',
	'scaling robust, missing skip, transform log1p, outliers clip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''skip'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine'', sample_weight => ''w''',
	'{{458.066855,444.444916,153.863417,1.26379908,0},{186.093973,839.155217,-22.5147249,1.53047818,1.14157078},{52.9418068,1451.92486,-59.6067121,1.21879325,0.259618539},{201.344444,945.807833,-707.998888,1.64329783,0.127094254}}',
	192.17901745244785, 0.6746126838641462, 355, '{115,99,73,68}');
INSERT INTO expected_feature VALUES
	(89, 'a', NULL, -97.1875, 424.3125, NULL, 5.072043922224899, 0.8789934935839243, 0, 0),
	(89, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 7.45529848568329, 3.3327623902454606, 0, 4),
	(89, 'signed', NULL, -894.375, 626.625, NULL, -20.25, 353.8125, 0, 9),
	(89, 'order', NULL, -3.5, 8.5, NULL, 1.0986122886681096, 0.916290731874155, 0, 0),
	(89, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (90, 'sample weights',
	'scaling none, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, distance cosine, sample_weight visits',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''median'', transform => ''none'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', distance => ''cosine'', sample_weight => ''visits''',
	'{{28.1948628,359.378851,-11.0948564,0.423378438,0.0808366607},{153.804029,95.3760994,251.049106,2.60687853,0.42556719},{108.743806,92.1121366,-305.310869,1.92813885,0.343392758},{223.574059,79.2656568,-3.87568942,2.2710361,0.559829717}}',
	80.53792678160158, 0.8346990733253213, 386, '{272,49,44,21}');
INSERT INTO expected_feature VALUES
	(90, 'a', 159.0, -97.1875, 424.3125, NULL, 0.0, 1.0, 17, 0),
	(90, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 10, 0),
	(90, 'signed', -27.5625, -894.375, 626.625, NULL, 0.0, 1.0, 7, 0),
	(90, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0),
	(90, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (91, 'sample weights',
	'scaling none, missing skip, transform log1p, feature_options {signed: {transform: none}}, sample_weight visits',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''skip'', transform => ''log1p'', feature_options => ''{"signed": {"transform": "none"}}'', sample_weight => ''visits''',
	'{{123.930628,724.053841,-558.874399,1.75494508,0.358974359},{128.615639,805.632984,33.9312731,1.52503051,0.423124231},{65.75,190.109375,4100,4,1},{88.0989618,4492.125,-3789.09375,2.87298335,0}}',
	28186990.843951624, 0.9170444696741854, 355, '{254,96,3,2}');
INSERT INTO expected_feature VALUES
	(91, 'a', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(91, 'Total spent', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(91, 'signed', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(91, 'order', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(91, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (92, 'sample weights',
	'scaling robust, outliers clip, sample_weight visits',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''median'', transform => ''none'', outliers => ''clip'', sample_weight => ''visits''',
	'{{154.950669,2961.24807,-604.828595,2.12040134,0.314381271},{258.426152,2164.96744,-12.8689024,1.97289973,0.346883469},{97.6724138,1454.06335,56.4786022,1.93596059,0.443349754},{133.637791,10820.7482,-41.9232558,1.93953488,0.441860465}}',
	1414.4728029764638, 0.4897013765309878, 400, '{124,112,91,73}');
INSERT INTO expected_feature VALUES
	(92, 'a', 159.0, -97.1875, 424.3125, NULL, 159.0, 126.3125, 17, 0),
	(92, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 1838.265625, 5834.25, 10, 4),
	(92, 'signed', -27.5625, -894.375, 626.625, NULL, -27.5625, 380.25, 7, 10),
	(92, 'order', 2.0, -3.5, 8.5, NULL, 2.0, 3.0, 0, 0),
	(92, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (93, 'sample weights',
	'missing skip, transform log1p, outliers skip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', sample_weight => ''w''',
	'{{27.2122784,1041.62912,-132.635237,1.49040376,0.49137931},{174.670863,691.349232,-594.440296,1.88307751,0.306709265},{185.845417,3156.73356,34.4648598,1.53339886,0.378932969},{161.657444,23.4254705,-18.867705,1.52852216,0.470031546}}',
	1232.4091531313813, 0.5256095978968685, 342, '{157,66,64,55}');
INSERT INTO expected_feature VALUES
	(93, 'a', NULL, -97.1875, 424.3125, NULL, 4.859656377300666, 0.8141507497811411, 0, 0),
	(93, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 6.6512463879332, 2.55115068537791, 0, 0),
	(93, 'signed', NULL, -894.375, 626.625, NULL, -121.63486842105263, 293.89318442247463, 0, 0),
	(93, 'order', NULL, -3.5, 8.5, NULL, 0.9551358134556742, 0.5276618230147759, 0, 0),
	(93, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (94, 'sample weights',
	'transform log1p, feature_options {signed: {transform: none}}, distance cosine, sample_weight visits',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''log1p'', feature_options => ''{"signed": {"transform": "none"}}'', distance => ''cosine'', sample_weight => ''visits''',
	'{{159.735718,19.6824114,-166.655709,1.66196887,0.346020761},{178.912827,2394.64261,-111.191786,0.503756974,0.4},{184.342619,3203.34468,-165.873909,3.06766635,0.376558603},{36.4896975,1640.92094,-68.1470884,1.81477143,0.425702811}}',
	693.6085921833528, 0.6533892005429873, 400, '{127,111,87,75}');
INSERT INTO expected_feature VALUES
	(94, 'a', 159.0, NULL, NULL, NULL, 4.872094528226131, 0.7925119915946683, 17, 0),
	(94, 'Total spent', 1838.265625, NULL, NULL, NULL, 6.787482772354139, 2.5117084665151697, 10, 0),
	(94, 'signed', -27.5625, NULL, NULL, NULL, -146.3215625, 590.4750427157907, 7, 0),
	(94, 'order', 2.0, NULL, NULL, NULL, 0.9710741217251139, 0.5266483720028325, 0, 0),
	(94, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (95, 'sample weights',
	'scaling robust, missing skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', sample_weight => ''w''',
	'{{245.249113,3060.88617,-129.100399,2.04846336,0.359338061},{81.9537556,4034.25923,-195.102999,1.84304933,0.445067265},{158.6875,80298.7734,-84,2.66666667,0.333333333},{100.6875,3284.60156,4289,4,0.75}}',
	1419.3233838642518, 0.5373614682244439, 355, '{179,170,4,2}');
INSERT INTO expected_feature VALUES
	(95, 'a', NULL, NULL, NULL, NULL, 158.5, 134.3125, 0, 0),
	(95, 'Total spent', NULL, NULL, NULL, NULL, 1728.0, 5862.390625, 0, 0),
	(95, 'signed', NULL, NULL, NULL, NULL, -20.25, 353.8125, 0, 0),
	(95, 'order', NULL, NULL, NULL, NULL, 2.0, 3.0, 0, 0),
	(95, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (96, 'sample weights',
	'scaling none, outliers clip, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''none'', missing => ''median'', transform => ''none'', outliers => ''clip'', sample_weight => ''w''',
	'{{164.129464,3939.70149,-131.871811,1.99234694,0.37755102},{146.587454,7881.18716,-198.98283,2.0989011,0.472527473},{167.972713,621.643923,-126.710258,1.9701087,0.375},{148.31087,12302.555,-85.5904891,1.94782609,0.347826087}}',
	504481609.0211368, 0.9411352282821134, 400, '{218,80,57,45}');
INSERT INTO expected_feature VALUES
	(96, 'a', 159.0, -97.1875, 424.3125, NULL, 0.0, 1.0, 17, 0),
	(96, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 10, 4),
	(96, 'signed', -27.5625, -894.375, 626.625, NULL, 0.0, 1.0, 7, 10),
	(96, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0),
	(96, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (97, 'sample weights',
	'scaling robust, outliers skip, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''robust'', missing => ''median'', transform => ''none'', outliers => ''skip'', sample_weight => ''w''',
	'{{154.037559,2829.93336,-592.142165,2.14084507,0.338028169},{90.514147,1527.69687,44.8061655,1.87331081,0.430743243},{129.429784,10512.4804,-35.8680556,1.89814815,0.459876543},{256.988275,2100.71302,-12.4249372,1.97152429,0.335008375}}',
	548.2946846673723, 0.49389177656098127, 386, '{121,112,83,70}');
INSERT INTO expected_feature VALUES
	(97, 'a', 159.0, -97.1875, 424.3125, NULL, 159.0, 126.9375, 17, 0),
	(97, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 1838.265625, 5587.859375, 10, 0),
	(97, 'signed', -27.5625, -894.375, 626.625, NULL, -27.5625, 353.8125, 7, 0),
	(97, 'order', 2.0, -3.5, 8.5, NULL, 2.0, 3.0, 0, 0),
	(97, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0);

INSERT INTO expected_fit VALUES (98, 'sample weights',
	'outliers clip, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''clip'', sample_weight => ''w''',
	'{{89.4869751,1560.98518,26.3858865,1.82581649,0.418351477},{133.368195,10830.0856,-43.7106017,1.94842407,0.441260745},{154.070228,3102.54272,-658.908266,2.38978495,0.349462366},{255.922441,2006.69355,-34.9405512,1.94330709,0.343307087}}',
	1222.8007461741918, 0.4437646454867651, 400, '{129,119,76,76}');
INSERT INTO expected_feature VALUES
	(98, 'a', 159.0, -97.1875, 424.3125, NULL, 161.995, 85.47842960726993, 17, 0),
	(98, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 3636.18322265625, 4125.901207547755, 10, 4),
	(98, 'signed', -27.5625, -894.375, 626.625, NULL, -134.6315625, 319.01908231140123, 7, 10),
	(98, 'order', 2.0, -3.5, 8.5, NULL, 1.9975, 1.413327191417472, 0, 0),
	(98, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (99, 'categories',
	'defaults',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''median'', transform => ''none''',
	'{{88.1628788,0.555555556,0.242424242,0.202020202,0,0.616161616,0.383838384},{243.430398,0.568181818,0.215909091,0.215909091,1,0,0},{96.2268519,0.518518519,0.259259259,0.222222222,1,0,0},{231.004762,0.542857143,0.238095238,0.219047619,0,0.723809524,0.276190476}}',
	442.1121494392466, 0.5007062317521707, 400, '{108,105,99,88}');
INSERT INTO expected_feature VALUES
	(99, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(99, 'plan=basic', 1.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(99, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(99, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(99, 'size=small', 1.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(99, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(99, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (100, 'categories',
	'scaling minmax, transform log1p, outliers clip, feature_options {plan: {weight: 2}}, distance cosine, max_categories 4, min_frequency 0.08',
	'features => ''{"a","plan","size"}'', scaling => ''minmax'', missing => ''median'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"plan": {"weight": 2}}'', distance => ''cosine'', max_categories => 4, min_frequency => 0.08',
	'{{124.347708,1,0,0,1,0,0},{125.54575,0,0,1,0.5,0.325581395,0.174418605},{133.263586,0,1,0,0.489583333,0.354166667,0.15625},{134.819861,1,0,0,0,0.669642857,0.330357143}}',
	51.05507390939811, 0.788635336065064, 400, '{112,106,96,86}');
INSERT INTO expected_feature VALUES
	(100, 'a', 159.0, -97.1875, 424.3125, NULL, 1.927891643552635, 3.8497606796700214, 17, 0),
	(100, 'plan=basic', 1.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(100, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(100, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(100, 'size=small', 1.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(100, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(100, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (101, 'categories',
	'missing mean, transform log1p, feature_options {plan: {weight: 2}}, distance cosine, min_frequency 40',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''mean'', transform => ''log1p'', feature_options => ''{"plan": {"weight": 2}}'', distance => ''cosine'', min_frequency => 40',
	'{{37.1851512,0.684762591,0.149328234,0.158275109,0.455307816,0.308349157,0.228708961},{170.075579,0,0,1.23964077,0.629729081,0.41720915,0.19270254},{194.655421,1.21156913,0.017491861,0.0156697921,0.605206158,0.441847949,0.197676679},{171.458488,0,1.24289813,0,0.574674181,0.45875299,0.209470963}}',
	116.56639114494159, 0.6606719839221862, 400, '{171,86,75,68}');
INSERT INTO expected_feature VALUES
	(101, 'a', 162.12793733681463, NULL, NULL, NULL, 4.872917369423229, 0.792732435796693, 17, 0),
	(101, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(101, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(101, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(101, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(101, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(101, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (102, 'categories',
	'scaling minmax, missing zero, outliers clip, max_categories 4, min_frequency 40',
	'features => ''{"a","plan","size"}'', scaling => ''minmax'', missing => ''zero'', transform => ''none'', outliers => ''clip'', max_categories => 4, min_frequency => 40',
	'{{156.25,0.943396226,0,0,1,0,0},{154.459821,0.9375,0,0,0,0.669642857,0.330357143},{155.950521,0,1,0,0.46875,0.354166667,0.15625},{154.206395,0,0,1,0.453488372,0.325581395,0.174418605}}',
	205.18848975370213, 0.6041318771271721, 400, '{112,106,96,86}');
INSERT INTO expected_feature VALUES
	(102, 'a', 0.0, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(102, 'plan=basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(102, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(102, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(102, 'size=small', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(102, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(102, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (103, 'categories',
	'missing skip, outliers clip, feature_options {plan: {weight: 2}}, min_frequency 0.08',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip'', feature_options => ''{"plan": {"weight": 2}}'', min_frequency => 0.08',
	'{{90.375,1,0,0,0.480392157,0.31372549,0.205882353},{160.731013,0,0,1,0.46835443,0.35443038,0.17721519},{240.771277,1,0,0,0.510638298,0.35106383,0.138297872},{163.440278,0,1,0,0.466666667,0.366666667,0.166666667}}',
	443.4519511572862, 0.5701672694689909, 365, '{102,94,90,79}');
INSERT INTO expected_feature VALUES
	(103, 'a', NULL, -97.1875, 424.3125, NULL, 162.35102739726028, 86.8251432712981, 0, 0),
	(103, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(103, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(103, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(103, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(103, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(103, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (104, 'categories',
	'scaling minmax, missing skip, transform log1p, distance cosine, max_categories 4',
	'features => ''{"a","plan","size"}'', scaling => ''minmax'', missing => ''skip'', transform => ''log1p'', distance => ''cosine'', max_categories => 4',
	'{{139.056534,1,0,0,0,1,0},{125.135554,1,0,0,0.740458015,0,0.259541985},{124.978151,0,0,1,0.46835443,0.35443038,0.17721519},{130.974341,0,1,0,0.466666667,0.366666667,0.166666667}}',
	69.42934887125757, 0.6627162839814882, 365, '{131,90,79,65}');
INSERT INTO expected_feature VALUES
	(104, 'a', NULL, NULL, NULL, NULL, 1.927891643552635, 3.8497606796700214, 0, 0),
	(104, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(104, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(104, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(104, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(104, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(104, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (105, 'categories',
	'missing category, outliers clip, feature_options {plan: {weight: 2}}, distance cosine, max_categories 4',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''category'', transform => ''none'', outliers => ''clip'', feature_options => ''{"plan": {"weight": 2}}'', distance => ''cosine'', max_categories => 4',
	'{{239.497549,0.921568627,0,0,0.0784313725,0.509803922,0.352941176,0.137254902,0},{93.6573276,0.956896552,0,0,0.0431034483,0.465517241,0.336206897,0.198275862,0},{159.752907,0,0,1,0,0.453488372,0.325581395,0.174418605,0.0465116279},{164.231771,0,1,0,0,0.46875,0.354166667,0.15625,0.0208333333}}',
	142.35865150183722, 0.6153423296712511, 400, '{116,102,96,86}');
INSERT INTO expected_feature VALUES
	(105, 'a', 159.0, -97.1875, 424.3125, NULL, 161.995, 85.47842960726993, 17, 0),
	(105, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(105, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(105, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(105, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(105, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(105, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(105, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(105, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (106, 'categories',
	'scaling minmax, missing category, transform log1p, min_frequency 0.08',
	'features => ''{"a","plan","size"}'', scaling => ''minmax'', missing => ''category'', transform => ''log1p'', min_frequency => 0.08',
	'{{134.819861,0.9375,0,0,0.0625,0,0.669642857,0.330357143,0},{124.347708,0.943396226,0,0,0.0566037736,1,0,0,0},{125.54575,0,0,1,0,0.453488372,0.325581395,0.174418605,0.0465116279},{133.263586,0,1,0,0,0.46875,0.354166667,0.15625,0.0208333333}}',
	207.79080271344176, 0.6015144961143228, 400, '{112,106,96,86}');
INSERT INTO expected_feature VALUES
	(106, 'a', 159.0, NULL, NULL, NULL, 1.927891643552635, 3.8497606796700214, 17, 0),
	(106, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(106, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(106, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(106, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(106, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(106, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(106, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(106, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (107, 'categories',
	'scaling minmax, missing mean, outliers clip, max_categories 4',
	'features => ''{"a","plan","size"}'', scaling => ''minmax'', missing => ''mean'', transform => ''none'', outliers => ''clip'', max_categories => 4',
	'{{160.838527,0.973380137,0.0140412462,0.0125786164,1,0,0},{163.145247,0.970607235,0.015503876,0.0138888889,0,0.669642857,0.330357143},{164.394684,0,1,0,0.478796531,0.361410745,0.159792724},{159.862021,0,0,1,0.475917837,0.34175422,0.182327942}}',
	191.7578536680116, 0.6225774333263538, 400, '{112,106,96,86}');
INSERT INTO expected_feature VALUES
	(107, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 5.875, 316.125, 17, 0),
	(107, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(107, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(107, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(107, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(107, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(107, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (108, 'categories',
	'missing zero, transform log1p, feature_options {plan: {weight: 2}}, distance cosine',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''zero'', transform => ''log1p'', feature_options => ''{"plan": {"weight": 2}}'', distance => ''cosine''',
	'{{156.319943,1,0,0,0.48603352,0.335195531,0.17877095},{158.148694,0,0.913978495,0,0.462365591,0.365591398,0.161290323},{5.90362432,0.52,0.22,0.16,0.48,0.32,0.18},{145.579131,0,0,1,0.461538462,0.346153846,0.141025641}}',
	117.71356230705594, 0.6609573722591743, 400, '{179,93,78,50}');
INSERT INTO expected_feature VALUES
	(108, 'a', 0.0, NULL, NULL, NULL, 4.656399641078694, 1.260410126912696, 17, 0),
	(108, 'plan=basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(108, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(108, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(108, 'size=small', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(108, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(108, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (109, 'categories',
	'min_frequency 40',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', min_frequency => 40',
	'{{88.1628788,0.555555556,0.242424242,0.202020202,0,0.616161616,0.383838384},{243.430398,0.568181818,0.215909091,0.215909091,1,0,0},{96.2268519,0.518518519,0.259259259,0.222222222,1,0,0},{231.004762,0.542857143,0.238095238,0.219047619,0,0.723809524,0.276190476}}',
	442.1121494392466, 0.5007062317521707, 400, '{108,105,99,88}');
INSERT INTO expected_feature VALUES
	(109, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(109, 'plan=basic', 1.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(109, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(109, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(109, 'size=small', 1.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(109, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(109, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (110, 'categories',
	'missing mean, min_frequency 0.08',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', min_frequency => 0.08',
	'{{240.089844,0.49082149,0.260335917,0.248842593,0.0100465313,0.684327411,0.305626058},{82.5547753,0.528757658,0.241529483,0.229712859,0.988364798,0.00781383676,0.00382136543},{229.508723,0.544843331,0.242643185,0.212513484,1,0,0},{96.5694325,0.549903101,0.247715947,0.202380952,0.00861131255,0.649066352,0.342322335}}',
	440.32998357957416, 0.49895793911659025, 400, '{112,103,96,89}');
INSERT INTO expected_feature VALUES
	(110, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(110, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(110, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(110, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(110, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(110, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(110, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (111, 'categories',
	'missing zero, min_frequency 0.08',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', min_frequency => 0.08',
	'{{81.0923423,0.531531532,0.234234234,0.207207207,0,0.621621622,0.342342342},{235.99867,0.542553191,0.212765957,0.20212766,1,0,0},{76.8111979,0.510416667,0.260416667,0.208333333,1,0,0},{237.737374,0.464646465,0.252525253,0.242424242,0,0.686868687,0.292929293}}',
	435.7235576474526, 0.5082196270961723, 400, '{111,99,96,94}');
INSERT INTO expected_feature VALUES
	(111, 'a', 0.0, NULL, NULL, NULL, 155.2375, 91.51949544700845, 17, 0),
	(111, 'plan=basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(111, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(111, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(111, 'size=small', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(111, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(111, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (112, 'categories',
	'missing skip, min_frequency 40',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', min_frequency => 40',
	'{{90.2641753,0.546391753,0.257731959,0.195876289,0,0.639175258,0.360824742},{237,0.5,0.25,0.25,0,0.695652174,0.304347826},{241.582849,0.558139535,0.23255814,0.209302326,1,0,0},{88.0263889,0.544444444,0.244444444,0.211111111,1,0,0}}',
	396.3636675130153, 0.5114008630879388, 365, '{97,92,90,86}');
INSERT INTO expected_feature VALUES
	(112, 'a', NULL, NULL, NULL, NULL, 162.35102739726028, 86.8251432712981, 0, 0),
	(112, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(112, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(112, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(112, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(112, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(112, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (113, 'categories',
	'missing category, min_frequency 40',
	'features => ''{"a","plan","size"}'', scaling => ''standard'', missing => ''category'', transform => ''none'', min_frequency => 40',
	'{{95.1393805,0.522123894,0.238938053,0.212389381,0.0265486726,0,0.628318584,0.336283186,0.0353982301},{241.893678,0.540229885,0.218390805,0.206896552,0.0344827586,1,0,0,0},{239.35567,0.474226804,0.24742268,0.237113402,0.0412371134,0,0.680412371,0.298969072,0.0206185567},{95,0.514563107,0.252427184,0.203883495,0.0291262136,1,0,0,0}}',
	463.61290990712314, 0.48743735775884667, 400, '{113,103,97,87}');
INSERT INTO expected_feature VALUES
	(113, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(113, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(113, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(113, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(113, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(113, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(113, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(113, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(113, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL);

INSERT INTO expected_fit VALUES (114, 'categories',
	'missing mean, feature_options {plan: {max_categories: 3, missing: category}, size: {min_frequency: 150, missing: skip, scaling: standard}}',
	'features => ''{"a","plan","size"}'', missing => ''mean'', feature_options => ''{"plan": {"max_categories": 3, "missing": "category"}, "size": {"min_frequency": 150, "missing": "skip", "scaling": "standard"}}''',
	'{{95.5411227,0.545454545,0.236363636,0.190909091,0.0272727273,-7.21644966e-16,1},{93.053985,0.52,0.25,0.21,0.02,1,0},{239.4375,0.533333333,0.222222222,0.2,0.0444444444,1,0},{239.352394,0.478723404,0.244680851,0.234042553,0.0425531915,-3.88578059e-16,1}}',
	358.47492085475847, 0.7492158617575333, 394, '{110,100,94,90}');
INSERT INTO expected_feature VALUES
	(114, 'a', 162.12793733681463, NULL, NULL, NULL, 162.08990354667267, 85.46087589211041, 16, 0),
	(114, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(114, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(114, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(114, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(114, 'size=small', NULL, NULL, NULL, NULL, 0.48223350253807107, 0.4996842518710543, NULL, NULL),
	(114, 'size=(other)', NULL, NULL, NULL, NULL, 0.5177664974619289, 0.4996842518710543, NULL, NULL);

INSERT INTO expected_fit VALUES (115, 'dates and intervals',
	'missing mean',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''mean'', transform => ''none''',
	'{{18936.2154,18783.1453,18264.7216,6.03662489},{18528.7902,18787.8386,18265.1023,4.7021996},{18526.0951,18782.3007,18270.2653,5.14406525},{18946.3354,18787.589,18269.3714,3.31336488}}',
	851.3892900027122, 0.4678816937483048, 400, '{142,89,85,84}');
INSERT INTO expected_feature VALUES
	(115, 'joined', 18706.170050761422, NULL, NULL, NULL, 18706.17005076142, 257.10819515623666, 6, 0),
	(115, 'seen', 18784.775961030035, NULL, NULL, NULL, 18784.77596103003, 3.279274245714328, 6, 0),
	(115, 'paid', 18267.746958506945, NULL, NULL, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(115, 'stay', 4.864316239316239, NULL, NULL, NULL, 4.864316239316239, 3.6260728530775843, 10, 0);

INSERT INTO expected_fit VALUES (116, 'dates and intervals',
	'scaling robust, missing zero, outliers clip, outlier_method zscore, feature_options {stay: {weight: 2}}, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"stay": {"weight": 2}}'', distance => ''cosine''',
	'{{18673.5841,18788.2138,18267.7146,1.59818482},{18511.4824,18782.3165,18270.6562,7.73371648},{18830.2458,18785.5954,18266.0571,7.91913842},{18716.0106,18781.6971,18267.2103,1.36569149}}',
	234.6072914965914, 0.6998066901611972, 400, '{118,101,94,87}');
INSERT INTO expected_feature VALUES
	(116, 'joined', 0.0, 17928.994626059975, 19483.34547546287, NULL, 18690.0, 455.5, 6, 6),
	(116, 'seen', 0.0, 18774.863514042194, 18794.688408017875, NULL, 18784.71292824074, 5.751837384257669, 6, 6),
	(116, 'paid', 0.0, 18257.78146912499, 18277.712447888898, NULL, 18267.73177662037, 5.704195601851097, 0, 0),
	(116, 'stay', 0.0, -6.1524839393589295, 15.881116417991407, NULL, 4.541666666666666, 6.666666666666667, 10, 0);

INSERT INTO expected_fit VALUES (117, 'dates and intervals',
	'missing skip, outliers skip, feature_options {stay: {weight: 2}}',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''skip'', feature_options => ''{"stay": {"weight": 2}}''',
	'{{18487.6957,18782.5088,18269.9984,1.87983092},{18825.7049,18785.4634,18265.9158,7.81523224},{18786,18786.9156,18266.8227,1.62431694},{18566.1846,18782.0829,18270.622,8.43461538}}',
	959.845400506802, 0.49214529073714186, 378, '{122,122,69,65}');
INSERT INTO expected_feature VALUES
	(117, 'joined', NULL, 17814.5, 19600.5, NULL, 18706.56349206349, 256.8607026618367, 0, 0),
	(117, 'seen', NULL, 18773.372596932866, 18796.09283998843, NULL, 18784.811473765432, 3.3038039125348115, 0, 0),
	(117, 'paid', NULL, 18256.32338541667, 18279.140167824073, NULL, 18267.763030417154, 3.314260638155504, 0, 0),
	(117, 'stay', NULL, -8.458333333333334, 17.875, NULL, 4.840167548500881, 3.6668281431694467, 0, 0);

INSERT INTO expected_fit VALUES (118, 'dates and intervals',
	'scaling robust, missing mean, outliers skip, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''skip'', distance => ''cosine''',
	'{{18526.0951,18782.3007,18270.2653,5.14406525},{18930.2766,18783.1782,18264.6989,6.0142998},{18527.2163,18787.9387,18265.1718,4.66839642},{18949.6527,18787.5617,18269.3866,3.32316445}}',
	228.7786092281982, 0.7093177888615368, 400, '{142,91,84,83}');
INSERT INTO expected_feature VALUES
	(118, 'joined', 18706.170050761422, 17814.5, 19600.5, NULL, 18706.08502538071, 443.5, 6, 0),
	(118, 'seen', 18784.775961030035, 18773.372596932866, 18796.09283998843, NULL, 18784.775961030035, 5.573402777776209, 6, 0),
	(118, 'paid', 18267.746958506945, 18256.32338541667, 18279.140167824073, NULL, 18267.73177662037, 5.704195601851097, 0, 0),
	(118, 'stay', 4.864316239316239, -8.458333333333334, 17.875, NULL, 4.864316239316239, 6.4375, 10, 0);

INSERT INTO expected_fit VALUES (119, 'dates and intervals',
	'missing zero, outliers clip, outlier_method zscore',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{18927.4725,18783.045,18264.8107,6.22344322},{18510.3579,18787.9825,18265.2113,4.46347737},{18504.9171,18782.0617,18270.1227,4.9704023},{18950.0361,18787.5698,18269.2904,2.9939759}}',
	880.9916601341776, 0.4493802124161389, 400, '{145,91,83,81}');
INSERT INTO expected_feature VALUES
	(119, 'joined', 0.0, 17928.994626059975, 19483.34547546287, NULL, 18694.512419390903, 273.9137606231651, 6, 6),
	(119, 'seen', 0.0, 18774.863514042194, 18794.688408017875, NULL, 18784.627274325216, 3.4936200311019556, 6, 6),
	(119, 'paid', 0.0, 18257.78146912499, 18277.712447888898, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(119, 'stay', 0.0, -6.1524839393589295, 15.881116417991407, NULL, 4.742708333333334, 3.7047476519906937, 10, 0);

INSERT INTO expected_fit VALUES (120, 'dates and intervals',
	'scaling robust, missing skip, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', distance => ''cosine''',
	'{{18948.8077,18787.6759,18269.3799,3.24465812},{18526.8987,18788.0526,18265.2155,4.6914557},{18930.9885,18783.1651,18264.7177,6.06800766},{18525.7687,18782.3022,18270.3009,5.05939055}}',
	214.07713734141515, 0.7072261960536916, 378, '{134,87,79,78}');
INSERT INTO expected_feature VALUES
	(120, 'joined', NULL, NULL, NULL, NULL, 18696.5, 442.5, 0, 0),
	(120, 'seen', NULL, NULL, NULL, NULL, 18784.714270833334, 5.679221643520577, 0, 0),
	(120, 'paid', NULL, NULL, NULL, NULL, 18267.73177662037, 5.730679976848478, 0, 0),
	(120, 'stay', NULL, NULL, NULL, NULL, 4.75, 6.5, 0, 0);

INSERT INTO expected_fit VALUES (121, 'dates and intervals',
	'missing mean, feature_options {stay: {weight: 2}}, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', feature_options => ''{"stay": {"weight": 2}}'', distance => ''cosine''',
	'{{18480.4576,18789.5251,18263.9572,3.01107797},{18808.3555,18784.1196,18268.1607,10.2904105},{18406.9634,18780.9503,18271.0122,2.28683256},{19068.158,18785.8164,18266.7025,0.801931527}}',
	233.999451321713, 0.7028670512355291, 400, '{143,91,91,75}');
INSERT INTO expected_feature VALUES
	(121, 'joined', 18706.170050761422, NULL, NULL, NULL, 18706.17005076142, 257.10819515623666, 6, 0),
	(121, 'seen', 18784.775961030035, NULL, NULL, NULL, 18784.77596103003, 3.279274245714328, 6, 0),
	(121, 'paid', 18267.746958506945, NULL, NULL, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(121, 'stay', 4.864316239316239, NULL, NULL, NULL, 4.864316239316239, 3.6260728530775843, 10, 0);

INSERT INTO expected_fit VALUES (122, 'dates and intervals',
	'scaling robust, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{18931.912,18783.0506,18264.6949,5.79739268},{18526.0951,18782.3007,18270.2653,5.14406525},{18521.0021,18787.8814,18265.054,4.72433292},{18943.6801,18787.6541,18269.297,3.58512624}}',
	281.09081456280364, 0.47505907941133896, 400, '{142,89,87,82}');
INSERT INTO expected_feature VALUES
	(122, 'joined', 18706.170050761422, 17928.994626059975, 19483.34547546287, NULL, 18706.08502538071, 443.5, 6, 0),
	(122, 'seen', 18784.775961030035, 18774.863514042194, 18794.688408017875, NULL, 18784.775961030035, 5.573402777776209, 6, 0),
	(122, 'paid', 18267.746958506945, 18257.78146912499, 18277.712447888898, NULL, 18267.73177662037, 5.704195601851097, 0, 0),
	(122, 'stay', 4.864316239316239, -6.1524839393589295, 15.881116417991407, NULL, 4.864316239316239, 6.4375, 10, 0);

INSERT INTO expected_fit VALUES (123, 'dates and intervals',
	'missing zero',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''zero'', transform => ''none''',
	'{{18718.2216,18784.4405,18267.9171,8.09436937},{18677.5,0,18268.089,3.91666667},{3.63797881e-12,18784.4281,18268.9181,7.33333333},{18696.0345,18785.0919,18267.5472,1.63608374}}',
	505.6193574503026, 0.6839879015935608, 400, '{203,185,6,6}');
INSERT INTO expected_feature VALUES
	(123, 'joined', 0.0, NULL, NULL, NULL, 18425.5775, 2288.2710534361418, 6, 0),
	(123, 'seen', 0.0, NULL, NULL, NULL, 18503.004321614582, 2283.338042308253, 6, 0),
	(123, 'paid', 0.0, NULL, NULL, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(123, 'stay', 0.0, NULL, NULL, NULL, 4.742708333333334, 3.7047476519906937, 10, 0);

INSERT INTO expected_fit VALUES (124, 'dates and intervals',
	'missing zero, outliers skip',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''skip''',
	'{{18531.1585,18787.974,18265.1934,4.52388211},{18954.8,18787.6501,18269.284,3.03333333},{18524.0797,18782.2468,18270.2213,4.91274155},{18930.7273,18783.173,18264.7457,6.11363636}}',
	821.2114041999449, 0.47086894059281903, 388, '{138,88,82,80}');
INSERT INTO expected_feature VALUES
	(124, 'joined', 0.0, 17814.5, 19600.5, NULL, 18706.613402061856, 257.46526144571925, 0, 0),
	(124, 'seen', 0.0, 18773.372596932866, 18796.09283998843, NULL, 18784.781340951937, 3.307204844649355, 0, 0),
	(124, 'paid', 0.0, 18256.32338541667, 18279.140167824073, NULL, 18267.72355986302, 3.320518739999385, 0, 0),
	(124, 'stay', 0.0, -8.458333333333334, 17.875, NULL, 4.715420962199312, 3.6996384254610906, 10, 0);

INSERT INTO expected_fit VALUES (125, 'dates and intervals',
	'missing skip, outliers clip, outlier_method zscore',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{18526.1266,18787.9911,18265.15,4.78270042},{18525.7687,18782.3022,18270.3009,5.05939055},{18945.2911,18787.7035,18269.3639,3.23523207},{18934.7209,18783.1438,18264.7383,6.02567829}}',
	795.2529766699986, 0.47403903659391633, 378, '{134,86,79,79}');
INSERT INTO expected_feature VALUES
	(125, 'joined', NULL, 17928.994626059975, 19483.34547546287, NULL, 18706.56349206349, 256.8607026618367, 0, 0),
	(125, 'seen', NULL, 18774.863514042194, 18794.688408017875, NULL, 18784.811473765432, 3.3038039125348115, 0, 0),
	(125, 'paid', NULL, 18257.78146912499, 18277.712447888898, NULL, 18267.763030417154, 3.314260638155504, 0, 0),
	(125, 'stay', NULL, -6.1524839393589295, 15.881116417991407, NULL, 4.840167548500881, 3.6668281431694467, 0, 0);

INSERT INTO expected_fit VALUES (126, 'arrays',
	'missing mean',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''mean'', transform => ''none''',
	'{{5.7016129,588.12542,-10.2043011,170.58746},{10.2570114,665.612311,11.7073032,176.307692},{7.48511905,2697.91667,4.86904762,150.878221},{16.4769459,1130.83314,-7.25845679,147.969534}}',
	914.1474549641752, 0.42865784064739054, 400, '{117,106,93,84}');
INSERT INTO expected_feature VALUES
	(126, 'v[1]', 10.264066496163682, NULL, NULL, NULL, 10.264066496163682, 5.908769464590555, 9, 0),
	(126, 'v[2]', 1197.6640419947507, NULL, NULL, NULL, 1197.6640419947507, 1058.3027674032787, 19, 0),
	(126, 'v[3]', 0.15089514066496162, NULL, NULL, NULL, 0.15089514066496165, 11.39211319144749, 9, 0),
	(126, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0);

INSERT INTO expected_fit VALUES (127, 'arrays',
	'scaling robust, missing zero, outliers clip, outlier_method zscore, feature_options {v: {weight: 2}}, distance cosine',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"v": {"weight": 2}}'', distance => ''cosine''',
	'{{15.9005376,811.365591,-9.70967742,133.392473},{4.61813187,502.714286,-9.03296703,167.760989},{8.95474138,2486.63793,4.55172414,155.119612},{10.755,466.56,12.56,164.29375}}',
	222.43740102563604, 0.6868686607624339, 400, '{116,100,93,91}');
INSERT INTO expected_feature VALUES
	(127, 'v[1]', 0.0, -7.665092461866156, 28.19322545419352, NULL, 10.0, 10.5, 9, 0),
	(127, 'v[2]', 0.0, -2055.445550927081, 4450.7736349165825, NULL, 784.0, 1792.0, 19, 0),
	(127, 'v[3]', 0.0, -34.41654051600516, 34.71833079733509, NULL, 0.0, 19.0, 9, 0),
	(127, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 149.125, 140.25, 17, 0);

INSERT INTO expected_fit VALUES (128, 'arrays',
	'missing skip, outliers skip, feature_options {v: {weight: 2}}',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''skip'', feature_options => ''{"v": {"weight": 2}}''',
	'{{16.6048387,989.354839,-6.74193548,154.258065},{10.530303,561.414141,12.5151515,168.097222},{5.56534091,542.647727,-9.84090909,170.372159},{7.63392857,2591.08333,5.44047619,156.752976}}',
	1271.6335291769738, 0.5009287562099789, 364, '{99,93,88,84}');
INSERT INTO expected_feature VALUES
	(128, 'v[1]', NULL, -10.4375, 31.0625, NULL, 10.213598901098901, 5.9862950588345845, 0, 0),
	(128, 'v[2]', NULL, -2475.0, 4725.0, NULL, 1134.598901098901, 1052.6700633135697, 0, 0),
	(128, 'v[3]', NULL, -37.5, 38.5, NULL, 0.5576923076923077, 11.242554124663345, 0, 0),
	(128, 'a', NULL, -97.1875, 424.3125, NULL, 162.49347527472528, 87.25301582729493, 0, 0);

INSERT INTO expected_fit VALUES (129, 'arrays',
	'scaling robust, missing mean, outliers skip, distance cosine',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''skip'', distance => ''cosine''',
	'{{10.0902153,385.309988,-3.5210848,306.737231},{7.61927025,601.458279,19.1934897,87.9500822},{11.4331096,2981.38897,2.61890282,166.366625},{11.4834831,555.669104,-15.654505,56.4362065}}',
	252.8365819542899, 0.6596000706951902, 400, '{115,104,96,85}');
INSERT INTO expected_feature VALUES
	(129, 'v[1]', 10.264066496163682, -10.4375, 31.0625, NULL, 10.264066496163682, 10.0, 9, 0),
	(129, 'v[2]', 1197.6640419947507, -2475.0, 4725.0, NULL, 961.0, 1687.75, 19, 0),
	(129, 'v[3]', 0.15089514066496162, -37.5, 38.5, NULL, 0.15089514066496162, 19.0, 9, 0),
	(129, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 162.12793733681463, 126.3125, 17, 0);

INSERT INTO expected_fit VALUES (130, 'arrays',
	'missing zero, outliers clip, outlier_method zscore',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{4.62740385,540.211538,-7.19230769,181.348558},{7.26488095,2640.19048,5.61904762,125.028274},{15.710396,1036.89109,-9.6039604,119.613861},{12.027027,663.297297,11.7567568,186.048423}}',
	891.1502247431619, 0.4430311095355238, 400, '{111,104,101,84}');
INSERT INTO expected_feature VALUES
	(130, 'v[1]', 0.0, -7.665092461866156, 28.19322545419352, NULL, 10.033125, 6.101690051483687, 9, 0),
	(130, 'v[2]', 0.0, -2055.445550927081, 4450.7736349165825, NULL, 1140.775, 1088.53219721559, 19, 0),
	(130, 'v[3]', 0.0, -34.41654051600516, 34.71833079733509, NULL, 0.1475, 11.392135170809729, 9, 0),
	(130, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 155.2375, 91.51949544700845, 17, 0);

INSERT INTO expected_fit VALUES (131, 'arrays',
	'scaling robust, missing skip, distance cosine',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', distance => ''cosine''',
	'{{9.67639999,2818.45518,5.40625439,156.386828},{9.44160107,429.072849,-4.63774504,308.917496},{11.2100969,233.806097,20.1465623,93.5141285},{11.1886637,458.480299,-15.9776422,55.5815859}}',
	225.10646113447902, 0.6514321920178936, 364, '{108,108,83,65}');
INSERT INTO expected_feature VALUES
	(131, 'v[1]', NULL, NULL, NULL, NULL, 10.25, 10.25, 0, 0),
	(131, 'v[2]', NULL, NULL, NULL, NULL, 784.0, 1740.0, 0, 0),
	(131, 'v[3]', NULL, NULL, NULL, NULL, 0.5, 19.0, 0, 0),
	(131, 'a', NULL, NULL, NULL, NULL, 159.75, 130.0, 0, 0);

INSERT INTO expected_fit VALUES (132, 'arrays',
	'missing mean, feature_options {v: {weight: 2}}, distance cosine',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', feature_options => ''{"v": {"weight": 2}}'', distance => ''cosine''',
	'{{16.2810311,1034.2895,-7.40416378,148.996687},{10.0167247,606.610892,12.014848,175.298611},{5.51111111,584.474045,-10.1555556,169.333431},{8.27105263,2634.52632,4.93684211,155.118637}}',
	234.64736694375256, 0.6958803688971662, 400, '{108,107,95,90}');
INSERT INTO expected_feature VALUES
	(132, 'v[1]', 10.264066496163682, NULL, NULL, NULL, 10.264066496163682, 5.908769464590555, 9, 0),
	(132, 'v[2]', 1197.6640419947507, NULL, NULL, NULL, 1197.6640419947507, 1058.3027674032787, 19, 0),
	(132, 'v[3]', 0.15089514066496162, NULL, NULL, NULL, 0.15089514066496165, 11.39211319144749, 9, 0),
	(132, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0);

INSERT INTO expected_fit VALUES (133, 'arrays',
	'scaling robust, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{9.13158831,679.968991,-10.3386506,221.900955},{11.3017349,651.989295,-0.45075216,77.1259843},{10.0563788,921.529226,11.3229728,239.041176},{10.217033,2768.96703,1.73626374,145.200905}}',
	345.59936170284107, 0.4460682985940425, 400, '{127,97,91,85}');
INSERT INTO expected_feature VALUES
	(133, 'v[1]', 10.264066496163682, -7.665092461866156, 28.19322545419352, NULL, 10.264066496163682, 10.0, 9, 0),
	(133, 'v[2]', 1197.6640419947507, -2055.445550927081, 4450.7736349165825, NULL, 961.0, 1687.75, 19, 0),
	(133, 'v[3]', 0.15089514066496162, -34.41654051600516, 34.71833079733509, NULL, 0.15089514066496162, 19.0, 9, 0),
	(133, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 162.12793733681463, 126.3125, 17, 0);

INSERT INTO expected_fit VALUES (134, 'arrays',
	'missing zero',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''zero'', transform => ''none''',
	'{{4.62740385,540.211538,-7.19230769,181.348558},{7.26488095,2640.19048,5.61904762,125.028274},{15.710396,1036.89109,-9.6039604,119.613861},{12.027027,663.297297,11.7567568,186.048423}}',
	891.1502247431619, 0.4430311095355238, 400, '{111,104,101,84}');
INSERT INTO expected_feature VALUES
	(134, 'v[1]', 0.0, NULL, NULL, NULL, 10.033125, 6.101690051483687, 9, 0),
	(134, 'v[2]', 0.0, NULL, NULL, NULL, 1140.775, 1088.53219721559, 19, 0),
	(134, 'v[3]', 0.0, NULL, NULL, NULL, 0.1475, 11.392135170809729, 9, 0),
	(134, 'a', 0.0, NULL, NULL, NULL, 155.2375, 91.51949544700845, 17, 0);

INSERT INTO expected_fit VALUES (135, 'arrays',
	'missing zero, outliers skip',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''skip''',
	'{{4.62740385,540.211538,-7.19230769,181.348558},{7.26488095,2640.19048,5.61904762,125.028274},{15.710396,1036.89109,-9.6039604,119.613861},{12.027027,663.297297,11.7567568,186.048423}}',
	891.1502247431619, 0.4430311095355238, 400, '{111,104,101,84}');
INSERT INTO expected_feature VALUES
	(135, 'v[1]', 0.0, -10.4375, 31.0625, NULL, 10.033125, 6.101690051483687, 9, 0),
	(135, 'v[2]', 0.0, -2475.0, 4725.0, NULL, 1140.775, 1088.53219721559, 19, 0),
	(135, 'v[3]', 0.0, -37.5, 38.5, NULL, 0.1475, 11.392135170809729, 9, 0),
	(135, 'a', 0.0, -97.1875, 424.3125, NULL, 155.2375, 91.51949544700845, 17, 0);

INSERT INTO expected_fit VALUES (136, 'arrays',
	'missing skip, outliers clip, outlier_method zscore',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{9.39166667,2661.9,3.52222222,150.948611},{11.0045045,691.225225,12.1081081,170.761261},{8.89329268,638.5,-8.47560976,241.940549},{11.3796296,547.407407,-9.41975309,83.5632716}}',
	815.7446082229019, 0.4397358460007542, 364, '{111,90,82,81}');
INSERT INTO expected_feature VALUES
	(136, 'v[1]', NULL, -7.665092461866156, 28.19322545419352, NULL, 10.213598901098901, 5.9862950588345845, 0, 0),
	(136, 'v[2]', NULL, -2055.445550927081, 4450.7736349165825, NULL, 1134.598901098901, 1052.6700633135697, 0, 0),
	(136, 'v[3]', NULL, -34.41654051600516, 34.71833079733509, NULL, 0.5576923076923077, 11.242554124663345, 0, 0),
	(136, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 162.49347527472528, 87.25301582729493, 0, 0);

INSERT INTO expected_fit VALUES (137, 'all at once',
	'missing mean',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''standard'', missing => ''mean'', transform => ''none''',
	'{{181.221467,2367.34239,-247.457867,1.89130435,0.463065948,0.506403775,0.290697674,0.202898551,0.52173913,0.293478261,0.184782609,18910.8043,18786.6737,2.98787625,11.6550442,1021.58322,8.80598799},{142.945035,3091.29256,-200.663406,1.91743119,0.377995875,0.537515113,0.236185193,0.226299694,0.541284404,0.302752294,0.155963303,18822.9344,18783.2556,6.82310045,9.67024097,610.562571,-7.82015064},{173.371362,4837.51763,-17.4315723,2.23157895,0.387379301,0.575248198,0.234108527,0.190643275,0.409404221,0.43248731,0.158108469,18494.9913,18786.8275,3.70350877,12.1924014,1417.17533,-8.64945484},{152.0625,80189.4062,-35.015625,2.5,0.25,0.75,0.25,0,0.25,0.25,0.5,18807.5,18781.7131,6.85416667,9.4375,1293.5,-4.75},{155.192617,4040.39439,-129.402487,1.94,0.386020672,0.490594315,0.23496124,0.274444444,0.46,0.37,0.17,18587.2,18782.8608,5.47873932,7.83278133,1787.22984,9.4330179}}',
	3520.9248377700337, 0.22985155276936298, 400, '{109,100,95,92,4}');
INSERT INTO expected_feature VALUES
	(137, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(137, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 4347.76907051282, 8585.01797498432, 10, 0),
	(137, 'signed', -148.43686386768448, NULL, NULL, NULL, -148.43686386768448, 590.262284804716, 7, 0),
	(137, 'order', 1.9975, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(137, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(137, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(137, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(137, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(137, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(137, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(137, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(137, 'joined', 18706.170050761422, NULL, NULL, NULL, 18706.17005076142, 257.10819515623666, 6, 0),
	(137, 'seen', 18784.775961030035, NULL, NULL, NULL, 18784.77596103003, 3.279274245714328, 6, 0),
	(137, 'stay', 4.864316239316239, NULL, NULL, NULL, 4.864316239316239, 3.6260728530775843, 10, 0),
	(137, 'v[1]', 10.264066496163682, NULL, NULL, NULL, 10.264066496163682, 5.908769464590555, 9, 0),
	(137, 'v[2]', 1197.6640419947507, NULL, NULL, NULL, 1197.6640419947507, 1058.3027674032787, 19, 0),
	(137, 'v[3]', 0.15089514066496162, NULL, NULL, NULL, 0.15089514066496165, 11.39211319144749, 9, 0);

INSERT INTO expected_fit VALUES (138, 'all at once',
	'scaling minmax, missing skip, transform yeo-johnson, outliers clip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}, joined: {transform: none}, seen: {transform: none}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''minmax'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}, "joined": {"transform": "none"}, "seen": {"transform": "none"}}'', sample_weight => ''w''',
	'{{146.370361,1179.50903,-79.5391165,1.65898749,0,0.503311258,0.284768212,0.21192053,0,0,1,18724.053,18782.7561,4.31508171,8.05763805,979.501857,-1.39228127},{144.623439,1421.18146,-80.4502239,1.73587402,1,0.587601078,0.175202156,0.237196765,0.789757412,0,0.210242588,18681.8464,18785.2447,4.06419195,9.3315539,881.45679,0.568712271},{166.369959,1475.53628,-79.6854925,1.51667864,0,0.564476886,0.260340633,0.175182482,1,0,0,18728.5304,18785.0307,4.40653223,8.80349836,639.420725,-0.021248209},{152.010204,773.362873,-40.7311759,1.90641182,1,0.374485597,0.395061728,0.230452675,0,0.823045267,0.176954733,18767.3169,18784.431,3.77189281,9.25127854,626.158192,2.53734028},{170.119829,1673.089,-201.528719,1.85757721,0,0.574712644,0.192528736,0.232758621,0,1,0,18676.4425,18784.9928,3.20471192,10.7009103,860.255259,1.77390844}}',
	578.9848762569283, 0.450515202892107, 304, '{84,70,69,50,31}');
INSERT INTO expected_feature VALUES
	(138, 'a', NULL, -99.92954549930528, 424.1854201729345, 0.7787690665888337, 4.478720178213501, 109.76343542510665, 0, 0),
	(138, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, 0.20176258359776314, 0.0, 34.82942517393126, 0, 4),
	(138, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, 1.020941351815977, -1686.4942902545667, 3560.1187051137144, 0, 3),
	(138, 'order', NULL, -2.242481574252404, 6.237481574252405, 0.39571904216606785, 0.0, 2.2505436208788203, 0, 0),
	(138, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(138, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(138, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(138, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(138, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(138, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(138, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(138, 'joined', NULL, 17928.994626059975, 19483.34547546287, NULL, 18263.0, 892.0, 0, 0),
	(138, 'seen', NULL, 18774.863514042194, 18794.688408017875, NULL, 18779.14019675926, 11.433240740738256, 0, 0),
	(138, 'stay', NULL, -6.1524839393589295, 15.881116417991407, 0.630514672101603, -0.9445406254048532, 7.220834289290096, 0, 0),
	(138, 'v[1]', NULL, -7.665092461866156, 28.19322545419352, 0.7087634923633962, 0.0, 11.002253358454126, 0, 0),
	(138, 'v[2]', NULL, -2055.445550927081, 4450.7736349165825, 0.3438393512422994, 0.782718893282677, 44.8917572324184, 0, 0),
	(138, 'v[3]', NULL, -34.41654051600516, 34.71833079733509, 0.9992210190743105, -17.027309510425496, 34.99777852899882, 0, 0);

INSERT INTO expected_fit VALUES (139, 'all at once',
	'scaling robust, missing category, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''robust'', missing => ''category'', transform => ''none'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}''',
	'{{247.9875,3294.50687,-61.5825,1.95,0,0.52,0.24,0.2,0.04,0.47,0.37,0.15,0.01,18678.9,18785.0311,4.56875,10.37,1161.98,0.68},{91.9315789,3670.62878,3.35723684,1.85263158,0,0.536842105,0.294736842,0.136842105,0.0315789474,0.452631579,0.336842105,0.189473684,0.0210526316,18708.9316,18784.5561,5.28925439,10.7736842,1206.46316,-1.97894737},{241.491935,2856.8193,-173.939516,2.11290323,1,0.435483871,0.274193548,0.241935484,0.0483870968,0.451612903,0.35483871,0.177419355,0.0161290323,18716.2984,18784.4306,4.47446237,9.45967742,1034.64516,1.51612903},{101.927632,3901.57545,21.9819079,1.90789474,1,0.618421053,0.157894737,0.210526316,0.0131578947,0.513157895,0.328947368,0.144736842,0.0131578947,18707.0395,18785.0448,4.90241228,10.3223684,1262.75,-0.723684211},{119.103774,3732.3579,-619.959906,2.1509434,0.245283019,0.41509434,0.226415094,0.339622642,0.0188679245,0.528301887,0.283018868,0.169811321,0.0188679245,18710.3585,18785.024,4.39819182,9.89150943,1261.9434,2.98113208}}',
	1806.3136020769336, 0.2790055799494835, 386, '{100,95,76,62,53}');
INSERT INTO expected_feature VALUES
	(139, 'a', 159.0, -97.1875, 424.3125, NULL, 159.0, 126.9375, 17, 0),
	(139, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 1838.265625, 5587.859375, 10, 0),
	(139, 'signed', -27.5625, -894.375, 626.625, NULL, -27.5625, 353.8125, 7, 0),
	(139, 'order', 2.0, -3.5, 8.5, NULL, 2.0, 3.0, 0, 0),
	(139, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(139, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(139, 'joined', 18696.5, 17814.5, 19600.5, NULL, 18696.25, 434.5, 6, 0),
	(139, 'seen', 18784.714942129627, 18773.372596932866, 18796.09283998843, NULL, 18784.7151099537, 5.573402777779847, 6, 0),
	(139, 'stay', 4.770833333333334, -8.458333333333334, 17.875, NULL, 4.770833333333334, 6.447916666666666, 10, 0),
	(139, 'v[1]', 10.25, -10.4375, 31.0625, NULL, 10.25, 10.0, 8, 0),
	(139, 'v[2]', 900.0, -2475.0, 4725.0, NULL, 900.0, 1703.25, 18, 0),
	(139, 'v[3]', -2.0, -37.5, 38.5, NULL, -2.0, 19.0, 8, 0);

INSERT INTO expected_fit VALUES (140, 'all at once',
	'scaling maxabs, missing category, transform yeo-johnson, sample_weight w, feature_options {joined: {transform: none}, seen: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''maxabs'', missing => ''category'', transform => ''yeo-johnson'', sample_weight => ''w'', feature_options => ''{"joined": {"transform": "none"}, "seen": {"transform": "none"}}''',
	'{{146.944396,1508.84315,-152.110094,1.98822056,0.406432749,0.5,0.257309942,0.225146199,0.0175438596,0,0,1,0,18722.6959,18783.9925,3.79841646,8.84775462,961.117241,-0.142464734},{156.697954,1472.66078,-183.796535,1.72459702,0.385300668,0,0.510022272,0.429844098,0.0601336303,1,0,0,0,18672.8419,18785.2951,5.06199441,9.48333733,750.980883,1.02155544},{156.524074,1331.09824,-99.2566981,1.65155245,0.406374502,1,0,0,0,1,0,0,0,18746.6394,18784.8332,4.05294152,9.42757493,674.992257,-0.898088817},{157.066257,1385.25676,-19.382972,1.79165665,0.353623188,1,0,0,0,0,1,0,0,18675.158,18784.6091,3.18989534,9.88000472,879.591215,0.367618027},{156.672729,1639.92563,-184.199642,1.84947588,0.368421053,0,0.451523546,0.454293629,0.0941828255,0,0.941828255,0,0.0581717452,18684.446,18784.6095,4.51076095,11.7229474,812.392047,-1.19748952}}',
	733.0923348118482, 0.383838827279986, 400, '{100,90,73,70,67}');
INSERT INTO expected_feature VALUES
	(140, 'a', 159.0, NULL, NULL, 0.7733110183184783, 0.0, 111.43692479367495, 17, 0),
	(140, 'Total spent', 1838.265625, NULL, NULL, 0.19635910798653383, 0.0, 41.85489488584753, 10, 0),
	(140, 'signed', -27.5625, NULL, NULL, 1.0055635731308952, 0.0, 5062.705318251185, 7, 0),
	(140, 'order', 2.0, NULL, NULL, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0),
	(140, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(140, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(140, 'joined', 18696.5, NULL, NULL, NULL, 0.0, 19155.0, 6, 0),
	(140, 'seen', 18784.714942129627, NULL, NULL, NULL, 0.0, 18790.5734375, 6, 0),
	(140, 'stay', 4.770833333333334, NULL, NULL, 0.6618953339692726, 0.0, 6.599875937554921, 10, 0),
	(140, 'v[1]', 10.25, NULL, NULL, 0.7453570958390113, 0.0, 11.864567294038975, 9, 0),
	(140, 'v[2]', 900.0, NULL, NULL, 0.3635585355234186, 0.0, 51.2493959483148, 19, 0),
	(140, 'v[3]', -2.0, NULL, NULL, 0.9853768655401574, 0.0, 18.564478310593515, 9, 0);

INSERT INTO expected_fit VALUES (141, 'all at once',
	'scaling none, missing skip, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''none'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{171.522581,412.701613,-121.412576,1.96774194,0.425806452,0.522580645,0.24516129,0.232258065,0.464516129,0.35483871,0.180645161,18782.8323,18784.8218,4.82177419,10.1354839,1229.07097,0.612903226},{153.671053,11319.6386,-73.0496513,2.10526316,0.315789474,0.605263158,0.236842105,0.157894737,0.526315789,0.368421053,0.105263158,18466.0526,18785.1764,4.51973684,9.79605263,1286.52632,1.02631579},{152.0625,30430.9261,-35.015625,2.5,0.25,0.75,0.25,0,0.25,0.25,0.5,18807.5,18781.7131,6.85416667,9.4375,1293.5,-4.75},{159.674569,3007.54795,-174.86831,1.9137931,0.379310345,0.534482759,0.24137931,0.224137931,0.431034483,0.379310345,0.189655172,18601.8103,18784.6498,4.59051724,9.59482759,878.155172,0.655172414},{152.82398,6903.80899,-83.5255102,1.83673469,0.387755102,0.510204082,0.285714286,0.204081633,0.448979592,0.387755102,0.163265306,18827.7143,18784.7986,4.9744898,10.4387755,1194.79592,1.65306122}}',
	618109831.3714556, 0.9217497034922341, 304, '{155,58,49,38,4}');
INSERT INTO expected_feature VALUES
	(141, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 0.0, 1.0, 0, 0),
	(141, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 1.0, 0, 4),
	(141, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1.0, 0, 3),
	(141, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.0, 0, 0),
	(141, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(141, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(141, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(141, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(141, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(141, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(141, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(141, 'joined', NULL, 17928.994626059975, 19483.34547546287, NULL, 0.0, 1.0, 0, 0),
	(141, 'seen', NULL, 18774.863514042194, 18794.688408017875, NULL, 0.0, 1.0, 0, 0),
	(141, 'stay', NULL, -6.1524839393589295, 15.881116417991407, NULL, 0.0, 1.0, 0, 0),
	(141, 'v[1]', NULL, -7.665092461866156, 28.19322545419352, NULL, 0.0, 1.0, 0, 0),
	(141, 'v[2]', NULL, -2055.445550927081, 4450.7736349165825, NULL, 0.0, 1.0, 0, 0),
	(141, 'v[3]', NULL, -34.41654051600516, 34.71833079733509, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (142, 'all at once',
	'scaling none, missing mean, transform yeo-johnson, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}, joined: {transform: none}, seen: {transform: none}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''none'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}, "joined": {"transform": "none"}, "seen": {"transform": "none"}}'', sample_weight => ''w''',
	'{{159.849059,882.050123,-26.221238,1.63786222,0.390185412,0.597429621,0.256956344,0.145614035,0.533333333,0.343859649,0.122807018,18920.4773,18784.4605,4.46474819,10.4543643,684.109951,1.79762347},{158.553488,2406.11958,3.21870452,1.73102195,0.399322443,0.509162001,0.207299628,0.283538371,0.493349272,0.310304836,0.196345891,18456.594,18784.3365,4.10728045,9.08296438,883.351869,-0.429792626},{169.978728,2521.41729,-541.050667,1.75013719,0.406914372,0.452953756,0.310264635,0.236781609,0.467180116,0.411543847,0.121276037,18509.307,18785.47,3.60668014,9.33336221,927.50297,2.74238233},{145.667753,1742.3367,255.165747,1.78561081,0.4131774,0.604937278,0.19283281,0.202229912,0.40113818,0.465020287,0.133841533,18726.3468,18784.8025,4.21845429,10.5219282,840.897977,-3.90278885},{129.932926,671.978532,-590.842243,2.10547729,0.408163504,0.425339367,0.28959276,0.285067873,0.497737557,0.180995475,0.321266968,18962.3665,18785.4161,3.34705787,9.85826398,713.628106,-0.532108112}}',
	16605648.70562297, 0.7472568202709806, 386, '{119,114,57,54,42}');
INSERT INTO expected_feature VALUES
	(142, 'a', 162.12793733681463, -97.1875, 424.3125, 0.7730649088562928, 0.0, 1.0, 17, 0),
	(142, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, 0.23952616246689531, 0.0, 1.0, 10, 0),
	(142, 'signed', -148.43686386768448, -894.375, 626.625, 1.0648356574977764, 0.0, 1.0, 7, 0),
	(142, 'order', 1.9975, -3.5, 8.5, 0.3996341984883074, 0.0, 1.0, 0, 0),
	(142, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(142, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(142, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(142, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(142, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(142, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(142, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(142, 'joined', 18706.170050761422, 17814.5, 19600.5, NULL, 0.0, 1.0, 6, 0),
	(142, 'seen', 18784.775961030035, 18773.372596932866, 18796.09283998843, NULL, 0.0, 1.0, 6, 0),
	(142, 'stay', 4.864316239316239, -8.458333333333334, 17.875, 0.6480230346763637, 0.0, 1.0, 10, 0),
	(142, 'v[1]', 10.264066496163682, -10.4375, 31.0625, 0.742220008522871, 0.0, 1.0, 8, 0),
	(142, 'v[2]', 1197.6640419947507, -2475.0, 4725.0, 0.37250510510988116, 0.0, 1.0, 18, 0),
	(142, 'v[3]', 0.15089514066496162, -37.5, 38.5, 0.9989732905928778, 0.0, 1.0, 8, 0);

INSERT INTO expected_fit VALUES (143, 'all at once',
	'missing skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}'', sample_weight => ''w''',
	'{{245.117057,3376.3414,-164.009197,1.85618729,0.324414716,0.608695652,0.247491639,0.143812709,0.585284281,0.183946488,0.230769231,18674.7559,18783.1861,4.63196767,6.06772575,422.230769,-3.60200669},{84.8113839,3962.50143,-22.9331752,2.09598214,0.502232143,0.515625,0.263392857,0.220982143,0.450892857,0.383928571,0.165178571,18591.6607,18786.1857,4.11337426,9.11049107,763.926339,-3.04910714},{252.525915,2943.60229,-103.147866,2.06829268,0.351219512,0.485365854,0.282926829,0.231707317,0.397560976,0.492682927,0.109756098,18710.4951,18785.9848,3.7120935,13.3609756,1639.54146,4.3195122},{158.6875,80298.7734,-84,2.66666667,0.333333333,0.5,0.5,0,0.166666667,0,0.833333333,18851.6667,18782.6651,4.42361111,10.7083333,1797.5,-8},{94.8746418,2918.69695,-165.212213,1.61031519,0.406876791,0.561604585,0.1747851,0.263610315,0.461318052,0.340974212,0.197707736,18888.6361,18782.9176,5.60792741,10.1575931,1755.75072,5.91117479}}',
	3502.1745530447497, 0.30012276113006275, 304, '{89,79,69,63,4}');
INSERT INTO expected_feature VALUES
	(143, 'a', NULL, NULL, NULL, NULL, 163.76069078947367, 86.93069960926178, 0, 0),
	(143, 'Total spent', NULL, NULL, NULL, NULL, 4367.0956003289475, 9582.443171500432, 0, 0),
	(143, 'signed', NULL, NULL, NULL, NULL, -105.72018914473684, 522.901177882382, 0, 0),
	(143, 'order', NULL, NULL, NULL, NULL, 1.9605263157894737, 1.4136625581286533, 0, 0),
	(143, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(143, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(143, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(143, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(143, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(143, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(143, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(143, 'joined', NULL, NULL, NULL, NULL, 18716.25657894737, 252.42901547059577, 0, 0),
	(143, 'seen', NULL, NULL, NULL, NULL, 18784.78867724324, 3.3415320579055283, 0, 0),
	(143, 'stay', NULL, NULL, NULL, NULL, 4.7912554824561395, 3.6124655450924616, 0, 0),
	(143, 'v[1]', NULL, NULL, NULL, NULL, 10.029605263157896, 5.941181975435145, 0, 0),
	(143, 'v[2]', NULL, NULL, NULL, NULL, 1164.625, 1057.8826843505306, 0, 0),
	(143, 'v[3]', NULL, NULL, NULL, NULL, 0.7697368421052632, 11.210292729837285, 0, 0);

INSERT INTO expected_fit VALUES (144, 'all at once',
	'scaling maxabs, missing mean, outliers clip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, vip: {weight: 3}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "vip": {"weight": 3}}''',
	'{{164.43348,3978.20142,-172.614454,2.05,0.0233634798,0.530404823,0.252002584,0.217592593,0.982741117,0.0115905245,0.00566835871,18700.5514,18784.7769,4.90788818,10.3606511,1060.85267,-0.189151748},{159.090463,3759.04281,-117.109511,1.97029703,1,0.505538926,0.242535881,0.251925193,0.742222446,0.00688546012,0.250892094,18690.2113,18785.0024,4.70492722,10.2332304,1183.7985,0.085183966},{167.572395,3847.41383,-134.450144,1.93975904,0.0193020143,0.494691946,0.271037639,0.234270415,0,1,0,18691.1366,18785.1202,4.60943775,10.6116153,1321.18063,0.182540905},{155.714356,3928.77676,-138.438958,2,0.0190722284,0.584040851,0.220191953,0.195767196,0,0,1,18730.5952,18783.8717,5.38069801,9.76852698,1410.69029,0.269090245},{159.305719,3679.30076,-136.018495,2.01851852,1,0.584984209,0.236003445,0.179012346,0,1,0,18752.6143,18784.5245,5.05573362,9.95833333,1172.08637,0.888888889}}',
	653.586736817535, 0.42270798190971126, 400, '{120,101,83,54,42}');
INSERT INTO expected_feature VALUES
	(144, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(144, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(144, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 7, 6),
	(144, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(144, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(144, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(144, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(144, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(144, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(144, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(144, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(144, 'joined', 18706.170050761422, 17928.994626059975, 19483.34547546287, NULL, 0.0, 19155.0, 6, 0),
	(144, 'seen', 18784.775961030035, 18774.863514042194, 18794.688408017875, NULL, 0.0, 18790.5734375, 6, 0),
	(144, 'stay', 4.864316239316239, -6.1524839393589295, 15.881116417991407, NULL, 0.0, 11.666666666666666, 10, 0),
	(144, 'v[1]', 10.264066496163682, -7.665092461866156, 28.19322545419352, NULL, 0.0, 20.5, 9, 0),
	(144, 'v[2]', 1197.6640419947507, -2055.445550927081, 4450.7736349165825, NULL, 0.0, 3600.0, 19, 0),
	(144, 'v[3]', 0.15089514066496162, -34.41654051600516, 34.71833079733509, NULL, 0.0, 18.0, 9, 0);

INSERT INTO expected_fit VALUES (145, 'all at once',
	'scaling minmax, missing mean, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''minmax'', missing => ''mean'', transform => ''none'', outliers => ''skip''',
	'{{146.552165,3363.24074,-88.0763712,2.02777778,0.327806489,0.973873098,0.0137812231,0.012345679,0,0,1,18669.6944,18784.7421,5.22655508,10.0424481,1474.95356,-1.38050583},{161.782537,3671.63087,-109.377385,1.90384615,0.400019877,0.972868217,0.0143112701,0.0128205128,1,0,0,18730.1475,18784.8031,4.61197403,10.3078276,1037.41977,-0.287010624},{163.24747,3496.23421,-129.404563,2,0.389263983,0,1,0,0.483488893,0.362316467,0.15419464,18699.5054,18785.2108,4.62790644,10.3714215,1221.3188,1.18766328},{160.140351,3440.51105,-157.141753,1.93902439,0.4292872,0,0,1,0.474743098,0.346230036,0.179026866,18700.0306,18784.4506,5.20197519,9.99119674,1134.11776,0.150021833},{171.861122,3725.56326,-129.446303,2.04225352,0.436619718,0.973505113,0.0139753248,0.0125195618,0,1,0,18684.3686,18784.8012,4.48781148,10.4014085,1346.47414,0.718309859}}',
	526.4521388019997, 0.40283383942647755, 386, '{104,93,82,71,36}');
INSERT INTO expected_feature VALUES
	(145, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 5.875, 316.125, 17, 0),
	(145, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 0.0, 13824.0, 10, 0),
	(145, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -855.5625, 1235.8125, 7, 0),
	(145, 'order', 1.9975, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0),
	(145, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(145, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(145, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(145, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(145, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(145, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(145, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(145, 'joined', 18706.170050761422, 17814.5, 19600.5, NULL, 18263.0, 892.0, 6, 0),
	(145, 'seen', 18784.775961030035, 18773.372596932866, 18796.09283998843, NULL, 18779.14019675926, 11.433240740738256, 6, 0),
	(145, 'stay', 4.864316239316239, -8.458333333333334, 17.875, NULL, -0.8333333333333334, 12.5, 10, 0),
	(145, 'v[1]', 10.264066496163682, -10.4375, 31.0625, NULL, 0.0, 20.5, 8, 0),
	(145, 'v[2]', 1197.6640419947507, -2475.0, 4725.0, NULL, 0.0, 3600.0, 18, 0),
	(145, 'v[3]', 0.15089514066496162, -37.5, 38.5, NULL, -18.0, 36.0, 8, 0);

INSERT INTO expected_fit VALUES (146, 'all at once',
	'scaling robust, missing mean, transform yeo-johnson, feature_options {joined: {transform: none}, seen: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''robust'', missing => ''mean'', transform => ''yeo-johnson'', feature_options => ''{"joined": {"transform": "none"}, "seen": {"transform": "none"}}''',
	'{{131.36198,2374.83589,4478.08199,4,0.5,0.5,0,0.5,0.5,0.5,0,18430.5,18783.1426,5.38883568,8.05526459,2068.6403,3.86043069},{160.151029,1344.42969,-588.064151,2.05032659,0.3833441,0.448535745,0.244751292,0.306712963,0.468379865,0.350994078,0.180626058,18715.7518,18784.7182,3.82909465,9.58914131,782.373577,-0.0276688926},{81.0869709,1369.36779,9.65636891,1.73081935,0.429801895,0.536514743,0.278300071,0.185185185,0.457320805,0.357075998,0.185603197,18744.1726,18784.6824,4.75740429,10.0067064,731.590058,0.53703131},{117.268763,4492.125,-3983.41309,2.92644271,0.350129199,0.382428941,0.312015504,0.305555556,0.5,0.5,0,19097.5,18784.5707,6.86782272,12.5065635,885.399251,3.64377363},{230.369883,1786.78548,21.9883218,1.65112875,0.384733126,0.577379483,0.224460574,0.198159943,0.512399366,0.331485014,0.15611562,18659.723,18784.9213,4.37122208,9.70337037,894.892186,-0.579625131}}',
	1849.7690342829187, 0.3575078886964489, 400, '{157,141,96,4,2}');
INSERT INTO expected_feature VALUES
	(146, 'a', 162.12793733681463, NULL, NULL, 0.7757561904009295, 65.8008607662067, 40.51264730144906, 17, 0),
	(146, 'Total spent', 4347.769070512821, NULL, NULL, 0.20065383690009916, 17.8141874714544, 13.597152163385012, 10, 0),
	(146, 'signed', -148.43686386768448, NULL, NULL, 1.0051344660515669, -35.502622005537496, 373.27220038914476, 7, 0),
	(146, 'order', 1.9975, NULL, NULL, 0.42109305880879333, 1.3969039054558747, 1.4971677992766546, 0, 0),
	(146, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(146, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(146, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(146, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(146, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(146, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(146, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(146, 'joined', 18706.170050761422, NULL, NULL, NULL, 18706.08502538071, 443.5, 6, 0),
	(146, 'seen', 18784.775961030035, NULL, NULL, NULL, 18784.775961030035, 5.573402777776209, 6, 0),
	(146, 'stay', 4.864316239316239, NULL, NULL, 0.6628833230867056, 3.36449484462523, 3.679544596616651, 10, 0),
	(146, 'v[1]', 10.264066496163682, NULL, NULL, 0.745461272069765, 6.816346923723948, 5.461972402249366, 9, 0),
	(146, 'v[2]', 1197.6640419947507, NULL, NULL, 0.37098015061802003, 31.767039977628297, 23.80581070508348, 19, 0),
	(146, 'v[3]', 0.15089514066496162, NULL, NULL, 0.9922730894876015, 0.15081132133383465, 18.98348878684869, 9, 0);

INSERT INTO expected_fit VALUES (147, 'all at once',
	'missing category, transform yeo-johnson, outliers clip, outlier_method zscore, feature_options {joined: {transform: none}, seen: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''standard'', missing => ''category'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"joined": {"transform": "none"}, "seen": {"transform": "none"}}''',
	'{{185.435657,681.468508,-207.253811,2.04081096,0.448275862,0.494252874,0.264367816,0.218390805,0.0229885057,0.471264368,0.356321839,0.172413793,0,18851.6207,18787.4779,2.34693057,10.2809353,864.822123,8.54593212},{178.06235,318.486218,-236.633403,1.93635467,0.287671233,0.479452055,0.219178082,0.287671233,0.0136986301,0.575342466,0.260273973,0.150684932,0.0136986301,18842.2945,18782.6139,4.56187826,8.03583381,351.126645,-8.8214692},{135.709578,3648.41344,46.2188308,1.66219361,0.402173913,0.565217391,0.239130435,0.152173913,0.0434782609,0.380434783,0.380434783,0.195652174,0.0434782609,18515.3859,18786.4114,3.68848466,11.0907812,767.391506,-10.2725606},{193.28987,4732.85588,-164.959197,2.07573332,0.355555556,0.455555556,0.266666667,0.233333333,0.0444444444,0.511111111,0.355555556,0.122222222,0.0111111111,18563.9111,18782.7438,6.04917537,10.2687572,882.379356,5.27190047},{68.6216045,758.650275,15.235826,1.10101026,0.448275862,0.586206897,0.189655172,0.189655172,0.0344827586,0.448275862,0.344827586,0.206896552,0,18839.0345,18783.9971,6.31682236,8.63408473,1425.39291,6.45873515}}',
	3695.2230307509144, 0.19659240271208933, 400, '{92,90,87,73,58}');
INSERT INTO expected_feature VALUES
	(147, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 63.21888588486971, 27.97781791660563, 17, 0),
	(147, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 18.83011213997734, 9.950643729192414, 10, 4),
	(147, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0387651489719614, -91.71747812529954, 343.1005701427007, 7, 6),
	(147, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0),
	(147, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(147, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(147, 'joined', 18696.5, 17928.994626059975, 19483.34547546287, NULL, 18706.025, 257.11088196534973, 6, 0),
	(147, 'seen', 18784.714942129627, 18774.863514042194, 18794.688408017875, NULL, 18784.775045746526, 3.2792826335121648, 6, 0),
	(147, 'stay', 4.770833333333334, -6.1524839393589295, 15.881116417991407, 0.6618953339692726, 3.1009382773362235, 2.129873645101582, 10, 0),
	(147, 'v[1]', 10.25, -7.665092461866156, 28.19322545419352, 0.7453570958390113, 6.56388171631121, 3.317600980085934, 9, 0),
	(147, 'v[2]', 900.0, -2055.445550927081, 4450.7736349165825, 0.3635585355234186, 28.44153511237727, 14.33193099473229, 19, 0),
	(147, 'v[3]', -2.0, -34.41654051600516, 34.71833079733509, 0.9853768655401574, -0.16508709024286986, 11.3946385817361, 9, 0);

INSERT INTO expected_fit VALUES (148, 'all at once',
	'scaling robust, missing skip, outliers clip, outlier_method zscore, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', sample_weight => ''w''',
	'{{117.834488,2314.45269,106.734472,2.04155125,0.473684211,0.606648199,0.218836565,0.174515235,0.00831024931,0.745152355,0.246537396,18666.554,18784.7343,3.4604109,9.58448753,1106.97784,-0.0221606648},{168.706811,2296.29911,-636.464441,2.14285714,0.418604651,0.458471761,0.292358804,0.249169435,0.342192691,0.425249169,0.23255814,18737.0166,18785.5294,3.3230897,10.3164452,1021.08638,0.830564784},{250.937908,1630.22289,-21.8235294,2.28431373,0.297385621,0.238562092,0.39869281,0.362745098,0.473856209,0.349673203,0.176470588,18821.9542,18783.4929,6.11587691,12.6683007,1351.60784,5.35620915},{146.826449,2373.2514,-20.8663043,1.3826087,0.44057971,0.823188406,0.0637681159,0.113043478,0.956521739,0,0.0434782609,18768.0783,18785.2854,4.98164251,8.29057971,1074.5913,-1.90724638},{142.311019,12860.9581,-69.0588163,1.86729858,0.3507109,0.488151659,0.317535545,0.194312796,0.582938389,0.208530806,0.208530806,18495.782,18784.6354,4.48775671,8.57582938,1395.81991,0.113744076}}',
	1729.4779957814367, 0.2464817595077231, 304, '{74,67,62,58,43}');
INSERT INTO expected_feature VALUES
	(148, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 160.25, 129.875, 0, 0),
	(148, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 1571.5546875, 5888.28125, 0, 4),
	(148, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, -20.25, 353.8125, 0, 3),
	(148, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0),
	(148, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(148, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(148, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(148, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(148, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(148, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(148, 'joined', NULL, 17928.994626059975, 19483.34547546287, NULL, 18702.0, 421.5, 0, 0),
	(148, 'seen', NULL, 18774.863514042194, 18794.688408017875, NULL, 18784.571388888886, 5.893544560185546, 0, 0),
	(148, 'stay', NULL, -6.1524839393589295, 15.881116417991407, NULL, 4.479166666666666, 6.354166666666666, 0, 0),
	(148, 'v[1]', NULL, -7.665092461866156, 28.19322545419352, NULL, 10.0, 10.0, 0, 0),
	(148, 'v[2]', NULL, -2055.445550927081, 4450.7736349165825, NULL, 841.0, 1711.0, 0, 0),
	(148, 'v[3]', NULL, -34.41654051600516, 34.71833079733509, NULL, 3.0, 19.0, 0, 0);

INSERT INTO expected_fit VALUES (149, 'all at once',
	'scaling maxabs, missing skip, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''none'', outliers => ''skip''',
	'{{169.72379,3431.55595,-129.41129,2.08064516,0.419354839,0,0.564516129,0.435483871,1,0,0,18662.6935,18784.7923,5.87701613,10.1290323,988.725806,0.677419355},{163.123333,3421.34563,-99.8175,1.73333333,0.4,1,0,0,1,0,0,18734.8,18784.8626,4.40277778,10.4,1078.25333,0.0666666667},{171.609375,3474.49247,-119.219866,2,0.375,1,0,0,0,1,0,18702.1786,18784.9435,4.51785714,10.1651786,1353.89286,2.78571429},{157.5025,2775.94063,-113.74875,2,0.42,0.54,0.24,0.22,0,0,1,18722.78,18784.5768,3.96833333,9.275,1301.6,0.54},{155.1675,3479.05531,-113.95125,1.9,0.38,0,0.54,0.46,0,1,0,18760.32,18784.9769,4.58666667,9.935,1137.3,0.82}}',
	458.4170071579524, 0.3757226903553579, 293, '{75,62,56,50,50}');
INSERT INTO expected_feature VALUES
	(149, 'a', NULL, -97.1875, 424.3125, NULL, 0.0, 322.0, 0, 0),
	(149, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 0.0, 13824.0, 0, 0),
	(149, 'signed', NULL, -894.375, 626.625, NULL, 0.0, 855.5625, 0, 0),
	(149, 'order', NULL, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0),
	(149, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(149, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(149, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(149, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(149, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(149, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(149, 'joined', NULL, 17814.5, 19600.5, NULL, 0.0, 19155.0, 0, 0),
	(149, 'seen', NULL, 18773.372596932866, 18796.09283998843, NULL, 0.0, 18790.5734375, 0, 0),
	(149, 'stay', NULL, -8.458333333333334, 17.875, NULL, 0.0, 11.666666666666666, 0, 0),
	(149, 'v[1]', NULL, -10.4375, 31.0625, NULL, 0.0, 20.5, 0, 0),
	(149, 'v[2]', NULL, -2475.0, 4725.0, NULL, 0.0, 3600.0, 0, 0),
	(149, 'v[3]', NULL, -37.5, 38.5, NULL, 0.0, 18.0, 0, 0);

INSERT INTO expected_fit VALUES (150, 'all at once',
	'scaling minmax, missing category',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''minmax'', missing => ''category'', transform => ''none''',
	'{{156.587687,5308.13876,-138.249067,2.01492537,0.373134328,0.52238806,0.223880597,0.223880597,0.0298507463,0,0,1,0,18727.3134,18784.5903,4.51337065,9.86567164,1343.23881,-0.0746268657},{169.291667,4592.06958,-131.443333,2.09333333,0.44,0.933333333,0,0,0.0666666667,0,1,0,0,18692.7,18784.7348,4.69694444,10.2533333,1308.36,0.52},{162.970679,3855.61323,-174.206019,1.97530864,0.37037037,0,1,0,0,0.555555556,0.419753086,0,0.024691358,18680.5556,18785.1268,5.07716049,10.4012346,1220.74074,0.543209877},{160.75,4298.05498,-147.044222,1.9245283,0.377358491,0.943396226,0,0,0.0566037736,1,0,0,0,18731.3113,18784.776,4.64858491,10.2900943,1029.87736,-0.0471698113},{160.135563,3465.6842,-136.764965,2.01408451,0.38028169,0,0,1,0,0.549295775,0.394366197,0,0.0563380282,18691.3169,18784.5891,5.43838028,10.4542254,1087.87324,-0.450704225}}',
	529.0415089412442, 0.40726886422356734, 400, '{106,81,75,71,67}');
INSERT INTO expected_feature VALUES
	(150, 'a', 159.0, NULL, NULL, NULL, 5.875, 316.125, 17, 0),
	(150, 'Total spent', 1838.265625, NULL, NULL, NULL, 0.0, 81799.609375, 10, 0),
	(150, 'signed', -27.5625, NULL, NULL, NULL, -4191.5625, 9047.5625, 7, 0),
	(150, 'order', 2.0, NULL, NULL, NULL, 0.0, 4.0, 0, 0),
	(150, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(150, 'joined', 18696.5, NULL, NULL, NULL, 18263.0, 892.0, 6, 0),
	(150, 'seen', 18784.714942129627, NULL, NULL, NULL, 18779.14019675926, 11.433240740738256, 6, 0),
	(150, 'stay', 4.770833333333334, NULL, NULL, NULL, -0.8333333333333334, 12.5, 10, 0),
	(150, 'v[1]', 10.25, NULL, NULL, NULL, 0.0, 20.5, 9, 0),
	(150, 'v[2]', 900.0, NULL, NULL, NULL, 0.0, 3600.0, 19, 0),
	(150, 'v[3]', -2.0, NULL, NULL, NULL, -18.0, 36.0, 9, 0);

INSERT INTO expected_fit VALUES (151, 'all at once',
	'scaling none, missing category',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''none'', missing => ''category'', transform => ''none''',
	'{{160.308544,3556.31606,-300.415348,1.94936709,0.367088608,0.506329114,0.240506329,0.227848101,0.0253164557,0.455696203,0.341772152,0.17721519,0.0253164557,18638.7215,18785.0214,5.09414557,10.1993671,1133.88608,0.582278481},{152.0625,80189.4062,-35.015625,2.5,0.25,0.75,0.25,0,0,0.25,0.25,0.5,0,18807.5,18781.7131,6.85416667,9.4375,1293.5,-4.75},{155.827869,7532.32941,-161.704918,2.06557377,0.442622951,0.491803279,0.229508197,0.229508197,0.0491803279,0.475409836,0.37704918,0.147540984,0,18763.377,18784.7491,5.13900273,10.307377,1269.29508,0.475409836},{150.686111,11842.0479,21.7986111,1.97777778,0.333333333,0.488888889,0.266666667,0.2,0.0444444444,0.511111111,0.333333333,0.111111111,0.0444444444,18451.5667,18784.841,4.58425926,10.1111111,1196.91111,-1.6},{167.009479,568.444313,-122.145438,1.99052133,0.393364929,0.521327014,0.236966825,0.213270142,0.028436019,0.478672986,0.336492891,0.17535545,0.00947867299,18766.9882,18784.7343,4.7164297,10.3234597,1172.37441,0.27014218}}',
	937034972.8757226, 0.9689321558092457, 400, '{211,79,61,45,4}');
INSERT INTO expected_feature VALUES
	(151, 'a', 159.0, NULL, NULL, NULL, 0.0, 1.0, 17, 0),
	(151, 'Total spent', 1838.265625, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(151, 'signed', -27.5625, NULL, NULL, NULL, 0.0, 1.0, 7, 0),
	(151, 'order', 2.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(151, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(151, 'joined', 18696.5, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(151, 'seen', 18784.714942129627, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(151, 'stay', 4.770833333333334, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(151, 'v[1]', 10.25, NULL, NULL, NULL, 0.0, 1.0, 9, 0),
	(151, 'v[2]', 900.0, NULL, NULL, NULL, 0.0, 1.0, 19, 0),
	(151, 'v[3]', -2.0, NULL, NULL, NULL, 0.0, 1.0, 9, 0);

INSERT INTO expected_fit VALUES (152, 'all at once',
	'missing mean, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', outliers => ''skip''',
	'{{149.378982,10814.2012,-124.199029,1.84615385,0.396938978,0.555674816,0.23064997,0.213675214,0.568684108,0.303006638,0.128309254,18518.1925,18784.6907,5.04358974,9.91923077,1291.16911,0.230769231},{171.419335,2101.83686,6.23367923,1.125,0.406829927,0.483292225,0.230091614,0.286616162,0.454141671,0.394266267,0.151592063,18552.0039,18784.3964,4.26952214,10.4179333,992.674093,-8.23520693},{162.998015,1987.08559,-634.528125,2.33333333,0.41335056,0.467657192,0.258268734,0.274074074,0.474703892,0.322461929,0.202834179,18763.2667,18784.8674,3.96631054,9.17570332,1044.88867,0.0242114237},{187.898412,2405.16514,5.96334182,3.86666667,0.397347115,0.514521964,0.263255814,0.222222222,0.499763113,0.311302876,0.18893401,18729.5623,18784.8691,4.98304843,10.4037084,1082.34208,0.72402387},{142.348244,1910.36442,-35.7971744,1.14285714,0.404102726,0.612851342,0.260164531,0.126984127,0.459183673,0.367346939,0.173469388,18901.2143,18785.2212,5.38912873,10.8521844,1510.40474,7.63419281}}',
	3463.7922138914696, 0.21474489430929355, 386, '{98,88,75,65,60}');
INSERT INTO expected_feature VALUES
	(152, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 162.22001278426384, 85.53250080979299, 17, 0),
	(152, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 3561.432529352663, 3975.7530302251635, 10, 0),
	(152, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -126.05423069190101, 299.01612844449755, 7, 0),
	(152, 'order', 1.9975, -3.5, 8.5, NULL, 1.971502590673575, 1.407498910349765, 0, 0),
	(152, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(152, 'plan=basic', 0.5297157622739018, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(152, 'plan=été', 0.24806201550387597, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(152, 'plan=free', 0.2222222222222222, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(152, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(152, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(152, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, NULL, NULL),
	(152, 'joined', 18706.170050761422, 17814.5, 19600.5, NULL, 18702.308342757948, 255.21941000995986, 6, 0),
	(152, 'seen', 18784.775961030035, 18773.372596932866, 18796.09283998843, NULL, 18784.820414183876, 3.2910352477317097, 6, 0),
	(152, 'stay', 4.864316239316239, -8.458333333333334, 17.875, NULL, 4.775629954386431, 3.6109008199196446, 10, 0),
	(152, 'v[1]', 10.264066496163682, -10.4375, 31.0625, NULL, 10.2483485284179, 5.912863169003926, 8, 0),
	(152, 'v[2]', 1197.6640419947507, -2475.0, 4725.0, NULL, 1199.922157398719, 1059.139806270659, 18, 0),
	(152, 'v[3]', 0.15089514066496162, -37.5, 38.5, NULL, 0.2440600029153359, 11.391773910857136, 8, 0);

