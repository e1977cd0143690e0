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
	(CASE WHEN i % 31 = 3 THEN NULL ELSE (ARRAY['free', 'basic', 'it''s = "odd"', '', 'été', 'pro', 'team', 'zoo'])[1 + (i * 7 % 23) * (i * 11 % 19) % 8] END)::text AS "plan",
	(CASE WHEN i % 73 = 2 THEN NULL ELSE (ARRAY['small', 'medium', 'large'])[1 + (i * i % 23 % 3)] END)::prepared_size AS "size",
	CASE WHEN i % 61 = 0 THEN NULL ELSE date '1970-01-01' + (18262 + i * 37 % 900) END AS "joined",
	CASE WHEN i % 71 = 4 THEN NULL ELSE timestamp '1970-01-01' + (1622505600 + i * 12345 % 1000003) * interval '1 second' END AS "seen",
	timestamptz '1970-01-01 00:00+00' + (1577836800 + i * 54321 % 999983) * interval '1 second' AS "paid",
	CASE WHEN i % 43 = 1 THEN NULL ELSE (i * i % 311 - 20) * interval '1 hour' END AS "stay",
	(CASE WHEN i % 47 = 5 THEN NULL ELSE ARRAY[(i * 19 % 83) / 4.0, CASE WHEN i % 43 = 6 THEN NULL ELSE (i * 23 % 61) * (i * 23 % 61) END, (i * i % 37) - 18] END)::float8[] AS "v"
FROM generate_series(1, 400) AS i;

INSERT INTO expected_fit VALUES (1, 'numbers',
	'defaults',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''none''',
	'{{242.94254,3404.97971,-195.960181,1.18548387},{164.835938,3552.21024,-133.104353,4},{97.5203125,3582.43711,-119.886328,1.2125},{152.0625,80189.4062,-35.015625,2.5}}',
	NULL,
	765.3319439784278, 0.5216675350134826, 400, '{160,124,112,4}');
INSERT INTO expected_feature VALUES
	(1, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(1, 'Total spent', 1838.265625, NULL, NULL, NULL, 4285.031484375, 8593.953561351462, 10, 0),
	(1, 'signed', -27.5625, NULL, NULL, NULL, -146.3215625, 590.4750427157907, 7, 0),
	(1, 'order', 2.0, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0);

INSERT INTO expected_fit VALUES (2, 'numbers',
	'missing mean, transform log1p, outliers clip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''mean'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{157.894435,91.717714,-84.1976532,1.64870542},{149.593824,1434.85956,-435.814871,1.79983898},{80.8395407,1667.56102,-56.0689909,1.55768019},{191.97568,2726.13823,4.09092733,1.61178505}}',
	NULL,
	178.0071539394325, 0.7407675867315957, 400, '{132,108,80,80}');
INSERT INTO expected_feature VALUES
	(2, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 4.872917369423229, 0.792732435796693, 17, 0),
	(2, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 6.792434963004247, 2.4973556699543344, 10, 4),
	(2, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -136.74686386768448, 318.7027132257488, 7, 10),
	(2, 'order', 1.9975, -3.5, 8.5, NULL, 0.9710741217251139, 0.5266483720028325, 0, 0);

INSERT INTO expected_fit VALUES (3, 'numbers',
	'scaling minmax, missing zero, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''zero'', transform => ''none'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}''',
	'{{86.0255102,1375.69526,-100.350765,1.9047619},{228.783163,9038.82143,-57.7997449,1.85714286},{65.877193,9392.95779,-182.121711,2.05263158},{242.478383,1133.13698,-147.768327,2.05263158}}',
	NULL,
	60.79959795856493, 0.5822741290561366, 386, '{147,133,57,49}');
INSERT INTO expected_feature VALUES
	(3, 'a', 0.0, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(3, 'Total spent', 0.0, -8792.123046875, 15304.580078125, NULL, 0.0, 13824.0, 10, 0),
	(3, 'signed', 0.0, -894.375, 626.625, NULL, -855.5625, 1235.8125, 7, 0),
	(3, 'order', 0.0, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (4, 'numbers',
	'scaling robust, missing skip, transform log1p, outliers skip, feature_options {signed: {transform: none}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', feature_options => ''{"signed": {"transform": "none"}}'', distance => ''cosine''',
	'{{157.376058,1553.19106,-348.709947,1.99811965},{174.644417,62.1778382,-6.69850055,1.70531579},{69.626062,2693.00451,37.9185211,1.56267063},{312.665556,5714.84955,93.2193633,1.2338733}}',
	NULL,
	185.07156687808134, 0.6768425754385747, 353, '{98,98,82,75}');
INSERT INTO expected_feature VALUES
	(4, 'a', NULL, -97.1875, 424.3125, NULL, 5.072043922224899, 0.8514641556991362, 0, 0),
	(4, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 7.392175965591459, 3.2913893732131774, 0, 0),
	(4, 'signed', NULL, -894.375, 626.625, NULL, -20.25, 328.5, 0, 0),
	(4, 'order', NULL, -3.5, 8.5, NULL, 1.0986122886681096, 0.916290731874155, 0, 0);

INSERT INTO expected_fit VALUES (5, 'numbers',
	'scaling maxabs, transform log1p, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''median'', transform => ''log1p'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{23.1053303,103.736541,-81.8889732,1.3738694},{32.9083679,4.057508,-116.718205,1.03934355},{14.7450173,854.106791,-193.875029,1.38832357},{25.2835816,141.761158,-65.4045368,0.313371523}}',
	NULL,
	7.603314837014725, 0.5866991763835605, 400, '{151,128,69,52}');
INSERT INTO expected_feature VALUES
	(5, 'a', 159.0, NULL, NULL, NULL, 0.0, 5.777652323222656, 17, 0),
	(5, 'Total spent', 1838.265625, NULL, NULL, NULL, 0.0, 11.312039972135217, 10, 0),
	(5, 'signed', -27.5625, NULL, NULL, NULL, 0.0, 4856.0, 7, 0),
	(5, 'order', 2.0, NULL, NULL, NULL, 0.0, 1.6094379124341003, 0, 0);

INSERT INTO expected_fit VALUES (6, 'numbers',
	'scaling maxabs, missing mean, outliers clip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''clip''',
	'{{154.480814,9921.92269,-46.3403748,1.2},{162.948951,1473.97239,-7.12023366,1.12865497},{161.597631,3243.66653,-667.227273,2.33766234},{166.69694,3825.65226,10.4303307,4}}',
	NULL,
	76.65865306680658, 0.5143969710726979, 400, '{171,87,77,65}');
INSERT INTO expected_feature VALUES
	(6, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(6, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 0.0, 15304.580078125, 10, 4),
	(6, 'signed', -148.43686386768448, -894.375, 626.625, NULL, 0.0, 894.375, 7, 10),
	(6, 'order', 1.9975, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (7, 'numbers',
	'scaling none, missing zero, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''zero'', transform => ''none'', distance => ''cosine''',
	'{{0.44460643,0.284887713,0.849186565,0.00680380386},{0.0826722135,0.996051262,-0.032340415,0.00113419903},{0.324658671,0.289772087,-0.900323742,0.00678565975},{0.963859182,0.266019727,0.00974753604,0.0106755755}}',
	NULL,
	29.36042184628972, 0.8269726121102412, 400, '{272,63,43,22}');
INSERT INTO expected_feature VALUES
	(7, 'a', 0.0, NULL, NULL, NULL, 0.0, 1.0, 17, 0),
	(7, 'Total spent', 0.0, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(7, 'signed', 0.0, NULL, NULL, NULL, 0.0, 1.0, 7, 0),
	(7, 'order', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (8, 'numbers',
	'scaling none, missing skip, transform log1p, outliers clip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''skip'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}''',
	'{{126.110916,731.634365,-719.648438,2.10918181},{131.344282,895.449911,-12.8892857,1.49155398},{124.256297,675.280111,-325.374107,1.60252448},{125.924514,823.235752,245.90625,1.67231152}}',
	NULL,
	2972773.602167076, 0.9192973206404724, 367, '{175,70,66,56}');
INSERT INTO expected_feature VALUES
	(8, 'a', NULL, -97.1875, 424.3125, NULL, 0.0, 1.0, 0, 0),
	(8, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 0, 4),
	(8, 'signed', NULL, -894.375, 626.625, NULL, 0.0, 1.0, 0, 10),
	(8, 'order', NULL, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (9, 'numbers',
	'scaling minmax, transform log1p, outliers clip, feature_options {signed: {transform: none}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''median'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}}'', distance => ''cosine''',
	'{{80.9739662,318.612237,-169.20641,0},{41.3728326,216.088148,-458.763033,1.7077144},{67.0759675,288.027705,-304.991805,0.862614037},{82.3074324,6.06514096,-246.895405,1.6184636}}',
	NULL,
	22.846206225784695, 0.5513122305443228, 400, '{153,126,64,57}');
INSERT INTO expected_feature VALUES
	(9, 'a', 159.0, -97.1875, 424.3125, NULL, 1.927891643552635, 3.8497606796700214, 17, 0),
	(9, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 9.635972751878203, 10, 4),
	(9, 'signed', -27.5625, -894.375, 626.625, NULL, -894.375, 1521.0, 7, 10),
	(9, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.6094379124341003, 0, 0);

INSERT INTO expected_fit VALUES (10, 'numbers',
	'scaling robust, missing mean, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}''',
	'{{92.1697456,3761.06965,-49.7537561,1.94974874},{235.281842,3377.86861,-173.056661,2.01554404},{152.0625,80189.4062,-35.015625,2.5},{122.9375,4492.125,-3983.4375,3}}',
	NULL,
	889.7400825756046, 0.6148453505162759, 400, '{199,193,4,4}');
INSERT INTO expected_feature VALUES
	(10, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 126.3125, 17, 0),
	(10, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 1953.125, 5834.25, 10, 0),
	(10, 'signed', -148.43686386768448, NULL, NULL, NULL, -36.0, 380.25, 7, 0),
	(10, 'order', 1.9975, NULL, NULL, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (11, 'numbers',
	'scaling minmax, missing skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''skip'', transform => ''none''',
	'{{88.5900735,3655.16544,-121.322151,1.20588235},{239.653846,3053.87891,-70.1622596,4},{239.399606,4598.06188,-179.98376,1.18110236},{86.8918269,6679.86599,-207.15625,4}}',
	NULL,
	22.24740737203803, 0.7219867606271841, 367, '{136,127,52,52}');
INSERT INTO expected_feature VALUES
	(11, 'a', NULL, NULL, NULL, NULL, 5.875, 316.125, 0, 0),
	(11, 'Total spent', NULL, NULL, NULL, NULL, 0.0, 81799.609375, 0, 0),
	(11, 'signed', NULL, NULL, NULL, NULL, -4191.5625, 9047.5625, 0, 0),
	(11, 'order', NULL, NULL, NULL, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (12, 'numbers',
	'scaling robust, missing zero, transform log1p, outliers clip, feature_options {signed: {transform: none}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''zero'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}}''',
	'{{139.965161,6.6433109,-110.049658,1.74308944},{135.838681,1516.48302,-598.654688,1.89804365},{2.9822182,1400.83861,-125.741554,1.81772946},{152.214496,2355.75057,32.9464286,1.48685692}}',
	NULL,
	554.652272931689, 0.5893060592787501, 400, '{210,80,73,37}');
INSERT INTO expected_feature VALUES
	(12, 'a', 0.0, -97.1875, 424.3125, NULL, 5.011462734061528, 0.9574929613455421, 17, 0),
	(12, 'Total spent', 0.0, -8792.123046875, 15304.580078125, NULL, 7.45529848568329, 3.4598138356582293, 10, 4),
	(12, 'signed', 0.0, -894.375, 626.625, NULL, -23.90625, 380.25, 7, 10),
	(12, 'order', 0.0, -3.5, 8.5, NULL, 1.0986122886681096, 0.916290731874155, 0, 0);

INSERT INTO expected_fit VALUES (13, 'numbers',
	'scaling none, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''median'', transform => ''none'', outliers => ''skip''',
	'{{164.148256,2846.26181,-132.09593,1.94186047},{150.478774,11421.6338,-118.231132,1.96226415},{167.423649,412.621199,-127.894257,1.96756757},{153.197581,6825.12727,-105.22379,2.03225806}}',
	NULL,
	349056386.5540953, 0.9433408011581784, 386, '{185,86,62,53}');
INSERT INTO expected_feature VALUES
	(13, 'a', 159.0, -97.1875, 424.3125, NULL, 0.0, 1.0, 17, 0),
	(13, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 10, 0),
	(13, 'signed', -27.5625, -894.375, 626.625, NULL, 0.0, 1.0, 7, 0),
	(13, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (14, 'numbers',
	'missing mean, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', outliers => ''skip''',
	'{{163.631039,1427.95247,-7.55397903,1.1183432},{180.515928,2321.22,-3.90403138,4},{143.440698,9832.59883,-57.718742,1.7},{161.687767,2757.18884,-643.721591,2.3030303}}',
	NULL,
	822.9397371813028, 0.4670079422400888, 386, '{169,80,71,66}');
INSERT INTO expected_feature VALUES
	(14, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 162.22001278426384, 85.53250080979299, 17, 0),
	(14, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 3561.432529352663, 3975.7530302251635, 10, 0),
	(14, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -126.05423069190101, 299.01612844449755, 7, 0),
	(14, 'order', 1.9975, -3.5, 8.5, NULL, 1.971502590673575, 1.407498910349765, 0, 0);

INSERT INTO expected_fit VALUES (15, 'numbers',
	'scaling maxabs, missing zero, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''zero'', transform => ''none'', outliers => ''skip''',
	'{{159.430556,9501.14831,-27.6339286,1.14285714},{141.852431,3123.62565,-632.75,2.26388889},{162.186012,3472.92467,-0.75,4},{155.566617,1293.62996,-1.53255988,1.13772455}}',
	NULL,
	79.2593728746808, 0.5014462436700208, 386, '{167,84,72,63}');
INSERT INTO expected_feature VALUES
	(15, 'a', 0.0, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(15, 'Total spent', 0.0, -8792.123046875, 15304.580078125, NULL, 0.0, 13824.0, 10, 0),
	(15, 'signed', 0.0, -894.375, 626.625, NULL, 0.0, 855.5625, 7, 0),
	(15, 'order', 0.0, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (16, 'numbers',
	'missing zero',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''zero'', transform => ''none''',
	'{{81.3223684,3531.90584,-117.895559,1.22368421},{238.326705,3376.43845,-192.598011,1.17424242},{152.0625,80189.4063,-35.015625,2.5},{157.737723,3502.97098,-132.612165,4}}',
	NULL,
	760.6070931559806, 0.5246205667775121, 400, '{152,132,112,4}');
INSERT INTO expected_feature VALUES
	(16, 'a', 0.0, NULL, NULL, NULL, 155.2375, 91.51949544700845, 17, 0),
	(16, 'Total spent', 0.0, NULL, NULL, NULL, 4239.07484375, 8611.811458290003, 10, 0),
	(16, 'signed', 0.0, NULL, NULL, NULL, -145.83921875, 590.5831045648331, 7, 0),
	(16, 'order', 0.0, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0);

INSERT INTO expected_fit VALUES (17, 'numbers',
	'missing skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''skip'', transform => ''none''',
	'{{88.4233577,3629.87306,-90.5095803,1.22627737},{152.0625,80189.4062,-35.015625,2.5},{166.307598,3333.82537,-303.323529,3.96078431},{239.893145,3460.56993,-83.0599798,1.19354839}}',
	NULL,
	691.9377639641646, 0.5286527493432122, 367, '{137,124,102,4}');
INSERT INTO expected_feature VALUES
	(17, 'a', NULL, NULL, NULL, NULL, 161.94107629427793, 87.54105144684549, 0, 0),
	(17, 'Total spent', NULL, NULL, NULL, NULL, 4324.82586852861, 8906.668475699144, 0, 0),
	(17, 'signed', NULL, NULL, NULL, NULL, -146.5349114441417, 607.8305622678762, 0, 0),
	(17, 'order', NULL, NULL, NULL, NULL, 1.9891008174386922, 1.4141715623712332, 0, 0);

INSERT INTO expected_fit VALUES (18, 'numbers',
	'scaling minmax, missing mean',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''mean'', transform => ''none''',
	'{{240.541667,2964.26784,-56.9282407,4},{96.8230079,3633.8487,-126.24841,1.23417722},{241.673828,4666.03802,-186.578598,1.15625},{93.8273281,6793.93672,-207.855187,4}}',
	NULL,
	24.237892873531887, 0.7158160678409257, 400, '{158,128,60,54}');
INSERT INTO expected_feature VALUES
	(18, 'a', 162.12793733681463, NULL, NULL, NULL, 5.875, 316.125, 17, 0),
	(18, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 0.0, 81799.609375, 10, 0),
	(18, 'signed', -148.43686386768448, NULL, NULL, NULL, -4191.5625, 9047.5625, 7, 0),
	(18, 'order', 1.9975, NULL, NULL, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (19, 'numbers',
	'scaling robust',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''median'', transform => ''none''',
	'{{135.625,6379.09375,4478,4},{162.632692,3493.66226,-131.822596,1.97179487},{122.9375,4492.125,-3983.4375,3},{152.0625,80189.4062,-35.015625,2.5}}',
	NULL,
	713.9267400493167, 0.6607490442021685, 400, '{390,4,4,2}');
INSERT INTO expected_feature VALUES
	(19, 'a', 159.0, NULL, NULL, NULL, 159.0, 126.3125, 17, 0),
	(19, 'Total spent', 1838.265625, NULL, NULL, NULL, 1838.265625, 5834.25, 10, 0),
	(19, 'signed', -27.5625, NULL, NULL, NULL, -27.5625, 380.25, 7, 0),
	(19, 'order', 2.0, NULL, NULL, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (20, 'numbers',
	'scaling maxabs, missing skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''none''',
	'{{88.5900735,3655.16544,-121.322151,1.20588235},{88.4386792,6775.99204,-217.777123,4},{241.041667,2882.88542,-56.4387255,4},{239.399606,4598.06188,-179.98376,1.18110236}}',
	NULL,
	26.060250943944176, 0.6863947926037242, 367, '{136,127,53,51}');
INSERT INTO expected_feature VALUES
	(20, 'a', NULL, NULL, NULL, NULL, 0.0, 322.0, 0, 0),
	(20, 'Total spent', NULL, NULL, NULL, NULL, 0.0, 81799.609375, 0, 0),
	(20, 'signed', NULL, NULL, NULL, NULL, 0.0, 4856.0, 0, 0),
	(20, 'order', NULL, NULL, NULL, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (21, 'numbers',
	'scaling none, missing mean',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''mean'', transform => ''none''',
	'{{167.269597,700.654576,-118.387823,1.97767857},{152.0625,80189.4062,-35.015625,2.5},{152.07763,10727.1928,-51.4410122,1.98591549},{158.188351,4948.24446,-287.757413,2.02970297}}',
	NULL,
	707156168.3536726, 0.9761283801805768, 400, '{224,101,71,4}');
INSERT INTO expected_feature VALUES
	(21, 'a', 162.12793733681463, NULL, NULL, NULL, 0.0, 1.0, 17, 0),
	(21, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(21, 'signed', -148.43686386768448, NULL, NULL, NULL, 0.0, 1.0, 7, 0),
	(21, 'order', 1.9975, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (22, 'far from zero',
	'defaults',
	'features => ''{"far","visits"}'', scaling => ''standard''',
	'{{1000008.07,2.04411765},{1000003.85,1.65671642},{1000005.72,6.06923077}}',
	NULL,
	328.6632420742134, 0.5891709474072333, 400, '{136,134,130}');
INSERT INTO expected_feature VALUES
	(22, 'far', 1000005.953125, NULL, NULL, NULL, 1000005.8936328125, 2.422698219149834, 6, 0),
	(22, 'visits', 3.0, NULL, NULL, NULL, 3.2225, 2.432692695348099, 0, 0);

INSERT INTO expected_fit VALUES (23, 'far from zero',
	'transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''standard'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000007.48,4.58278801},{1000003.24,3.77889604},{1000006.31,0.351075716}}',
	NULL,
	285.2910648464475, 0.6433861689419407, 400, '{157,129,114}');
INSERT INTO expected_feature VALUES
	(23, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 13.815517450664425, 2.422670460835654e-06, 6, 0),
	(23, 'visits', 3.2225, -6.5, 13.5, NULL, 1.2178179876981527, 0.7261763224492523, 0, 0);

INSERT INTO expected_fit VALUES (24, 'far from zero',
	'scaling minmax',
	'features => ''{"far","visits"}'', scaling => ''minmax''',
	'{{1000005.83,0.5},{1000006.01,3.49655172},{1000005.82,6.50458716}}',
	NULL,
	21.038918799769895, 0.6875400485751272, 400, '{146,145,109}');
INSERT INTO expected_feature VALUES
	(24, 'far', 1000005.953125, NULL, NULL, NULL, 1000000.515625, 11.109375, 6, 0),
	(24, 'visits', 3.0, NULL, NULL, NULL, 0.0, 7.0, 0, 0);

INSERT INTO expected_fit VALUES (25, 'far from zero',
	'scaling minmax, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''minmax'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000005.83,0.414213562},{1000007.75,4.49773517},{1000003.76,4.67230341}}',
	NULL,
	19.32491495117223, 0.7149879510844677, 400, '{146,138,116}');
INSERT INTO expected_feature VALUES
	(25, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 13.815512073588126, 1.110929645342651e-05, 6, 0),
	(25, 'visits', 3.2225, -6.5, 13.5, NULL, 0.0, 2.0794415416798357, 0, 0);

INSERT INTO expected_fit VALUES (26, 'far from zero',
	'scaling robust',
	'features => ''{"far","visits"}'', scaling => ''robust''',
	'{{1000006.86,1},{1000003.28,3.48201439},{1000007.71,5.18461538}}',
	NULL,
	120.19110972544473, 0.5903180402402497, 400, '{139,131,130}');
INSERT INTO expected_feature VALUES
	(26, 'far', 1000005.953125, NULL, NULL, NULL, 1000005.953125, 3.4375, 6, 0),
	(26, 'visits', 3.0, NULL, NULL, NULL, 3.0, 5.0, 0, 0);

INSERT INTO expected_fit VALUES (27, 'far from zero',
	'scaling robust, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''robust'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000003.5,3.86323373},{1000005.99,0.288075708},{1000007.83,4.09543714}}',
	NULL,
	124.8329293907943, 0.6252266232999826, 400, '{155,130,115}');
INSERT INTO expected_feature VALUES
	(27, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 13.815517457428893, 3.4374762343247767e-06, 6, 0),
	(27, 'visits', 3.2225, -6.5, 13.5, NULL, 1.3862943611198906, 1.252762968495368, 0, 0);

INSERT INTO expected_fit VALUES (28, 'far from zero',
	'scaling maxabs',
	'features => ''{"far","visits"}'', scaling => ''maxabs''',
	'{{1000005.83,0.5},{1000005.82,6.50458716},{1000006.01,3.49655172}}',
	NULL,
	2.0407343346729805, 0.9577576512335297, 400, '{146,145,109}');
INSERT INTO expected_feature VALUES
	(28, 'far', 1000005.953125, NULL, NULL, NULL, 0.0, 1000011.625, 6, 0),
	(28, 'visits', 3.0, NULL, NULL, NULL, 0.0, 7.0, 0, 0);

INSERT INTO expected_fit VALUES (29, 'far from zero',
	'scaling maxabs, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''maxabs'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000005.71,1},{1000005.93,4.57678258},{1000005.95,0}}',
	NULL,
	4.364096659616758, 0.9105369638908382, 400, '{254,73,73}');
INSERT INTO expected_feature VALUES
	(29, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 0.0, 13.81552318288458, 6, 0),
	(29, 'visits', 3.2225, -6.5, 13.5, NULL, 0.0, 2.0794415416798357, 0, 0);

INSERT INTO expected_fit VALUES (30, 'far from zero',
	'scaling none',
	'features => ''{"far","visits"}'', scaling => ''none''',
	'{{1000008.07,2.04411765},{1000003.85,1.65671642},{1000005.72,6.06923077}}',
	NULL,
	1935.607713814887, 0.5894773669829676, 400, '{136,134,130}');
INSERT INTO expected_feature VALUES
	(30, 'far', 1000005.953125, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(30, 'visits', 3.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (31, 'far from zero',
	'scaling none, transform log1p, missing mean, outliers clip',
	'features => ''{"far","visits"}'', scaling => ''none'', transform => ''log1p'', missing => ''mean'', outliers => ''clip''',
	'{{1000005.71,1},{1000005.93,4.57678258},{1000005.95,0}}',
	NULL,
	18.87069054058071, 0.9105369638809468, 400, '{254,73,73}');
INSERT INTO expected_feature VALUES
	(31, 'far', 1000005.8927268401, 999998.916015625, 1000012.900390625, NULL, 0.0, 1.0, 6, 0),
	(31, 'visits', 3.2225, -6.5, 13.5, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (32, 'nothing missing',
	'missing error',
	'features => ''{"order","visits","w"}'', missing => ''error''',
	'{{1.16571429,4.87428571,1.78571429},{1.99342105,0.598684211,0.401315789},{4,4.7260274,1.72945205}}',
	NULL,
	424.86100325030077, 0.6459491639580828, 400, '{175,152,73}');
INSERT INTO expected_feature VALUES
	(32, 'order', NULL, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(32, 'visits', NULL, NULL, NULL, NULL, 3.2225, 2.432692695348099, 0, 0),
	(32, 'w', NULL, NULL, NULL, NULL, 1.249375, 0.7902726487580093, 0, 0);

INSERT INTO expected_fit VALUES (33, 'one feature''s own options',
	'scaling robust, missing mean, feature_options {a: {missing: zero, scaling: minmax}, Total spent: {transform: log1p}, signed: {outliers: clip, weight: 4, missing: skip}, order: {scaling: none}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''mean'', feature_options => ''{"a": {"missing": "zero", "scaling": "minmax"}, "Total spent": {"transform": "log1p"}, "signed": {"outliers": "clip", "weight": 4, "missing": "skip"}, "order": {"scaling": "none"}}''',
	'{{148.976351,880.902096,-574.951014,4},{156.725962,952.468049,24.9798678,1.16826923},{162.191667,866.358071,60.1875,4},{147.667808,818.941073,-576.662671,1.28767123}}',
	NULL,
	736.7213303216954, 0.6627092246735828, 393, '{208,75,73,37}');
INSERT INTO expected_feature VALUES
	(33, 'a', 0.0, NULL, NULL, NULL, 0.0, 322.0, 17, 0),
	(33, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 7.5776978018974885, 3.210827718312637, 10, 0),
	(33, 'signed', NULL, -894.375, 626.625, NULL, -27.5625, 380.25, 0, 10),
	(33, 'order', 1.9975, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (34, 'columns by default',
	'exclude [''far'', ''visits'', ''w'', ''plan'', ''size''], outliers clip, feature_options {vip: {weight: 3}}',
	'exclude => ''{"far","visits","w","plan","size"}'', missing => ''median'', outliers => ''clip'', transform => ''none'', feature_options => ''{"vip": {"weight": 3}}''',
	'{{178.835069,2187.05859,8.2109375,4,0.388888889},{164.010116,1461.0075,-6.01517341,1.10982659,0.393063584},{140.575301,10246.6842,-59.7334337,1.78313253,0.361445783},{165.005208,2691.33312,-672.851563,2.375,0.402777778}}',
	NULL,
	1130.6823904738624, 0.4001088222441954, 400, '{173,83,72,72}');
INSERT INTO expected_feature VALUES
	(34, 'a', 159.0, -97.1875, 424.3125, NULL, 161.995, 85.47842960726993, 17, 0),
	(34, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 3636.18322265625, 4125.901207547755, 10, 4),
	(34, 'signed', -27.5625, -894.375, 626.625, NULL, -134.6315625, 319.01908231140123, 7, 10),
	(34, 'order', 2.0, -3.5, 8.5, NULL, 1.9975, 1.413327191417472, 0, 0),
	(34, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (35, 'columns by default',
	'exclude [''far'', ''visits'', ''w'', ''plan'', ''size''], missing mean, outliers clip, feature_options {vip: {weight: 3}}',
	'exclude => ''{"far","visits","w","plan","size"}'', missing => ''mean'', outliers => ''clip'', transform => ''none'', feature_options => ''{"vip": {"weight": 3}}''',
	'{{163.861543,2784.35095,-670.569349,2.34246575,0.427418498},{140.612987,10246.6842,-61.1897514,1.78313253,0.37109679},{164.744323,1516.50689,-5.91786311,1.11627907,0.4035064},{178.921957,2291.62124,4.85331628,4,0.400014355}}',
	NULL,
	1129.5441956168595, 0.3987819721299931, 400, '{172,83,73,72}');
INSERT INTO expected_feature VALUES
	(35, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(35, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 3698.92080879407, 4117.155685421953, 10, 4),
	(35, 'signed', -148.43686386768448, -894.375, 626.625, NULL, -136.74686386768448, 318.7027132257488, 7, 10),
	(35, 'order', 1.9975, -3.5, 8.5, NULL, 1.9975, 1.413327191417472, 0, 0),
	(35, 'vip', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (36, 'columns by default',
	'exclude [''far'', ''visits'', ''w'', ''plan'', ''size''], missing zero, outliers clip, feature_options {vip: {weight: 3}}',
	'exclude => ''{"far","visits","w","plan","size"}'', missing => ''zero'', outliers => ''clip'', transform => ''none'', feature_options => ''{"vip": {"weight": 3}}''',
	'{{143.327703,2803.77407,-668.744088,2.28378378,0.391891892},{176.408451,1887.54996,-2.52728873,4,0.408450704},{158.654412,1345.21425,-2.46838235,1.11764706,0.382352941},{141.088235,10187.1633,-42.0419118,1.83529412,0.376470588}}',
	NULL,
	1130.7633720253502, 0.4000658569351857, 400, '{170,85,74,71}');
INSERT INTO expected_feature VALUES
	(36, 'a', 0.0, -97.1875, 424.3125, NULL, 155.2375, 91.51949544700845, 17, 0),
	(36, 'Total spent', 0.0, -8792.123046875, 15304.580078125, NULL, 3590.22658203125, 4155.800979371559, 10, 4),
	(36, 'signed', 0.0, -894.375, 626.625, NULL, -134.14921875, 319.2013862895261, 7, 10),
	(36, 'order', 0.0, -3.5, 8.5, NULL, 1.9975, 1.413327191417472, 0, 0),
	(36, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (37, 'columns by default',
	'exclude [''far'', ''visits'', ''w'', ''plan'', ''size''], missing skip, outliers clip, feature_options {vip: {weight: 3}}',
	'exclude => ''{"far","visits","w","plan","size"}'', missing => ''skip'', outliers => ''clip'', transform => ''none'', feature_options => ''{"vip": {"weight": 3}}''',
	'{{164.171053,1448.46711,-7.74547697,1.11184211,0.394736842},{137.927215,10182.0011,-65.9050633,1.78481013,0.379746835},{163.489754,2307.57864,-671.652664,2.32786885,0.409836066},{183.734127,2016.70188,9.65178571,4,0.412698413}}',
	NULL,
	1003.3011746977006, 0.40101120204485585, 355, '{152,79,63,61}');
INSERT INTO expected_feature VALUES
	(37, 'a', NULL, -97.1875, 424.3125, NULL, 161.68556338028168, 87.55481448683132, 0, 0),
	(37, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 3640.449581866197, 4180.696923658696, 0, 4),
	(37, 'signed', NULL, -894.375, 626.625, NULL, -131.68045774647888, 314.47050441309943, 0, 9),
	(37, 'order', NULL, -3.5, 8.5, NULL, 1.9830985915492958, 1.4141125635508591, 0, 0),
	(37, 'vip', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (38, 'columns by default',
	'exclude [''far'', ''visits'', ''w'', ''plan'', ''size''], scaling maxabs, feature_options {vip: {scaling: standard, missing: skip}}',
	'exclude => ''{"far","visits","w","plan","size"}'', scaling => ''maxabs'', transform => ''none'', feature_options => ''{"vip": {"scaling": "standard", "missing": "skip"}}''',
	'{{169.587121,5886.14773,-122.989583,4,-3.33066907e-16},{158.092342,4047.63471,-116.092905,1.18918919,1},{161.57003,4043.9744,-157.800452,1.19879518,5.55111512e-17},{161.375,3813.39063,-129.973011,4,1}}',
	NULL,
	46.466202932009566, 0.9016117154319935, 387, '{166,111,66,44}');
INSERT INTO expected_feature VALUES
	(38, 'a', 159.0, NULL, NULL, NULL, 0.0, 322.0, 17, 0),
	(38, 'Total spent', 1838.265625, NULL, NULL, NULL, 0.0, 81799.609375, 9, 0),
	(38, 'signed', -27.5625, NULL, NULL, NULL, 0.0, 4856.0, 7, 0),
	(38, 'order', 2.0, NULL, NULL, NULL, 0.0, 4.0, 0, 0),
	(38, 'vip', NULL, NULL, NULL, NULL, 0.4005167958656331, 0.4900031551889843, 0, 0);

INSERT INTO expected_fit VALUES (39, 'fences',
	'outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{96.0918561,2040.31629,-95.2453542,1.21212121},{136.259615,12097.8053,-76.6463346,2.12307692},{247.360981,2249.76869,-148.757593,1.13084112},{174.889323,2276.81592,-234.823025,3.95833333}}',
	NULL,
	895.4848168816616, 0.4403219894489616, 400, '{132,107,96,65}');
INSERT INTO expected_feature VALUES
	(39, 'a', 159.0, -99.92954549930528, 424.1854201729345, NULL, 161.995, 85.47842960726993, 17, 0),
	(39, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, NULL, 3787.4466826917533, 4776.844956364456, 10, 4),
	(39, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, NULL, -140.03617853328896, 375.87584738158193, 7, 6),
	(39, 'order', 2.0, -2.242481574252404, 6.237481574252405, NULL, 1.9975, 1.413327191417472, 0, 0);

INSERT INTO expected_fit VALUES (40, 'fences',
	'scaling minmax, missing mean, transform log1p, outliers clip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9], weight: 2.5}, signed: {clip: [0.05, 0.9], transform: none}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''mean'', transform => ''log1p'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9], "weight": 2.5}, "signed": {"clip": [0.05, 0.9], "transform": "none"}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{67.8195724,151.561535,-298.297306,0.764796712},{85.086697,119.79972,-656.36284,1.13687215},{28.1011301,1024.025,-132.931892,1.77074454},{82.4015293,10.038599,-297.925652,0.792351567}}',
	NULL,
	21.250349949235357, 0.616311001559774, 400, '{169,95,89,47}');
INSERT INTO expected_feature VALUES
	(40, 'a', 162.12793733681463, 20.85, 284.275, NULL, 3.084200921541599, 2.5692527057791437, 17, 59),
	(40, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 10.323247536375138, 10, 4),
	(40, 'signed', -148.43686386768448, -786.9374999999999, 225.0, NULL, -786.9374999999999, 1011.9374999999999, 7, 56),
	(40, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.6094379124341003, 0, 0);

INSERT INTO expected_fit VALUES (41, 'fences',
	'scaling robust, missing zero, outliers skip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''zero'', transform => ''none'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{237.778429,1600.26313,-11.1590337,1.87895681},{147.059236,1843.01604,-370.869345,2.18027515},{128.573641,7115.53869,1.08420329,1.85786165},{63.9625103,644.050783,54.6847928,1.68253494}}',
	NULL,
	142.21930512157263, 0.7729763981295636, 390, '{125,94,89,82}');
INSERT INTO expected_feature VALUES
	(41, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 149.125, 140.25, 17, 0),
	(41, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 1622.234375, 5659.69140625, 10, 0),
	(41, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, -20.25, 351.140625, 7, 0),
	(41, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (42, 'fences',
	'scaling maxabs, missing skip, transform log1p, outliers skip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9]}, signed: {clip: [0.05, 0.9], transform: none}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9]}, "signed": {"clip": [0.05, 0.9], "transform": "none"}}''',
	'{{130.278216,851.411792,-611.49375,2.0422008},{125.678528,9.96329643,-22.3670455,1.84426984},{132.781968,2378.62654,3.72365702,2.88116727},{133.720274,1895.80052,-9.21028037,0.456046142}}',
	NULL,
	48.706749668798295, 0.5992785388866626, 363, '{121,107,80,55}');
INSERT INTO expected_feature VALUES
	(42, 'a', NULL, 20.85, 284.275, NULL, 0.0, 5.653453627320743, 0, 55),
	(42, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 9.534233826390535, 0, 0),
	(42, 'signed', NULL, -786.9374999999999, 225.0, NULL, 0.0, 786.9374999999999, 0, 48),
	(42, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.6094379124341003, 0, 0);

INSERT INTO expected_fit VALUES (43, 'fences',
	'scaling none, missing mean, feature_options {a: {clip: [0.05, 0.9]}, signed: {clip: [0.05, 0.9]}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''mean'', transform => ''none'', feature_options => ''{"a": {"clip": [0.05, 0.9]}, "signed": {"clip": [0.05, 0.9]}}'', distance => ''cosine''',
	'{{0.592078782,0.283901295,0.754159395,0.00929395778},{0.0826241955,0.995779982,-0.0399274893,0.00112492896},{0.354810177,0.236418959,-0.904530056,0.00641804344},{0.950077498,0.305556358,-0.0623728482,0.00988365997}}',
	'{{158.575134,83.7109375,184.934659,2.22727273},{157.220238,5957.26709,-126.340291,1.96896552},{155.465196,136.10049,-465.870086,2.21568627},{196.11562,73.4434122,-19.2753206,1.78378378}}',
	25.087530176702113, 0.8320462771196487, 400, '{290,51,37,22}');
INSERT INTO expected_feature VALUES
	(43, 'a', 162.12793733681463, 20.85, 284.275, NULL, 0.0, 1.0, 17, 59),
	(43, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 0.0, 1.0, 10, 0),
	(43, 'signed', -148.43686386768448, -786.9374999999999, 225.0, NULL, 0.0, 1.0, 7, 56),
	(43, 'order', 1.9975, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (44, 'fences',
	'scaling maxabs, missing skip, outliers clip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{197.8064,2964.43535,-83.8604242,1.70088901},{125.511466,4455.09412,-1211.06333,3.63964753},{123.340914,4848.31463,178.292122,6.19323374},{132.615742,20752.2806,-149.808826,2.59109204}}',
	NULL,
	34.10008668608295, 0.5742695185995179, 367, '{242,51,38,36}');
INSERT INTO expected_feature VALUES
	(44, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 0, 0),
	(44, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 0, 4),
	(44, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 0, 6),
	(44, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (45, 'fences',
	'scaling robust, missing zero, transform log1p, outliers clip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9]}, signed: {clip: [0.05, 0.9], transform: none}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''zero'', transform => ''log1p'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9]}, "signed": {"clip": [0.05, 0.9], "transform": "none"}}''',
	'{{152.68344,1399.84128,-590.678938,1.86004158},{139.231557,6.87574386,-113.691612,1.80887196},{30.1183859,1975.62586,-119.355978,1.73193513},{176.726913,2534.95381,21.9344093,1.46070342}}',
	NULL,
	421.81825059226156, 0.5295209977336317, 400, '{182,76,73,69}');
INSERT INTO expected_feature VALUES
	(45, 'a', 0.0, 20.85, 284.275, NULL, 5.011462734061528, 0.9574929613455421, 17, 76),
	(45, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 7.45529848568329, 3.4598138356582293, 10, 4),
	(45, 'signed', 0.0, -786.9374999999999, 225.0, NULL, -23.90625, 380.25, 7, 56),
	(45, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 1.0986122886681096, 0.916290731874155, 0, 0);

INSERT INTO expected_fit VALUES (46, 'fences',
	'scaling minmax, missing mean, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''mean'', transform => ''none'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{163.377091,9984.08008,-133.082998,1.171875},{240.098809,1471.14929,-156.784362,1.11},{92.4048353,1846.55629,-101.110688,1.27966102},{167.686479,3552.16315,-149.352997,4}}',
	NULL,
	62.874505161947084, 0.5210437031401192, 390, '{118,108,100,64}');
INSERT INTO expected_feature VALUES
	(46, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 5.875, 316.125, 17, 0),
	(46, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 13824.0, 10, 0),
	(46, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, -900.0, 1280.25, 7, 0),
	(46, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (47, 'fences',
	'transform log1p, outliers skip, outlier_method zscore, feature_options {a: {clip: [0.05, 0.9], weight: 2.5}, signed: {clip: [0.05, 0.9], transform: none}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''log1p'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"clip": [0.05, 0.9], "weight": 2.5}, "signed": {"clip": [0.05, 0.9], "transform": "none"}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{190.386407,2345.92917,-15.819702,1.6222297},{154.771138,1336.66201,-415.058867,1.76069221},{86.6031925,1502.83325,-77.8395802,1.63824473},{157.751934,92.7191811,-67.2580408,1.54052182}}',
	NULL,
	169.71540876631414, 0.7524334538941351, 396, '{126,119,76,75}');
INSERT INTO expected_feature VALUES
	(47, 'a', 159.0, 20.85, 284.275, NULL, 4.8947996451398055, 0.702841275824274, 17, 58),
	(47, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, NULL, 6.7419818929738105, 2.483016039393242, 10, 0),
	(47, 'signed', -27.5625, -786.9374999999999, 225.0, NULL, -141.3068181818182, 297.8187913154821, 7, 55),
	(47, 'order', 2.0, -2.242481574252404, 6.237481574252405, NULL, 0.9699802034760336, 0.5250508912914142, 0, 0);

INSERT INTO expected_fit VALUES (48, 'fences',
	'scaling none, missing zero, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{163.592415,670.712073,-129.528629,1.98717949},{142.943662,10727.1928,-94.673581,1.98591549},{152.0625,30430.9261,-35.015625,2.5},{143.48489,5014.23077,-204.944483,2.01098901}}',
	NULL,
	623122937.3812982, 0.9329385596281279, 400, '{234,91,71,4}');
INSERT INTO expected_feature VALUES
	(48, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 0.0, 1.0, 17, 0),
	(48, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 0.0, 1.0, 10, 4),
	(48, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1.0, 7, 6),
	(48, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (49, 'fences',
	'scaling none, missing skip, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''skip'', transform => ''none'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{167.31117,470.893118,-142.348404,2},{156.731818,7220.76875,-125.621591,1.92727273},{147.211111,11613.2965,-90.1375,1.93333333},{164.664855,3296.49638,-129.472826,1.89855072}}',
	NULL,
	320807838.6463503, 0.944418269087252, 357, '{188,69,55,45}');
INSERT INTO expected_feature VALUES
	(49, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 0.0, 1.0, 0, 0),
	(49, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 1.0, 0, 0),
	(49, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1.0, 0, 0),
	(49, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (50, 'fences',
	'missing mean, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{92.8186156,2158.52097,-95.6597121,1.21428571},{240.925755,2072.06453,-200.409664,1.15315315},{169.150371,2549.96065,-176.002368,4},{151.052872,12275.8562,-80.2775174,1.90625}}',
	NULL,
	898.0294473726842, 0.4387315953920724, 400, '{126,111,99,64}');
INSERT INTO expected_feature VALUES
	(50, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(50, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 3850.1842688295746, 4767.3030207860575, 10, 4),
	(50, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, -142.1514799009734, 375.5769327316223, 7, 6),
	(50, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 1.9975, 1.413327191417472, 0, 0);

INSERT INTO expected_fit VALUES (51, 'fences',
	'missing skip, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{88.7710177,2054.51632,-121.350664,1.19469027},{174.364826,1952.60193,-184.046345,4},{134.014583,12210.8849,-48.0272791,2.15},{244.12037,2365.1849,-174.462143,1.12962963}}',
	NULL,
	814.7586385801693, 0.4449873034195031, 367, '{113,108,86,60}');
INSERT INTO expected_feature VALUES
	(51, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 161.94107629427793, 87.54105144684549, 0, 0),
	(51, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 3782.4991092008213, 4870.382175543471, 0, 4),
	(51, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, -139.68435671203156, 378.72396434260577, 0, 6),
	(51, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 1.9891008174386922, 1.4141715623712332, 0, 0);

INSERT INTO expected_fit VALUES (52, 'fences',
	'scaling minmax, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''median'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{240.541667,2824.85098,-116.519893,4},{96.585443,3554.43404,-124.718354,1.23417722},{241.673828,3864.59919,-151.803507,1.15625},{93.5666667,5102.79077,-176.434137,4}}',
	NULL,
	32.24892241888395, 0.6549649452436275, 400, '{158,128,60,54}');
INSERT INTO expected_feature VALUES
	(52, 'a', 159.0, -99.92954549930528, 424.1854201729345, NULL, 5.875, 316.125, 17, 0),
	(52, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(52, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, NULL, -1934.9244789224235, 3572.975230109478, 7, 6),
	(52, 'order', 2.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (53, 'fences',
	'scaling minmax, missing zero, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{236.171053,2622.18394,-107.071478,4},{81.3092105,3457.10434,-122.706414,1.23026316},{238.266791,3865.08623,-151.844488,1.1641791},{76.254386,5328.59856,-188.068828,4}}',
	NULL,
	32.450648288609656, 0.6642458453510754, 400, '{152,134,57,57}');
INSERT INTO expected_feature VALUES
	(53, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(53, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(53, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, -1934.9244789224235, 3572.975230109478, 7, 6),
	(53, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (54, 'fences',
	'scaling robust, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{141.038733,11898.273,-22.6876541,2},{157.110468,2985.30683,-719.078262,2.27631579},{246.718,2095.21724,-36.6919898,2.016},{95.2701951,1848.89824,29.9130928,1.81679389}}',
	NULL,
	457.44691012923596, 0.507726567851756, 400, '{131,125,76,68}');
INSERT INTO expected_feature VALUES
	(54, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 162.12793733681463, 126.3125, 17, 0),
	(54, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 1953.125, 5834.25, 10, 4),
	(54, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, -36.0, 380.25, 7, 6),
	(54, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (55, 'fences',
	'scaling robust, missing skip, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{88.8006466,1868.1153,27.6696185,1.82758621},{141.496094,12048.6563,-41.2726445,1.890625},{159.705224,2326.48064,-732.177394,2.34328358},{244.795833,2037.39661,-23.1375,2}}',
	NULL,
	442.1609360442332, 0.5147797334037907, 367, '{120,116,67,64}');
INSERT INTO expected_feature VALUES
	(55, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 159.0, 134.3125, 0, 0),
	(55, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 1728.0, 5862.390625, 0, 4),
	(55, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, -20.25, 353.8125, 0, 6),
	(55, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (56, 'fences',
	'scaling maxabs, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{96.8230079,3633.8487,-126.24841,1.23417722},{241.673828,3903.81018,-154.6365,1.15625},{237.207642,2829.16676,-84.3037812,4},{91.9872715,5306.97536,-213.773439,4}}',
	NULL,
	42.567614490391136, 0.5867667545761446, 400, '{158,128,58,56}');
INSERT INTO expected_feature VALUES
	(56, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(56, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(56, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 7, 6),
	(56, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (57, 'fences',
	'scaling maxabs, missing zero, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{237.661111,3836.61002,-156.119715,1.16296296},{236.171053,2622.18394,-107.071478,4},{80.8112583,3479.86134,-118.691225,1.23178808},{76.254386,5328.59856,-188.068828,4}}',
	NULL,
	43.07890473994202, 0.5986200199608057, 400, '{151,135,57,57}');
INSERT INTO expected_feature VALUES
	(57, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(57, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(57, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 7, 6),
	(57, 'order', 0.0, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (58, 'fences',
	'outlier_threshold 1, outliers clip',
	'features => ''{"a","Total spent","signed","order"}'', outlier_threshold => 1, outliers => ''clip''',
	'{{160.368333,2621.74438,-613.2525,2.30666667},{143.994118,9869.02638,-61.5110294,1.77647059},{164.611607,1397.60231,1.2421875,1.11309524},{178.835069,2187.05859,5.5703125,4}}',
	NULL,
	850.2916674342578, 0.4685677078535889, 400, '{168,85,75,72}');
INSERT INTO expected_feature VALUES
	(58, 'a', 159.0, -32.0, 359.125, NULL, 161.995, 85.47842960726993, 17, 0),
	(58, 'Total spent', 1838.265625, -5780.03515625, 12292.4921875, NULL, 3569.40869140625, 3966.1748908034797, 10, 21),
	(58, 'signed', -27.5625, -704.25, 436.5, NULL, -126.5315625, 298.01788127308083, 7, 34),
	(58, 'order', 2.0, -2.0, 7.0, NULL, 1.9975, 1.413327191417472, 0, 0);

INSERT INTO expected_fit VALUES (59, 'fences',
	'outlier_threshold 1, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', outlier_threshold => 1, outliers => ''skip''',
	'{{182.468284,1862.56017,-6.59048507,4},{159.302632,1935.53207,-498.671053,1.85964912},{164.064935,1411.29698,27.7451299,1.14285714},{145.176471,8992.02551,-32.765625,1.82352941}}',
	NULL,
	747.7297514909466, 0.4597328385181022, 346, '{154,68,67,57}');
INSERT INTO expected_feature VALUES
	(59, 'a', 159.0, -32.0, 359.125, NULL, 163.1318641618497, 86.08111238763095, 15, 0),
	(59, 'Total spent', 1838.265625, -5780.03515625, 12292.4921875, NULL, 3074.896902095376, 3489.625013410146, 8, 0),
	(59, 'signed', -27.5625, -704.25, 436.5, NULL, -77.51770231213872, 251.531944035254, 7, 0),
	(59, 'order', 2.0, -2.0, 7.0, NULL, 1.9479768786127167, 1.4173405689821847, 0, 0);

INSERT INTO expected_fit VALUES (60, 'fences',
	'outlier_threshold 1, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', outlier_threshold => 1, outliers => ''clip'', outlier_method => ''zscore''',
	'{{106.191077,1617.20804,27.2620686,1.72208314},{151.680428,10205.7184,-70.9433113,2.05303806},{160.54454,2288.31928,-616.952443,2.16125894},{229.926341,1729.97187,-19.4233696,1.85069501}}',
	NULL,
	839.488258907066, 0.47531983818308365, 400, '{124,115,85,76}');
INSERT INTO expected_feature VALUES
	(60, 'a', 159.0, 74.77544305810798, 249.48043161552127, NULL, 161.75861064976323, 65.76357838651045, 17, 147),
	(60, 'Total spent', 1838.265625, -4346.616599874698, 13042.15474090034, NULL, 3602.1972203520104, 4040.2981310360183, 10, 12),
	(60, 'signed', -27.5625, -743.9327355525975, 447.0590078172286, NULL, -129.4293952718327, 303.95242640230384, 7, 28),
	(60, 'order', 2.0, 0.584172808582532, 3.410827191417468, NULL, 1.9128303747769895, 1.0643428539782611, 0, 171);

INSERT INTO expected_fit VALUES (61, 'fences',
	'outlier_threshold 1, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', outlier_threshold => 1, outliers => ''skip'', outlier_method => ''zscore''',
	'{{156.724432,1571.00462,-26.7315341,2},{164.4375,1968.92253,-544.3125,1.33333333},{146.534722,1686.39149,49.09375,1},{177.735,9820.31,-0.99,1.52}}',
	NULL,
	247.47406863495038, 0.5203990917927318, 129, '{44,36,25,24}');
INSERT INTO expected_feature VALUES
	(61, 'a', 159.0, 74.77544305810798, 249.48043161552127, NULL, 159.3875968992248, 48.26478577364137, 9, 0),
	(61, 'Total spent', 1838.265625, -4346.616599874698, 13042.15474090034, NULL, 3275.939437984496, 3763.4676898510393, 4, 0),
	(61, 'signed', -27.5625, -743.9327355525975, 447.0590078172286, NULL, -96.87645348837209, 265.592313477377, 4, 0),
	(61, 'order', 2.0, 0.584172808582532, 3.410827191417468, NULL, 1.503875968992248, 0.4999849766386697, 0, 0);

INSERT INTO expected_fit VALUES (62, 'fences',
	'outliers clip, feature_options {a: {clip: [0, 0.5]}, Total spent: {outlier_method: zscore, outlier_threshold: 0.5}, signed: {outlier_threshold: 0.1}, order: {clip: [0.25, 1], outliers: skip}}',
	'features => ''{"a","Total spent","signed","order"}'', outliers => ''clip'', feature_options => ''{"a": {"clip": [0, 0.5]}, "Total spent": {"outlier_method": "zscore", "outlier_threshold": 0.5}, "signed": {"outlier_threshold": 0.1}, "order": {"clip": [0.25, 1], "outliers": "skip"}}''',
	'{{146.383562,1772.75097,-119.453425,4},{136.384868,8057.24556,-83.0590461,2.18421053},{145.296402,1249.76163,-113.832955,1.48484848},{39.5443548,3029.5625,-119.917742,2.33870968}}',
	NULL,
	697.515262470173, 0.491606951552352, 343, '{132,76,73,62}');
INSERT INTO expected_feature VALUES
	(62, 'a', 159.0, 5.875, 159.0, NULL, 124.43768221574344, 46.86976100425312, 15, 163),
	(62, 'Total spent', 1838.265625, 0.5762353190611975, 8694.96190570658, NULL, 3191.145463372001, 3265.2198039925793, 9, 66),
	(62, 'signed', -27.5625, -362.025, 94.275, NULL, -109.31031341107872, 179.368363119546, 6, 157),
	(62, 'order', 2.0, 1.0, 4.0, NULL, 2.3294460641399417, 1.2474727744093947, 0, 0);

INSERT INTO expected_fit VALUES (63, 'yeo-johnson',
	'transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''yeo-johnson''',
	'{{228.679613,4286.61304,-79.531578,2.06384731},{169.550018,60.5725635,-149.384205,1.80735172},{77.2989632,3463.58369,-82.8400995,1.48507987},{117.205679,4492.125,-3983.41105,2.92644271}}',
	NULL,
	960.2337706617293, 0.3998538933364193, 400, '{140,133,123,4}');
INSERT INTO expected_feature VALUES
	(63, 'a', 159.0, NULL, NULL, 0.7733110183184783, 63.21888588486971, 27.97781791660563, 17, 0),
	(63, 'Total spent', 1838.265625, NULL, NULL, 0.19635910798653383, 16.289623554229586, 8.386499520044607, 10, 0),
	(63, 'signed', -27.5625, NULL, NULL, 1.0055635731308952, -137.48874134281115, 585.0919892056871, 7, 0),
	(63, 'order', 2.0, NULL, NULL, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0);

INSERT INTO expected_fit VALUES (64, 'yeo-johnson',
	'scaling minmax, missing mean, transform yeo-johnson, outliers clip, feature_options {signed: {clip: [0.05, 0.9]}, a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''clip'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{158.689573,66.1183178,-245.011652,1.2682061},{56.7257152,6261.31258,-177.723165,1.73633959},{86.5752805,571.153674,72.1584163,1.85087485},{138.384649,1495.74522,-411.75136,1.28094326}}',
	NULL,
	31.907395317400802, 0.5713890966582589, 400, '{123,114,94,69}');
INSERT INTO expected_feature VALUES
	(64, 'a', 162.12793733681463, -97.1875, 424.3125, 0.7757561904009295, 4.4626087943684265, 108.22189322470568, 17, 0),
	(64, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, 0.24266361117441068, 0.0, 38.58676148102436, 10, 4),
	(64, 'signed', -148.43686386768448, -786.9374999999999, 225.0, 1.0915456561799777, -469.90629757864934, 809.0653444166364, 7, 56),
	(64, 'order', 1.9975, -3.5, 8.5, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0);

INSERT INTO expected_fit VALUES (65, 'yeo-johnson',
	'scaling robust, missing zero, transform yeo-johnson, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}''',
	'{{187.292844,826.756937,-506.476221,1.96291314},{91.1483018,1285.84835,98.2742963,1.73827368},{27.736602,2161.91814,-277.324646,1.69721184},{240.592055,1352.11944,46.7525879,1.68762715}}',
	NULL,
	406.5483178339447, 0.5675927033707189, 386, '{131,109,83,63}');
INSERT INTO expected_feature VALUES
	(65, 'a', 0.0, -97.1875, 424.3125, 0.6968293476982349, 45.55153725094249, 30.76037541529957, 17, 0),
	(65, 'Total spent', 0.0, -8792.123046875, 15304.580078125, 0.21943461918018142, 18.518999041422088, 16.43327859987965, 10, 0),
	(65, 'signed', 0.0, -894.375, 626.625, 1.067871143840762, -17.453696835212632, 286.1091810678435, 7, 0),
	(65, 'order', 0.0, -3.5, 8.5, 0.3996341984883074, 1.379316522092853, 1.4597352706797206, 0, 0);

INSERT INTO expected_fit VALUES (66, 'yeo-johnson',
	'scaling maxabs, missing skip, transform yeo-johnson, outliers clip, outlier_method zscore, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', distance => ''cosine''',
	'{{193.074119,164.696142,-147.434015,2.36750894},{273.024576,1138.00442,-75.7728234,0.462328021},{75.8183547,1880.25971,-78.5639291,2.91193777},{140.055073,9912.48612,-117.259723,1.06474367}}',
	NULL,
	31.85363443845993, 0.5945408227313311, 367, '{111,96,94,66}');
INSERT INTO expected_feature VALUES
	(66, 'a', NULL, -99.92954549930528, 424.1854201729345, 0.7482873781812134, 0.0, 99.48116914297059, 0, 0),
	(66, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, 0.21376411751263943, 0.0, 37.82695957038053, 0, 4),
	(66, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, 1.0396694733355494, 0.0, 2113.5897989501996, 0, 6),
	(66, 'order', NULL, -2.242481574252404, 6.237481574252405, 0.4138169584605301, 0.0, 2.2871481904891287, 0, 0);

INSERT INTO expected_fit VALUES (67, 'yeo-johnson',
	'scaling none, missing mean, transform yeo-johnson, outliers skip, outlier_method zscore, feature_options {signed: {clip: [0.05, 0.9]}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}}''',
	'{{157.537302,1627.19877,5.37083282,1.61651191},{154.527602,1551.14727,-661.540953,2.14395777},{154.317968,1617.95353,192.602318,1.86782586},{157.207598,1478.66933,-255.410587,1.74545062}}',
	NULL,
	1689885.2426660443, 0.9203223480259762, 396, '{160,85,77,74}');
INSERT INTO expected_feature VALUES
	(67, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, 0.7758934971344799, 0.0, 1.0, 17, 0),
	(67, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, 0.24339687869889481, 0.0, 1.0, 10, 0),
	(67, 'signed', -148.43686386768448, -786.9374999999999, 225.0, 1.0918474238302736, 0.0, 1.0, 7, 55),
	(67, 'order', 1.9975, -2.242481574252404, 6.237481574252405, 0.41470506986082556, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (68, 'yeo-johnson',
	'missing zero, transform yeo-johnson, feature_options {signed: {clip: [0.05, 0.9]}, a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''zero'', transform => ''yeo-johnson'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{101.540773,347.373648,32.3693364,1.6726159},{187.531241,334.370248,-241.494727,1.84699096},{97.2617123,3811.36566,-131.543228,1.86136239},{202.894923,2551.2813,14.3450625,1.69814208}}',
	NULL,
	193.07967256717137, 0.748739307448993, 400, '{116,112,91,81}');
INSERT INTO expected_feature VALUES
	(68, 'a', 0.0, NULL, NULL, 0.700415292406454, 45.32152339283608, 21.838627100390347, 17, 0),
	(68, 'Total spent', 0.0, NULL, NULL, 0.18921972398141795, 15.297967600298223, 8.356773858284857, 10, 0),
	(68, 'signed', 0.0, -786.9374999999999, 225.0, 1.0947549667745151, -47.95065674410412, 228.4274011668107, 7, 56),
	(68, 'order', 0.0, NULL, NULL, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0);

INSERT INTO expected_fit VALUES (69, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers skip, feature_options {signed: {clip: [0.05, 0.9]}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}}'', distance => ''cosine''',
	'{{60.7715741,5128.84475,43.9567559,1.48525854},{162.803743,1630.89493,-493.3674,2.12633523},{151.348218,21.0524032,41.3071316,1.39417802},{275.648786,4547.28721,60.4660384,1.84513479}}',
	NULL,
	241.63154899208715, 0.6613802005282714, 396, '{114,98,93,91}');
INSERT INTO expected_feature VALUES
	(69, 'a', 159.0, -97.1875, 424.3125, 0.7734155585252375, 64.21404494883943, 40.03519558891492, 17, 0),
	(69, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.2379517575459055, 20.93594482742221, 17.521116216342584, 10, 0),
	(69, 'signed', -27.5625, -786.9374999999999, 225.0, 1.0931913012949375, -21.9441569709958, 283.41180894958086, 7, 55),
	(69, 'order', 2.0, -3.5, 8.5, 0.41470506986082556, 1.3916384155487136, 1.4859204686015448, 0, 0);

INSERT INTO expected_fit VALUES (70, 'yeo-johnson',
	'scaling minmax, missing zero, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{153.208746,57.8953647,-119.181125,1.15339433},{226.568715,4090.92615,-81.9840591,1.13861843},{145.221965,1400.83405,-78.3461206,4},{55.8745926,3882.21072,-35.5998581,1.04310735}}',
	NULL,
	63.572898450286154, 0.4839509229397104, 400, '{114,101,99,86}');
INSERT INTO expected_feature VALUES
	(70, 'a', 0.0, -97.1875, 424.3125, 0.700415292406454, 0.0, 80.25462087728211, 17, 0),
	(70, 'Total spent', 0.0, -8792.123046875, 15304.580078125, 0.22312751292021477, 0.0, 33.99532850334633, 10, 4),
	(70, 'signed', 0.0, -894.375, 626.625, 1.0635407714392442, -619.7202969146255, 1507.396027906875, 7, 10),
	(70, 'order', 0.0, -3.5, 8.5, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0);

INSERT INTO expected_fit VALUES (71, 'yeo-johnson',
	'scaling maxabs, transform yeo-johnson, outliers clip, outlier_method zscore, feature_options {signed: {clip: [0.05, 0.9]}, a: {weight: 2.5}, order: {weight: 0.25}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}''',
	'{{163.343085,1396.10497,-606.211025,2.07685722},{73.7883571,1708.52115,-60.1784764,1.67852853},{155.178488,1610.41579,195.570774,1.90587205},{236.425585,1497.58694,-35.9409886,1.64160075}}',
	NULL,
	79.82677476206024, 0.5889549968236595, 400, '{124,114,89,73}');
INSERT INTO expected_feature VALUES
	(71, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 0.0, 111.43692479367495, 17, 0),
	(71, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 0.0, 41.086488753870206, 10, 4),
	(71, 'signed', -27.5625, -786.9374999999999, 225.0, 1.092874202835079, 0.0, 466.4334355008204, 7, 56),
	(71, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0);

INSERT INTO expected_fit VALUES (72, 'yeo-johnson',
	'scaling none, missing skip, transform yeo-johnson, outliers skip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine''',
	'{{0.490818404,0.177974568,-0.668903542,0.011147936},{0.250181268,0.0988056232,0.894589314,0.00669101681},{0.659336072,0.232704845,0.0620574919,0.0131867287},{0.165152612,0.0639183659,-0.99212528,0.00484043888}}',
	NULL,
	20.521864721301608, 0.9316717210952427, 357, '{112,97,90,58}');
INSERT INTO expected_feature VALUES
	(72, 'a', NULL, -99.92954549930528, 424.1854201729345, 0.7530211412734135, 0.0, 1.0, 0, 0),
	(72, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, 0.22187763666831206, 0.0, 1.0, 0, 0),
	(72, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, 1.0735081185471518, 0.0, 1.0, 0, 0),
	(72, 'order', NULL, -2.242481574252404, 6.237481574252405, 0.38766746070475466, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (73, 'yeo-johnson',
	'scaling minmax, missing skip, transform yeo-johnson, feature_options {signed: {clip: [0.05, 0.9]}}',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''skip'', transform => ''yeo-johnson'', feature_options => ''{"signed": {"clip": [0.05, 0.9]}}''',
	'{{155.733288,958.575306,-604.255695,2.32110395},{156.357449,1535.51879,43.8735486,4},{76.9457974,1446.3973,23.8911859,1.00751067},{235.830025,1590.79463,20.3918468,1.01418999}}',
	NULL,
	60.3335835050359, 0.4626232320765118, 367, '{111,103,77,76}');
INSERT INTO expected_feature VALUES
	(73, 'a', NULL, NULL, NULL, 0.7482873781812134, 4.318869818664534, 95.16229932430605, 0, 0),
	(73, 'Total spent', NULL, NULL, NULL, 0.18563419501806022, 0.0, 38.599381147363374, 0, 0),
	(73, 'signed', NULL, -786.9374999999999, 225.0, 1.0958739533453092, -458.68941288451475, 804.5500919361734, 0, 49),
	(73, 'order', NULL, NULL, NULL, 0.4138169584605301, 0.0, 2.2871481904891287, 0, 0);

INSERT INTO expected_fit VALUES (74, 'yeo-johnson',
	'scaling robust, missing mean, transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''mean'', transform => ''yeo-johnson''',
	'{{151.690583,1338.27871,-563.663257,2.02672855},{158.526251,1589.47866,27.7089974,1.68465711},{131.36198,2374.83589,4478.08199,4},{117.268763,4492.125,-3983.41309,2.92644271}}',
	NULL,
	536.9381026450305, 0.6293142227101798, 400, '{288,106,4,2}');
INSERT INTO expected_feature VALUES
	(74, 'a', 162.12793733681463, NULL, NULL, 0.7757561904009295, 65.8008607662067, 40.51264730144906, 17, 0),
	(74, 'Total spent', 4347.769070512821, NULL, NULL, 0.20065383690009916, 17.8141874714544, 13.597152163385012, 10, 0),
	(74, 'signed', -148.43686386768448, NULL, NULL, 1.0051344660515669, -35.502622005537496, 373.27220038914476, 7, 0),
	(74, 'order', 1.9975, NULL, NULL, 0.42109305880879333, 1.3969039054558747, 1.4971677992766546, 0, 0);

INSERT INTO expected_fit VALUES (75, 'yeo-johnson',
	'missing skip, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{241.21879,4349.76106,54.7634553,1.62014656},{156.270054,1044.08422,-590.255629,2.605749},{175.99368,55.7720105,7.00702627,1.41814585},{71.9150349,3739.94634,25.9020498,1.66727467}}',
	NULL,
	875.5866358625223, 0.4035513379683091, 367, '{106,94,87,80}');
INSERT INTO expected_feature VALUES
	(75, 'a', NULL, -97.1875, 424.3125, 0.7482873781812134, 57.10644126502508, 25.358538955149207, 0, 0),
	(75, 'Total spent', NULL, -8792.123046875, 15304.580078125, 0.2250153262773028, 18.472019389080295, 9.949354268060997, 0, 4),
	(75, 'signed', NULL, -894.375, 626.625, 1.0652732861282643, -62.89146685743362, 269.51751427609224, 0, 10),
	(75, 'order', NULL, -3.5, 8.5, 0.4138169584605301, 1.2741499405649164, 0.770247015322652, 0, 0);

INSERT INTO expected_fit VALUES (76, 'yeo-johnson',
	'scaling none, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{154.937923,1731.04905,275.974797,1.8507368},{156.022312,1406.94804,-281.815378,1.76719158},{154.320977,1565.76588,-699.352451,2.18078557},{156.82419,1595.06405,14.7532387,1.65488586}}',
	NULL,
	3244217.1595430183, 0.8927782697335467, 400, '{187,85,68,60}');
INSERT INTO expected_feature VALUES
	(76, 'a', 159.0, -97.1875, 424.3125, 0.7733110183184783, 0.0, 1.0, 17, 0),
	(76, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23714683508743917, 0.0, 1.0, 10, 4),
	(76, 'signed', -27.5625, -894.375, 626.625, 1.0619027526887943, 0.0, 1.0, 7, 10),
	(76, 'order', 2.0, -3.5, 8.5, 0.42109305880879333, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (77, 'yeo-johnson',
	'missing mean, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{224.850513,4444.7744,56.2895605,2.11906709},{157.483863,1133.84139,-570.9937,2.51596139},{69.6034742,4175.47634,2.91728735,1.2838935},{172.870053,88.9114758,14.0796311,1.34277858}}',
	NULL,
	924.5320061849285, 0.4012098405538028, 386, '{108,103,95,80}');
INSERT INTO expected_feature VALUES
	(77, 'a', 162.12793733681463, -97.1875, 424.3125, 0.7730649088562928, 63.228655162129414, 27.94993133786464, 17, 0),
	(77, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, 0.23952616246689531, 20.067419617797043, 10.763838133824143, 10, 0),
	(77, 'signed', -148.43686386768448, -894.375, 626.625, 1.0648356574977764, -59.44709116000509, 254.89341801861124, 7, 0),
	(77, 'order', 1.9975, -3.5, 8.5, 0.3996341984883074, 1.2529081287569626, 0.7569364683941318, 0, 0);

INSERT INTO expected_fit VALUES (78, 'yeo-johnson',
	'scaling none, missing zero, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{134.878654,1394.49813,-674.440235,2.05028363},{140.753739,1472.00861,221.516184,1.83376055},{150.159669,1321.64272,-63.8401588,1.66403829},{129.908392,2437.23943,1638.05075,4}}',
	NULL,
	8343409.063103065, 0.8231924715239507, 400, '{225,91,82,2}');
INSERT INTO expected_feature VALUES
	(78, 'a', 0.0, -99.92954549930528, 424.1854201729345, 0.700415292406454, 0.0, 1.0, 17, 0),
	(78, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, 0.21361404649871826, 0.0, 1.0, 10, 4),
	(78, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, 1.0399473613376746, 0.0, 1.0, 7, 6),
	(78, 'order', 0.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (79, 'yeo-johnson',
	'scaling minmax, transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{161.047759,79.6526632,-99.3382335,1.13872932},{229.317082,3943.19896,-78.5497049,1.09766328},{73.3378316,4022.21587,-39.8831797,1.08405679},{161.65319,1454.42766,-80.5054756,4}}',
	NULL,
	67.23921266244241, 0.45433053259895473, 390, '{108,99,96,87}');
INSERT INTO expected_feature VALUES
	(79, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.777710284075684, 4.473050425130983, 109.21912756379528, 17, 0),
	(79, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.23475800186020834, 0.0, 35.68266796329288, 10, 0),
	(79, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0687568822012028, -604.9700192679671, 1140.8273848267322, 7, 0),
	(79, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 0.0, 2.253382755957951, 0, 0);

INSERT INTO expected_fit VALUES (80, 'yeo-johnson',
	'scaling maxabs, missing zero, transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''zero'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{136.305916,1310.94675,-622.035189,2.12772753},{152.497932,1351.90031,-49.0889966,0.514181843},{153.307631,1253.60006,-24.9247453,2.89408618},{124.003044,1356.04439,260.425823,1.80207997}}',
	NULL,
	97.72706321790258, 0.4584614801691609, 390, '{136,115,83,56}');
INSERT INTO expected_feature VALUES
	(80, 'a', 0.0, -99.92954549930528, 424.1854201729345, 0.7023950770696686, 0.0, 80.96545317623999, 17, 0),
	(80, 'Total spent', 0.0, -21735.387940649736, 30430.926081675374, 0.22006367528922494, 0.0, 32.495063160813935, 10, 0),
	(80, 'signed', 0.0, -1934.9244789224235, 1638.0507511870546, 1.0705075267244184, 0.0, 598.9204499182351, 7, 0),
	(80, 'order', 0.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 0.0, 2.253382755957951, 0, 0);

INSERT INTO expected_fit VALUES (81, 'yeo-johnson',
	'scaling maxabs, missing mean, transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''yeo-johnson''',
	'{{158.270011,1683.5327,-38.4783237,0},{226.917803,1647.30428,-210.433194,1.45838162},{82.912053,1304.68638,-140.67342,1.48001615},{157.152173,1600.74951,-126.618398,4}}',
	NULL,
	40.524022784642405, 0.559529313522255, 400, '{121,114,108,57}');
INSERT INTO expected_feature VALUES
	(81, 'a', 162.12793733681463, NULL, NULL, 0.7757561904009295, 0.0, 112.6845020190741, 17, 0),
	(81, 'Total spent', 4347.769070512821, NULL, NULL, 0.20065383690009916, 0.0, 43.24615036094916, 10, 0),
	(81, 'signed', -148.43686386768448, NULL, NULL, 1.0051344660515669, 0.0, 5046.448653717586, 7, 0),
	(81, 'order', 1.9975, NULL, NULL, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0);

INSERT INTO expected_fit VALUES (82, 'yeo-johnson',
	'scaling robust, missing skip, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{75.6421802,2268.92002,-53.452403,1.64845395},{237.57504,1222.07216,-32.2146634,1.62598766},{156.74615,1000.44756,-626.726943,2.16000485},{150.496956,1473.72965,261.875548,1.87105371}}',
	NULL,
	367.1937906816656, 0.4881161955083785, 367, '{121,109,80,57}');
INSERT INTO expected_feature VALUES
	(82, 'a', NULL, -97.1875, 424.3125, 0.7482873781812134, 58.26368139036862, 37.64728950056265, 0, 0),
	(82, 'Total spent', NULL, -8792.123046875, 15304.580078125, 0.2250153262773028, 19.342952725109754, 16.6539260817342, 0, 4),
	(82, 'signed', NULL, -894.375, 626.625, 1.0652732861282643, -17.552463503529378, 288.17339707183953, 0, 10),
	(82, 'order', NULL, -3.5, 8.5, 0.4138169584605301, 1.390908383838716, 1.4843638088171618, 0, 0);

INSERT INTO expected_fit VALUES (83, 'yeo-johnson',
	'scaling minmax, missing skip, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{161.01437,84.5128033,-124.92111,1.127658},{161.16884,1211.92323,-77.7894904,4},{238.4015,4139.80321,-18.2342783,1.07214472},{73.0074697,4115.27801,-34.9113885,1.09009537}}',
	NULL,
	60.86999229997527, 0.4608714582417094, 353, '{97,92,84,80}');
INSERT INTO expected_feature VALUES
	(83, 'a', NULL, -97.1875, 424.3125, 0.7447962288033229, 4.301001009974598, 93.62385499688116, 0, 0),
	(83, 'Total spent', NULL, -8792.123046875, 15304.580078125, 0.22106037742063464, 0.0, 32.70061057382832, 0, 0),
	(83, 'signed', NULL, -894.375, 626.625, 1.0705105776981683, -571.3563598623563, 1111.9509373112603, 0, 0),
	(83, 'order', NULL, -3.5, 8.5, 0.3902113614397272, 0.0, 2.2395513604650406, 0, 0);

INSERT INTO expected_fit VALUES (84, 'yeo-johnson',
	'missing mean, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{69.703814,3633.8737,-52.6618252,0.934603319},{235.329106,1665.00619,-87.7840519,0.835919002},{166.814652,5311.35663,-17.9038901,3.39583328},{138.104948,87.6148784,-273.075595,2.47938048}}',
	NULL,
	966.6079869186242, 0.39587000817585993, 400, '{115,102,99,84}');
INSERT INTO expected_feature VALUES
	(84, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, 0.7757561904009295, 63.88415645995203, 28.315316507057215, 17, 0),
	(84, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, 0.23083974260968315, 19.483969445609556, 10.354584991913296, 10, 4),
	(84, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, 1.0379524862801885, -94.46647042375493, 343.40871143944844, 7, 6),
	(84, 'order', 1.9975, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0);

INSERT INTO expected_fit VALUES (85, 'yeo-johnson',
	'scaling none, transform yeo-johnson',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''median'', transform => ''yeo-johnson''',
	'{{156.313931,1392.50841,-556.071837,1.9416395},{156.540484,1496.67705,33.9224799,1.71187122},{117.205679,4492.125,-3983.41105,2.92644271},{131.314937,2354.36524,4478.08885,4}}',
	NULL,
	10654063.487560192, 0.9223886367600163, 400, '{285,109,4,2}');
INSERT INTO expected_feature VALUES
	(85, 'a', 159.0, NULL, NULL, 0.7733110183184783, 0.0, 1.0, 17, 0),
	(85, 'Total spent', 1838.265625, NULL, NULL, 0.19635910798653383, 0.0, 1.0, 10, 0),
	(85, 'signed', -27.5625, NULL, NULL, 1.0055635731308952, 0.0, 1.0, 7, 0),
	(85, 'order', 2.0, NULL, NULL, 0.42109305880879333, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (86, 'yeo-johnson',
	'scaling maxabs, transform yeo-johnson, outliers clip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{160.223201,2286.25493,30.409793,0.475384173},{160.420177,4727.31643,49.532151,3.04890612},{146.051066,61.591699,18.3156231,2.34004141},{154.427523,1786.43729,-626.949719,2.06760012}}',
	NULL,
	79.42204143275752, 0.43943249618143276, 400, '{120,107,87,86}');
INSERT INTO expected_feature VALUES
	(86, 'a', 159.0, -97.1875, 424.3125, 0.7733110183184783, 0.0, 111.43692479367495, 17, 0),
	(86, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23714683508743917, 0.0, 37.221944150407914, 10, 4),
	(86, 'signed', -27.5625, -894.375, 626.625, 1.0619027526887943, 0.0, 879.7032127328627, 7, 10),
	(86, 'order', 2.0, -3.5, 8.5, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0);

INSERT INTO expected_fit VALUES (87, 'yeo-johnson',
	'scaling maxabs, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''maxabs'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{153.709371,1581.61509,-609.67701,2.164139},{157.448447,1462.86842,-30.7643679,2.87914536},{147.414561,1534.37247,256.784099,1.83783826},{160.117875,1438.72969,-51.3390998,0.514397879}}',
	NULL,
	90.2552362757717, 0.478307317114262, 386, '{134,115,79,58}');
INSERT INTO expected_feature VALUES
	(87, 'a', 159.0, -97.1875, 424.3125, 0.7705595513177863, 0.0, 110.05058558081492, 17, 0),
	(87, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23407476961701185, 0.0, 35.52672095926781, 10, 0),
	(87, 'signed', -27.5625, -894.375, 626.625, 1.0660928468033852, 0.0, 585.9060621669737, 7, 0),
	(87, 'order', 2.0, -3.5, 8.5, 0.3996341984883074, 0.0, 2.2583991175308276, 0, 0);

INSERT INTO expected_fit VALUES (88, 'yeo-johnson',
	'scaling none, transform yeo-johnson, outliers skip',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip''',
	'{{158.192669,1394.63514,-265.689494,1.73496923},{154.234158,1499.83774,251.380479,1.79131612},{152.989716,1381.04197,-655.134752,2.11279733},{156.689581,1572.08212,10.7457954,1.63935702}}',
	NULL,
	2468633.7165121166, 0.9024838821108422, 386, '{179,78,66,63}');
INSERT INTO expected_feature VALUES
	(88, 'a', 159.0, -97.1875, 424.3125, 0.7705595513177863, 0.0, 1.0, 17, 0),
	(88, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23407476961701185, 0.0, 1.0, 10, 0),
	(88, 'signed', -27.5625, -894.375, 626.625, 1.0660928468033852, 0.0, 1.0, 7, 0),
	(88, 'order', 2.0, -3.5, 8.5, 0.3996341984883074, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (89, 'yeo-johnson',
	'scaling minmax, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''minmax'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{231.027106,4057.23075,-128.058089,1.12057432},{156.944618,1591.89205,-98.0845786,4},{166.794284,64.6515693,-111.030472,1.09442864},{74.406983,3432.85449,-86.7816631,1.12684616}}',
	NULL,
	46.965648343361195, 0.5290625959418378, 400, '{114,103,96,87}');
INSERT INTO expected_feature VALUES
	(89, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 4.449584080896481, 106.98734071277846, 17, 0),
	(89, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 0.0, 41.086488753870206, 10, 4),
	(89, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0387651489719614, -1500.8637062305438, 3602.1743706530046, 7, 6),
	(89, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 0.0, 2.3020768649995262, 0, 0);

INSERT INTO expected_fit VALUES (90, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{158.194064,1347.71168,-650.805867,2.01629281},{78.2400616,1676.39546,21.8358179,1.71944648},{229.721886,1568.58985,38.0210451,1.70648186},{131.314937,2495.93362,1638.05075,4}}',
	NULL,
	467.40739091652284, 0.46699516329950175, 400, '{162,139,97,2}');
INSERT INTO expected_feature VALUES
	(90, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 64.18797487725554, 40.01400308695244, 17, 0),
	(90, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 19.734362236716258, 16.31264276783149, 10, 4),
	(90, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0387651489719614, -25.05318445964062, 332.6699324859697, 7, 6),
	(90, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 1.3969039054558747, 1.4971677992766546, 0, 0);

INSERT INTO expected_fit VALUES (91, 'yeo-johnson',
	'transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{168.420705,68.6249399,27.6057525,1.53195048},{75.144131,3979.90669,11.7327599,1.38135422},{238.132175,4201.61102,52.4731955,1.81356018},{161.528214,1170.15074,-577.731606,2.51412114}}',
	NULL,
	935.451019293265, 0.40035191070944565, 390, '{106,100,98,86}');
INSERT INTO expected_feature VALUES
	(91, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.777710284075684, 64.56063254964926, 28.5419666960303, 17, 0),
	(91, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.23475800186020834, 19.42140996602913, 10.376049026990678, 10, 0),
	(91, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0687568822012028, -59.79248978860041, 258.2452424045988, 7, 0),
	(91, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 1.251301203163524, 0.7536761040050014, 0, 0);

INSERT INTO expected_fit VALUES (92, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers skip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{151.93924,1448.46606,253.799244,1.81595563},{235.604024,1226.63454,-31.8607174,1.65525758},{162.099576,1154.30776,-612.717295,2.0527195},{77.4144322,2200.43579,-51.1149821,1.64799431}}',
	NULL,
	392.33187512340294, 0.48653636360436925, 390, '{129,116,85,60}');
INSERT INTO expected_feature VALUES
	(92, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.777710284075684, 65.29496291766347, 41.00568298501031, 17, 0),
	(92, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.23475800186020834, 20.61632043282496, 17.118298504317703, 10, 0),
	(92, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0687568822012028, -23.283914513430307, 281.9090223661685, 7, 0),
	(92, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.39713605410905956, 1.3772876251434325, 1.455441841180607, 0, 0);

INSERT INTO expected_fit VALUES (93, 'sample weights',
	'sample_weight w',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', sample_weight => ''w''',
	'{{251.736514,3169.91463,-174.21407,1.17713366},{161.659397,3460.51669,-90.1139838,4},{93.0884639,3785.77478,-136.092817,1.21144279},{158.6875,80298.7734,-84,2.66666667}}',
	NULL,
	947.5199777949075, 0.5266851336286755, 400, '{161,123,112,4}');
INSERT INTO expected_feature VALUES
	(93, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(93, 'Total spent', 1838.265625, NULL, NULL, NULL, 4285.031484375, 8593.953561351462, 10, 0),
	(93, 'signed', -27.5625, NULL, NULL, NULL, -146.3215625, 590.4750427157907, 7, 0),
	(93, 'order', 2.0, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0);

INSERT INTO expected_fit VALUES (94, 'sample weights',
	'scaling robust, missing skip, transform log1p, outliers clip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine, sample_weight w',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''skip'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine'', sample_weight => ''w''',
	'{{90.8838702,1923.04279,-26.9763482,1.70478623},{185.887372,71.7197353,12.6905783,1.51403006},{179.246661,1259.89249,-364.117963,1.87826585},{267.396784,4134.77379,61.3143871,1.44360995}}',
	NULL,
	167.0489312008246, 0.781646748632314, 367, '{132,89,81,65}');
INSERT INTO expected_feature VALUES
	(94, 'a', NULL, -97.1875, 424.3125, NULL, 5.075173815233827, 0.8789934935839243, 0, 0),
	(94, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 7.45529848568329, 3.3327623902454606, 0, 4),
	(94, 'signed', NULL, -894.375, 626.625, NULL, -20.25, 353.8125, 0, 10),
	(94, 'order', NULL, -3.5, 8.5, NULL, 1.0986122886681096, 0.916290731874155, 0, 0);

INSERT INTO expected_fit VALUES (95, 'sample weights',
	'scaling none, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}, distance cosine, sample_weight visits',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''median'', transform => ''none'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}'', distance => ''cosine'', sample_weight => ''visits''',
	'{{0.0778212406,0.991928182,-0.0306231411,0.0011685771},{0.424518004,0.263249798,0.692926952,0.00719528427},{0.30014651,0.254240541,-0.842694991,0.00532191922},{0.617093204,0.218782263,-0.0106977084,0.00626837725}}',
	NULL,
	80.53326807313216, 0.8347078550116398, 386, '{272,49,44,21}');
INSERT INTO expected_feature VALUES
	(95, 'a', 159.0, -97.1875, 424.3125, NULL, 0.0, 1.0, 17, 0),
	(95, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 10, 0),
	(95, 'signed', -27.5625, -894.375, 626.625, NULL, 0.0, 1.0, 7, 0),
	(95, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (96, 'sample weights',
	'scaling none, missing skip, transform log1p, feature_options {signed: {transform: none}}, sample_weight visits',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''skip'', transform => ''log1p'', feature_options => ''{"signed": {"transform": "none"}}'', sample_weight => ''visits''',
	'{{128.651601,808.389221,34.684831,1.53358629},{125.465073,707.543354,-555.522569,1.76123122},{88.0989618,4492.125,-3789.09375,2.87298335},{65.75,190.109375,4100,4}}',
	NULL,
	29180618.051204264, 0.9149428860250387, 367, '{262,99,4,2}');
INSERT INTO expected_feature VALUES
	(96, 'a', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(96, 'Total spent', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(96, 'signed', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(96, 'order', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (97, 'sample weights',
	'scaling robust, outliers clip, sample_weight visits',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''median'', transform => ''none'', outliers => ''clip'', sample_weight => ''visits''',
	'{{154.950669,2961.24807,-604.828595,2.12040134},{258.273649,2177.65401,-12.3415541,1.97837838},{97.6724138,1454.06335,56.4786022,1.93596059},{133.318341,10839.2611,-42.9707944,1.92990654}}',
	NULL,
	1113.1872922037637, 0.5486739668840455, 400, '{125,112,90,73}');
INSERT INTO expected_feature VALUES
	(97, 'a', 159.0, -97.1875, 424.3125, NULL, 159.0, 126.3125, 17, 0),
	(97, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 1838.265625, 5834.25, 10, 4),
	(97, 'signed', -27.5625, -894.375, 626.625, NULL, -27.5625, 380.25, 7, 10),
	(97, 'order', 2.0, -3.5, 8.5, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (98, 'sample weights',
	'missing skip, transform log1p, outliers skip, feature_options {signed: {transform: none}, a: {weight: 2.5}, order: {weight: 0.25}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', feature_options => ''{"signed": {"transform": "none"}, "a": {"weight": 2.5}, "order": {"weight": 0.25}}'', sample_weight => ''w''',
	'{{168.376801,677.893782,-567.346037,1.81422582},{163.265784,22.8329863,-4.69976636,1.53391507},{24.7035097,846.585792,-120.736607,1.64255195},{179.718423,3277.64564,40.7044783,1.50332815}}',
	NULL,
	956.8400902274102, 0.5961651130418237, 353, '{162,72,67,52}');
INSERT INTO expected_feature VALUES
	(98, 'a', NULL, -97.1875, 424.3125, NULL, 4.861386899127418, 0.8111906726066895, 0, 0),
	(98, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 6.645712705956009, 2.540748359500034, 0, 0),
	(98, 'signed', NULL, -894.375, 626.625, NULL, -121.98441926345609, 294.8445967385228, 0, 0),
	(98, 'order', NULL, -3.5, 8.5, NULL, 0.9576884225245128, 0.5273273955429256, 0, 0);

INSERT INTO expected_fit VALUES (99, 'sample weights',
	'transform log1p, feature_options {signed: {transform: none}}, distance cosine, sample_weight visits',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''log1p'', feature_options => ''{"signed": {"transform": "none"}}'', distance => ''cosine'', sample_weight => ''visits''',
	'{{156.264499,76.2863158,-146.941899,1.59063816},{173.391298,2544.4098,-118.805813,0.705949784},{185.822694,3029.92251,-117.425394,2.90814549},{59.6696566,1575.45156,-107.404162,1.76287337}}',
	NULL,
	645.3306058727097, 0.7204722911644728, 400, '{126,109,90,75}');
INSERT INTO expected_feature VALUES
	(99, 'a', 159.0, NULL, NULL, NULL, 4.872094528226131, 0.7925119915946683, 17, 0),
	(99, 'Total spent', 1838.265625, NULL, NULL, NULL, 6.787482772354139, 2.5117084665151697, 10, 0),
	(99, 'signed', -27.5625, NULL, NULL, NULL, -146.3215625, 590.4750427157907, 7, 0),
	(99, 'order', 2.0, NULL, NULL, NULL, 0.9710741217251139, 0.5266483720028325, 0, 0);

INSERT INTO expected_fit VALUES (100, 'sample weights',
	'scaling robust, missing skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}'', sample_weight => ''w''',
	'{{162.30481,3478.30914,-129.373427,1.94630872},{158.6875,80298.7734,-84,2.66666667},{100.6875,3284.60156,4289,4},{118.960938,4492.125,-3863.16797,3}}',
	NULL,
	1140.3222932418607, 0.5958994183041004, 367, '{357,4,4,2}');
INSERT INTO expected_feature VALUES
	(100, 'a', NULL, NULL, NULL, NULL, 159.0, 134.3125, 0, 0),
	(100, 'Total spent', NULL, NULL, NULL, NULL, 1728.0, 5862.390625, 0, 0),
	(100, 'signed', NULL, NULL, NULL, NULL, -20.25, 353.8125, 0, 0),
	(100, 'order', NULL, NULL, NULL, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (101, 'sample weights',
	'scaling none, outliers clip, sample_weight w',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''none'', missing => ''median'', transform => ''none'', outliers => ''clip'', sample_weight => ''w''',
	'{{164.129464,3939.70149,-131.871811,1.99234694},{146.587454,7881.18716,-198.98283,2.0989011},{167.972713,621.643923,-126.710258,1.9701087},{148.31087,12302.555,-85.5904891,1.94782609}}',
	NULL,
	504481491.2485573, 0.9411352412109615, 400, '{218,80,57,45}');
INSERT INTO expected_feature VALUES
	(101, 'a', 159.0, -97.1875, 424.3125, NULL, 0.0, 1.0, 17, 0),
	(101, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 10, 4),
	(101, 'signed', -27.5625, -894.375, 626.625, NULL, 0.0, 1.0, 7, 10),
	(101, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (102, 'sample weights',
	'scaling robust, outliers skip, sample_weight w',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''robust'', missing => ''median'', transform => ''none'', outliers => ''skip'', sample_weight => ''w''',
	'{{257.492845,2111.49584,-11.3020833,1.98316498},{154.037559,2829.93336,-592.142165,2.14084507},{129.204334,10524.6188,-36.9821981,1.90092879},{91.036703,1528.33135,43.8674497,1.86073826}}',
	NULL,
	434.7055457880433, 0.5511525459683415, 386, '{121,113,83,69}');
INSERT INTO expected_feature VALUES
	(102, 'a', 159.0, -97.1875, 424.3125, NULL, 159.0, 126.9375, 17, 0),
	(102, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 1838.265625, 5587.859375, 10, 0),
	(102, 'signed', -27.5625, -894.375, 626.625, NULL, -27.5625, 353.8125, 7, 0),
	(102, 'order', 2.0, -3.5, 8.5, NULL, 2.0, 3.0, 0, 0);

INSERT INTO expected_fit VALUES (103, 'sample weights',
	'outliers clip, sample_weight w',
	'features => ''{"a","Total spent","signed","order"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''clip'', sample_weight => ''w''',
	'{{154.070228,3102.54272,-658.908266,2.38978495},{255.922441,2006.69355,-34.9405512,1.94330709},{89.1361677,1529.39134,28.3559953,1.82445141},{133.38065,10756.1064,-46.2711864,1.94915254}}',
	NULL,
	1105.2773195958973, 0.4686022776895704, 400, '{127,120,77,76}');
INSERT INTO expected_feature VALUES
	(103, 'a', 159.0, -97.1875, 424.3125, NULL, 161.995, 85.47842960726993, 17, 0),
	(103, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 3636.18322265625, 4125.901207547755, 10, 4),
	(103, 'signed', -27.5625, -894.375, 626.625, NULL, -134.6315625, 319.01908231140123, 7, 10),
	(103, 'order', 2.0, -3.5, 8.5, NULL, 1.9975, 1.413327191417472, 0, 0);

INSERT INTO expected_fit VALUES (104, 'sample weights',
	'exclude [''far'', ''visits'', ''plan'', ''size''], sample_weight w',
	'exclude => ''{"far","visits","plan","size"}'', sample_weight => ''w'', transform => ''none''',
	'{{93.0884639,3785.77478,-136.092817,1.21144279,0.426616915},{251.736514,3169.91463,-174.21407,1.17713366,0.320450886},{158.6875,80298.7734,-84,2.66666667,0.333333333},{161.659397,3460.51669,-90.1139838,4,0.401079137}}',
	NULL,
	1064.8849838648946, 0.497764127205504, 400, '{161,123,112,4}');
INSERT INTO expected_feature VALUES
	(104, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(104, 'Total spent', 1838.265625, NULL, NULL, NULL, 4285.031484375, 8593.953561351462, 10, 0),
	(104, 'signed', -27.5625, NULL, NULL, NULL, -146.3215625, 590.4750427157907, 7, 0),
	(104, 'order', 2.0, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(104, 'vip', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0);

INSERT INTO expected_fit VALUES (105, 'categories',
	'defaults',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''median'', transform => ''none''',
	'{{240.989224,0.370689655,0.163793103,0.0948275862,0.155172414,0.0775862069,0.0344827586,0.0517241379,0.0517241379,1,0,0.482758621,0.370689655,0.146551724},{95.0218023,0.325581395,0.186046512,0.139534884,0.11627907,0.0465116279,0.0465116279,0.0813953488,0.0581395349,0,1,0.476744186,0.372093023,0.151162791},{94.5310078,0.379844961,0.178294574,0.15503876,0.0930232558,0.0465116279,0.0465116279,0.0465116279,0.0542635659,1,0,0.496124031,0.310077519,0.19379845},{238.79529,0.333333333,0.246376812,0.0579710145,0.0869565217,0.0579710145,0.115942029,0.0434782609,0.0579710145,0,1,0.507246377,0.31884058,0.173913043}}',
	NULL,
	674.5553289517209, 0.4158379124723134, 400, '{129,116,86,69}');
INSERT INTO expected_feature VALUES
	(105, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(105, 'plan=free', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'plan=it''s = "odd"', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'plan=team', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'plan=pro', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'plan=', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'plan=basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'plan=zoo', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'vip=false', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'vip=true', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(105, 'size=small', 1.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(105, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(105, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (106, 'categories',
	'scaling minmax, transform log1p, outliers clip, feature_options {plan: {weight: 2}, vip: {weight: 0.5}}, distance cosine, max_categories 4, min_frequency 0.08',
	'features => ''{"a","plan","vip","size"}'', scaling => ''minmax'', missing => ''median'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"plan": {"weight": 2}, "vip": {"weight": 0.5}}'', distance => ''cosine'', max_categories => 4, min_frequency => 0.08',
	'{{34.4542786,0,0,0,0,0.556629597,0.312294696,0.244334901,0.269540848,0.199653963,0.0874347859},{33.4483789,0.554705016,0,0,0,0,0.357233776,0.19747124,0.298043845,0.174658414,0.0820027574},{33.1131388,0,0.562689247,0,0,0,0.31453009,0.248159157,0.241575418,0.202216422,0.118897406},{48.8767475,0,0,0.339092721,0.327793899,0,0.436704944,0.230181677,0.314687151,0.236389226,0.115810244}}',
	NULL,
	119.23268250070963, 0.5823429034734726, 400, '{143,93,89,75}');
INSERT INTO expected_feature VALUES
	(106, 'a', 159.0, -97.1875, 424.3125, NULL, 1.927891643552635, 3.8497606796700214, 17, 0),
	(106, 'plan=free', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(106, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(106, 'plan=it''s = "odd"', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(106, 'plan=team', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(106, 'plan=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(106, 'vip=false', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(106, 'vip=true', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(106, 'size=small', 1.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(106, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(106, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (107, 'categories',
	'missing mean, feature_options {plan: {weight: 2}, vip: {weight: 0.5}}, distance cosine, max_categories 6, min_frequency 40',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', feature_options => ''{"plan": {"weight": 2}, "vip": {"weight": 0.5}}'', distance => ''cosine'', max_categories => 6, min_frequency => 40',
	'{{222.945316,0.177951599,0.20016391,0.0822014188,0.138278768,0.0626499139,0.400305082,0.260940528,0.347502734,0.214035496,0.0997073809},{155.002564,0,0,0,0,0.615274405,0.328462701,0.286811704,0.279406617,0.224412928,0.11145486},{117.645427,0.0126056144,0.305678721,0.252471084,0.174758822,0.00862999753,0.447349393,0.306794846,0.302353884,0.305478536,0.14631182},{143.984776,0.595507228,0.00165593008,0.00103771618,0.00101563711,0.00196503702,0.391810806,0.209370742,0.323774678,0.181641151,0.0957657189}}',
	NULL,
	209.41763131114047, 0.46685124513463705, 400, '{116,104,101,79}');
INSERT INTO expected_feature VALUES
	(107, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(107, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(107, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(107, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(107, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(107, 'plan=(other)', 0.22997416020671835, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(107, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(107, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(107, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(107, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(107, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (108, 'categories',
	'scaling minmax, missing zero, transform log1p, outliers clip, max_categories 6, min_frequency 40',
	'features => ''{"a","plan","vip","size"}'', scaling => ''minmax'', missing => ''zero'', transform => ''log1p'', outliers => ''clip'', max_categories => 6, min_frequency => 40',
	'{{105.792386,0.308641975,0.209876543,0.111111111,0.0864197531,0.271604938,0,0.913580247,1,0,0},{102.423299,0.403669725,0.119266055,0.119266055,0.128440367,0.183486239,1,0,1,0,0},{108.215424,0.325203252,0.203252033,0.138211382,0.113821138,0.195121951,1,0,0,0.642276423,0.325203252},{99.7581374,0.24137931,0.229885057,0.091954023,0.126436782,0.264367816,0,0.931034483,0,0.666666667,0.310344828}}',
	NULL,
	421.4285590150169, 0.44335828743829164, 400, '{123,109,87,81}');
INSERT INTO expected_feature VALUES
	(108, 'a', 0.0, -97.1875, 424.3125, NULL, 0.0, 5.777652323222656, 17, 0),
	(108, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(108, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(108, 'plan=it''s = "odd"', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(108, 'plan=team', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(108, 'plan=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(108, 'vip=false', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(108, 'vip=true', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(108, 'size=small', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(108, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(108, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (109, 'categories',
	'missing skip, transform log1p, outliers clip, feature_options {plan: {weight: 2}, vip: {weight: 0.5}}, distance cosine',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''skip'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"plan": {"weight": 2}, "vip": {"weight": 0.5}}'', distance => ''cosine''',
	'{{176.941333,0,0,0.209767749,0.264451222,0.094893307,0.126869963,0.0882129446,0.125442673,0.545990352,0.363647508,0.406236254,0.340174935,0.16322667},{151.451642,0.597550977,0,0,0,0,0,0,0,0.358482062,0.239068914,0.33551988,0.186814243,0.0752168535},{151.633147,0,0.608181132,0,0,0,0,0,0,0.335990267,0.272190865,0.229804801,0.219658914,0.158717418},{65.5692641,0.148762633,0.0675459281,0.1309029,0.0418367717,0.0267240847,0.0333700215,0.0819524301,0.0367093119,0.366424209,0.201379872,0.285380567,0.194290518,0.0881329953}}',
	NULL,
	196.75367241363813, 0.44221945420148323, 352, '{123,103,68,58}');
INSERT INTO expected_feature VALUES
	(109, 'a', NULL, -97.1875, 424.3125, NULL, 4.864755912380883, 0.8114394135638913, 0, 0),
	(109, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(109, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (110, 'categories',
	'scaling minmax, missing skip, max_categories 4, min_frequency 0.08',
	'features => ''{"a","plan","vip","size"}'', scaling => ''minmax'', missing => ''skip'', transform => ''none'', max_categories => 4, min_frequency => 0.08',
	'{{157.586268,0.281690141,0.211267606,0.0985915493,0.14084507,0.267605634,0,1,0,0.676056338,0.323943662},{158.616071,0.357142857,0.228571429,0.1,0.0571428571,0.257142857,0,1,1,0,0},{167.65404,0.414141414,0.131313131,0.121212121,0.141414141,0.191919192,1,0,1,0,0},{162.792411,0.321428571,0.214285714,0.142857143,0.116071429,0.205357143,1,0,0,0.660714286,0.339285714}}',
	NULL,
	374.7168186587499, 0.451120746982448, 352, '{112,99,71,70}');
INSERT INTO expected_feature VALUES
	(110, 'a', NULL, NULL, NULL, NULL, 5.875, 316.125, 0, 0),
	(110, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'plan=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(110, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (111, 'categories',
	'missing category, transform log1p, feature_options {plan: {weight: 2}, vip: {weight: 0.5}}, min_frequency 0.08',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''category'', transform => ''log1p'', feature_options => ''{"plan": {"weight": 2}, "vip": {"weight": 0.5}}'', min_frequency => 0.08',
	'{{163.323248,0,0,0,0,1,0,0.5125,0.425,0.0625,0.4625,0.3625,0.1625,0.0125},{26.1034576,0.315789474,0.228070175,0.140350877,0.0701754386,0.157894737,0.0877192982,0.578947368,0.385964912,0.0350877193,0.473684211,0.333333333,0.175438596,0.0175438596},{167.52942,1,0,0,0,0,0,0.625,0.375,0,0.553571429,0.294642857,0.133928571,0.0178571429},{172.260139,0,0.410596026,0.258278146,0.278145695,0,0.0529801325,0.582781457,0.377483444,0.0397350993,0.42384106,0.370860927,0.19205298,0.0132450331}}',
	NULL,
	786.7633588360928, 0.42958918515391575, 400, '{151,112,80,57}');
INSERT INTO expected_feature VALUES
	(111, 'a', 159.0, NULL, NULL, NULL, 4.872094528226131, 0.7925119915946683, 17, 0),
	(111, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'plan=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(111, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (112, 'categories',
	'scaling minmax, missing category, outliers clip, distance cosine, max_categories 4',
	'features => ''{"a","plan","vip","size"}'', scaling => ''minmax'', missing => ''category'', transform => ''none'', outliers => ''clip'', distance => ''cosine'', max_categories => 4',
	'{{104.173706,0.203131561,0.138901786,0.0741655695,0.0577301136,0.178093053,0.00800247488,0,0.602676519,0.0573480391,0.660024558,0,0,0},{115.09599,0.232455676,0.144641471,0.0995326164,0.0803162262,0.137602432,0.0175009647,0.712049386,0,0,0,0.456762719,0.232149513,0.0231371545},{117.200246,0.17800703,0.168256147,0.0682345257,0.0925748448,0.194763851,0.0331345985,0,0.68487578,0.0500952161,0,0.489519236,0.228593794,0.0168579667},{104.747673,0.255435971,0.0752994195,0.0762437575,0.0798553412,0.117732671,0.0295991283,0.634166288,0,0,0.634166288,0,0,0}}',
	NULL,
	155.19893099270917, 0.47553591198190115, 400, '{123,109,87,81}');
INSERT INTO expected_feature VALUES
	(112, 'a', 159.0, -97.1875, 424.3125, NULL, 5.875, 316.125, 17, 0),
	(112, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'plan=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(112, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (113, 'categories',
	'scaling minmax, missing mean, transform log1p, outliers clip',
	'features => ''{"a","plan","vip","size"}'', scaling => ''minmax'', missing => ''mean'', transform => ''log1p'', outliers => ''clip''',
	'{{135.417946,0.307147653,0.225050357,0.136727095,0.113044009,0.0565220045,0.0407129341,0.0643349814,0.0564609656,0.981077947,0.0189220533,0.00759422839,0.659019145,0.333386626},{123.514675,0.275847769,0.219446837,0.104762816,0.141672249,0.0646632852,0.0892270393,0.0521900022,0.0521900022,0,1,0.0119070001,0.67525224,0.31284076},{129.553932,0.342377261,0.218835114,0.109749284,0.069173825,0.0413436693,0.0683357776,0.0818492912,0.0683357776,0,1,1,0,0},{128.133135,0.404064293,0.126855867,0.123790128,0.14062979,0.0703148951,0.0447816756,0.0363070994,0.0532562519,0.976240529,0.0237594709,0.991224297,0.00589348705,0.0028822163}}',
	NULL,
	423.2247194951843, 0.4421322481138551, 400, '{127,118,81,74}');
INSERT INTO expected_feature VALUES
	(113, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 1.927891643552635, 3.8497606796700214, 17, 0),
	(113, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'plan=pro', 0.059431524547803614, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'plan=', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'plan=basic', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'plan=zoo', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(113, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(113, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(113, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (114, 'categories',
	'missing zero, feature_options {plan: {weight: 2}, vip: {weight: 0.5}}, distance cosine, max_categories 4',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', feature_options => ''{"plan": {"weight": 2}, "vip": {"weight": 0.5}}'', distance => ''cosine'', max_categories => 4',
	'{{89.0907653,0.13609111,0.186578339,0.177854254,0.0927085484,0.061323991,0.404738872,0.260746929,0.304082195,0.234822657,0.13952634},{171.089893,0.602019023,0,0,0,0,0.368940041,0.233078982,0.332037856,0.186752366,0.0692566112},{205.733469,0,0.324043094,0.129854878,0.225392198,0,0.454299301,0.276846294,0.341002108,0.270580169,0.138647903},{168.124004,0,0,0,0,0.61456847,0.311404324,0.262814445,0.28084741,0.226871557,0.106849503}}',
	NULL,
	214.8940278567002, 0.4678024854975882, 400, '{121,104,98,77}');
INSERT INTO expected_feature VALUES
	(114, 'a', 0.0, NULL, NULL, NULL, 155.2375, 91.51949544700845, 17, 0),
	(114, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(114, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(114, 'plan=it''s = "odd"', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(114, 'plan=team', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(114, 'plan=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(114, 'vip=false', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(114, 'vip=true', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(114, 'size=small', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(114, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(114, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (115, 'categories',
	'min_frequency 40',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', min_frequency => 40',
	'{{94.5348837,0.372093023,0.178294574,0.162790698,0.0930232558,0.19379845,1,0,0.488372093,0.317829457,0.19379845},{240.984914,0.379310345,0.163793103,0.0862068966,0.155172414,0.215517241,1,0,0.49137931,0.362068966,0.146551724},{95.8477011,0.333333333,0.183908046,0.137931034,0.114942529,0.229885057,0,1,0.482758621,0.367816092,0.149425287},{239.852941,0.323529412,0.25,0.0588235294,0.0882352941,0.279411765,0,1,0.5,0.323529412,0.176470588}}',
	NULL,
	659.867363678888, 0.4211131217232471, 400, '{129,116,87,68}');
INSERT INTO expected_feature VALUES
	(115, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(115, 'plan=free', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(115, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(115, 'plan=it''s = "odd"', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(115, 'plan=team', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(115, 'plan=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(115, 'vip=false', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(115, 'vip=true', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(115, 'size=small', 1.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(115, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(115, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (116, 'categories',
	'max_categories 6',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', max_categories => 6',
	'{{240.364316,0.376068376,0.162393162,0.094017094,0.153846154,0.0769230769,0.0341880342,0.102564103,1,0,0.487179487,0.367521368,0.145299145},{93.9580078,0.375,0.1796875,0.15625,0.09375,0.046875,0.046875,0.1015625,1,0,0.4921875,0.3125,0.1953125},{240.897388,0.328358209,0.253731343,0.0597014925,0.0746268657,0.0597014925,0.119402985,0.104477612,0,1,0.492537313,0.328358209,0.179104478},{96.6889205,0.329545455,0.181818182,0.136363636,0.125,0.0454545455,0.0454545455,0.136363636,0,1,0.488636364,0.363636364,0.147727273}}',
	NULL,
	672.1630239038991, 0.41668718419892115, 400, '{128,117,88,67}');
INSERT INTO expected_feature VALUES
	(116, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(116, 'plan=free', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'plan=it''s = "odd"', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'plan=team', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'plan=pro', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'plan=', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'plan=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'vip=false', 1.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'vip=true', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(116, 'size=small', 1.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(116, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(116, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (117, 'categories',
	'missing mean, max_categories 4, min_frequency 0.08',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', max_categories => 4, min_frequency => 0.08',
	'{{88.507465,0.347523322,0.182893181,0.172579162,0.0962422809,0.200762055,0.979634739,0.0203652608,0.48274972,0.302503657,0.214746623},{234.146839,0.359681784,0.172984191,0.0913955523,0.154285947,0.221652526,0.977924271,0.0220757289,0.480035173,0.383428594,0.136536232},{96.9377337,0.314452666,0.186222692,0.139123796,0.127701433,0.232499413,0,1,0.482752653,0.367587679,0.149659668},{240.897388,0.298623163,0.262408886,0.0651394192,0.0799490918,0.29387944,0,1,0.484809455,0.333547996,0.181642549}}',
	NULL,
	655.8039591272552, 0.4177553332173357, 400, '{127,118,88,67}');
INSERT INTO expected_feature VALUES
	(117, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(117, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(117, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(117, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(117, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(117, 'plan=(other)', 0.22997416020671835, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(117, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(117, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(117, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(117, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(117, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (118, 'categories',
	'missing zero, min_frequency 0.08',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', min_frequency => 0.08',
	'{{240.693182,0.354545455,0.154545455,0.0909090909,0.154545455,0.2,1,0,0.481818182,0.354545455,0.154545455},{77.5517241,0.264367816,0.195402299,0.126436782,0.126436782,0.264367816,0,0.931034483,0.482758621,0.333333333,0.172413793},{81.5338115,0.368852459,0.172131148,0.163934426,0.0901639344,0.180327869,1,0,0.459016393,0.327868852,0.18852459},{233.637346,0.283950617,0.24691358,0.0740740741,0.0864197531,0.271604938,0,0.913580247,0.481481481,0.358024691,0.148148148}}',
	NULL,
	657.6089024348158, 0.42216421663731907, 400, '{122,110,87,81}');
INSERT INTO expected_feature VALUES
	(118, 'a', 0.0, NULL, NULL, NULL, 155.2375, 91.51949544700845, 17, 0),
	(118, 'plan=free', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(118, 'plan=été', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(118, 'plan=it''s = "odd"', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(118, 'plan=team', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(118, 'plan=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(118, 'vip=false', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(118, 'vip=true', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(118, 'size=small', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(118, 'size=medium', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(118, 'size=large', 0.0, NULL, NULL, NULL, 0.0, 1.0, 6, 0);

INSERT INTO expected_fit VALUES (119, 'categories',
	'missing skip, max_categories 4, min_frequency 40',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', max_categories => 4, min_frequency => 40',
	'{{236.686538,0.307692308,0.246153846,0.0615384615,0.0923076923,0.292307692,0,1,0.507692308,0.307692308,0.184615385},{90.5196759,0.351851852,0.185185185,0.185185185,0.0925925926,0.185185185,1,0,0.453703704,0.342592593,0.203703704},{90.8832237,0.328947368,0.197368421,0.131578947,0.105263158,0.236842105,0,1,0.486842105,0.368421053,0.144736842},{243.246359,0.378640777,0.165048544,0.0776699029,0.165048544,0.213592233,1,0,0.485436893,0.359223301,0.155339806}}',
	NULL,
	574.2215972925335, 0.43039672020895414, 352, '{108,103,76,65}');
INSERT INTO expected_feature VALUES
	(119, 'a', NULL, NULL, NULL, NULL, 162.2791193181818, 86.87964570683316, 0, 0),
	(119, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'plan=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(119, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (120, 'categories',
	'missing skip, max_categories 6, min_frequency 0.08',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', max_categories => 6, min_frequency => 0.08',
	'{{236.686538,0.307692308,0.246153846,0.0615384615,0.0923076923,0.292307692,0,1,0.507692308,0.307692308,0.184615385},{90.5196759,0.351851852,0.185185185,0.185185185,0.0925925926,0.185185185,1,0,0.453703704,0.342592593,0.203703704},{90.8832237,0.328947368,0.197368421,0.131578947,0.105263158,0.236842105,0,1,0.486842105,0.368421053,0.144736842},{243.246359,0.378640777,0.165048544,0.0776699029,0.165048544,0.213592233,1,0,0.485436893,0.359223301,0.155339806}}',
	NULL,
	574.2215972925335, 0.43039672020895414, 352, '{108,103,76,65}');
INSERT INTO expected_feature VALUES
	(120, 'a', NULL, NULL, NULL, NULL, 162.2791193181818, 86.87964570683316, 0, 0),
	(120, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'plan=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(120, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (121, 'categories',
	'missing category, max_categories 6, min_frequency 40',
	'features => ''{"a","plan","vip","size"}'', scaling => ''standard'', missing => ''category'', transform => ''none'', max_categories => 6, min_frequency => 40',
	'{{95.1666667,0.365853659,0.170731707,0.170731707,0.0894308943,0.178861789,0.0243902439,1,0,0,0.455284553,0.333333333,0.18699187,0.0243902439},{241.356651,0.357798165,0.155963303,0.0825688073,0.155963303,0.201834862,0.0458715596,1,0,0,0.486238532,0.348623853,0.155963303,0.00917431193},{240.358108,0.256756757,0.256756757,0.0675675676,0.0810810811,0.297297297,0.0405405405,0,0.905405405,0.0945945946,0.472972973,0.351351351,0.162162162,0.0135135135},{95.724734,0.287234043,0.191489362,0.127659574,0.127659574,0.244680851,0.0212765957,0,0.936170213,0.0638297872,0.489361702,0.340425532,0.159574468,0.0106382979}}',
	NULL,
	696.9282364564078, 0.4038864817500276, 400, '{123,109,94,74}');
INSERT INTO expected_feature VALUES
	(121, 'a', 159.0, NULL, NULL, NULL, 161.995, 85.47842960726993, 17, 0),
	(121, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'plan=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(121, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (122, 'categories',
	'missing mean, feature_options {plan: {max_categories: 3, missing: category}, size: {min_frequency: 150, missing: skip, scaling: standard}, vip: {max_categories: 1, missing: zero, weight: 2}}',
	'features => ''{"a","plan","vip","size"}'', missing => ''mean'', feature_options => ''{"plan": {"max_categories": 3, "missing": "category"}, "size": {"min_frequency": 150, "missing": "skip", "scaling": "standard"}, "vip": {"max_categories": 1, "missing": "zero", "weight": 2}}''',
	'{{156.10636,0.3125,0.2125,0.1125,0.35,0.0125,0,0.925,1,0},{162.271107,0.319327731,0.210084034,0.134453782,0.31092437,0.025210084,1,0,-8.8817842e-16,1},{166.966043,0.4,0.118181818,0.118181818,0.318181818,0.0454545455,0.990909091,0,1,0},{161.157491,0.247058824,0.211764706,0.0941176471,0.4,0.0470588235,0,0.929411765,-1.11022302e-16,1}}',
	NULL,
	702.5286462070094, 0.6200108086883036, 394, '{119,110,85,80}');
INSERT INTO expected_feature VALUES
	(122, 'a', 162.12793733681463, NULL, NULL, NULL, 162.08990354667267, 85.46087589211041, 16, 0),
	(122, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(122, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(122, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(122, 'plan=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(122, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(122, 'vip=false', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(122, 'vip=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(122, 'size=small', NULL, NULL, NULL, NULL, 0.48223350253807107, 0.4996842518710543, 0, 0),
	(122, 'size=(other)', NULL, NULL, NULL, NULL, 0.5177664974619289, 0.4996842518710543, 0, 0);

INSERT INTO expected_fit VALUES (123, 'dates and intervals',
	'missing mean',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''mean'', transform => ''none''',
	'{{18936.2154,18783.1453,18264.7216,6.03662489},{18528.7902,18787.8386,18265.1023,4.7021996},{18526.0951,18782.3007,18270.2653,5.14406525},{18946.3354,18787.589,18269.3714,3.31336488}}',
	NULL,
	851.3892900027122, 0.4678816937483048, 400, '{142,89,85,84}');
INSERT INTO expected_feature VALUES
	(123, 'joined', 18706.170050761422, NULL, NULL, NULL, 18706.17005076142, 257.10819515623666, 6, 0),
	(123, 'seen', 18784.775961030035, NULL, NULL, NULL, 18784.77596103003, 3.279274245714328, 6, 0),
	(123, 'paid', 18267.746958506945, NULL, NULL, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(123, 'stay', 4.864316239316239, NULL, NULL, NULL, 4.864316239316239, 3.6260728530775843, 10, 0);

INSERT INTO expected_fit VALUES (124, 'dates and intervals',
	'scaling robust, missing zero, outliers clip, outlier_method zscore, feature_options {stay: {weight: 2}}, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"stay": {"weight": 2}}'', distance => ''cosine''',
	'{{18672.1471,18788.8817,18267.6258,1.30022709},{18509.6592,18782.225,18270.7692,7.41924714},{18858.9377,18785.898,18265.5374,8.40604209},{18727.6965,18781.2712,18267.11,0.82017804}}',
	NULL,
	234.6072914965914, 0.6998066901611972, 400, '{118,101,94,87}');
INSERT INTO expected_feature VALUES
	(124, 'joined', 0.0, 17928.994626059975, 19483.34547546287, NULL, 18690.0, 455.5, 6, 6),
	(124, 'seen', 0.0, 18774.863514042194, 18794.688408017875, NULL, 18784.71292824074, 5.751837384257669, 6, 6),
	(124, 'paid', 0.0, 18257.78146912499, 18277.712447888898, NULL, 18267.73177662037, 5.704195601851097, 0, 0),
	(124, 'stay', 0.0, -6.1524839393589295, 15.881116417991407, NULL, 4.541666666666666, 6.666666666666667, 10, 0);

INSERT INTO expected_fit VALUES (125, 'dates and intervals',
	'missing skip, outliers skip, feature_options {stay: {weight: 2}}',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''skip'', feature_options => ''{"stay": {"weight": 2}}''',
	'{{18487.6957,18782.5088,18269.9984,1.87983092},{18825.7049,18785.4634,18265.9158,7.81523224},{18786,18786.9156,18266.8227,1.62431694},{18566.1846,18782.0829,18270.622,8.43461538}}',
	NULL,
	959.845400506802, 0.49214529073714186, 378, '{122,122,69,65}');
INSERT INTO expected_feature VALUES
	(125, 'joined', NULL, 17814.5, 19600.5, NULL, 18706.56349206349, 256.8607026618367, 0, 0),
	(125, 'seen', NULL, 18773.372596932866, 18796.09283998843, NULL, 18784.811473765432, 3.3038039125348115, 0, 0),
	(125, 'paid', NULL, 18256.32338541667, 18279.140167824073, NULL, 18267.763030417154, 3.314260638155504, 0, 0),
	(125, 'stay', NULL, -8.458333333333334, 17.875, NULL, 4.840167548500881, 3.6668281431694467, 0, 0);

INSERT INTO expected_fit VALUES (126, 'dates and intervals',
	'scaling robust, missing mean, outliers skip, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''skip'', distance => ''cosine''',
	'{{18466.1335,18781.4508,18271.0976,5.22549225},{18985.3024,18782.917,18263.9163,6.229276},{18507.6453,18788.7085,18264.602,4.67280472},{18998.4976,18788.1149,18269.7031,2.96608211}}',
	NULL,
	228.7786092281982, 0.7093177888615368, 400, '{142,91,84,83}');
INSERT INTO expected_feature VALUES
	(126, 'joined', 18706.170050761422, 17814.5, 19600.5, NULL, 18706.08502538071, 443.5, 6, 0),
	(126, 'seen', 18784.775961030035, 18773.372596932866, 18796.09283998843, NULL, 18784.775961030035, 5.573402777776209, 6, 0),
	(126, 'paid', 18267.746958506945, 18256.32338541667, 18279.140167824073, NULL, 18267.73177662037, 5.704195601851097, 0, 0),
	(126, 'stay', 4.864316239316239, -8.458333333333334, 17.875, NULL, 4.864316239316239, 6.4375, 10, 0);

INSERT INTO expected_fit VALUES (127, 'dates and intervals',
	'missing zero, outliers clip, outlier_method zscore',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{18927.4725,18783.045,18264.8107,6.22344322},{18510.3579,18787.9825,18265.2113,4.46347737},{18504.9171,18782.0617,18270.1227,4.9704023},{18950.0361,18787.5698,18269.2904,2.9939759}}',
	NULL,
	880.9916601341776, 0.4493802124161389, 400, '{145,91,83,81}');
INSERT INTO expected_feature VALUES
	(127, 'joined', 0.0, 17928.994626059975, 19483.34547546287, NULL, 18694.512419390903, 273.9137606231651, 6, 6),
	(127, 'seen', 0.0, 18774.863514042194, 18794.688408017875, NULL, 18784.627274325216, 3.4936200311019556, 6, 6),
	(127, 'paid', 0.0, 18257.78146912499, 18277.712447888898, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(127, 'stay', 0.0, -6.1524839393589295, 15.881116417991407, NULL, 4.742708333333334, 3.7047476519906937, 10, 0);

INSERT INTO expected_fit VALUES (128, 'dates and intervals',
	'scaling robust, missing skip, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', distance => ''cosine''',
	'{{18987.8724,18788.1965,18269.6352,2.90996043},{18509.5772,18788.8523,18264.6425,4.69578412},{18982.6369,18782.9447,18263.9751,6.27494939},{18460.5619,18781.3652,18271.1938,5.10572623}}',
	NULL,
	214.07713734141515, 0.7072261960536916, 378, '{134,87,79,78}');
INSERT INTO expected_feature VALUES
	(128, 'joined', NULL, NULL, NULL, NULL, 18696.5, 442.5, 0, 0),
	(128, 'seen', NULL, NULL, NULL, NULL, 18784.714270833334, 5.679221643520577, 0, 0),
	(128, 'paid', NULL, NULL, NULL, NULL, 18267.73177662037, 5.730679976848478, 0, 0),
	(128, 'stay', NULL, NULL, NULL, NULL, 4.75, 6.5, 0, 0);

INSERT INTO expected_fit VALUES (129, 'dates and intervals',
	'missing mean, feature_options {stay: {weight: 2}}, distance cosine',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', feature_options => ''{"stay": {"weight": 2}}'', distance => ''cosine''',
	'{{18601.9682,18786.9684,18265.9974,4.00875467},{18753.3448,18784.473,18267.938,7.36931402},{18568.039,18783.0098,18269.2544,3.67440126},{18873.2846,18785.2563,18267.2648,2.98888538}}',
	NULL,
	233.999451321713, 0.7028670512355291, 400, '{143,91,91,75}');
INSERT INTO expected_feature VALUES
	(129, 'joined', 18706.170050761422, NULL, NULL, NULL, 18706.17005076142, 257.10819515623666, 6, 0),
	(129, 'seen', 18784.775961030035, NULL, NULL, NULL, 18784.77596103003, 3.279274245714328, 6, 0),
	(129, 'paid', 18267.746958506945, NULL, NULL, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(129, 'stay', 4.864316239316239, NULL, NULL, NULL, 4.864316239316239, 3.6260728530775843, 10, 0);

INSERT INTO expected_fit VALUES (130, 'dates and intervals',
	'scaling robust, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{18931.912,18783.0506,18264.6949,5.79739268},{18526.0951,18782.3007,18270.2653,5.14406525},{18521.0021,18787.8814,18265.054,4.72433292},{18943.6801,18787.6541,18269.297,3.58512624}}',
	NULL,
	281.09081456280364, 0.47505907941133896, 400, '{142,89,87,82}');
INSERT INTO expected_feature VALUES
	(130, 'joined', 18706.170050761422, 17928.994626059975, 19483.34547546287, NULL, 18706.08502538071, 443.5, 6, 0),
	(130, 'seen', 18784.775961030035, 18774.863514042194, 18794.688408017875, NULL, 18784.775961030035, 5.573402777776209, 6, 0),
	(130, 'paid', 18267.746958506945, 18257.78146912499, 18277.712447888898, NULL, 18267.73177662037, 5.704195601851097, 0, 0),
	(130, 'stay', 4.864316239316239, -6.1524839393589295, 15.881116417991407, NULL, 4.864316239316239, 6.4375, 10, 0);

INSERT INTO expected_fit VALUES (131, 'dates and intervals',
	'missing zero',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''zero'', transform => ''none''',
	'{{18718.2216,18784.4405,18267.9171,8.09436937},{18677.5,0,18268.089,3.91666667},{3.63797881e-12,18784.4281,18268.9181,7.33333333},{18696.0345,18785.0919,18267.5472,1.63608374}}',
	NULL,
	505.6193574503026, 0.6839879015935608, 400, '{203,185,6,6}');
INSERT INTO expected_feature VALUES
	(131, 'joined', 0.0, NULL, NULL, NULL, 18425.5775, 2288.2710534361418, 6, 0),
	(131, 'seen', 0.0, NULL, NULL, NULL, 18503.004321614582, 2283.338042308253, 6, 0),
	(131, 'paid', 0.0, NULL, NULL, NULL, 18267.746958506945, 3.32182979398479, 0, 0),
	(131, 'stay', 0.0, NULL, NULL, NULL, 4.742708333333334, 3.7047476519906937, 10, 0);

INSERT INTO expected_fit VALUES (132, 'dates and intervals',
	'missing zero, outliers skip',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''skip''',
	'{{18531.1585,18787.974,18265.1934,4.52388211},{18954.8,18787.6501,18269.284,3.03333333},{18524.0797,18782.2468,18270.2213,4.91274155},{18930.7273,18783.173,18264.7457,6.11363636}}',
	NULL,
	821.2114041999449, 0.47086894059281903, 388, '{138,88,82,80}');
INSERT INTO expected_feature VALUES
	(132, 'joined', 0.0, 17814.5, 19600.5, NULL, 18706.613402061856, 257.46526144571925, 0, 0),
	(132, 'seen', 0.0, 18773.372596932866, 18796.09283998843, NULL, 18784.781340951937, 3.307204844649355, 0, 0),
	(132, 'paid', 0.0, 18256.32338541667, 18279.140167824073, NULL, 18267.72355986302, 3.320518739999385, 0, 0),
	(132, 'stay', 0.0, -8.458333333333334, 17.875, NULL, 4.715420962199312, 3.6996384254610906, 10, 0);

INSERT INTO expected_fit VALUES (133, 'dates and intervals',
	'missing skip, outliers clip, outlier_method zscore',
	'features => ''{"joined","seen","paid","stay"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{18526.1266,18787.9911,18265.15,4.78270042},{18525.7687,18782.3022,18270.3009,5.05939055},{18945.2911,18787.7035,18269.3639,3.23523207},{18934.7209,18783.1438,18264.7383,6.02567829}}',
	NULL,
	795.2529766699986, 0.47403903659391633, 378, '{134,86,79,79}');
INSERT INTO expected_feature VALUES
	(133, 'joined', NULL, 17928.994626059975, 19483.34547546287, NULL, 18706.56349206349, 256.8607026618367, 0, 0),
	(133, 'seen', NULL, 18774.863514042194, 18794.688408017875, NULL, 18784.811473765432, 3.3038039125348115, 0, 0),
	(133, 'paid', NULL, 18257.78146912499, 18277.712447888898, NULL, 18267.763030417154, 3.314260638155504, 0, 0),
	(133, 'stay', NULL, -6.1524839393589295, 15.881116417991407, NULL, 4.840167548500881, 3.6668281431694467, 0, 0);

INSERT INTO expected_fit VALUES (134, 'arrays',
	'missing mean',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''mean'', transform => ''none''',
	'{{5.7016129,588.12542,-10.2043011,170.58746},{10.2570114,665.612311,11.7073032,176.307692},{7.48511905,2697.91667,4.86904762,150.878221},{16.4769459,1130.83314,-7.25845679,147.969534}}',
	NULL,
	914.1474549641752, 0.42865784064739054, 400, '{117,106,93,84}');
INSERT INTO expected_feature VALUES
	(134, 'v[1]', 10.264066496163682, NULL, NULL, NULL, 10.264066496163682, 5.908769464590555, 9, 0),
	(134, 'v[2]', 1197.6640419947507, NULL, NULL, NULL, 1197.6640419947507, 1058.3027674032787, 19, 0),
	(134, 'v[3]', 0.15089514066496162, NULL, NULL, NULL, 0.15089514066496165, 11.39211319144749, 9, 0),
	(134, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0);

INSERT INTO expected_fit VALUES (135, 'arrays',
	'scaling robust, missing zero, outliers clip, outlier_method zscore, feature_options {v: {weight: 2}}, distance cosine',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"v": {"weight": 2}}'', distance => ''cosine''',
	'{{15.4323404,707.184363,-9.03139251,135.745334},{4.83659246,478.626786,-8.91355582,167.996222},{9.29044639,1993.76179,3.73058221,155.805961},{10.6587501,441.95577,12.8204469,162.176424}}',
	NULL,
	222.43740102563604, 0.6868686607624339, 400, '{116,100,93,91}');
INSERT INTO expected_feature VALUES
	(135, 'v[1]', 0.0, -7.665092461866156, 28.19322545419352, NULL, 10.0, 10.5, 9, 0),
	(135, 'v[2]', 0.0, -2055.445550927081, 4450.7736349165825, NULL, 784.0, 1792.0, 19, 0),
	(135, 'v[3]', 0.0, -34.41654051600516, 34.71833079733509, NULL, 0.0, 19.0, 9, 0),
	(135, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 149.125, 140.25, 17, 0);

INSERT INTO expected_fit VALUES (136, 'arrays',
	'missing skip, outliers skip, feature_options {v: {weight: 2}}',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''skip'', feature_options => ''{"v": {"weight": 2}}''',
	'{{16.6048387,989.354839,-6.74193548,154.258065},{10.530303,561.414141,12.5151515,168.097222},{5.56534091,542.647727,-9.84090909,170.372159},{7.63392857,2591.08333,5.44047619,156.752976}}',
	NULL,
	1271.6335291769738, 0.5009287562099789, 364, '{99,93,88,84}');
INSERT INTO expected_feature VALUES
	(136, 'v[1]', NULL, -10.4375, 31.0625, NULL, 10.213598901098901, 5.9862950588345845, 0, 0),
	(136, 'v[2]', NULL, -2475.0, 4725.0, NULL, 1134.598901098901, 1052.6700633135697, 0, 0),
	(136, 'v[3]', NULL, -37.5, 38.5, NULL, 0.5576923076923077, 11.242554124663345, 0, 0),
	(136, 'a', NULL, -97.1875, 424.3125, NULL, 162.49347527472528, 87.25301582729493, 0, 0);

INSERT INTO expected_fit VALUES (137, 'arrays',
	'scaling robust, missing mean, outliers skip, distance cosine',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''skip'', distance => ''cosine''',
	'{{10.1204168,485.319025,-2.88318737,281.615662},{8.07872503,663.917972,15.8854046,100.836281},{11.2300231,2630.4064,2.19015981,165.630279},{11.2716457,626.083306,-12.9087863,74.7970049}}',
	NULL,
	252.8365819542899, 0.6596000706951902, 400, '{115,104,96,85}');
INSERT INTO expected_feature VALUES
	(137, 'v[1]', 10.264066496163682, -10.4375, 31.0625, NULL, 10.264066496163682, 10.0, 9, 0),
	(137, 'v[2]', 1197.6640419947507, -2475.0, 4725.0, NULL, 961.0, 1687.75, 19, 0),
	(137, 'v[3]', 0.15089514066496162, -37.5, 38.5, NULL, 0.15089514066496162, 19.0, 9, 0),
	(137, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 162.12793733681463, 126.3125, 17, 0);

INSERT INTO expected_fit VALUES (138, 'arrays',
	'missing zero, outliers clip, outlier_method zscore',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{4.62740385,540.211538,-7.19230769,181.348558},{7.26488095,2640.19048,5.61904762,125.028274},{15.710396,1036.89109,-9.6039604,119.613861},{12.027027,663.297297,11.7567568,186.048423}}',
	NULL,
	891.1502247431619, 0.4430311095355238, 400, '{111,104,101,84}');
INSERT INTO expected_feature VALUES
	(138, 'v[1]', 0.0, -7.665092461866156, 28.19322545419352, NULL, 10.033125, 6.101690051483687, 9, 0),
	(138, 'v[2]', 0.0, -2055.445550927081, 4450.7736349165825, NULL, 1140.775, 1088.53219721559, 19, 0),
	(138, 'v[3]', 0.0, -34.41654051600516, 34.71833079733509, NULL, 0.1475, 11.392135170809729, 9, 0),
	(138, 'a', 0.0, -99.92954549930528, 424.1854201729345, NULL, 155.2375, 91.51949544700845, 17, 0);

INSERT INTO expected_fit VALUES (139, 'arrays',
	'scaling robust, missing skip, distance cosine',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', distance => ''cosine''',
	'{{9.77159659,2480.8101,4.59199577,156.944992},{9.5757657,487.977763,-3.78506744,284.161152},{11.050756,325.118144,16.8859521,104.506858},{11.0328799,512.504653,-13.2429568,72.8697293}}',
	NULL,
	225.10646113447902, 0.6514321920178936, 364, '{108,108,83,65}');
INSERT INTO expected_feature VALUES
	(139, 'v[1]', NULL, NULL, NULL, NULL, 10.25, 10.25, 0, 0),
	(139, 'v[2]', NULL, NULL, NULL, NULL, 784.0, 1740.0, 0, 0),
	(139, 'v[3]', NULL, NULL, NULL, NULL, 0.5, 19.0, 0, 0),
	(139, 'a', NULL, NULL, NULL, NULL, 159.75, 130.0, 0, 0);

INSERT INTO expected_fit VALUES (140, 'arrays',
	'missing mean, feature_options {v: {weight: 2}}, distance cosine',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''mean'', transform => ''none'', feature_options => ''{"v": {"weight": 2}}'', distance => ''cosine''',
	'{{13.6651521,1067.72142,-4.1476539,149.315829},{10.1122838,853.82168,7.21797048,173.562928},{7.78794038,870.979049,-5.28890931,166.11684},{9.3541921,1888.26486,2.68253078,158.164551}}',
	NULL,
	234.64736694375256, 0.6958803688971662, 400, '{108,107,95,90}');
INSERT INTO expected_feature VALUES
	(140, 'v[1]', 10.264066496163682, NULL, NULL, NULL, 10.264066496163682, 5.908769464590555, 9, 0),
	(140, 'v[2]', 1197.6640419947507, NULL, NULL, NULL, 1197.6640419947507, 1058.3027674032787, 19, 0),
	(140, 'v[3]', 0.15089514066496162, NULL, NULL, NULL, 0.15089514066496165, 11.39211319144749, 9, 0),
	(140, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0);

INSERT INTO expected_fit VALUES (141, 'arrays',
	'scaling robust, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"v","a"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{9.13158831,679.968991,-10.3386506,221.900955},{11.3017349,651.989295,-0.45075216,77.1259843},{10.0563788,921.529226,11.3229728,239.041176},{10.217033,2768.96703,1.73626374,145.200905}}',
	NULL,
	345.59936170284107, 0.4460682985940425, 400, '{127,97,91,85}');
INSERT INTO expected_feature VALUES
	(141, 'v[1]', 10.264066496163682, -7.665092461866156, 28.19322545419352, NULL, 10.264066496163682, 10.0, 9, 0),
	(141, 'v[2]', 1197.6640419947507, -2055.445550927081, 4450.7736349165825, NULL, 961.0, 1687.75, 19, 0),
	(141, 'v[3]', 0.15089514066496162, -34.41654051600516, 34.71833079733509, NULL, 0.15089514066496162, 19.0, 9, 0),
	(141, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 162.12793733681463, 126.3125, 17, 0);

INSERT INTO expected_fit VALUES (142, 'arrays',
	'missing zero',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''zero'', transform => ''none''',
	'{{4.62740385,540.211538,-7.19230769,181.348558},{7.26488095,2640.19048,5.61904762,125.028274},{15.710396,1036.89109,-9.6039604,119.613861},{12.027027,663.297297,11.7567568,186.048423}}',
	NULL,
	891.1502247431619, 0.4430311095355238, 400, '{111,104,101,84}');
INSERT INTO expected_feature VALUES
	(142, 'v[1]', 0.0, NULL, NULL, NULL, 10.033125, 6.101690051483687, 9, 0),
	(142, 'v[2]', 0.0, NULL, NULL, NULL, 1140.775, 1088.53219721559, 19, 0),
	(142, 'v[3]', 0.0, NULL, NULL, NULL, 0.1475, 11.392135170809729, 9, 0),
	(142, 'a', 0.0, NULL, NULL, NULL, 155.2375, 91.51949544700845, 17, 0);

INSERT INTO expected_fit VALUES (143, 'arrays',
	'missing zero, outliers skip',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''zero'', transform => ''none'', outliers => ''skip''',
	'{{4.62740385,540.211538,-7.19230769,181.348558},{7.26488095,2640.19048,5.61904762,125.028274},{15.710396,1036.89109,-9.6039604,119.613861},{12.027027,663.297297,11.7567568,186.048423}}',
	NULL,
	891.1502247431619, 0.4430311095355238, 400, '{111,104,101,84}');
INSERT INTO expected_feature VALUES
	(143, 'v[1]', 0.0, -10.4375, 31.0625, NULL, 10.033125, 6.101690051483687, 9, 0),
	(143, 'v[2]', 0.0, -2475.0, 4725.0, NULL, 1140.775, 1088.53219721559, 19, 0),
	(143, 'v[3]', 0.0, -37.5, 38.5, NULL, 0.1475, 11.392135170809729, 9, 0),
	(143, 'a', 0.0, -97.1875, 424.3125, NULL, 155.2375, 91.51949544700845, 17, 0);

INSERT INTO expected_fit VALUES (144, 'arrays',
	'missing skip, outliers clip, outlier_method zscore',
	'features => ''{"v","a"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{9.39166667,2661.9,3.52222222,150.948611},{11.0045045,691.225225,12.1081081,170.761261},{8.89329268,638.5,-8.47560976,241.940549},{11.3796296,547.407407,-9.41975309,83.5632716}}',
	NULL,
	815.7446082229019, 0.4397358460007542, 364, '{111,90,82,81}');
INSERT INTO expected_feature VALUES
	(144, 'v[1]', NULL, -7.665092461866156, 28.19322545419352, NULL, 10.213598901098901, 5.9862950588345845, 0, 0),
	(144, 'v[2]', NULL, -2055.445550927081, 4450.7736349165825, NULL, 1134.598901098901, 1052.6700633135697, 0, 0),
	(144, 'v[3]', NULL, -34.41654051600516, 34.71833079733509, NULL, 0.5576923076923077, 11.242554124663345, 0, 0),
	(144, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 162.49347527472528, 87.25301582729493, 0, 0);

INSERT INTO expected_fit VALUES (145, 'all at once',
	'missing mean',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''standard'', missing => ''mean'', transform => ''none''',
	'{{163.769784,4219.82818,-65.9960788,1.2578125,0.599987888,0.400012112,0.315184916,0.224806202,0.11317022,0.13652697,0.0487322351,0.0720889858,0.0330264858,0.0564639858,0.511302348,0.336274588,0.152423065,18572.2774,18784.6256,4.69774973,11.6936891,1162.20038,-9.9886509},{188.03125,2674.51868,-104.510409,2.41666667,0.692844838,0.307155162,0.381044666,0.149778516,0.0757659653,0.170911776,0.109265412,0.0496493171,0.0496493171,0.0139350314,0.511904762,0.321428571,0.166666667,18824.4326,18785.5329,4.45422517,15.9315476,890.29362,8.82142857},{147.359937,3486.40099,-83.5618558,1.06060606,0.573721713,0.426278287,0.30650171,0.219951453,0.126119072,0.0957116383,0.032704304,0.0730039412,0.0629029311,0.0831049513,0.444444444,0.404040404,0.151515152,18768.9899,18784.5617,5.52629932,5.83852592,1562.25576,8.85000904},{152.0625,80189.4062,-35.015625,2.5,0.75,0.25,0.25,0.5,0.25,0,0,0,0,0,0.25,0.25,0.5,18807.5,18781.7131,6.85416667,9.4375,1293.5,-4.75},{151.730986,3628.22034,-396.890434,3.76470588,0.529381365,0.470618635,0.360845113,0.145736434,0.167563459,0.0733850129,0.0602219182,0.0248670011,0.0954552364,0.0719258246,0.46407883,0.329919379,0.206001792,18712.9902,18784.6482,4.65575666,7.70376862,1125.6704,-3.04994734}}',
	NULL,
	3701.4709972909973, 0.21937665378163185, 400, '{128,99,85,84,4}');
INSERT INTO expected_feature VALUES
	(145, 'a', 162.12793733681463, NULL, NULL, NULL, 162.12793733681463, 85.47610064106364, 17, 0),
	(145, 'Total spent', 4347.769070512821, NULL, NULL, NULL, 4347.76907051282, 8585.01797498432, 10, 0),
	(145, 'signed', -148.43686386768448, NULL, NULL, NULL, -148.43686386768448, 590.262284804716, 7, 0),
	(145, 'order', 1.9975, NULL, NULL, NULL, 1.9975, 1.413327191417472, 0, 0),
	(145, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=pro', 0.059431524547803614, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=basic', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'plan=zoo', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(145, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(145, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(145, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(145, 'joined', 18706.170050761422, NULL, NULL, NULL, 18706.17005076142, 257.10819515623666, 6, 0),
	(145, 'seen', 18784.775961030035, NULL, NULL, NULL, 18784.77596103003, 3.279274245714328, 6, 0),
	(145, 'stay', 4.864316239316239, NULL, NULL, NULL, 4.864316239316239, 3.6260728530775843, 10, 0),
	(145, 'v[1]', 10.264066496163682, NULL, NULL, NULL, 10.264066496163682, 5.908769464590555, 9, 0),
	(145, 'v[2]', 1197.6640419947507, NULL, NULL, NULL, 1197.6640419947507, 1058.3027674032787, 19, 0),
	(145, 'v[3]', 0.15089514066496162, NULL, NULL, NULL, 0.15089514066496165, 11.39211319144749, 9, 0);

INSERT INTO expected_fit VALUES (146, 'all at once',
	'scaling minmax, missing skip, outliers clip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''minmax'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}'', sample_weight => ''w''',
	'{{158.195313,4163.8125,-120.077206,2.125,0.555147059,0.444852941,0.330882353,0.216911765,0.0919117647,0.150735294,0.0294117647,0.0661764706,0.0698529412,0.0441176471,0,0,1,18716.0809,18783.7989,3.66896446,8.94577206,1278.94853,-0.613970588},{174.302311,3878.74231,-94.9061077,1.71776156,1,0,0.459854015,0.141119221,0.133819951,0.119221411,0.0316301703,0.0340632603,0.0194647202,0.0608272506,1,0,0,18728.5304,18785.0307,4.86111111,9.40815085,1028.43066,-0.00729927007},{143.55,2658.37086,-11.4389662,1.94,0,1,0.245,0.275,0.04,0.18,0.095,0.04,0,0.125,0,1,0,18760.08,18784.3059,4.89125,10.3525,1127.305,1.88},{157.069113,3480.90294,-110.81634,1.88395904,0,1,0.348122867,0.276450512,0.116040956,0.0204778157,0.0170648464,0.0648464164,0.0682593857,0.0887372014,1,0,0,18689.3003,18785.2703,5.0826223,9.82935154,1181.18089,1.43003413},{176.408405,3677.26073,-215.714215,2.09195402,1,0,0.341954023,0.186781609,0.140804598,0.0977011494,0.0373563218,0.0747126437,0.0747126437,0.0459770115,0,1,0,18676.4425,18784.9928,3.80220307,11.0948276,1275.01149,1.78735632}}',
	NULL,
	634.1062891194642, 0.3855891021967064, 304, '{84,69,56,53,42}');
INSERT INTO expected_feature VALUES
	(146, 'a', NULL, -99.92954549930528, 424.1854201729345, NULL, 5.875, 316.125, 0, 0),
	(146, 'Total spent', NULL, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 0, 4),
	(146, 'signed', NULL, -1934.9244789224235, 1638.0507511870546, NULL, -1934.9244789224235, 3572.975230109478, 0, 3),
	(146, 'order', NULL, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(146, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(146, 'joined', NULL, 17928.994626059975, 19483.34547546287, NULL, 18263.0, 892.0, 0, 0),
	(146, 'seen', NULL, 18774.863514042194, 18794.688408017875, NULL, 18779.14019675926, 11.433240740738256, 0, 0),
	(146, 'stay', NULL, -6.1524839393589295, 15.881116417991407, NULL, -0.8333333333333334, 12.5, 0, 0),
	(146, 'v[1]', NULL, -7.665092461866156, 28.19322545419352, NULL, 0.0, 20.5, 0, 0),
	(146, 'v[2]', NULL, -2055.445550927081, 4450.7736349165825, NULL, 1.0, 3599.0, 0, 0),
	(146, 'v[3]', NULL, -34.41654051600516, 34.71833079733509, NULL, -17.0, 35.0, 0, 0);

INSERT INTO expected_fit VALUES (147, 'all at once',
	'scaling robust, missing category, transform yeo-johnson, outliers skip, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, joined: {transform: none}, seen: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''robust'', missing => ''category'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "joined": {"transform": "none"}, "seen": {"transform": "none"}}''',
	'{{63.6507199,1539.22936,-187.403186,1.71157542,0.541666667,0.395833333,0.0625,0.333333333,0.1875,0.145833333,0.104166667,0.0729166667,0.0416666667,0.0625,0.03125,0.0208333333,0.552083333,0.1875,0.239583333,0.0208333333,18747.4323,18784.7676,4.24754288,9.32791826,861.307409,2.2654024},{95.1374998,1671.72085,171.275331,1.63553491,0.637931034,0.362068966,0,0.344827586,0.155172414,0.137931034,0.0862068966,0.0517241379,0.0344827586,0.0862068966,0.0689655172,0.0344827586,0.275862069,0.603448276,0.103448276,0.0172413793,18663.9138,18785.4629,5.22469897,11.5758344,498.307336,-5.96052828},{236.290266,1405.29541,39.6654558,1.82569083,0.978021978,0,0.021978022,0.395604396,0.164835165,0.0549450549,0.153846154,0.0549450549,0.043956044,0.043956044,0.043956044,0.043956044,0.505494505,0.296703297,0.186813187,0.010989011,18707.6484,18784.8898,4.25993674,10.2041299,828.274936,0.102052177},{192.874729,1234.95726,-574.56629,2.01371882,0.681818182,0.303030303,0.0151515152,0.303030303,0.121212121,0.151515152,0.121212121,0.0606060606,0.0757575758,0.0606060606,0.0757575758,0.0303030303,0.393939394,0.424242424,0.166666667,0.0151515152,18668.7424,18784.3914,3.50453012,9.36776394,928.489507,2.19772261},{212.2646,1644.83044,11.028689,1.63277655,0,0.96,0.04,0.28,0.28,0.0933333333,0.08,0.0533333333,0.0933333333,0.04,0.0533333333,0.0266666667,0.586666667,0.306666667,0.0933333333,0.0133333333,18696.5267,18784.6796,4.36980484,8.85352848,837.473158,0.0539097359}}',
	NULL,
	1906.4334820221543, 0.2433854960458982, 386, '{96,91,75,66,58}');
INSERT INTO expected_feature VALUES
	(147, 'a', 159.0, -97.1875, 424.3125, 0.7705595513177863, 63.505896112178064, 39.63273043434359, 17, 0),
	(147, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, 0.23407476961701185, 20.548690442265936, 17.033352897381718, 10, 0),
	(147, 'signed', -27.5625, -894.375, 626.625, 1.0660928468033852, -23.435363478366842, 287.51804882037885, 7, 0),
	(147, 'order', 2.0, -3.5, 8.5, 0.3996341984883074, 1.379316522092853, 1.4597352706797206, 0, 0),
	(147, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(147, 'joined', 18696.5, 17814.5, 19600.5, NULL, 18696.25, 434.5, 6, 0),
	(147, 'seen', 18784.714942129627, 18773.372596932866, 18796.09283998843, NULL, 18784.7151099537, 5.573402777779847, 6, 0),
	(147, 'stay', 4.770833333333334, -8.458333333333334, 17.875, 0.6470315140540569, 3.258667028757269, 3.606744412981998, 10, 0),
	(147, 'v[1]', 10.25, -10.4375, 31.0625, 0.742123654719168, 6.773503817517676, 5.419001877868478, 8, 0),
	(147, 'v[2]', 900.0, -2475.0, 4725.0, 0.3652406369837604, 30.117457416878853, 23.38811031128672, 18, 0),
	(147, 'v[3]', -2.0, -37.5, 38.5, 0.992643874283172, -2.009560243674822, 18.98420554350704, 8, 0);

INSERT INTO expected_fit VALUES (148, 'all at once',
	'scaling maxabs, missing skip, transform yeo-johnson, sample_weight w, feature_options {joined: {transform: none}, seen: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''yeo-johnson'', sample_weight => ''w'', feature_options => ''{"joined": {"transform": "none"}, "seen": {"transform": "none"}}''',
	'{{150.128778,1194.71766,-127.194701,1.64506631,0,1,0.348122867,0.276450512,0.116040956,0.0204778157,0.0170648464,0.0648464164,0.0682593857,0.0887372014,1,0,0,18689.3003,18785.2703,4.54679198,9.22911578,807.610598,1.41707834},{166.369959,1395.6443,-97.1363581,1.51667864,1,0,0.459854015,0.141119221,0.133819951,0.119221411,0.0316301703,0.0340632603,0.0194647202,0.0608272506,1,0,0,18728.5304,18785.0307,4.40653223,8.80349836,639.420725,-0.021248209},{137.292105,938.099677,31.8543775,1.75253617,0,1,0.245,0.275,0.04,0.18,0.095,0.04,0,0.125,0,1,0,18760.08,18784.3059,4.47176497,9.77975005,692.922629,1.8651651},{170.119829,1588.38756,-267.316868,1.85757721,1,0,0.341954023,0.186781609,0.140804598,0.0977011494,0.0373563218,0.0747126437,0.0747126437,0.0459770115,0,1,0,18676.4425,18784.9928,3.20471192,10.7009103,860.255259,1.77390844},{151.707647,1109.45124,-140.565297,1.93312766,0.555147059,0.444852941,0.330882353,0.216911765,0.0919117647,0.150735294,0.0294117647,0.0661764706,0.0698529412,0.0441176471,0,0,1,18716.0809,18783.7989,3.16400689,8.33667892,911.844087,-0.62873054}}',
	NULL,
	670.771689476017, 0.37219890692288293, 304, '{84,69,56,53,42}');
INSERT INTO expected_feature VALUES
	(148, 'a', NULL, NULL, NULL, 0.7787690665888337, 0.0, 114.24215560332016, 0, 0),
	(148, 'Total spent', NULL, NULL, NULL, 0.17134596797062532, 0.0, 34.706038027251445, 0, 0),
	(148, 'signed', NULL, NULL, NULL, 0.9698866517012156, 0.0, 4707.705830893735, 0, 0),
	(148, 'order', NULL, NULL, NULL, 0.39571904216606785, 0.0, 2.2505436208788203, 0, 0),
	(148, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(148, 'joined', NULL, NULL, NULL, NULL, 0.0, 19155.0, 0, 0),
	(148, 'seen', NULL, NULL, NULL, NULL, 0.0, 18790.5734375, 0, 0),
	(148, 'stay', NULL, NULL, NULL, 0.630514672101603, 0.0, 6.276293663885243, 0, 0),
	(148, 'v[1]', NULL, NULL, NULL, 0.7087634923633962, 0.0, 11.002253358454126, 0, 0),
	(148, 'v[2]', NULL, NULL, NULL, 0.3438393512422994, 0.0, 45.67447612570108, 0, 0),
	(148, 'v[3]', NULL, NULL, NULL, 0.9992210190743105, 0.0, 17.97046901857333, 0, 0);

INSERT INTO expected_fit VALUES (149, 'all at once',
	'scaling none, missing category, outliers skip, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''none'', missing => ''category'', transform => ''none'', outliers => ''skip'', sample_weight => ''w''',
	'{{168.405435,4037.28573,-107.929891,1.90144928,0.626086957,0.35942029,0.0144927536,0.353623188,0.226086957,0.136231884,0.0492753623,0.0202898551,0.0811594203,0.0289855072,0.084057971,0.0202898551,0.513043478,0.295652174,0.165217391,0.0260869565,18674.513,18785.0801,4.97910628,9.73913043,1080.46957,0.828985507},{143.479638,11926.0701,-90.7508484,1.84162896,0.660633484,0.339366516,0,0.280542986,0.176470588,0.0950226244,0.135746606,0,0.0678733032,0.0769230769,0.0859728507,0.0814479638,0.529411765,0.334841629,0.104072398,0.0316742081,18439.6606,18784.5523,4.32371795,9.65837104,1190.20814,-1.42533937},{173.242493,693.397928,-84.1591057,1.85117493,0.506527415,0.389033943,0.104438642,0.276762402,0.167101828,0.101827676,0.182767624,0.148825065,0.044386423,0.0208877285,0.044386423,0.0130548303,0.477806789,0.355091384,0.156657963,0.0104438642,18744.5692,18784.6483,4.78807659,10.7101828,2471.18799,2.22193211},{146.010784,7781.58272,-191.975735,2.14901961,0.505882353,0.478431373,0.0156862745,0.305882353,0.262745098,0.129411765,0.0666666667,0.0352941176,0.0588235294,0.0588235294,0.0274509804,0.0549019608,0.407843137,0.388235294,0.203921569,0,18739.6039,18784.5313,4.44746732,9.43529412,1326.63529,1.45490196},{164.854592,669.003295,-144.609184,2.03129252,0.589115646,0.378231293,0.0326530612,0.370068027,0.179591837,0.0802721088,0.108843537,0.0639455782,0.0448979592,0.0734693878,0.0503401361,0.0285714286,0.482993197,0.337414966,0.178231293,0.00136054422,18749.349,18784.741,4.35073696,10.7942177,482.684354,-1.22721088}}',
	NULL,
	780431356.9537817, 0.906868823070093, 386, '{146,77,67,52,44}');
INSERT INTO expected_feature VALUES
	(149, 'a', 159.0, -97.1875, 424.3125, NULL, 0.0, 1.0, 17, 0),
	(149, 'Total spent', 1838.265625, -8792.123046875, 15304.580078125, NULL, 0.0, 1.0, 10, 0),
	(149, 'signed', -27.5625, -894.375, 626.625, NULL, 0.0, 1.0, 7, 0),
	(149, 'order', 2.0, -3.5, 8.5, NULL, 0.0, 1.0, 0, 0),
	(149, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(149, 'joined', 18696.5, 17814.5, 19600.5, NULL, 0.0, 1.0, 6, 0),
	(149, 'seen', 18784.714942129627, 18773.372596932866, 18796.09283998843, NULL, 0.0, 1.0, 6, 0),
	(149, 'stay', 4.770833333333334, -8.458333333333334, 17.875, NULL, 0.0, 1.0, 10, 0),
	(149, 'v[1]', 10.25, -10.4375, 31.0625, NULL, 0.0, 1.0, 8, 0),
	(149, 'v[2]', 900.0, -2475.0, 4725.0, NULL, 0.0, 1.0, 18, 0),
	(149, 'v[3]', -2.0, -37.5, 38.5, NULL, 0.0, 1.0, 8, 0);

INSERT INTO expected_fit VALUES (150, 'all at once',
	'scaling none, missing mean, transform yeo-johnson, outliers clip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, joined: {transform: none}, seen: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''none'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "joined": {"transform": "none"}, "seen": {"transform": "none"}}''',
	'{{156.401232,2418.61418,65.3785475,1.70912414,0.608610786,0.391389214,0.34543528,0.20980425,0.105961742,0.105850204,0.0745078356,0.0528135631,0.0528135631,0.0528135631,0.481503122,0.333747215,0.184749662,18493.6368,18784.8943,4.46863806,9.87123547,851.118447,-1.5530685},{157.295152,940.261661,16.0625591,1.69026668,0.580811299,0.419188701,0.317422392,0.203939684,0.126614987,0.126544193,0.0564227815,0.0495026725,0.0700506177,0.0495026725,0.47260274,0.390410959,0.136986301,18933.1313,18784.6556,4.52007855,9.77850011,836.62029,0.998473086},{146.388309,933.620232,-766.558952,2.17956321,0.617743325,0.382256675,0.251909274,0.293195521,0.0915877117,0.113752512,0.0235429228,0.0901521677,0.0679299454,0.0679299454,0.466666667,0.266666667,0.266666667,18950.0444,18784.9489,4.2897054,9.6896316,795.935246,-1.25223431},{131.36198,2521.58787,1638.05075,4,0.5,0.5,0,0.5,0.5,0,0,0,0,0,0.5,0.5,0,18430.5,18783.1426,5.38883568,8.05526459,2068.6403,3.86043069},{160.41409,2653.90209,-482.052113,1.89569158,0.611757106,0.388242894,0.421644627,0.0645234838,0.150630795,0.135848913,0.0605715154,0.060495516,0.0310837513,0.0752013984,0.514183338,0.333756345,0.152060317,18500.0344,18784.7262,4.06133913,9.83421934,674.814735,1.83528578}}',
	NULL,
	21203098.6327719, 0.7158222714629412, 400, '{146,139,68,45,2}');
INSERT INTO expected_feature VALUES
	(150, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, 0.7757561904009295, 0.0, 1.0, 17, 0),
	(150, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, 0.23083974260968315, 0.0, 1.0, 10, 4),
	(150, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, 1.0379524862801885, 0.0, 1.0, 7, 6),
	(150, 'order', 1.9975, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 0.0, 1.0, 0, 0),
	(150, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=pro', 0.059431524547803614, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=basic', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'plan=zoo', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(150, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(150, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(150, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(150, 'joined', 18706.170050761422, 17928.994626059975, 19483.34547546287, NULL, 0.0, 1.0, 6, 0),
	(150, 'seen', 18784.775961030035, 18774.863514042194, 18794.688408017875, NULL, 0.0, 1.0, 6, 0),
	(150, 'stay', 4.864316239316239, -6.1524839393589295, 15.881116417991407, 0.6628833230867056, 0.0, 1.0, 10, 0),
	(150, 'v[1]', 10.264066496163682, -7.665092461866156, 28.19322545419352, 0.745461272069765, 0.0, 1.0, 9, 0),
	(150, 'v[2]', 1197.6640419947507, -2055.445550927081, 4450.7736349165825, 0.37098015061802003, 0.0, 1.0, 19, 0),
	(150, 'v[3]', 0.15089514066496162, -34.41654051600516, 34.71833079733509, 0.9922730894876015, 0.0, 1.0, 9, 0);

INSERT INTO expected_fit VALUES (151, 'all at once',
	'scaling robust, missing mean, outliers clip, outlier_method zscore, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', sample_weight => ''w''',
	'{{152.221841,3156.99861,-672.849223,2.19128329,0.628075905,0.371924095,0.365673743,0.183399966,0.143082381,0.109127766,0.0448786531,0.0690354187,0.0327158061,0.0520862661,0.437002987,0.334982363,0.228014651,18751.6247,18786.0212,4.12844829,10.650265,1286.60432,1.84338909},{261.612376,2306.5244,-30.4256012,2.04752475,0.701752501,0.298247499,0.313582521,0.259283138,0.0677514263,0.105324021,0.0764243866,0.0862742088,0.0427098524,0.0486504464,0.600673468,0.257682063,0.141644469,18717.6011,18784.4653,4.24768765,9.5247031,920.492945,2.10775113},{144.313268,12763.9127,-54.6011425,1.93357934,0.647224844,0.352775156,0.288051718,0.205354844,0.136216711,0.147057982,0.00526330845,0.0640750594,0.0714551332,0.0825252439,0.551201603,0.300494502,0.148303894,18493.1404,18784.2453,4.54397294,10.0166052,1234.51525,-1.98523985},{114.355734,2009.34271,52.9925516,2.26790451,0.737379968,0.262620032,0.58367775,0.0623033743,0.0588489297,0.117080994,0.0532354574,0.0053667263,0.0902473629,0.0292394053,0.328723963,0.526235711,0.145040326,18637.3228,18784.8678,4.5683789,11.879385,701.025551,-9.22996873},{108.56329,2152.2165,34.3373757,1.52193995,0.30298202,0.69701798,0.140913404,0.284440625,0.167964624,0.124048911,0.104749629,0.0469771022,0.0446676334,0.0862380722,0.47113164,0.33256351,0.19630485,18826.1709,18783.9215,5.68837469,9.58144126,1844.61506,5.6954986}}',
	NULL,
	2433.7414148072726, 0.22953713247933383, 400, '{95,88,81,75,61}');
INSERT INTO expected_feature VALUES
	(151, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 162.12793733681463, 126.3125, 17, 0),
	(151, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 1953.125, 5834.25, 10, 4),
	(151, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, -36.0, 380.25, 7, 6),
	(151, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 2.0, 3.0, 0, 0),
	(151, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=pro', 0.059431524547803614, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=basic', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'plan=zoo', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(151, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(151, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(151, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(151, 'joined', 18706.170050761422, 17928.994626059975, 19483.34547546287, NULL, 18706.08502538071, 443.5, 6, 0),
	(151, 'seen', 18784.775961030035, 18774.863514042194, 18794.688408017875, NULL, 18784.775961030035, 5.573402777776209, 6, 0),
	(151, 'stay', 4.864316239316239, -6.1524839393589295, 15.881116417991407, NULL, 4.864316239316239, 6.4375, 10, 0),
	(151, 'v[1]', 10.264066496163682, -7.665092461866156, 28.19322545419352, NULL, 10.264066496163682, 10.0, 9, 0),
	(151, 'v[2]', 1197.6640419947507, -2055.445550927081, 4450.7736349165825, NULL, 961.0, 1687.75, 19, 0),
	(151, 'v[3]', 0.15089514066496162, -34.41654051600516, 34.71833079733509, NULL, 0.15089514066496162, 19.0, 9, 0);

INSERT INTO expected_fit VALUES (152, 'all at once',
	'scaling maxabs, missing category, feature_options {a: {weight: 2.5}, order: {weight: 0.25}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''maxabs'', missing => ''category'', transform => ''none'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}}''',
	'{{156.587687,5308.13876,-138.249067,2.01492537,0.597014925,0.373134328,0.0298507463,0.28358209,0.23880597,0.119402985,0.119402985,0.0298507463,0.0597014925,0.0597014925,0.0597014925,0.0298507463,0,0,1,0,18727.3134,18784.5903,4.51337065,9.86567164,1343.23881,-0.0746268657},{157.816265,3584.73343,-159.090361,2.03614458,0,0.915662651,0.0843373494,0.301204819,0.228915663,0.108433735,0.0843373494,0.0722891566,0.0602409639,0.0722891566,0.0602409639,0.0120481928,0.975903614,0,0,0.0240963855,18686.8313,18784.8396,5.12123494,10.0783133,1107.63855,-0.0602409639},{163.981928,4525.76732,-163.692018,2.02409639,1,0,0,0.361445783,0.168674699,0.156626506,0.0963855422,0.0361445783,0.0602409639,0.0602409639,0.0361445783,0.0240963855,0,0.951807229,0,0.0481927711,18674.5663,18785.0806,4.46435743,10.5481928,1287.90361,-0.951807229},{164.6875,3510.03098,-123.679957,1.94827586,0,0.931034483,0.0689655172,0.206896552,0.224137931,0.0689655172,0.155172414,0.120689655,0.0517241379,0.0517241379,0.0689655172,0.0517241379,0,1,0,0,18747.2328,18784.5735,4.98958333,9.90517241,1210.32759,1.4137931},{165.555046,4418.47649,-140.381307,1.96330275,1,0,0,0.403669725,0.119266055,0.119266055,0.128440367,0.0458715596,0.0458715596,0.0366972477,0.0550458716,0.0458715596,1,0,0,0,18709.5826,18784.714,5.11372324,10.6238532,1049.3945,0.440366972}}',
	NULL,
	747.9818418826594, 0.34630536046502836, 400, '{109,83,83,67,58}');
INSERT INTO expected_feature VALUES
	(152, 'a', 159.0, NULL, NULL, NULL, 0.0, 322.0, 17, 0),
	(152, 'Total spent', 1838.265625, NULL, NULL, NULL, 0.0, 81799.609375, 10, 0),
	(152, 'signed', -27.5625, NULL, NULL, NULL, 0.0, 4856.0, 7, 0),
	(152, 'order', 2.0, NULL, NULL, NULL, 0.0, 4.0, 0, 0),
	(152, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(152, 'joined', 18696.5, NULL, NULL, NULL, 0.0, 19155.0, 6, 0),
	(152, 'seen', 18784.714942129627, NULL, NULL, NULL, 0.0, 18790.5734375, 6, 0),
	(152, 'stay', 4.770833333333334, NULL, NULL, NULL, 0.0, 11.666666666666666, 10, 0),
	(152, 'v[1]', 10.25, NULL, NULL, NULL, 0.0, 20.5, 9, 0),
	(152, 'v[2]', 900.0, NULL, NULL, NULL, 0.0, 3600.0, 19, 0),
	(152, 'v[3]', -2.0, NULL, NULL, NULL, 0.0, 18.0, 9, 0);

INSERT INTO expected_fit VALUES (153, 'all at once',
	'missing category, transform yeo-johnson, outliers clip, outlier_method zscore, feature_options {a: {weight: 2.5}, order: {weight: 0.25}, joined: {transform: none}, seen: {transform: none}}, sample_weight w',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''standard'', missing => ''category'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"a": {"weight": 2.5}, "order": {"weight": 0.25}, "joined": {"transform": "none"}, "seen": {"transform": "none"}}'', sample_weight => ''w''',
	'{{236.543493,774.343919,-226.180641,1.98832479,0.624664879,0.321715818,0.0536193029,0.36461126,0.160857909,0.018766756,0.139410188,0.0965147453,0.0536193029,0.0670241287,0.0643431635,0.0348525469,0.340482574,0.487935657,0.163538874,0.00804289544,18753.9812,18787.1732,1.51513488,12.8073484,1099.76788,1.42795056},{74.2305533,4950.83358,-225.174637,2.0422031,0.535353535,0.457912458,0.00673400673,0.262626263,0.171717172,0.202020202,0.101010101,0.0303030303,0.063973064,0.0606060606,0.0976430976,0.0101010101,0.323232323,0.424242424,0.232323232,0.0202020202,18632.8451,18784.9109,1.29284316,6.55789466,934.088688,4.92762304},{107.470918,2403.47564,73.3001433,1.78105337,0.60106383,0.359042553,0.039893617,0.481382979,0.127659574,0.0984042553,0.0957446809,0.0558510638,0.0212765957,0.0664893617,0.0292553191,0.0239361702,0.470744681,0.361702128,0.151595745,0.0159574468,18575.1902,18784.4413,4.95041937,12.5085433,513.991575,-11.2925481},{247.003588,1767.70159,-91.7235742,1.60178185,0.615789474,0.359649123,0.0245614035,0.257894737,0.221052632,0.110526316,0.145614035,0.049122807,0.0859649123,0.0333333333,0.0543859649,0.0421052632,0.554385965,0.268421053,0.166666667,0.0105263158,18651.2509,18783.0064,5.57123799,7.79965805,703.443698,0.568705555},{72.6570866,405.869822,-95.1881806,1.67533398,0.483028721,0.45691906,0.0600522193,0.27154047,0.289817232,0.130548303,0.0704960836,0.0678851175,0.0313315927,0.044386423,0.046997389,0.046997389,0.613577023,0.229765013,0.156657963,0,18907.1044,18784.9756,6.96852281,10.1854306,897.596123,4.5349858}}',
	NULL,
	4772.643063546689, 0.27206666405798385, 400, '{113,78,75,74,60}');
INSERT INTO expected_feature VALUES
	(153, 'a', 159.0, -99.92954549930528, 424.1854201729345, 0.7733110183184783, 63.21888588486971, 27.97781791660563, 17, 0),
	(153, 'Total spent', 1838.265625, -21735.387940649736, 30430.926081675374, 0.22563414721086456, 18.83011213997734, 9.950643729192414, 10, 4),
	(153, 'signed', -27.5625, -1934.9244789224235, 1638.0507511870546, 1.0387651489719614, -91.71747812529954, 343.1005701427007, 7, 6),
	(153, 'order', 2.0, -2.242481574252404, 6.237481574252405, 0.42109305880879333, 1.2856208759751149, 0.7745644645620661, 0, 0),
	(153, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(153, 'joined', 18696.5, 17928.994626059975, 19483.34547546287, NULL, 18706.025, 257.11088196534973, 6, 0),
	(153, 'seen', 18784.714942129627, 18774.863514042194, 18794.688408017875, NULL, 18784.775045746526, 3.2792826335121648, 6, 0),
	(153, 'stay', 4.770833333333334, -6.1524839393589295, 15.881116417991407, 0.6618953339692726, 3.1009382773362235, 2.129873645101582, 10, 0),
	(153, 'v[1]', 10.25, -7.665092461866156, 28.19322545419352, 0.7453570958390113, 6.56388171631121, 3.317600980085934, 9, 0),
	(153, 'v[2]', 900.0, -2055.445550927081, 4450.7736349165825, 0.3635585355234186, 28.44153511237727, 14.33193099473229, 19, 0),
	(153, 'v[3]', -2.0, -34.41654051600516, 34.71833079733509, 0.9853768655401574, -0.16508709024286986, 11.3946385817361, 9, 0);

INSERT INTO expected_fit VALUES (154, 'all at once',
	'scaling minmax, missing mean, transform yeo-johnson, outliers skip, feature_options {joined: {transform: none}, seen: {transform: none}}',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''minmax'', missing => ''mean'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"joined": {"transform": "none"}, "seen": {"transform": "none"}}''',
	'{{158.236102,1584.56752,-101.203972,1.78933141,0.979103472,0.0208965285,0.414605101,0.121469498,0.127019436,0.126907089,0.0808448489,0.0459498933,0.0372542411,0.0459498933,0.981990731,0.0120944604,0.00591480909,18701.9145,18784.8579,4.34231594,9.83713322,683.731195,-0.287217427},{162.722011,1495.9043,-50.3963997,1.70445408,0.97997416,0.0200258398,0.358397933,0.192344961,0.140536176,0.102971576,0.0514857881,0.0639211886,0.0639211886,0.0264211886,0,1,0,18681.5543,18785.1051,3.97058778,10.2839105,924.725243,0.18300908},{148.100079,1403.60543,-83.0547395,1.83179981,0.61248385,0.38751615,0.291747416,0.240431202,0.11317022,0.12871447,0.0331072351,0.0642764858,0.0642764858,0.0642764858,0,0,1,18716.75,18784.7083,3.9266687,9.27606121,1036.34357,0.552092348},{153.831637,1608.87349,-52.6611174,1.73111141,0,1,0.333367333,0.239392085,0.106861145,0.0673534612,0.040255678,0.0665374677,0.0796953624,0.0665374677,0.986374566,0.00915041411,0.00447502004,18679.8203,18784.74,4.75578991,9.84358352,769.532081,0.223920024},{154.927661,1629.71232,-70.5481935,1.7467207,0,1,0.248467346,0.203678371,0.0831940011,0.161524041,0.100369864,0.0610528449,0.0610528449,0.080660688,0,1,0,18751.1406,18784.5498,4.4569013,9.39675563,771.436865,1.04000858}}',
	NULL,
	648.0429304500934, 0.37182786000798096, 386, '{115,80,76,64,51}');
INSERT INTO expected_feature VALUES
	(154, 'a', 162.12793733681463, -97.1875, 424.3125, 0.7730649088562928, 4.44827564521565, 106.86389380664113, 17, 0),
	(154, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, 0.23952616246689531, 0.0, 36.79308237983464, 10, 0),
	(154, 'signed', -148.43686386768448, -894.375, 626.625, 1.0648356574977764, -590.116145975429, 1115.53561148357, 7, 0),
	(154, 'order', 1.9975, -3.5, 8.5, 0.3996341984883074, 0.0, 2.2583991175308276, 0, 0),
	(154, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=pro', 0.059431524547803614, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=basic', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'plan=zoo', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(154, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(154, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(154, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(154, 'joined', 18706.170050761422, 17814.5, 19600.5, NULL, 18263.0, 892.0, 6, 0),
	(154, 'seen', 18784.775961030035, 18773.372596932866, 18796.09283998843, NULL, 18779.14019675926, 11.433240740738256, 6, 0),
	(154, 'stay', 4.864316239316239, -8.458333333333334, 17.875, 0.6480230346763637, -0.9388645283926631, 7.393318241392867, 10, 0),
	(154, 'v[1]', 10.264066496163682, -10.4375, 31.0625, 0.742220008522871, 0.0, 11.7876830377587, 8, 0),
	(154, 'v[2]', 1197.6640419947507, -2475.0, 4725.0, 0.37250510510988116, 0.0, 54.024675498826596, 18, 0),
	(154, 'v[3]', 0.15089514066496162, -37.5, 38.5, 0.9989732905928778, -18.03900467333955, 36.000093644956806, 8, 0);

INSERT INTO expected_fit VALUES (155, 'all at once',
	'missing skip, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''skip''',
	'{{154.3,10594.5434,-99.2875,2.02222222,0.644444444,0.355555556,0.377777778,0.133333333,0.177777778,0.111111111,0,0.0888888889,0.0222222222,0.0888888889,0.466666667,0.4,0.133333333,18500,18785.3997,4.63703704,9.89444444,1232.13333,-0.0444444444},{194.77621,1894.83921,-157.345766,3.96774194,0.580645161,0.419354839,0.370967742,0.209677419,0.112903226,0.064516129,0.0806451613,0.0483870968,0.064516129,0.0483870968,0.467741935,0.370967742,0.161290323,18753.4516,18785.0666,4.23924731,10.0967742,1098.04839,1.24193548},{105.173507,2372.33932,-96.5820896,1.47761194,0.626865672,0.373134328,0.328358209,0.194029851,0.149253731,0.104477612,0.0447761194,0.0447761194,0.0597014925,0.0746268657,0.507462687,0.328358209,0.164179104,18740.0149,18783.0975,7.49129353,11.1231343,1810.95522,3.65671642},{193.932377,1630.58658,-123.510246,1.08196721,0.704918033,0.295081967,0.409836066,0.229508197,0.0655737705,0.114754098,0.0327868852,0.0491803279,0.0655737705,0.0327868852,0.491803279,0.295081967,0.213114754,18639.3443,18783.859,4.04030055,8,519.803279,-8.75409836},{174.217672,2138.47872,-92.1142241,1.10344828,0.448275862,0.551724138,0.344827586,0.155172414,0.103448276,0.155172414,0.0689655172,0.0862068966,0.0344827586,0.0517241379,0.396551724,0.431034483,0.172413793,18894.4655,18787.1774,2.68031609,10.9181034,1092.51724,8.36206897}}',
	NULL,
	2743.322087248272, 0.2128239155783963, 293, '{67,62,61,58,45}');
INSERT INTO expected_feature VALUES
	(155, 'a', NULL, -97.1875, 424.3125, NULL, 163.82508532423208, 86.90014162186716, 0, 0),
	(155, 'Total spent', NULL, -8792.123046875, 15304.580078125, NULL, 3333.374626706485, 3906.7416004951624, 0, 0),
	(155, 'signed', NULL, -894.375, 626.625, NULL, -114.57721843003414, 288.8554911783764, 0, 0),
	(155, 'order', NULL, -3.5, 8.5, NULL, 1.931740614334471, 1.4028673857504683, 0, 0),
	(155, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(155, 'joined', NULL, 17814.5, 19600.5, NULL, 18715.610921501706, 251.6515390020216, 0, 0),
	(155, 'seen', NULL, 18773.372596932866, 18796.09283998843, NULL, 18784.833915829226, 3.350623280809048, 0, 0),
	(155, 'stay', NULL, -8.458333333333334, 17.875, NULL, 4.693970420932879, 3.5831234761255772, 0, 0),
	(155, 'v[1]', NULL, -10.4375, 31.0625, NULL, 10.026450511945393, 5.9478629278052875, 0, 0),
	(155, 'v[2]', NULL, -2475.0, 4725.0, NULL, 1160.1808873720136, 1056.1378597909718, 0, 0),
	(155, 'v[3]', NULL, -37.5, 38.5, NULL, 0.9249146757679181, 11.218638216056078, 0, 0);

INSERT INTO expected_fit VALUES (156, 'all at once',
	'scaling minmax, missing category',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''minmax'', missing => ''category'', transform => ''none''',
	'{{167.459337,4435.31834,-156.725151,1.93975904,0.951807229,0,0.0481927711,0.337349398,0.192771084,0.144578313,0.0963855422,0.0481927711,0.0602409639,0.0602409639,0.0361445783,0.0240963855,0,1,0,0,18690.9036,18785.1202,4.60943775,10.6114458,1310.42169,0.156626506},{159.278716,3503.15731,-103.553209,1.97297297,0,1,0,0.337837838,0.216216216,0.108108108,0.0675675676,0.0405405405,0.0675675676,0.0810810811,0.0675675676,0.0135135135,1,0,0,0,18688.7568,18784.6812,5.23845721,10.3277027,1111.28378,0.581081081},{164.164871,4343.09065,-178.712284,2.02586207,0.939655172,0,0.0603448276,0.379310345,0.120689655,0.120689655,0.137931034,0.0689655172,0.0431034483,0.0344827586,0.0517241379,0.0431034483,1,0,0,0,18712.9698,18784.7879,5.03322557,10.4461207,1038.61207,0.267241379},{156.673913,4891.43512,-134.449728,2.06521739,0.956521739,0,0.0434782609,0.260869565,0.260869565,0.108695652,0.130434783,0.0652173913,0,0.0652173913,0.0869565217,0.0217391304,0,0,0.913043478,0.0869565217,18696.4565,18783.9188,5.01132246,9.60326087,1384.58696,-1.10869565},{158.791667,4417.81481,-135.088735,2,0,1,0,0.259259259,0.209876543,0.0987654321,0.135802469,0.0617283951,0.0864197531,0.049382716,0.049382716,0.049382716,0,0.666666667,0.308641975,0.024691358,18732.784,18784.975,4.44675926,9.96296296,1212.83951,0.0617283951}}',
	NULL,
	685.5302929466138, 0.36352971252404775, 400, '{116,83,81,74,46}');
INSERT INTO expected_feature VALUES
	(156, 'a', 159.0, NULL, NULL, NULL, 5.875, 316.125, 17, 0),
	(156, 'Total spent', 1838.265625, NULL, NULL, NULL, 0.0, 81799.609375, 10, 0),
	(156, 'signed', -27.5625, NULL, NULL, NULL, -4191.5625, 9047.5625, 7, 0),
	(156, 'order', 2.0, NULL, NULL, NULL, 0.0, 4.0, 0, 0),
	(156, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'vip=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'plan=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'size=(missing)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(156, 'joined', 18696.5, NULL, NULL, NULL, 18263.0, 892.0, 6, 0),
	(156, 'seen', 18784.714942129627, NULL, NULL, NULL, 18779.14019675926, 11.433240740738256, 6, 0),
	(156, 'stay', 4.770833333333334, NULL, NULL, NULL, -0.8333333333333334, 12.5, 10, 0),
	(156, 'v[1]', 10.25, NULL, NULL, NULL, 0.0, 20.5, 9, 0),
	(156, 'v[2]', 900.0, NULL, NULL, NULL, 0.0, 3600.0, 19, 0),
	(156, 'v[3]', -2.0, NULL, NULL, NULL, -18.0, 36.0, 9, 0);

INSERT INTO expected_fit VALUES (157, 'all at once',
	'scaling robust, missing skip',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''robust'', missing => ''skip'', transform => ''none''',
	'{{157.35567,3293.26595,3.65335052,1.92783505,0,1,0.319587629,0.268041237,0.103092784,0.0824742268,0.0721649485,0.0618556701,0.0309278351,0.0618556701,0.474226804,0.350515464,0.175257732,18709.7526,18785.0144,4.52878007,9.83762887,1163.39175,1.43298969},{152.0625,80189.4062,-35.015625,2.5,0.75,0.25,0.25,0.5,0.25,0,0,0,0,0,0.25,0.25,0.5,18807.5,18781.7131,6.85416667,9.4375,1293.5,-4.75},{135.625,6379.09375,4478,4,0.5,0.5,0,0.5,0.5,0,0,0,0,0,0.5,0.5,0,18430.5,18783.1426,6.04166667,9.375,2076.5,4},{168.707428,3296.25623,3.04076087,1.79710145,1,0,0.405797101,0.137681159,0.130434783,0.144927536,0.0362318841,0.0434782609,0.0579710145,0.0434782609,0.463768116,0.369565217,0.166666667,18720.1667,18784.7782,5.04589372,10.1721014,1228.18841,0.507246377},{164.422619,3488.1126,-662.363095,2.26984127,0.666666667,0.333333333,0.317460317,0.174603175,0.126984127,0.0793650794,0.0317460317,0.0952380952,0.0634920635,0.111111111,0.444444444,0.380952381,0.174603175,18720.9841,18784.7116,4.46693122,10.0714286,990.15873,0.571428571}}',
	NULL,
	1569.928962163355, 0.4557148480920238, 304, '{138,97,63,4,2}');
INSERT INTO expected_feature VALUES
	(157, 'a', NULL, NULL, NULL, NULL, 160.25, 129.875, 0, 0),
	(157, 'Total spent', NULL, NULL, NULL, NULL, 1571.5546875, 5888.28125, 0, 0),
	(157, 'signed', NULL, NULL, NULL, NULL, -20.25, 353.8125, 0, 0),
	(157, 'order', NULL, NULL, NULL, NULL, 2.0, 3.0, 0, 0),
	(157, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(157, 'joined', NULL, NULL, NULL, NULL, 18702.0, 421.5, 0, 0),
	(157, 'seen', NULL, NULL, NULL, NULL, 18784.571388888886, 5.893544560185546, 0, 0),
	(157, 'stay', NULL, NULL, NULL, NULL, 4.479166666666666, 6.354166666666666, 0, 0),
	(157, 'v[1]', NULL, NULL, NULL, NULL, 10.0, 10.0, 0, 0),
	(157, 'v[2]', NULL, NULL, NULL, NULL, 841.0, 1711.0, 0, 0),
	(157, 'v[3]', NULL, NULL, NULL, NULL, 3.0, 19.0, 0, 0);

INSERT INTO expected_fit VALUES (158, 'all at once',
	'scaling none, missing skip',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''none'', missing => ''skip'', transform => ''none''',
	'{{159.674569,3007.54795,-206.744612,1.9137931,0.620689655,0.379310345,0.448275862,0.155172414,0.103448276,0.0689655172,0.0517241379,0.0517241379,0.0344827586,0.0862068966,0.431034483,0.379310345,0.189655172,18601.8103,18784.6498,4.59051724,9.59482759,878.155172,0.655172414},{152.0625,80189.4062,-35.015625,2.5,0.75,0.25,0.25,0.5,0.25,0,0,0,0,0,0.25,0.25,0.5,18807.5,18781.7131,6.85416667,9.4375,1293.5,-4.75},{153.671053,11319.6386,11.6332237,2.10526316,0.684210526,0.315789474,0.394736842,0.157894737,0.157894737,0.0789473684,0,0.0789473684,0.0263157895,0.105263158,0.526315789,0.368421053,0.105263158,18466.0526,18785.1764,4.51973684,9.79605263,1286.52632,1.02631579},{152.82398,6903.80899,-83.5255102,1.83673469,0.612244898,0.387755102,0.346938776,0.183673469,0.142857143,0.12244898,0.0408163265,0.0612244898,0.102040816,0,0.448979592,0.387755102,0.163265306,18827.7143,18784.7986,4.9744898,10.4387755,1194.79592,1.65306122},{171.522581,412.701613,-105.529032,1.96774194,0.574193548,0.425806452,0.316129032,0.212903226,0.116129032,0.129032258,0.0580645161,0.0580645161,0.0451612903,0.064516129,0.464516129,0.35483871,0.180645161,18782.8323,18784.8218,4.82177419,10.1354839,1229.07097,0.612903226}}',
	NULL,
	668372485.17898, 0.9764319958968902, 304, '{155,58,49,38,4}');
INSERT INTO expected_feature VALUES
	(158, 'a', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'Total spent', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'signed', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'order', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'vip=false', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'vip=true', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=free', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=été', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=it''s = "odd"', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=team', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=pro', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'plan=zoo', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'size=small', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'size=medium', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'size=large', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'joined', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'seen', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'stay', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'v[1]', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'v[2]', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(158, 'v[3]', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (159, 'all at once',
	'scaling maxabs, missing mean, outliers clip, outlier_method zscore',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{167.572395,3847.41383,-134.450144,1.93975904,0.980697986,0.0193020143,0.345443791,0.197440926,0.147504748,0.099249712,0.049624856,0.0616107842,0.0616107842,0.0375143987,0,1,0,18691.1366,18785.1202,4.60943775,10.6116153,1321.18063,0.182540905},{159.305719,3679.30076,-136.018495,2.01851852,0,1,0.240884295,0.214470284,0.0808211312,0.173270169,0.095894344,0.0587137525,0.0587137525,0.077232271,0,1,0,18752.6143,18784.5245,5.05573362,9.95833333,1172.08637,0.888888889},{159.3488,3689.04347,-107.079745,1.94736842,0,1,0.333367333,0.239392085,0.106861145,0.0673534612,0.040255678,0.0665374677,0.0796953624,0.0665374677,0.986374566,0.00915041411,0.00447502004,18679.8203,18784.74,5.2460217,10.2998974,1152.96032,0.242798492},{164.43348,3978.20142,-172.614454,2.05,0.97663652,0.0233634798,0.397329888,0.124741602,0.130060293,0.13828596,0.0774763135,0.0440353144,0.0357019811,0.0523686477,0.982741117,0.0115905245,0.00566835871,18700.5514,18784.7769,4.90788818,10.3606511,1060.85267,-0.189151748},{156.681058,3944.84543,-141.857257,2.01492537,0.614909946,0.385090054,0.293609472,0.244590998,0.12302827,0.122951136,0.0316248216,0.0613984342,0.0613984342,0.0613984342,0,0,1,18727.3134,18784.5912,4.51476591,9.86630148,1361.00979,0.021681872}}',
	NULL,
	714.7872409249231, 0.35687690054546817, 400, '{120,83,76,67,54}');
INSERT INTO expected_feature VALUES
	(159, 'a', 162.12793733681463, -99.92954549930528, 424.1854201729345, NULL, 0.0, 322.0, 17, 0),
	(159, 'Total spent', 4347.769070512821, -21735.387940649736, 30430.926081675374, NULL, 0.0, 30430.926081675374, 10, 4),
	(159, 'signed', -148.43686386768448, -1934.9244789224235, 1638.0507511870546, NULL, 0.0, 1934.9244789224235, 7, 6),
	(159, 'order', 1.9975, -2.242481574252404, 6.237481574252405, NULL, 0.0, 4.0, 0, 0),
	(159, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=pro', 0.059431524547803614, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=basic', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'plan=zoo', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 13, 0),
	(159, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(159, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(159, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(159, 'joined', 18706.170050761422, 17928.994626059975, 19483.34547546287, NULL, 0.0, 19155.0, 6, 0),
	(159, 'seen', 18784.775961030035, 18774.863514042194, 18794.688408017875, NULL, 0.0, 18790.5734375, 6, 0),
	(159, 'stay', 4.864316239316239, -6.1524839393589295, 15.881116417991407, NULL, 0.0, 11.666666666666666, 10, 0),
	(159, 'v[1]', 10.264066496163682, -7.665092461866156, 28.19322545419352, NULL, 0.0, 20.5, 9, 0),
	(159, 'v[2]', 1197.6640419947507, -2055.445550927081, 4450.7736349165825, NULL, 0.0, 3600.0, 19, 0),
	(159, 'v[3]', 0.15089514066496162, -34.41654051600516, 34.71833079733509, NULL, 0.0, 18.0, 9, 0);

INSERT INTO expected_fit VALUES (160, 'all at once',
	'scaling maxabs, missing mean, outliers skip',
	'features => ''{"a","Total spent","signed","order","vip","plan","size","joined","seen","stay","v"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''skip''',
	'{{168.496985,3542.65371,-108.105469,1.9125,0.97997416,0.0200258398,0.358397933,0.192344961,0.140536176,0.102971576,0.0514857881,0.0639211886,0.0639211886,0.0264211886,0,1,0,18681.5543,18785.1051,4.5046875,10.7314258,1326.8124,0.201886189},{164.911023,3665.16463,-149.320641,2,0.979103472,0.0208965285,0.414605101,0.121469498,0.127019436,0.126907089,0.0808448489,0.0459498933,0.0372542411,0.0459498933,0.981990731,0.0120944604,0.00591480909,18701.9145,18784.8579,4.81656447,10.3349049,1058.96223,-0.268253086},{160.686447,3647.05896,-120.551471,1.96078431,0,1,0.248467346,0.203678371,0.0831940011,0.161524041,0.100369864,0.0610528449,0.0610528449,0.080660688,0,1,0,18751.1406,18784.5498,4.82371795,9.86764706,1172.9542,1.05882353},{159.3488,3689.04347,-107.079745,1.94736842,0,1,0.333367333,0.239392085,0.106861145,0.0673534612,0.040255678,0.0665374677,0.0796953624,0.0665374677,0.986374566,0.00915041411,0.00447502004,18679.8203,18784.74,5.2460217,10.2998974,1152.96032,0.242798492},{154.170014,3178.74088,-133.600566,2.03125,0.61248385,0.38751615,0.291747416,0.240431202,0.11317022,0.12871447,0.0331072351,0.0642764858,0.0642764858,0.0642764858,0,0,1,18716.75,18784.7083,4.44384348,9.73112812,1371.854,0.56957321}}',
	NULL,
	742.6293707728773, 0.3405762811805748, 386, '{115,80,76,64,51}');
INSERT INTO expected_feature VALUES
	(160, 'a', 162.12793733681463, -97.1875, 424.3125, NULL, 0.0, 322.0, 17, 0),
	(160, 'Total spent', 4347.769070512821, -8792.123046875, 15304.580078125, NULL, 0.0, 13824.0, 10, 0),
	(160, 'signed', -148.43686386768448, -894.375, 626.625, NULL, 0.0, 855.5625, 7, 0),
	(160, 'order', 1.9975, -3.5, 8.5, NULL, 0.0, 4.0, 0, 0),
	(160, 'vip=false', 0.599483204134367, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'vip=true', 0.4005167958656331, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=free', 0.3359173126614987, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=été', 0.1937984496124031, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=it''s = "odd"', 0.12144702842377261, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=team', 0.11886304909560723, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=pro', 0.059431524547803614, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=basic', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'plan=zoo', 0.056847545219638244, NULL, NULL, NULL, 0.0, 1.0, 12, 0),
	(160, 'size=small', 0.48223350253807107, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(160, 'size=medium', 0.3477157360406091, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(160, 'size=large', 0.1700507614213198, NULL, NULL, NULL, 0.0, 1.0, 6, 0),
	(160, 'joined', 18706.170050761422, 17814.5, 19600.5, NULL, 0.0, 19155.0, 6, 0),
	(160, 'seen', 18784.775961030035, 18773.372596932866, 18796.09283998843, NULL, 0.0, 18790.5734375, 6, 0),
	(160, 'stay', 4.864316239316239, -8.458333333333334, 17.875, NULL, 0.0, 11.666666666666666, 10, 0),
	(160, 'v[1]', 10.264066496163682, -10.4375, 31.0625, NULL, 0.0, 20.5, 8, 0),
	(160, 'v[2]', 1197.6640419947507, -2475.0, 4725.0, NULL, 0.0, 3600.0, 18, 0),
	(160, 'v[3]', 0.15089514066496162, -37.5, 38.5, NULL, 0.0, 18.0, 8, 0);

