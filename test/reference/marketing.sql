-- Written by preparation.py; judged by judge.sql.

INSERT INTO expected_fit VALUES (1, 'numbers',
	'defaults',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''median'', transform => ''none''',
	'{{76365.5689,49.4885246,590.781967,68.8508197,446.268852,99.9327869,71.0393443,79.242623,1.39836066,5.30983607,5.95737705,8.43770492,2.84918033},{35141.7776,49.3102786,41.8414986,4.76368876,22.1210375,7.0585975,5.01248799,14.803074,1.99039385,2.0778098,0.550432277,3.21229587,6.41306436},{57466.0059,48.3616299,470.088285,20.3039049,133.643463,26.7402377,20.4906621,59.1867572,3.87606112,6.36332767,2.98132428,7.60441426,5.93378608}}',
	16566.82558709591, 0.43108428615742067, 2240, '{1041,610,589}');
INSERT INTO expected_feature VALUES
	(1, 'Income', 51381.5, NULL, NULL, NULL, 52237.97544642857, 25032.36643728947, 24, 0),
	(1, 'Recency', 49.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(1, 'MntWines', 173.5, NULL, NULL, NULL, 303.9357142857143, 336.52225087151766, 0, 0),
	(1, 'MntFruits', 8.0, NULL, NULL, NULL, 26.302232142857143, 39.76455477490109, 0, 0),
	(1, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 166.95, 225.6649839917571, 0, 0),
	(1, 'MntFishProducts', 12.0, NULL, NULL, NULL, 37.52544642857143, 54.616784073023496, 0, 0),
	(1, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 27.06294642857143, 41.2712830622489, 0, 0),
	(1, 'MntGoldProds', 24.0, NULL, NULL, NULL, 44.021875, 52.15579309748087, 0, 0),
	(1, 'NumDealsPurchases', 2.0, NULL, NULL, NULL, 2.325, 1.93180614969515, 0, 0),
	(1, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 4.084821428571429, 2.778093829454848, 0, 0),
	(1, 'NumCatalogPurchases', 2.0, NULL, NULL, NULL, 2.6620535714285714, 2.9224481048774043, 0, 0),
	(1, 'NumStorePurchases', 5.0, NULL, NULL, NULL, 5.790178571428571, 3.250232404367103, 0, 0),
	(1, 'NumWebVisitsMonth', 6.0, NULL, NULL, NULL, 5.316517857142857, 2.4261032872479706, 0, 0);

INSERT INTO expected_fit VALUES (2, 'numbers',
	'missing mean, transform log1p, outliers clip, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''mean'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}'', distance => ''cosine''',
	'{{76786.1665,39.3286111,640.796408,48.4054307,358.072193,72.5117683,47.903469,55.0763633,1.4369534,5.53806428,5.45274188,8.96713943,2.7535837},{54843.3138,34.1105339,735.196462,2.70763728,93.2398529,4.01298612,2.26019669,52.1936357,7.06202345,9.22387481,2.09002642,6.96748128,9.12057426},{28615.5125,38.7694491,10.2433192,1.37489558,8.42067179,1.95024761,1.48353911,6.36433487,1.64493096,1.39180878,0.0554190458,2.46084374,6.67212544}}',
	1212.5627073866572, 0.7176807474095697, 2240, '{924,885,431}');
INSERT INTO expected_feature VALUES
	(2, 'Income', 52247.25135379061, -14525.5, 118350.5, NULL, 10.753327692279138, 0.49844635434832507, 24, 8),
	(2, 'Recency', 49.109375, -51.0, 149.0, NULL, 3.6159649837578254, 0.9540977735688876, 0, 0),
	(2, 'MntWines', 303.9357142857143, -697.0, 1225.0, NULL, 4.672055907408196, 1.801803971079371, 0, 35),
	(2, 'MntFruits', 26.302232142857143, -47.0, 81.0, NULL, 2.197161306699371, 1.5029659144432561, 0, 227),
	(2, 'MntMeatProducts', 166.95, -308.0, 556.0, NULL, 4.1040546872276265, 1.5251660349319034, 0, 175),
	(2, 'MntFishProducts', 37.52544642857143, -67.5, 120.5, NULL, 2.50013076761444, 1.603393920450307, 0, 223),
	(2, 'MntSweetProducts', 27.06294642857143, -47.0, 81.0, NULL, 2.1937713207048115, 1.520886229901251, 0, 248),
	(2, 'MntGoldProds', 44.021875, -61.5, 126.5, NULL, 3.09301921033633, 1.2443998002462042, 0, 207),
	(2, 'NumDealsPurchases', 2.325, -2.0, 6.0, NULL, 1.0664064488091152, 0.4418206434599878, 0, 86),
	(2, 'NumWebPurchases', 4.084821428571429, -4.0, 12.0, NULL, 1.4761259307008208, 0.5584315741992381, 0, 4),
	(2, 'NumCatalogPurchases', 2.6620535714285714, -6.0, 10.0, NULL, 1.0034429462104455, 0.7658121140370739, 0, 23),
	(2, 'NumStorePurchases', 5.790178571428571, -4.5, 15.5, NULL, 1.8006235170870075, 0.48655305654931513, 0, 0),
	(2, 'NumWebVisitsMonth', 5.316517857142857, -3.0, 13.0, NULL, 1.749483913947023, 0.46292265987014813, 0, 8);

INSERT INTO expected_fit VALUES (3, 'numbers',
	'scaling minmax, missing zero, outliers skip, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''minmax'', missing => ''zero'', transform => ''none'', outliers => ''skip'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}''',
	'{{51982.8359,47.7291667,334.541667,10.125,83.0286458,14.2734375,9.66666667,38.2109375,3.42708333,5.5859375,2.12239583,6.3828125,6.1328125},{32662.4605,49.2225877,30.3267544,4.14144737,17.3442982,5.65679825,4.20504386,12.3969298,1.8245614,1.8497807,0.430921053,3.06469298,6.38377193},{67908.0583,50.6708333,559.216667,34.5833333,251.108333,52.7083333,35.5083333,45.2125,2.0375,5.58333333,4.575,8.79583333,3.84166667}}',
	466.30910075603373, 0.46076185602283326, 1536, '{912,384,240}');
INSERT INTO expected_feature VALUES
	(3, 'Income', 0.0, -14525.5, 118350.5, NULL, 0.0, 90933.0, 17, 0),
	(3, 'Recency', 0.0, -51.0, 149.0, NULL, 0.0, 99.0, 0, 0),
	(3, 'MntWines', 0.0, -697.0, 1225.0, NULL, 0.0, 1218.0, 0, 0),
	(3, 'MntFruits', 0.0, -47.0, 81.0, NULL, 0.0, 81.0, 0, 0),
	(3, 'MntMeatProducts', 0.0, -308.0, 556.0, NULL, 0.0, 545.0, 0, 0),
	(3, 'MntFishProducts', 0.0, -67.5, 120.5, NULL, 0.0, 120.0, 0, 0),
	(3, 'MntSweetProducts', 0.0, -47.0, 81.0, NULL, 0.0, 81.0, 0, 0),
	(3, 'MntGoldProds', 0.0, -61.5, 126.5, NULL, 0.0, 126.0, 0, 0),
	(3, 'NumDealsPurchases', 0.0, -2.0, 6.0, NULL, 0.0, 6.0, 0, 0),
	(3, 'NumWebPurchases', 0.0, -4.0, 12.0, NULL, 0.0, 11.0, 0, 0),
	(3, 'NumCatalogPurchases', 0.0, -6.0, 10.0, NULL, 0.0, 10.0, 0, 0),
	(3, 'NumStorePurchases', 0.0, -4.5, 15.5, NULL, 0.0, 13.0, 0, 0),
	(3, 'NumWebVisitsMonth', 0.0, -3.0, 13.0, NULL, 0.0, 13.0, 0, 0);

INSERT INTO expected_fit VALUES (4, 'numbers',
	'scaling robust, missing skip, transform log1p, outliers skip, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', distance => ''cosine''',
	'{{59410.4867,43.9948998,233.486282,14.4174664,100.411362,20.3975209,15.4174158,25.5702529,1.75104664,3.7155114,2.53770131,6.79471268,3.13943059},{22419.0512,31.6898531,3.83273325,0.792869167,5.29164594,1.15583822,0.909433469,3.67609554,1.44298471,0.80997026,-0.198026528,2.07420678,6.90492554},{54216.1731,27.7321282,814.591514,6.98251517,180.238736,8.30864792,5.56105607,50.8961779,4.92710292,8.67592566,2.52401948,7.17366111,7.8961751}}',
	1109.1832628162879, 0.5819622361209288, 1519, '{761,394,364}');
INSERT INTO expected_feature VALUES
	(4, 'Income', NULL, -14525.5, 118350.5, NULL, 10.649250902099034, 0.6014711150914192, 0, 0),
	(4, 'Recency', NULL, -51.0, 149.0, NULL, 3.912023005428146, 1.0986122886681096, 0, 0),
	(4, 'MntWines', NULL, -697.0, 1225.0, NULL, 3.988984046564274, 2.904163165203736, 0, 0),
	(4, 'MntFruits', NULL, -47.0, 81.0, NULL, 1.6094379124341003, 1.8718021769015913, 0, 0),
	(4, 'MntMeatProducts', NULL, -308.0, 556.0, NULL, 3.295836866004329, 1.969440646465507, 0, 0),
	(4, 'MntFishProducts', NULL, -67.5, 120.5, NULL, 1.9459101490553132, 1.791759469228055, 0, 0),
	(4, 'MntSweetProducts', NULL, -47.0, 81.0, NULL, 1.6094379124341003, 1.945910149055313, 0, 0),
	(4, 'MntGoldProds', NULL, -61.5, 126.5, NULL, 2.772588722239781, 1.6094379124341003, 0, 0),
	(4, 'NumDealsPurchases', NULL, -2.0, 6.0, NULL, 1.0986122886681096, 0.6931471805599453, 0, 0),
	(4, 'NumWebPurchases', NULL, -4.0, 12.0, NULL, 1.3862943611198906, 0.8958797346140275, 0, 0),
	(4, 'NumCatalogPurchases', NULL, -6.0, 10.0, NULL, 0.6931471805599453, 1.0986122886681096, 0, 0),
	(4, 'NumStorePurchases', NULL, -4.5, 15.5, NULL, 1.6094379124341003, 0.5596157879354227, 0, 0),
	(4, 'NumWebVisitsMonth', NULL, -3.0, 13.0, NULL, 1.9459101490553132, 0.2876820724517808, 0, 0);

INSERT INTO expected_fit VALUES (5, 'numbers',
	'scaling maxabs, transform log1p, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''maxabs'', missing => ''median'', transform => ''log1p'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}'', distance => ''cosine''',
	'{{16936.0015,22.882061,186.042447,23.5628921,129.354074,33.2110449,23.6790928,28.1468705,1.23383268,3.6728901,3.40154413,5.60244191,2.3427342},{899786.372,132.696018,30.5748692,1.83234518,19.4555542,2.979773,1.90726735,9.7036066,2.29926246,2.04420065,0.20415996,4.71810025,12.7277142},{78423.1727,38.4595151,146.714991,5.36652111,60.009824,7.07488262,5.21392494,31.8469585,3.33877499,4.6085195,1.55309239,5.3709464,7.17982299}}',
	119.17647268254288, 0.46605604199712314, 2240, '{869,736,635}');
INSERT INTO expected_feature VALUES
	(5, 'Income', 51381.5, NULL, NULL, NULL, 0.0, 13.410045949855984, 24, 0),
	(5, 'Recency', 49.0, NULL, NULL, NULL, 0.0, 4.605170185988091, 0, 0),
	(5, 'MntWines', 173.5, NULL, NULL, NULL, 0.0, 7.309212365692763, 0, 0),
	(5, 'MntFruits', 8.0, NULL, NULL, NULL, 0.0, 5.298317366548036, 0, 0),
	(5, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 0.0, 7.453561871643373, 0, 0),
	(5, 'MntFishProducts', 12.0, NULL, NULL, NULL, 0.0, 5.560681631015528, 0, 0),
	(5, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 0.0, 5.575949103146316, 0, 0),
	(5, 'MntGoldProds', 24.0, NULL, NULL, NULL, 0.0, 5.8944028342648505, 0, 0),
	(5, 'NumDealsPurchases', 2.0, NULL, NULL, NULL, 0.0, 2.772588722239781, 0, 0),
	(5, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 0.0, 3.332204510175204, 0, 0),
	(5, 'NumCatalogPurchases', 2.0, NULL, NULL, NULL, 0.0, 3.3672958299864737, 0, 0),
	(5, 'NumStorePurchases', 5.0, NULL, NULL, NULL, 0.0, 2.6390573296152584, 0, 0),
	(5, 'NumWebVisitsMonth', 6.0, NULL, NULL, NULL, 0.0, 3.044522437723423, 0, 0);

INSERT INTO expected_fit VALUES (6, 'numbers',
	'scaling maxabs, missing mean, outliers clip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''maxabs'', missing => ''mean'', transform => ''none'', outliers => ''clip''',
	'{{35195.3985,49.2256158,40.3674877,4.26403941,21.7714286,6.30147783,4.59901478,13.1650246,1.92118227,2.03448276,0.507389163,3.17931034,6.3635468},{73371.5283,50.4992459,571.010558,53.719457,371.245852,81.2647059,54.7903469,68.6168929,1.57315234,5.47209653,5.58371041,8.62443439,3.21417798},{56653.3065,47.2597865,457.615658,15.3327402,124.060498,20.7562278,14.4964413,52.6637011,3.50533808,6.05516014,2.95551601,7.16192171,5.83629893}}',
	1130.6167800064663, 0.5041731162400485, 2240, '{1015,663,562}');
INSERT INTO expected_feature VALUES
	(6, 'Income', 52247.25135379061, -14525.5, 118350.5, NULL, 0.0, 118350.5, 24, 8),
	(6, 'Recency', 49.109375, -51.0, 149.0, NULL, 0.0, 99.0, 0, 0),
	(6, 'MntWines', 303.9357142857143, -697.0, 1225.0, NULL, 0.0, 1225.0, 0, 35),
	(6, 'MntFruits', 26.302232142857143, -47.0, 81.0, NULL, 0.0, 81.0, 0, 227),
	(6, 'MntMeatProducts', 166.95, -308.0, 556.0, NULL, 0.0, 556.0, 0, 175),
	(6, 'MntFishProducts', 37.52544642857143, -67.5, 120.5, NULL, 0.0, 120.5, 0, 223),
	(6, 'MntSweetProducts', 27.06294642857143, -47.0, 81.0, NULL, 0.0, 81.0, 0, 248),
	(6, 'MntGoldProds', 44.021875, -61.5, 126.5, NULL, 0.0, 126.5, 0, 207),
	(6, 'NumDealsPurchases', 2.325, -2.0, 6.0, NULL, 0.0, 6.0, 0, 86),
	(6, 'NumWebPurchases', 4.084821428571429, -4.0, 12.0, NULL, 0.0, 12.0, 0, 4),
	(6, 'NumCatalogPurchases', 2.6620535714285714, -6.0, 10.0, NULL, 0.0, 10.0, 0, 23),
	(6, 'NumStorePurchases', 5.790178571428571, -4.5, 15.5, NULL, 0.0, 13.0, 0, 0),
	(6, 'NumWebVisitsMonth', 5.316517857142857, -3.0, 13.0, NULL, 0.0, 13.0, 0, 8);

INSERT INTO expected_fit VALUES (7, 'numbers',
	'scaling minmax, missing zero, transform log1p, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''minmax'', missing => ''zero'', transform => ''log1p'', distance => ''cosine''',
	'{{83473.5219,34.5576712,173.554533,5.10726548,63.793491,6.7792117,4.81220123,32.8449837,3.41613611,4.7822937,1.55095665,5.66497699,7.47274932},{867750.328,157.327725,30.5375571,2.11536228,20.8251718,3.26964231,2.23598995,10.6547202,2.39092515,2.12227861,0.243404019,4.77520118,13.1128726},{14980.0809,22.5296189,181.821446,23.0816168,126.821698,33.0698805,23.4589038,27.7007886,1.24129287,3.6514623,3.35814986,5.56951276,2.35811079}}',
	141.1887838792212, 0.4428513403035672, 2240, '{879,707,654}');
INSERT INTO expected_feature VALUES
	(7, 'Income', 0.0, NULL, NULL, NULL, 0.0, 13.410045949855984, 24, 0),
	(7, 'Recency', 0.0, NULL, NULL, NULL, 0.0, 4.605170185988091, 0, 0),
	(7, 'MntWines', 0.0, NULL, NULL, NULL, 0.0, 7.309212365692763, 0, 0),
	(7, 'MntFruits', 0.0, NULL, NULL, NULL, 0.0, 5.298317366548036, 0, 0),
	(7, 'MntMeatProducts', 0.0, NULL, NULL, NULL, 0.0, 7.453561871643373, 0, 0),
	(7, 'MntFishProducts', 0.0, NULL, NULL, NULL, 0.0, 5.560681631015528, 0, 0),
	(7, 'MntSweetProducts', 0.0, NULL, NULL, NULL, 0.0, 5.575949103146316, 0, 0),
	(7, 'MntGoldProds', 0.0, NULL, NULL, NULL, 0.0, 5.8944028342648505, 0, 0),
	(7, 'NumDealsPurchases', 0.0, NULL, NULL, NULL, 0.0, 2.772588722239781, 0, 0),
	(7, 'NumWebPurchases', 0.0, NULL, NULL, NULL, 0.0, 3.332204510175204, 0, 0),
	(7, 'NumCatalogPurchases', 0.0, NULL, NULL, NULL, 0.0, 3.3672958299864737, 0, 0),
	(7, 'NumStorePurchases', 0.0, NULL, NULL, NULL, 0.0, 2.6390573296152584, 0, 0),
	(7, 'NumWebVisitsMonth', 0.0, NULL, NULL, NULL, 0.0, 3.044522437723423, 0, 0);

INSERT INTO expected_fit VALUES (8, 'numbers',
	'scaling robust, missing skip, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}''',
	'{{34963.4967,48.814433,51.4320525,4.67010309,23.7675726,6.85285848,4.74133083,14.742268,2.10121837,2.24835989,0.571696345,3.32802249,6.4742268},{76480.869,50.0302419,570.332661,80.1693548,454.72379,111.887097,81.0020161,84.453629,1.52016129,5.44556452,5.82862903,8.45967742,3.09274194},{62081.6953,48.5635528,518.101072,20.9157734,182.480858,31.5421133,22.4502297,60.9617152,3.29709035,6.05359877,3.70290965,7.82235835,5.12251149}}',
	13625.945054528638, 0.4637537278359769, 2216, '{1067,653,496}');
INSERT INTO expected_feature VALUES
	(8, 'Income', NULL, NULL, NULL, NULL, 51381.5, 33219.0, 0, 0),
	(8, 'Recency', NULL, NULL, NULL, NULL, 49.0, 50.0, 0, 0),
	(8, 'MntWines', NULL, NULL, NULL, NULL, 174.5, 481.0, 0, 0),
	(8, 'MntFruits', NULL, NULL, NULL, NULL, 8.0, 31.0, 0, 0),
	(8, 'MntMeatProducts', NULL, NULL, NULL, NULL, 68.0, 216.25, 0, 0),
	(8, 'MntFishProducts', NULL, NULL, NULL, NULL, 12.0, 47.0, 0, 0),
	(8, 'MntSweetProducts', NULL, NULL, NULL, NULL, 8.0, 32.0, 0, 0),
	(8, 'MntGoldProds', NULL, NULL, NULL, NULL, 24.5, 47.0, 0, 0),
	(8, 'NumDealsPurchases', NULL, NULL, NULL, NULL, 2.0, 2.0, 0, 0),
	(8, 'NumWebPurchases', NULL, NULL, NULL, NULL, 4.0, 4.0, 0, 0),
	(8, 'NumCatalogPurchases', NULL, NULL, NULL, NULL, 2.0, 4.0, 0, 0),
	(8, 'NumStorePurchases', NULL, NULL, NULL, NULL, 5.0, 5.0, 0, 0),
	(8, 'NumWebVisitsMonth', NULL, NULL, NULL, NULL, 6.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (9, 'numbers',
	'scaling minmax, outliers clip, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''minmax'', missing => ''median'', transform => ''none'', outliers => ''clip'', distance => ''cosine''',
	'{{53622.7163,100.954554,59.0238295,6.1397552,28.9885954,8.57660325,6.14461883,19.1083738,2.64570186,2.88010564,0.726176443,4.85128107,9.82316677},{59133.3251,40.1393434,442.940123,36.8989015,256.031174,55.3442062,37.4995067,51.6767293,1.44267487,4.46451872,4.15193562,6.89039902,2.94041074},{62318.7274,40.8175381,254.621902,9.07702812,68.5877337,13.0315557,8.97269867,39.2204746,4.27525128,5.41552746,1.69393285,6.88044624,10.0585704}}',
	391.15771770117095, 0.4790231846709829, 2240, '{876,707,657}');
INSERT INTO expected_feature VALUES
	(9, 'Income', 51381.5, -14525.5, 118350.5, NULL, 1730.0, 116620.5, 24, 8),
	(9, 'Recency', 49.0, -51.0, 149.0, NULL, 0.0, 99.0, 0, 0),
	(9, 'MntWines', 173.5, -697.0, 1225.0, NULL, 0.0, 1225.0, 0, 35),
	(9, 'MntFruits', 8.0, -47.0, 81.0, NULL, 0.0, 81.0, 0, 227),
	(9, 'MntMeatProducts', 67.0, -308.0, 556.0, NULL, 0.0, 556.0, 0, 175),
	(9, 'MntFishProducts', 12.0, -67.5, 120.5, NULL, 0.0, 120.5, 0, 223),
	(9, 'MntSweetProducts', 8.0, -47.0, 81.0, NULL, 0.0, 81.0, 0, 248),
	(9, 'MntGoldProds', 24.0, -61.5, 126.5, NULL, 0.0, 126.5, 0, 207),
	(9, 'NumDealsPurchases', 2.0, -2.0, 6.0, NULL, 0.0, 6.0, 0, 86),
	(9, 'NumWebPurchases', 4.0, -4.0, 12.0, NULL, 0.0, 12.0, 0, 4),
	(9, 'NumCatalogPurchases', 2.0, -6.0, 10.0, NULL, 0.0, 10.0, 0, 23),
	(9, 'NumStorePurchases', 5.0, -4.5, 15.5, NULL, 0.0, 13.0, 0, 0),
	(9, 'NumWebVisitsMonth', 6.0, -3.0, 13.0, NULL, 0.0, 13.0, 0, 8);

INSERT INTO expected_fit VALUES (10, 'numbers',
	'scaling robust, missing zero, transform log1p, outliers clip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''zero'', transform => ''log1p'', outliers => ''clip''',
	'{{31366.3357,36.1623199,19.205766,2.0592195,13.5584559,2.85955832,2.1098393,8.1794822,1.80724658,1.81656197,0.381199317,2.9720638,6.22548421},{64172.0984,36.0201799,404.56303,20.4010921,188.542438,29.6025665,19.9183466,43.3727388,1.98815994,5.23364302,3.71168013,7.49733549,3.80431142},{-1.77635684e-15,47.1746465,72.1908593,5.08022853,43.822849,7.88791216,6.31728884,18.4255165,1.75456935,2.71121722,1.10102089,3.97024412,4.30483182}}',
	7496.214401771374, 0.5828555026356244, 2240, '{1234,982,24}');
INSERT INTO expected_feature VALUES
	(10, 'Income', 0.0, -14525.5, 118350.5, NULL, 10.841069750150425, 0.6763720540745108, 24, 8),
	(10, 'Recency', 0.0, -51.0, 149.0, NULL, 3.912023005428146, 1.0986122886681096, 0, 0),
	(10, 'MntWines', 0.0, -697.0, 1225.0, NULL, 5.161920636569022, 3.0163826630402495, 0, 35),
	(10, 'MntFruits', 0.0, -47.0, 81.0, NULL, 2.197224577336219, 2.8332133440562157, 0, 227),
	(10, 'MntMeatProducts', 0.0, -308.0, 556.0, NULL, 4.219507705176107, 2.617825109509484, 0, 175),
	(10, 'MntFishProducts', 0.0, -67.5, 120.5, NULL, 2.5649493574615367, 2.5455312716044354, 0, 223),
	(10, 'MntSweetProducts', 0.0, -47.0, 81.0, NULL, 2.197224577336219, 2.8332133440562157, 0, 248),
	(10, 'MntGoldProds', 0.0, -61.5, 126.5, NULL, 3.2188758248682006, 1.7404661748405048, 0, 207),
	(10, 'NumDealsPurchases', 0.0, -2.0, 6.0, NULL, 1.0986122886681096, 0.6931471805599453, 0, 86),
	(10, 'NumWebPurchases', 0.0, -4.0, 12.0, NULL, 1.6094379124341003, 0.8472978603872037, 0, 4),
	(10, 'NumCatalogPurchases', 0.0, -6.0, 10.0, NULL, 1.0986122886681096, 1.6094379124341003, 0, 23),
	(10, 'NumStorePurchases', 0.0, -4.5, 15.5, NULL, 1.791759469228055, 0.8109302162163285, 0, 0),
	(10, 'NumWebVisitsMonth', 0.0, -3.0, 13.0, NULL, 1.9459101490553132, 0.6931471805599452, 0, 8);

INSERT INTO expected_fit VALUES (11, 'numbers',
	'outliers skip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''skip''',
	'{{33710.7538,49.150108,31.9103672,4.08639309,17.6673866,5.63066955,4.13390929,12.487041,1.84341253,1.87473002,0.441684665,3.08207343,6.38012959},{52886.125,48.0833333,352.044271,10.8697917,88.0989583,14.8151042,10.3697917,39.5052083,3.390625,5.68489583,2.17708333,6.5390625,6.12239583},{68126.3827,50.4557522,555.752212,35.4292035,255.650442,54.8097345,36.5442478,44.6769912,2.03539823,5.54424779,4.69469027,8.81415929,3.71681416}}',
	10915.148070165158, 0.4533679852681711, 1536, '{926,384,226}');
INSERT INTO expected_feature VALUES
	(11, 'Income', 51381.5, -14525.5, 118350.5, NULL, 43568.3544921875, 17119.584313029634, 17, 0),
	(11, 'Recency', 49.0, -51.0, 149.0, NULL, 49.075520833333336, 29.08421276260369, 0, 0),
	(11, 'MntWines', 173.5, -697.0, 1225.0, NULL, 189.01953125, 266.3286212827371, 0, 0),
	(11, 'MntFruits', 8.0, -47.0, 81.0, NULL, 10.393880208333334, 15.732271405929172, 0, 0),
	(11, 'MntMeatProducts', 67.0, -308.0, 556.0, NULL, 70.291015625, 100.82916953787566, 0, 0),
	(11, 'MntFishProducts', 12.0, -67.5, 120.5, NULL, 15.162760416666666, 23.293212948484225, 0, 0),
	(11, 'MntSweetProducts', 8.0, -47.0, 81.0, NULL, 10.461588541666666, 15.73978119479012, 0, 0),
	(11, 'MntGoldProds', 24.0, -61.5, 126.5, NULL, 23.977864583333332, 25.632001678045533, 0, 0),
	(11, 'NumDealsPurchases', 2.0, -2.0, 6.0, NULL, 2.2584635416666665, 1.363682107126067, 0, 0),
	(11, 'NumWebPurchases', 4.0, -4.0, 12.0, NULL, 3.3671875, 2.441090604595362, 0, 0),
	(11, 'NumCatalogPurchases', 2.0, -6.0, 10.0, NULL, 1.5013020833333333, 1.9485567234697052, 0, 0),
	(11, 'NumStorePurchases', 5.0, -4.5, 15.5, NULL, 4.789713541666667, 2.7854109176998687, 0, 0),
	(11, 'NumWebVisitsMonth', 6.0, -3.0, 13.0, NULL, 5.923828125, 1.9605629855883193, 0, 0);

INSERT INTO expected_fit VALUES (12, 'numbers',
	'missing skip, outliers clip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''skip'', transform => ''none'', outliers => ''clip''',
	'{{34343.8193,49.2467005,37.1390863,4.43350254,20.5522843,6.46294416,4.65685279,13.8690355,1.8822335,1.97664975,0.504568528,3.14517766,6.35329949},{74536.4391,49.6835067,585.961367,51.6225854,372.33581,78.6181278,52.4502229,66.705052,1.46656761,5.32392273,5.66567608,8.54383358,3.04606241},{55487.7984,47.7903226,432.017921,16.2043011,115.189964,21.6039427,15.6935484,51.9229391,3.70967742,6.2437276,2.7311828,7.18100358,6.16487455}}',
	14534.284866644532, 0.49547747616479687, 2216, '{985,673,558}');
INSERT INTO expected_feature VALUES
	(12, 'Income', NULL, -14525.5, 118350.5, NULL, 51874.49323104693, 21054.988606850664, 0, 8),
	(12, 'Recency', NULL, -51.0, 149.0, NULL, 49.01263537906137, 28.941819253789784, 0, 0),
	(12, 'MntWines', NULL, -697.0, 1225.0, NULL, 303.2490974729242, 331.671188529588, 0, 35),
	(12, 'MntFruits', NULL, -47.0, 81.0, NULL, 21.728790613718413, 27.26312490828631, 0, 225),
	(12, 'MntMeatProducts', NULL, -308.0, 556.0, NULL, 151.2193140794224, 178.86490451566945, 0, 174),
	(12, 'MntFishProducts', NULL, -67.5, 120.5, NULL, 32.18907942238267, 40.40202011182654, 0, 222),
	(12, 'MntSweetProducts', NULL, -47.0, 81.0, NULL, 21.950812274368232, 27.532829424000592, 0, 246),
	(12, 'MntGoldProds', NULL, -61.5, 126.5, NULL, 39.497518050541515, 39.86574794687029, 0, 205),
	(12, 'NumDealsPurchases', NULL, -2.0, 6.0, NULL, 2.2161552346570397, 1.5358915440577103, 0, 84),
	(12, 'NumWebPurchases', NULL, -4.0, 12.0, NULL, 4.067689530685921, 2.6453970795823745, 0, 3),
	(12, 'NumCatalogPurchases', NULL, -6.0, 10.0, NULL, 2.6326714801444044, 2.736057087609749, 0, 23),
	(12, 'NumStorePurchases', NULL, -4.5, 15.5, NULL, 5.800992779783393, 3.2500512225819382, 0, 0),
	(12, 'NumWebVisitsMonth', NULL, -3.0, 13.0, NULL, 5.3014440433212995, 2.3456538059898717, 0, 8);

INSERT INTO expected_fit VALUES (13, 'numbers',
	'scaling minmax, missing mean',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''minmax'', missing => ''mean'', transform => ''none''',
	'{{41125.0175,75.1383738,125.392297,7.34236805,53.6447932,10.721826,8.2596291,25.9771755,2.53352354,3.2253923,1.19115549,4.00285307,6.21398003},{41396.8508,23.8367627,115.916324,7.07133059,51.5144033,11.0315501,7.99176955,25.4595336,2.53497942,3.18655693,1.15363512,4.01234568,6.29492455},{71638.15,49.3283951,627.67037,60.0185185,368.9,84.5666667,60.5,76.3444444,1.95555556,5.63703704,5.29259259,8.93703704,3.65925926}}',
	513.6568027588972, 0.4266580102749603, 2240, '{810,729,701}');
INSERT INTO expected_feature VALUES
	(13, 'Income', 52247.25135379061, NULL, NULL, NULL, 1730.0, 664936.0, 24, 0),
	(13, 'Recency', 49.109375, NULL, NULL, NULL, 0.0, 99.0, 0, 0),
	(13, 'MntWines', 303.9357142857143, NULL, NULL, NULL, 0.0, 1493.0, 0, 0),
	(13, 'MntFruits', 26.302232142857143, NULL, NULL, NULL, 0.0, 199.0, 0, 0),
	(13, 'MntMeatProducts', 166.95, NULL, NULL, NULL, 0.0, 1725.0, 0, 0),
	(13, 'MntFishProducts', 37.52544642857143, NULL, NULL, NULL, 0.0, 259.0, 0, 0),
	(13, 'MntSweetProducts', 27.06294642857143, NULL, NULL, NULL, 0.0, 263.0, 0, 0),
	(13, 'MntGoldProds', 44.021875, NULL, NULL, NULL, 0.0, 362.0, 0, 0),
	(13, 'NumDealsPurchases', 2.325, NULL, NULL, NULL, 0.0, 15.0, 0, 0),
	(13, 'NumWebPurchases', 4.084821428571429, NULL, NULL, NULL, 0.0, 27.0, 0, 0),
	(13, 'NumCatalogPurchases', 2.6620535714285714, NULL, NULL, NULL, 0.0, 28.0, 0, 0),
	(13, 'NumStorePurchases', 5.790178571428571, NULL, NULL, NULL, 0.0, 13.0, 0, 0),
	(13, 'NumWebVisitsMonth', 5.316517857142857, NULL, NULL, NULL, 0.0, 20.0, 0, 0);

INSERT INTO expected_fit VALUES (14, 'numbers',
	'scaling robust, missing mean, outliers skip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''mean'', transform => ''none'', outliers => ''skip''',
	'{{55958.828,48.4212121,434.721212,13.2515152,104.327273,16.0909091,12.6484848,42.9424242,3.12121212,5.83636364,2.67878788,7.34242424,5.64545455},{34864.0966,48.9632572,44.6355511,4.01986097,20.8262165,5.73187686,4.15392254,13.551142,2.00695134,2.13604767,0.508440914,3.20456802,6.43396226},{67141.4661,50.7286432,512.201005,37.9095477,264.155779,61.3467337,38.7537688,45.2914573,2.10050251,5.50251256,4.57286432,8.57788945,3.8040201}}',
	10945.92683181945, 0.5097703414581054, 1536, '{1007,330,199}');
INSERT INTO expected_feature VALUES
	(14, 'Income', 52247.25135379061, -14525.5, 118350.5, NULL, 42344.0, 24967.5, 17, 0),
	(14, 'Recency', 49.109375, -51.0, 149.0, NULL, 49.0, 51.0, 0, 0),
	(14, 'MntWines', 303.9357142857143, -697.0, 1225.0, NULL, 53.0, 241.0, 0, 0),
	(14, 'MntFruits', 26.302232142857143, -47.0, 81.0, NULL, 4.0, 11.0, 0, 0),
	(14, 'MntMeatProducts', 166.95, -308.0, 556.0, NULL, 26.0, 73.25, 0, 0),
	(14, 'MntFishProducts', 37.52544642857143, -67.5, 120.5, NULL, 6.0, 15.0, 0, 0),
	(14, 'MntSweetProducts', 27.06294642857143, -47.0, 81.0, NULL, 4.0, 12.0, 0, 0),
	(14, 'MntGoldProds', 44.021875, -61.5, 126.5, NULL, 15.0, 28.0, 0, 0),
	(14, 'NumDealsPurchases', 2.325, -2.0, 6.0, NULL, 2.0, 2.0, 0, 0),
	(14, 'NumWebPurchases', 4.084821428571429, -4.0, 12.0, NULL, 3.0, 4.0, 0, 0),
	(14, 'NumCatalogPurchases', 2.6620535714285714, -6.0, 10.0, NULL, 1.0, 2.0, 0, 0),
	(14, 'NumStorePurchases', 5.790178571428571, -4.5, 15.5, NULL, 4.0, 3.0, 0, 0),
	(14, 'NumWebVisitsMonth', 5.316517857142857, -3.0, 13.0, NULL, 6.0, 2.0, 0, 0);

INSERT INTO expected_fit VALUES (15, 'numbers',
	'scaling maxabs, missing zero, outliers skip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''maxabs'', missing => ''zero'', transform => ''none'', outliers => ''skip''',
	'{{33402.458,49.1487779,33.445271,4.18384697,18.293305,6.0010627,4.39851222,12.6418704,1.83528162,1.89373007,0.462274176,3.12433581,6.32731137},{51863.3173,47.4787535,363.852691,10.2351275,87.266289,13.3711048,9.12181303,40.2407932,3.56090652,5.8101983,2.19830028,6.54674221,6.28328612},{67388.6074,51.1198347,538.933884,34.7727273,247.719008,53.4008264,35.9917355,44.3347107,2.00413223,5.53305785,4.52479339,8.70247934,3.83057851}}',
	506.7823721794405, 0.41941338329803846, 1536, '{941,353,242}');
INSERT INTO expected_feature VALUES
	(15, 'Income', 0.0, -14525.5, 118350.5, NULL, 0.0, 90933.0, 17, 0),
	(15, 'Recency', 0.0, -51.0, 149.0, NULL, 0.0, 99.0, 0, 0),
	(15, 'MntWines', 0.0, -697.0, 1225.0, NULL, 0.0, 1218.0, 0, 0),
	(15, 'MntFruits', 0.0, -47.0, 81.0, NULL, 0.0, 81.0, 0, 0),
	(15, 'MntMeatProducts', 0.0, -308.0, 556.0, NULL, 0.0, 545.0, 0, 0),
	(15, 'MntFishProducts', 0.0, -67.5, 120.5, NULL, 0.0, 120.0, 0, 0),
	(15, 'MntSweetProducts', 0.0, -47.0, 81.0, NULL, 0.0, 81.0, 0, 0),
	(15, 'MntGoldProds', 0.0, -61.5, 126.5, NULL, 0.0, 126.0, 0, 0),
	(15, 'NumDealsPurchases', 0.0, -2.0, 6.0, NULL, 0.0, 6.0, 0, 0),
	(15, 'NumWebPurchases', 0.0, -4.0, 12.0, NULL, 0.0, 11.0, 0, 0),
	(15, 'NumCatalogPurchases', 0.0, -6.0, 10.0, NULL, 0.0, 10.0, 0, 0),
	(15, 'NumStorePurchases', 0.0, -4.5, 15.5, NULL, 0.0, 13.0, 0, 0),
	(15, 'NumWebVisitsMonth', 0.0, -3.0, 13.0, NULL, 0.0, 13.0, 0, 0);

INSERT INTO expected_fit VALUES (16, 'numbers',
	'missing zero',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''zero'', transform => ''none''',
	'{{34447.7299,49.25,42.2557471,4.76915709,23.7001916,7.0862069,5.00766284,14.8189655,1.99042146,2.08045977,0.551724138,3.21743295,6.4032567},{76146.6623,49.6390728,594.004967,69.263245,447.206954,100.660596,70.6456954,78.7201987,1.40728477,5.22682119,5.99337748,8.4884106,2.85430464},{57134.9578,48.3209459,469.462838,20.4442568,133.635135,26.7905405,21.4915541,60.1199324,3.85135135,6.45439189,2.9847973,7.57432432,5.91216216}}',
	16601.91676816782, 0.42987923186236887, 2240, '{1044,604,592}');
INSERT INTO expected_feature VALUES
	(16, 'Income', 0.0, NULL, NULL, NULL, 51687.459375, 25603.625720316024, 24, 0),
	(16, 'Recency', 0.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(16, 'MntWines', 0.0, NULL, NULL, NULL, 303.9357142857143, 336.52225087151766, 0, 0),
	(16, 'MntFruits', 0.0, NULL, NULL, NULL, 26.302232142857143, 39.76455477490109, 0, 0),
	(16, 'MntMeatProducts', 0.0, NULL, NULL, NULL, 166.95, 225.6649839917571, 0, 0),
	(16, 'MntFishProducts', 0.0, NULL, NULL, NULL, 37.52544642857143, 54.616784073023496, 0, 0),
	(16, 'MntSweetProducts', 0.0, NULL, NULL, NULL, 27.06294642857143, 41.2712830622489, 0, 0),
	(16, 'MntGoldProds', 0.0, NULL, NULL, NULL, 44.021875, 52.15579309748087, 0, 0),
	(16, 'NumDealsPurchases', 0.0, NULL, NULL, NULL, 2.325, 1.93180614969515, 0, 0),
	(16, 'NumWebPurchases', 0.0, NULL, NULL, NULL, 4.084821428571429, 2.778093829454848, 0, 0),
	(16, 'NumCatalogPurchases', 0.0, NULL, NULL, NULL, 2.6620535714285714, 2.9224481048774043, 0, 0),
	(16, 'NumStorePurchases', 0.0, NULL, NULL, NULL, 5.790178571428571, 3.250232404367103, 0, 0),
	(16, 'NumWebVisitsMonth', 0.0, NULL, NULL, NULL, 5.316517857142857, 2.4261032872479706, 0, 0);

INSERT INTO expected_fit VALUES (17, 'numbers',
	'scaling minmax, missing skip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''minmax'', missing => ''skip'', transform => ''none''',
	'{{41063.9842,75.0402878,128.598561,7.41438849,52.6906475,10.8402878,8.42446043,25.9194245,2.54388489,3.24460432,1.20863309,4.02302158,6.22877698},{71803.7332,49.0773067,628.051122,60.053616,369.592269,84.7369077,60.5249377,76.6396509,1.94638404,5.65710723,5.29800499,8.94264339,3.65835411},{41243.1794,23.7816412,115.452017,7.07788595,51.5020862,11.0041725,7.64951321,24.9624478,2.53129346,3.14464534,1.15438108,4.01529903,6.29207232}}',
	515.9416479938837, 0.42502104299401566, 2216, '{802,719,695}');
INSERT INTO expected_feature VALUES
	(17, 'Income', NULL, NULL, NULL, NULL, 1730.0, 664936.0, 0, 0),
	(17, 'Recency', NULL, NULL, NULL, NULL, 0.0, 99.0, 0, 0),
	(17, 'MntWines', NULL, NULL, NULL, NULL, 0.0, 1493.0, 0, 0),
	(17, 'MntFruits', NULL, NULL, NULL, NULL, 0.0, 199.0, 0, 0),
	(17, 'MntMeatProducts', NULL, NULL, NULL, NULL, 0.0, 1725.0, 0, 0),
	(17, 'MntFishProducts', NULL, NULL, NULL, NULL, 0.0, 259.0, 0, 0),
	(17, 'MntSweetProducts', NULL, NULL, NULL, NULL, 0.0, 262.0, 0, 0),
	(17, 'MntGoldProds', NULL, NULL, NULL, NULL, 0.0, 321.0, 0, 0),
	(17, 'NumDealsPurchases', NULL, NULL, NULL, NULL, 0.0, 15.0, 0, 0),
	(17, 'NumWebPurchases', NULL, NULL, NULL, NULL, 0.0, 27.0, 0, 0),
	(17, 'NumCatalogPurchases', NULL, NULL, NULL, NULL, 0.0, 28.0, 0, 0),
	(17, 'NumStorePurchases', NULL, NULL, NULL, NULL, 0.0, 13.0, 0, 0),
	(17, 'NumWebVisitsMonth', NULL, NULL, NULL, NULL, 0.0, 20.0, 0, 0);

INSERT INTO expected_fit VALUES (18, 'numbers',
	'scaling robust',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''median'', transform => ''none''',
	'{{62820.8939,48.7409091,522.901515,21.5287879,194.530303,33.3242424,23.3545455,62.7590909,3.30606061,6.05909091,3.86818182,7.82878788,5.09848485},{35946.5779,49.0091158,54.2926162,4.67092069,24.2342753,6.76298997,4.67365542,14.6381039,2.10027347,2.2698268,0.585232452,3.35916135,6.4284412},{74778.2174,49.8405797,571.722567,81.9544513,453.401656,113.134576,82.9813665,85.1552795,1.49482402,5.50931677,5.73084886,8.52587992,3.08902692}}',
	13496.377275420638, 0.4537715932920383, 2240, '{1097,660,483}');
INSERT INTO expected_feature VALUES
	(18, 'Income', 51381.5, NULL, NULL, NULL, 51381.5, 32751.0, 24, 0),
	(18, 'Recency', 49.0, NULL, NULL, NULL, 49.0, 50.0, 0, 0),
	(18, 'MntWines', 173.5, NULL, NULL, NULL, 173.5, 480.5, 0, 0),
	(18, 'MntFruits', 8.0, NULL, NULL, NULL, 8.0, 32.0, 0, 0),
	(18, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 67.0, 216.0, 0, 0),
	(18, 'MntFishProducts', 12.0, NULL, NULL, NULL, 12.0, 47.0, 0, 0),
	(18, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 8.0, 32.0, 0, 0),
	(18, 'MntGoldProds', 24.0, NULL, NULL, NULL, 24.0, 47.0, 0, 0),
	(18, 'NumDealsPurchases', 2.0, NULL, NULL, NULL, 2.0, 2.0, 0, 0),
	(18, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 4.0, 4.0, 0, 0),
	(18, 'NumCatalogPurchases', 2.0, NULL, NULL, NULL, 2.0, 4.0, 0, 0),
	(18, 'NumStorePurchases', 5.0, NULL, NULL, NULL, 5.0, 5.0, 0, 0),
	(18, 'NumWebVisitsMonth', 6.0, NULL, NULL, NULL, 6.0, 4.0, 0, 0);

INSERT INTO expected_fit VALUES (19, 'numbers',
	'scaling maxabs, missing skip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''maxabs'', missing => ''skip'', transform => ''none''',
	'{{41063.9842,75.0402878,128.598561,7.41438849,52.6906475,10.8402878,8.42446043,25.9194245,2.54388489,3.24460432,1.20863309,4.02302158,6.22877698},{71803.7332,49.0773067,628.051122,60.053616,369.592269,84.7369077,60.5249377,76.6396509,1.94638404,5.65710723,5.29800499,8.94264339,3.65835411},{41243.1794,23.7816412,115.452017,7.07788595,51.5020862,11.0041725,7.64951321,24.9624478,2.53129346,3.14464534,1.15438108,4.01529903,6.29207232}}',
	515.9308287480847, 0.4250225565538246, 2216, '{802,719,695}');
INSERT INTO expected_feature VALUES
	(19, 'Income', NULL, NULL, NULL, NULL, 0.0, 666666.0, 0, 0),
	(19, 'Recency', NULL, NULL, NULL, NULL, 0.0, 99.0, 0, 0),
	(19, 'MntWines', NULL, NULL, NULL, NULL, 0.0, 1493.0, 0, 0),
	(19, 'MntFruits', NULL, NULL, NULL, NULL, 0.0, 199.0, 0, 0),
	(19, 'MntMeatProducts', NULL, NULL, NULL, NULL, 0.0, 1725.0, 0, 0),
	(19, 'MntFishProducts', NULL, NULL, NULL, NULL, 0.0, 259.0, 0, 0),
	(19, 'MntSweetProducts', NULL, NULL, NULL, NULL, 0.0, 262.0, 0, 0),
	(19, 'MntGoldProds', NULL, NULL, NULL, NULL, 0.0, 321.0, 0, 0),
	(19, 'NumDealsPurchases', NULL, NULL, NULL, NULL, 0.0, 15.0, 0, 0),
	(19, 'NumWebPurchases', NULL, NULL, NULL, NULL, 0.0, 27.0, 0, 0),
	(19, 'NumCatalogPurchases', NULL, NULL, NULL, NULL, 0.0, 28.0, 0, 0),
	(19, 'NumStorePurchases', NULL, NULL, NULL, NULL, 0.0, 13.0, 0, 0),
	(19, 'NumWebVisitsMonth', NULL, NULL, NULL, NULL, 0.0, 20.0, 0, 0);

INSERT INTO expected_fit VALUES (20, 'fences',
	'outliers clip, outlier_method zscore',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore''',
	'{{74333.4203,50.3168103,569.668125,80.9787443,454.841387,112.506562,80.6589029,83.0166392},{36574.7697,49.0654515,72.8202154,5.46396023,31.0132104,8.15575808,5.66518376,17.4171233},{66126.1345,48.2179262,574.400755,23.3514938,209.521291,36.2139747,26.1489518,66.0691368}}',
	9213.21530851413, 0.4858696814445239, 2240, '{1207,569,464}');
INSERT INTO expected_feature VALUES
	(20, 'Income', 51381.5, -23254.937168698285, 127749.4398762795, NULL, 51902.77880312957, 21055.7108124436, 24, 8),
	(20, 'Recency', 49.0, -37.75858676043816, 135.97733676043816, NULL, 49.109375, 28.955987253479385, 0, 0),
	(20, 'MntWines', 173.5, -705.6310383288378, 1313.5024669002664, NULL, 303.14912476357335, 333.97903989262784, 0, 16),
	(20, 'MntFruits', 8.0, -92.99143218184648, 145.59589646756078, NULL, 25.650061327644593, 37.464763904338994, 0, 64),
	(20, 'MntMeatProducts', 67.0, -510.0449519752736, 843.9449519752736, NULL, 164.15043001030588, 213.4615518304919, 0, 37),
	(20, 'MntFishProducts', 12.0, -126.32490579049792, 201.37579864764078, NULL, 36.898569786412125, 52.48606677007264, 0, 58),
	(20, 'MntSweetProducts', 8.0, -96.75090275817487, 150.87679561531775, NULL, 26.40283987863826, 38.86738996499238, 0, 62),
	(20, 'MntGoldProds', 24.0, -112.4455042924422, 200.48925429244218, NULL, 43.364074637887256, 49.74601185023334, 0, 44);

INSERT INTO expected_fit VALUES (21, 'fences',
	'scaling robust, missing skip, transform log1p, outliers skip, outlier_method zscore, feature_options {Income: {clip: [0.05, 0.9], weight: 2}, MntWines: {clip: [0.05, 0.9]}, MntFruits: {clip: [0.05, 0.9]}, Recency: {weight: 0.5}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds"}'', scaling => ''robust'', missing => ''skip'', transform => ''log1p'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"Income": {"clip": [0.05, 0.9], "weight": 2}, "MntWines": {"clip": [0.05, 0.9]}, "MntFruits": {"clip": [0.05, 0.9]}, "Recency": {"weight": 0.5}}''',
	'{{49922.1535,34.1826768,187.11139,4.31625825,58.148986,5.71797247,4.03203373,25.3157802},{68124.8492,37.8672023,437.540518,33.949629,268.327069,51.9263928,36.8105946,49.2687605},{29804.9193,35.913013,13.3132219,1.9194925,10.3320112,2.70196911,1.9631496,6.4491476}}',
	3236.0316907828155, 0.54506323486357, 2047, '{756,689,602}');
INSERT INTO expected_feature VALUES
	(21, 'Income', NULL, 18985.5, 79844.0, NULL, 10.8020012043076, 0.6457662952441794, 0, 265),
	(21, 'Recency', NULL, -37.75858676043816, 135.97733676043816, NULL, 3.912023005428146, 1.0986122886681096, 0, 0),
	(21, 'MntWines', NULL, 3.0, 822.1000000000001, NULL, 5.030437921392435, 3.044520095183126, 0, 287),
	(21, 'MntFruits', NULL, 0.0, 83.0, NULL, 2.0794415416798357, 2.6026896854443837, 0, 150),
	(21, 'MntMeatProducts', NULL, -510.0449519752736, 843.9449519752736, NULL, 4.04305126783455, 2.495956485974585, 0, 0),
	(21, 'MntFishProducts', NULL, -126.32490579049792, 201.37579864764078, NULL, 2.3978952727983707, 2.5649493574615367, 0, 0),
	(21, 'MntSweetProducts', NULL, -96.75090275817487, 150.87679561531775, NULL, 2.0794415416798357, 2.6741486494265283, 0, 0),
	(21, 'MntGoldProds', NULL, -112.4455042924422, 200.48925429244218, NULL, 3.1354942159291497, 1.7147984280919268, 0, 0);

INSERT INTO expected_fit VALUES (22, 'fences',
	'scaling robust, transform log1p, feature_options {Income: {clip: [0.05, 0.9]}, MntWines: {clip: [0.05, 0.9]}, MntFruits: {clip: [0.05, 0.9]}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds"}'', scaling => ''robust'', missing => ''median'', transform => ''log1p'', feature_options => ''{"Income": {"clip": [0.05, 0.9]}, "MntWines": {"clip": [0.05, 0.9]}, "MntFruits": {"clip": [0.05, 0.9]}}''',
	'{{64478.9227,47.8247612,396.807952,25.2856701,224.304623,40.9733518,27.439463,50.9179188},{34092.8802,47.917439,25.2861497,1.99843649,15.1835178,2.77397812,1.98466017,8.61880037},{47613.5703,4.15177533,111.627336,6.97387684,54.9440599,8.82888455,7.40278406,19.8989105}}',
	3814.7936932145367, 0.5037748564576986, 2240, '{1014,954,272}');
INSERT INTO expected_feature VALUES
	(22, 'Income', 51381.5, 18985.5, 79844.0, NULL, 10.847052926545164, 0.6531225452306444, 24, 333),
	(22, 'Recency', 49.0, NULL, NULL, NULL, 3.912023005428146, 1.0986122886681096, 0, 0),
	(22, 'MntWines', 173.5, 3.0, 822.1000000000001, NULL, 5.161920636569022, 3.0163826630402495, 0, 316),
	(22, 'MntFruits', 8.0, 0.0, 83.0, NULL, 2.197224577336219, 2.8332133440562157, 0, 219),
	(22, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 4.219507705176107, 2.617825109509484, 0, 0),
	(22, 'MntFishProducts', 12.0, NULL, NULL, NULL, 2.5649493574615367, 2.5455312716044354, 0, 0),
	(22, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 2.197224577336219, 2.8332133440562157, 0, 0),
	(22, 'MntGoldProds', 24.0, NULL, NULL, NULL, 3.2188758248682006, 1.7404661748405048, 0, 0);

INSERT INTO expected_fit VALUES (23, 'fences',
	'scaling robust, transform log1p, outliers clip, outlier_method zscore, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds"}'', scaling => ''robust'', missing => ''median'', transform => ''log1p'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}''',
	'{{49936.7616,34.7171656,154.044487,3.69861208,50.073204,4.9241354,3.77367954,20.8253831},{70016.2976,37.7450077,464.813936,39.6546386,287.377,58.8546336,39.0227018,55.1580017},{26615.5064,35.8073354,10.9462344,2.02380955,10.1348287,2.88829054,2.04264508,6.59661228}}',
	3935.7539221134657, 0.5421032621653816, 2240, '{855,694,691}');
INSERT INTO expected_feature VALUES
	(23, 'Income', 51381.5, -23254.937168698285, 127749.4398762795, NULL, 10.847052926545164, 0.6531225452306444, 24, 8),
	(23, 'Recency', 49.0, -37.75858676043816, 135.97733676043816, NULL, 3.912023005428146, 1.0986122886681096, 0, 0),
	(23, 'MntWines', 173.5, -705.6310383288378, 1313.5024669002664, NULL, 5.161920636569022, 3.0163826630402495, 0, 16),
	(23, 'MntFruits', 8.0, -92.99143218184648, 145.59589646756078, NULL, 2.197224577336219, 2.8332133440562157, 0, 64),
	(23, 'MntMeatProducts', 67.0, -510.0449519752736, 843.9449519752736, NULL, 4.219507705176107, 2.617825109509484, 0, 37),
	(23, 'MntFishProducts', 12.0, -126.32490579049792, 201.37579864764078, NULL, 2.5649493574615367, 2.5455312716044354, 0, 58),
	(23, 'MntSweetProducts', 8.0, -96.75090275817487, 150.87679561531775, NULL, 2.197224577336219, 2.8332133440562157, 0, 62),
	(23, 'MntGoldProds', 24.0, -112.4455042924422, 200.48925429244218, NULL, 3.2188758248682006, 1.7404661748405048, 0, 44);

INSERT INTO expected_fit VALUES (24, 'fences',
	'outliers skip, outlier_method zscore, feature_options {Income: {clip: [0.05, 0.9]}, MntWines: {clip: [0.05, 0.9]}, MntFruits: {clip: [0.05, 0.9]}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''skip'', outlier_method => ''zscore'', feature_options => ''{"Income": {"clip": [0.05, 0.9]}, "MntWines": {"clip": [0.05, 0.9]}, "MntFruits": {"clip": [0.05, 0.9]}}''',
	'{{71413.9403,50.5135135,535.005856,55.7477477,408.376126,91.2725225,66.2567568,72.7882883},{36248.1292,48.8587922,58.4946714,4.97335702,26.5239787,7.1660746,4.95470693,15.0035524},{60950.9509,48.012024,485.613627,18.9739479,148.953908,26.3687375,18.7374749,59.6773547}}',
	8146.462526160397, 0.5078260919429436, 2069, '{1126,499,444}');
INSERT INTO expected_feature VALUES
	(24, 'Income', 51381.5, 18985.5, 79844.0, NULL, 49752.39608506525, 18657.175255050268, 22, 265),
	(24, 'Recency', 49.0, -37.75858676043816, 135.97733676043816, NULL, 49.00966650555824, 28.956357943970726, 0, 0),
	(24, 'MntWines', 173.5, 3.0, 822.1000000000001, NULL, 263.7645239246013, 281.9722511842607, 0, 288),
	(24, 'MntFruits', 8.0, 0.0, 83.0, NULL, 19.246012566457225, 25.783458787162843, 0, 152),
	(24, 'MntMeatProducts', 67.0, -510.0449519752736, 843.9449519752736, NULL, 137.9956500724988, 184.79089453532632, 0, 0),
	(24, 'MntFishProducts', 12.0, -126.32490579049792, 201.37579864764078, NULL, 29.846302561623972, 43.149011337658685, 0, 0),
	(24, 'MntSweetProducts', 8.0, -96.75090275817487, 150.87679561531775, NULL, 21.434026099565006, 31.76168086650528, 0, 0),
	(24, 'MntGoldProds', 24.0, -112.4455042924422, 200.48925429244218, NULL, 38.17834702754954, 43.66924537655504, 0, 0);

INSERT INTO expected_fit VALUES (25, 'fences',
	'scaling robust, missing skip, outliers clip, outlier_method zscore, feature_options {Income: {clip: [0.05, 0.9]}, MntWines: {clip: [0.05, 0.9]}, MntFruits: {clip: [0.05, 0.9]}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"Income": {"clip": [0.05, 0.9]}, "MntWines": {"clip": [0.05, 0.9]}, "MntFruits": {"clip": [0.05, 0.9]}}''',
	'{{39291.9407,48.7467283,117.572286,5.51501155,35.9545381,7.80831409,5.57967667,17.8375674},{65943.1577,49.3376384,514.14631,34.7675277,278.412268,47.429431,29.3431734,77.7200634},{72553.296,49.464,520.356267,60.2426667,445.201663,123.069453,94.3399588,82.1860363}}',
	6698.449538672088, 0.5451659396941682, 2216, '{1299,542,375}');
INSERT INTO expected_feature VALUES
	(25, 'Income', NULL, 18985.5, 79844.0, NULL, 51381.5, 33219.0, 0, 333),
	(25, 'Recency', NULL, -37.75858676043816, 135.97733676043816, NULL, 49.0, 50.0, 0, 0),
	(25, 'MntWines', NULL, 3.0, 822.1000000000001, NULL, 174.5, 481.0, 0, 315),
	(25, 'MntFruits', NULL, 0.0, 83.0, NULL, 8.0, 31.0, 0, 217),
	(25, 'MntMeatProducts', NULL, -510.0449519752736, 843.9449519752736, NULL, 68.0, 216.25, 0, 36),
	(25, 'MntFishProducts', NULL, -126.32490579049792, 201.37579864764078, NULL, 12.0, 47.0, 0, 58),
	(25, 'MntSweetProducts', NULL, -96.75090275817487, 150.87679561531775, NULL, 8.0, 32.0, 0, 61),
	(25, 'MntGoldProds', NULL, -112.4455042924422, 200.48925429244218, NULL, 24.5, 47.0, 0, 43);

INSERT INTO expected_fit VALUES (26, 'fences',
	'transform log1p, outliers skip, outlier_method zscore',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds"}'', scaling => ''standard'', missing => ''median'', transform => ''log1p'', outliers => ''skip'', outlier_method => ''zscore''',
	'{{67138.362,37.9131152,429.466625,34.1794717,254.350586,51.2647444,36.959511,48.2705135},{48998.074,34.6259393,189.768764,4.32293598,59.6102258,5.87767251,4.0455829,26.405037},{28803.6154,35.9522218,12.336297,1.76574548,9.90326652,2.46524621,1.78804176,6.15977549}}',
	7706.127202636444, 0.5214774464334051, 2013, '{753,663,597}');
INSERT INTO expected_feature VALUES
	(26, 'Income', 51381.5, -23254.937168698285, 127749.4398762795, NULL, 10.70456481725674, 0.4829062814931962, 22, 0),
	(26, 'Recency', 49.0, -37.75858676043816, 135.97733676043816, NULL, 3.615815237146006, 0.9524481256138362, 0, 0),
	(26, 'MntWines', 173.5, -705.6310383288378, 1313.5024669002664, NULL, 4.523860526761419, 1.8039156402128245, 0, 0),
	(26, 'MntFruits', 8.0, -92.99143218184648, 145.59589646756078, NULL, 2.049091065871937, 1.4763391766700213, 0, 0),
	(26, 'MntMeatProducts', 67.0, -510.0449519752736, 843.9449519752736, NULL, 3.936461707224377, 1.4910709051972022, 0, 0),
	(26, 'MntFishProducts', 12.0, -126.32490579049792, 201.37579864764078, NULL, 2.339811707244661, 1.5724515610387437, 0, 0),
	(26, 'MntSweetProducts', 8.0, -96.75090275817487, 150.87679561531775, NULL, 2.061274622483269, 1.5029589711515279, 0, 0),
	(26, 'MntGoldProds', 24.0, -112.4455042924422, 200.48925429244218, NULL, 3.00183573076363, 1.2450361659449316, 0, 0);

INSERT INTO expected_fit VALUES (27, 'yeo-johnson',
	'transform yeo-johnson',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''median'', transform => ''yeo-johnson''',
	'{{72759.9649,47.4049709,495.632662,42.1658722,312.542658,63.1055743,40.8841166,53.8879929,1.30365431,5.02629283,4.92296075,8.11399785,3.11926464},{51587.0911,45.1889559,283.203738,5.76873787,80.7505996,8.48568108,5.74146043,34.7103282,3.30238942,5.43690558,1.99093294,6.14108291,6.35852297},{31803.9232,45.6360791,16.2702517,1.95329765,11.64439,2.8128248,2.02688066,7.79993411,1.55122966,1.62867232,0.278983154,2.82233954,6.41629096}}',
	14057.682649483619, 0.5172499090149856, 2240, '{873,764,603}');
INSERT INTO expected_feature VALUES
	(27, 'Income', 51381.5, NULL, NULL, 0.46441636413846626, 323.8288603524473, 69.33370670471977, 24, 0),
	(27, 'Recency', 49.0, NULL, NULL, 0.7136319586312128, 20.5042821042044, 10.038456604827775, 0, 0),
	(27, 'MntWines', 173.5, NULL, NULL, 0.1891071102136261, 8.221724904969406, 4.1710604748065006, 0, 0),
	(27, 'MntFruits', 8.0, NULL, NULL, -0.03196067443312037, 2.124097645260456, 1.4601187216655007, 0, 0),
	(27, 'MntMeatProducts', 67.0, NULL, NULL, 0.030119831401569788, 4.435656584942501, 1.765684591876167, 0, 0),
	(27, 'MntFishProducts', 12.0, NULL, NULL, 0.018210334474950775, 2.620403825464573, 1.7345492967810179, 0, 0),
	(27, 'MntSweetProducts', 8.0, NULL, NULL, -0.03264272133611959, 2.1212387907940142, 1.4797981418840092, 0, 0),
	(27, 'MntGoldProds', 24.0, NULL, NULL, 0.11350712030151455, 3.878041641517539, 1.8129441015196428, 0, 0),
	(27, 'NumDealsPurchases', 2.0, NULL, NULL, -0.487185067568378, 0.8080868562099618, 0.26821628353338084, 0, 0),
	(27, 'NumWebPurchases', 4.0, NULL, NULL, 0.18956661572510303, 1.744319884101397, 0.7380677834258816, 0, 0),
	(27, 'NumCatalogPurchases', 2.0, NULL, NULL, -0.10240945488685073, 0.9283420891769444, 0.693841860804396, 0, 0),
	(27, 'NumStorePurchases', 5.0, NULL, NULL, 0.1081273923267766, 2.0033843718409425, 0.5900481009835877, 0, 0),
	(27, 'NumWebVisitsMonth', 6.0, NULL, NULL, 0.8644783193228485, 4.481526192021125, 1.908868502588199, 0, 0);

INSERT INTO expected_fit VALUES (28, 'yeo-johnson',
	'scaling robust, missing skip, transform yeo-johnson, outliers clip, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}'', distance => ''cosine''',
	'{{50160.8296,43.1909363,596.551511,2.23856532,90.3588828,3.01871029,1.74413136,66.0782816,9.31917611,9.56186243,1.90147434,7.59258018,8.07785771},{29130.9074,45.3992375,9.37675217,1.57036263,9.02842185,2.27523277,1.67280014,7.03441209,1.65952751,1.39041288,0.0798178673,2.61371115,6.44919437},{75394.9561,45.8955986,588.069824,46.9497122,346.359603,68.7480744,45.8410999,56.2314206,1.40510722,5.52282813,5.27203058,9.10057776,2.86453823}}',
	1218.5044231763752, 0.6949987691519042, 2216, '{961,899,356}');
INSERT INTO expected_feature VALUES
	(28, 'Income', NULL, -14525.5, 118350.5, 0.8017967968446901, 7464.138403033179, 3878.1589672640575, 0, 8),
	(28, 'Recency', NULL, -51.0, 149.0, 0.7117883688562061, 21.34376800046439, 16.470092562924386, 0, 0),
	(28, 'MntWines', NULL, -697.0, 1225.0, 0.1931595688493391, 8.870046895433193, 7.594484338816725, 0, 35),
	(28, 'MntFruits', NULL, -47.0, 81.0, 0.021319518582224313, 2.24950079428114, 2.550723112665017, 0, 225),
	(28, 'MntMeatProducts', NULL, -308.0, 556.0, 0.06435431886353496, 4.867135448772658, 3.423057680619891, 0, 174),
	(28, 'MntFishProducts', NULL, -67.5, 120.5, 0.059638305379226514, 2.7715262022034564, 2.9858405647069644, 0, 222),
	(28, 'MntSweetProducts', NULL, -47.0, 81.0, 0.022326280556539416, 2.2520101158458754, 2.9703541635897235, 0, 246),
	(28, 'MntGoldProds', NULL, -61.5, 126.5, 0.18195370755497028, 4.411317864100475, 3.1131474114850772, 0, 205),
	(28, 'NumDealsPurchases', NULL, -2.0, 6.0, -0.3508054770190917, 0.9116760480112763, 0.482492326607067, 0, 84),
	(28, 'NumWebPurchases', NULL, -4.0, 12.0, 0.2456217275768754, 1.9739652619486934, 1.2336798549092078, 0, 3),
	(28, 'NumCatalogPurchases', NULL, -6.0, 10.0, -0.07560664006118296, 1.0542230946446212, 1.51537022623762, 0, 23),
	(28, 'NumStorePurchases', NULL, -4.5, 15.5, 0.09917149397814967, 1.9608127595166394, 0.9688821017930569, 0, 0),
	(28, 'NumWebVisitsMonth', NULL, -3.0, 13.0, 1.0864224751702387, 6.7027029836663425, 4.662872414194052, 0, 8);

INSERT INTO expected_fit VALUES (29, 'yeo-johnson',
	'missing skip, transform yeo-johnson, outliers skip, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''skip'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}''',
	'{{65065.9184,46.9432705,385.335118,18.3059332,160.521201,27.6226715,19.3332099,31.6496087,1.78978087,4.82126074,3.26504915,7.70417081,4.15123378},{30897.7833,45.867211,12.6926699,1.77552857,10.1735669,2.65053502,1.83778687,7.25135099,1.52839258,1.51135653,0.206967303,2.79765672,6.5392763},{46944.0226,44.8219101,176.759326,3.66819838,52.9645582,4.97921815,3.2683589,25.9796795,2.96791798,4.62892156,1.36451125,4.8945566,6.75159518}}',
	10744.798704973091, 0.47602961475760897, 1519, '{769,404,346}');
INSERT INTO expected_feature VALUES
	(29, 'Income', NULL, -14525.5, 118350.5, 0.6464420713103431, 1510.3878094039433, 400.9849433624709, 0, 0),
	(29, 'Recency', NULL, -51.0, 149.0, 0.7053981746887699, 19.96036427592735, 9.786492669799504, 0, 0),
	(29, 'MntWines', NULL, -697.0, 1225.0, 0.0325114358922567, 4.3805377526766405, 2.0002724206908495, 0, 0),
	(29, 'MntFruits', NULL, -47.0, 81.0, -0.11041219020440081, 1.4407802382715131, 1.043067316567879, 0, 0),
	(29, 'MntMeatProducts', NULL, -308.0, 556.0, -0.07628652448431884, 2.9905511796879884, 0.9882170530965643, 0, 0),
	(29, 'MntFishProducts', NULL, -67.5, 120.5, -0.03993125305428021, 1.8129812930865983, 1.2621042132009017, 0, 0),
	(29, 'MntSweetProducts', NULL, -47.0, 81.0, -0.10655875940053855, 1.4442728078113007, 1.0596360813612256, 0, 0),
	(29, 'MntGoldProds', NULL, -61.5, 126.5, 0.12544947332278608, 3.3043877315351793, 1.5467745730820985, 0, 0),
	(29, 'NumDealsPurchases', NULL, -2.0, 6.0, -0.576055759280181, 0.7932175437318582, 0.20280354204178655, 0, 0),
	(29, 'NumWebPurchases', NULL, -4.0, 12.0, -0.03260930346684489, 1.2960325573671907, 0.5217410401690606, 0, 0),
	(29, 'NumCatalogPurchases', NULL, -6.0, 10.0, -0.48447139534090733, 0.5155016281186935, 0.44446317898434123, 0, 0),
	(29, 'NumStorePurchases', NULL, -4.5, 15.5, -0.6080364531205861, 1.025499299932232, 0.14965400266738543, 0, 0),
	(29, 'NumWebVisitsMonth', NULL, -3.0, 13.0, 1.6094663478514821, 13.944171259066792, 6.041485554053636, 0, 0);

INSERT INTO expected_fit VALUES (30, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers clip, outlier_method zscore, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', distance => ''cosine''',
	'{{51921.9107,44.5784935,347.286152,4.96998122,82.0267085,6.53246566,4.28524719,42.0625109,3.99865857,6.25263226,2.09815231,6.30727872,6.91871601},{33860.9709,45.865142,20.2872327,2.17936661,13.5086932,3.13055743,2.24426978,8.57872845,1.63616991,1.76657255,0.347430608,2.96063139,6.36810378},{70758.2087,47.0723731,467.340754,34.8684302,274.77539,54.6668242,35.9701218,50.080206,1.40979561,5.05650295,4.52094807,8.00807139,3.48790745}}',
	1331.9174509006316, 0.6686770111397693, 2240, '{972,882,386}');
INSERT INTO expected_feature VALUES
	(30, 'Income', 51381.5, -23254.937168698285, 127749.4398762795, 0.785099018374762, 6359.822704406062, 3190.429993226154, 24, 8),
	(30, 'Recency', 49.0, -37.75858676043816, 135.97733676043816, 0.7136319586312128, 21.452863650947005, 16.587078198645504, 0, 0),
	(30, 'MntWines', 173.5, -705.6310383288378, 1313.5024669002664, 0.19026096472896112, 8.777890513511636, 7.502014772539741, 0, 16),
	(30, 'MntFruits', 8.0, -92.99143218184648, 145.59589646756078, -0.02610172146535859, 2.1354051222501, 2.6820225055750586, 0, 64),
	(30, 'MntMeatProducts', 67.0, -510.0449519752736, 843.9449519752736, 0.03527521584601759, 4.549709669874553, 3.0307603652102286, 0, 37),
	(30, 'MntFishProducts', 12.0, -126.32490579049792, 201.37579864764078, 0.0222615775835537, 2.639592344235718, 2.701124172680418, 0, 58),
	(30, 'MntSweetProducts', 8.0, -96.75090275817487, 150.87679561531775, -0.027108926897666457, 2.133066537845984, 2.6763773475699897, 0, 62),
	(30, 'MntGoldProds', 24.0, -112.4455042924422, 200.48925429244218, 0.12248361484833376, 3.9457153618801697, 2.5719492220882465, 0, 44),
	(30, 'NumDealsPurchases', 2.0, -3.4704184490853978, 8.120418449085399, -0.4292639800397603, 0.8759030241672506, 0.44524014752076213, 0, 32),
	(30, 'NumWebPurchases', 4.0, -4.249460059793135, 12.419102916935993, 0.2420230006401612, 1.9678851917823097, 1.2268756248602422, 0, 4),
	(30, 'NumCatalogPurchases', 2.0, -6.10529074320356, 11.429397886060702, -0.08537525692010044, 1.0486642429306463, 1.5037597463699117, 0, 4),
	(30, 'NumStorePurchases', 5.0, -3.9605186416726905, 15.540875784529833, 0.1081273923267766, 1.9770991008205063, 0.9846050676239411, 0, 0),
	(30, 'NumWebVisitsMonth', 6.0, -1.961792004601051, 12.594827718886766, 1.1087478529470747, 6.899397245460663, 4.851511648231794, 0, 9);

INSERT INTO expected_fit VALUES (31, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}''',
	'{{52604.012,46.5350331,299.451804,7.18243403,87.0951356,10.326575,7.32775725,36.2137803,3.30767796,5.51917614,2.19625214,6.4261341,6.22341051},{31274.3055,45.5075522,16.6795987,1.98861979,11.9267581,2.83834593,2.0103816,7.88540961,1.58600793,1.64195447,0.285213437,2.85573027,6.46932227},{74980.2334,46.4878729,496.330724,41.0596545,325.497119,63.5397061,39.7908044,53.9617977,1.16799771,4.92842884,4.91001028,7.94026739,2.89709184}}',
	5404.642623246929, 0.5335964994384713, 2240, '{879,701,660}');
INSERT INTO expected_feature VALUES
	(31, 'Income', 51381.5, NULL, NULL, 0.46441636413846626, 329.6435402025875, 99.07173052313414, 24, 0),
	(31, 'Recency', 49.0, NULL, NULL, 0.7136319586312128, 21.452863650947005, 16.587078198645504, 0, 0),
	(31, 'MntWines', 173.5, NULL, NULL, 0.1891071102136261, 8.747602566438136, 7.460064264038185, 0, 0),
	(31, 'MntFruits', 8.0, NULL, NULL, -0.03196067443312037, 2.1218494491006648, 2.6493756107612083, 0, 0),
	(31, 'MntMeatProducts', 67.0, NULL, NULL, 0.030119831401569788, 4.499367390910722, 2.966441325203002, 0, 0),
	(31, 'MntFishProducts', 12.0, NULL, NULL, 0.018210334474950775, 2.6257955841049934, 2.6720641999847983, 0, 0),
	(31, 'MntSweetProducts', 8.0, NULL, NULL, -0.03264272133611959, 2.120278923501282, 2.6456050136725358, 0, 0),
	(31, 'MntGoldProds', 24.0, NULL, NULL, 0.11350712030151455, 3.8855743992199754, 2.49906357325196, 0, 0),
	(31, 'NumDealsPurchases', 2.0, NULL, NULL, -0.487185067568378, 0.8507320180276833, 0.4196633671793173, 0, 0),
	(31, 'NumWebPurchases', 4.0, NULL, NULL, 0.18956661572510303, 1.8819497016024713, 1.1319498047084455, 0, 0),
	(31, 'NumCatalogPurchases', 2.0, NULL, NULL, -0.10240945488685073, 1.0390647717196997, 1.4837992119702392, 0, 0),
	(31, 'NumStorePurchases', 5.0, NULL, NULL, 0.1081273923267766, 1.9770991008205063, 0.9846050676239411, 0, 0),
	(31, 'NumWebVisitsMonth', 6.0, NULL, NULL, 0.8644783193228485, 5.063583071498749, 3.1469379630068723, 0, 0);

INSERT INTO expected_fit VALUES (32, 'yeo-johnson',
	'missing skip, transform yeo-johnson, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''skip'', transform => ''yeo-johnson'', distance => ''cosine''',
	'{{76764.769,47.8453815,602.679181,57.1651836,393.338434,84.0487256,56.4558314,59.4552046,1.32789803,5.48679624,5.72224472,8.99836515,2.78435582},{27841.6848,46.7776968,7.82337409,1.31608721,7.77887008,1.89369868,1.42353497,6.24306526,1.66705669,1.36183511,0.0595572147,2.42527178,6.75542424},{53689.6095,44.2455389,656.064396,3.21053873,106.171841,4.52055493,2.72588833,61.4356281,9.06237947,9.56669266,2.4336392,7.51540093,8.25781798}}',
	1285.2654157452748, 0.6996014139557292, 2216, '{944,844,428}');
INSERT INTO expected_feature VALUES
	(32, 'Income', NULL, NULL, NULL, 0.4626538110480288, 318.79704199410986, 68.3966526518335, 0, 0),
	(32, 'Recency', NULL, NULL, NULL, 0.7117883688562061, 20.362634853510162, 9.970843432095501, 0, 0),
	(32, 'MntWines', NULL, NULL, NULL, 0.1905116630554075, 8.271334404656784, 4.202181965225939, 0, 0),
	(32, 'MntFruits', NULL, NULL, NULL, -0.030044882389374677, 2.134745663207244, 1.4657929792650395, 0, 0),
	(32, 'MntMeatProducts', NULL, NULL, NULL, 0.0326711966419891, 4.466820955110566, 1.7844681999969367, 0, 0),
	(32, 'MntFishProducts', NULL, NULL, NULL, 0.018922865829655994, 2.627669854286282, 1.7376248201961437, 0, 0),
	(32, 'MntSweetProducts', NULL, NULL, NULL, -0.03139051165595598, 2.12751728069246, 1.482584132958295, 0, 0),
	(32, 'MntGoldProds', NULL, NULL, NULL, 0.11591394876165691, 3.8982176243412208, 1.8248003437505278, 0, 0),
	(32, 'NumDealsPurchases', NULL, NULL, NULL, -0.49311099079917137, 0.8058990757105523, 0.2654954306692366, 0, 0),
	(32, 'NumWebPurchases', NULL, NULL, NULL, 0.2050103866870044, 1.7707171994210082, 0.7525169994798001, 0, 0),
	(32, 'NumCatalogPurchases', NULL, NULL, NULL, -0.09929580573213054, 0.9331653880800066, 0.6957112836171832, 0, 0),
	(32, 'NumStorePurchases', NULL, NULL, NULL, 0.09917149397814967, 1.987883820435192, 0.5790576380132714, 0, 0),
	(32, 'NumWebVisitsMonth', NULL, NULL, NULL, 0.8586450808344069, 4.451429384937862, 1.8878289181356462, 0, 0);

INSERT INTO expected_fit VALUES (33, 'yeo-johnson',
	'transform yeo-johnson, outliers clip',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''clip''',
	'{{72658.0307,47.4768863,497.522855,37.9628707,296.025046,57.6476486,36.8785339,51.5028321,1.32187976,5.04959482,4.90798514,8.11769104,3.21014718},{32783.2962,45.8108074,16.4527578,2.00696503,11.7878694,2.87058938,2.07720051,7.99654049,1.56565973,1.62945531,0.282902167,2.82093816,6.40589211},{51794.8065,44.822198,278.641734,6.04784734,79.8867973,8.82987978,6.03388703,35.0298753,3.27890791,5.46636921,1.97572494,6.14051664,6.46473147}}',
	13696.82002440875, 0.5296421694914577, 2240, '{875,769,596}');
INSERT INTO expected_feature VALUES
	(33, 'Income', 51381.5, -14525.5, 118350.5, 0.8057447904024706, 7703.168645437075, 2580.6534232578583, 24, 8),
	(33, 'Recency', 49.0, -51.0, 149.0, 0.7136319586312128, 20.5042821042044, 10.038456604827775, 0, 0),
	(33, 'MntWines', 173.5, -697.0, 1225.0, 0.19172873124233406, 8.287676418182713, 4.213190761533901, 0, 35),
	(33, 'MntFruits', 8.0, -47.0, 81.0, 0.019070090786547454, 2.266295351672681, 1.5667901292695963, 0, 227),
	(33, 'MntMeatProducts', 67.0, -308.0, 556.0, 0.06220244498545138, 4.7685273665971835, 1.9614583311478537, 0, 175),
	(33, 'MntFishProducts', 12.0, -67.5, 120.5, 0.05865552524191234, 2.779758037537763, 1.8500685157429402, 0, 223),
	(33, 'MntSweetProducts', 8.0, -47.0, 81.0, 0.02123793925341326, 2.271404208130196, 1.59280488951122, 0, 248),
	(33, 'MntGoldProds', 24.0, -61.5, 126.5, 0.18009810414928207, 4.3766608621741865, 2.1159467853544407, 0, 207),
	(33, 'NumDealsPurchases', 2.0, -2.0, 6.0, -0.342702431664291, 0.870364798502913, 0.3023449821877849, 0, 86),
	(33, 'NumWebPurchases', 4.0, -4.0, 12.0, 0.24323112655327622, 1.8296529009315317, 0.7914143673944404, 0, 4),
	(33, 'NumCatalogPurchases', 2.0, -6.0, 10.0, -0.07911863767436524, 0.9432444000855282, 0.7063397774756276, 0, 23),
	(33, 'NumStorePurchases', 5.0, -4.5, 15.5, 0.1081273923267766, 2.0033843718409425, 0.5900481009835877, 0, 0),
	(33, 'NumWebVisitsMonth', 6.0, -3.0, 13.0, 1.090947944542731, 5.960466905234576, 2.750583523775157, 0, 8);

INSERT INTO expected_fit VALUES (34, 'yeo-johnson',
	'scaling robust, transform yeo-johnson, outliers skip, distance cosine',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''robust'', missing => ''median'', transform => ''yeo-johnson'', outliers => ''skip'', distance => ''cosine''',
	'{{24194.6458,43.8596671,4.54395385,0.899965549,5.87770383,1.38005196,1.04342035,4.35944426,1.36843038,0.881988248,-0.109640417,2.25979317,6.86308814},{63656.4351,50.6991708,371.436054,18.6437344,150.99406,26.36547,18.0933984,31.8668368,1.88782299,4.69785333,2.80107086,7.60900313,3.89641659},{49996.6495,38.3973437,595.753285,2.62009666,120.988713,3.46890695,2.10984778,47.0452937,5.30957688,7.63719528,1.78143772,5.58415465,8.44922798}}',
	1097.1499650457142, 0.605916464162364, 1536, '{781,460,295}');
INSERT INTO expected_feature VALUES
	(34, 'Income', 51381.5, -14525.5, 118350.5, 0.661044491369085, 1729.4644609712968, 674.9627331191105, 17, 0),
	(34, 'Recency', 49.0, -51.0, 149.0, 0.7074647241697403, 21.09033803906741, 16.48123251787196, 0, 0),
	(34, 'MntWines', 173.5, -697.0, 1225.0, 0.03196635777018879, 4.254471775907517, 3.308772701231215, 0, 0),
	(34, 'MntFruits', 8.0, -47.0, 81.0, -0.11211168361897128, 1.4725900516669246, 1.5622085734968736, 0, 0),
	(34, 'MntMeatProducts', 67.0, -308.0, 556.0, -0.0775976986956521, 2.9081271313858914, 1.499834321943604, 0, 0),
	(34, 'MntFishProducts', 12.0, -67.5, 120.5, -0.041576064975914005, 1.869275410728795, 1.6495560073003062, 0, 0),
	(34, 'MntSweetProducts', 8.0, -47.0, 81.0, -0.10913569320814258, 1.4760160501123198, 1.6254375781228558, 0, 0),
	(34, 'MntGoldProds', 24.0, -61.5, 126.5, 0.12255949224050737, 3.3018785174395364, 2.2583204110803705, 0, 0),
	(34, 'NumDealsPurchases', 2.0, -2.0, 6.0, -0.5820796946465675, 0.8116298628799243, 0.38100616762533546, 0, 0),
	(34, 'NumWebPurchases', 4.0, -4.0, 12.0, -0.03757902950086662, 1.3508034186693745, 1.0485713876182348, 0, 0),
	(34, 'NumCatalogPurchases', 2.0, -6.0, 10.0, -0.4857072223933842, 0.5885296412291556, 0.8513616443859238, 0, 0),
	(34, 'NumStorePurchases', 5.0, -4.5, 15.5, -0.6097968396168202, 1.0253009347099327, 0.20359120150693522, 0, 0),
	(34, 'NumWebVisitsMonth', 6.0, -3.0, 13.0, 1.6156235052797736, 13.736602462260382, 6.621270582510936, 0, 0);

INSERT INTO expected_fit VALUES (35, 'yeo-johnson',
	'missing skip, transform yeo-johnson, outliers clip, outlier_method zscore, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}',
	'features => ''{"Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth"}'', scaling => ''standard'', missing => ''skip'', transform => ''yeo-johnson'', outliers => ''clip'', outlier_method => ''zscore'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}''',
	'{{73741.7405,47.0965973,509.486386,41.4064705,324.507696,62.9157379,40.3647518,53.1957863,1.27917168,5.05556654,4.97830971,8.12112126,3.16852312},{52397.4545,45.5611963,282.538456,6.3728832,81.5012103,9.08596694,6.24249836,35.3831493,3.26060829,5.45816289,2.05543124,6.22531268,6.32349355},{32102.5543,45.3716643,16.5743941,1.97479974,11.6955696,2.86060901,2.04583197,8.02001255,1.58081141,1.64868144,0.284168083,2.83778801,6.46906327}}',
	13277.42056091581, 0.5561766091417364, 2216, '{869,739,608}');
INSERT INTO expected_feature VALUES
	(35, 'Income', NULL, -23254.937168698285, 127749.4398762795, 0.7812916938237974, 6085.592291597927, 2002.7400374451975, 0, 8),
	(35, 'Recency', NULL, -37.75858676043816, 135.97733676043816, 0.7117883688562061, 20.362634853510162, 9.970843432095501, 0, 0),
	(35, 'MntWines', NULL, -705.6310383288378, 1313.5024669002664, 0.19167733846096002, 8.300972079995415, 4.221167126186439, 0, 16),
	(35, 'MntFruits', NULL, -92.99143218184648, 145.59589646756078, -0.024082256391256007, 2.1520414525719342, 1.4791988113137833, 0, 64),
	(35, 'MntMeatProducts', NULL, -510.0449519752736, 843.9449519752736, 0.03728895133227704, 4.514585120351245, 1.813146943801003, 0, 36),
	(35, 'MntFishProducts', NULL, -126.32490579049792, 201.37579864764078, 0.023015066210990812, 2.644297667566297, 1.7500375750460644, 0, 58),
	(35, 'MntSweetProducts', NULL, -96.75090275817487, 150.87679561531775, -0.02617780816636593, 2.1426647276899966, 1.4944060101691352, 0, 61),
	(35, 'MntGoldProds', NULL, -112.4455042924422, 200.48925429244218, 0.12402359765376758, 3.957149125316425, 1.8613182963474333, 0, 43),
	(35, 'NumDealsPurchases', NULL, -3.4704184490853978, 8.120418449085399, -0.43647241104448775, 0.8299200991111207, 0.27892553581392554, 0, 31),
	(35, 'NumWebPurchases', NULL, -4.249460059793135, 12.419102916935993, 0.24469923083600492, 1.834660209869018, 0.7925451338525351, 0, 3),
	(35, 'NumCatalogPurchases', NULL, -6.10529074320356, 11.429397886060702, -0.08195688039167581, 0.94460051961916, 0.7054239748091092, 0, 4),
	(35, 'NumStorePurchases', NULL, -3.9605186416726905, 15.540875784529833, 0.09917149397814967, 1.987883820435192, 0.5790576380132714, 0, 0),
	(35, 'NumWebVisitsMonth', NULL, -1.961792004601051, 12.594827718886766, 1.1043838051494044, 6.066782369310285, 2.80667668359628, 0, 9);

INSERT INTO expected_fit VALUES (36, 'sample weights',
	'sample_weight NumStorePurchases',
	'features => ''{"Income","Recency","NumWebPurchases","MntFruits"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', sample_weight => ''NumStorePurchases''',
	'{{56085.3422,23.0757394,4.83033573,16.4482414},{74347.7202,47.4843812,5.89916963,114.145907},{56064.4123,73.8565385,4.42486665,19.0987677}}',
	27992.884813385124, 0.4350091600645467, 2240, '{1016,930,294}');
INSERT INTO expected_feature VALUES
	(36, 'Income', 51381.5, NULL, NULL, NULL, 52237.97544642857, 25032.36643728947, 24, 0),
	(36, 'Recency', 49.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(36, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 4.084821428571429, 2.778093829454848, 0, 0),
	(36, 'MntFruits', 8.0, NULL, NULL, NULL, 26.302232142857143, 39.76455477490109, 0, 0);

INSERT INTO expected_fit VALUES (37, 'sample weights',
	'scaling robust, missing skip, transform log1p, outliers clip, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}, distance cosine, sample_weight NumStorePurchases',
	'features => ''{"Income","Recency","NumWebPurchases","MntFruits"}'', scaling => ''robust'', missing => ''skip'', transform => ''log1p'', outliers => ''clip'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}'', distance => ''cosine'', sample_weight => ''NumStorePurchases''',
	'{{56115.3373,31.5242597,6.29278258,1.63482493},{32938.0105,37.1403056,1.99754757,3.02947607},{70148.3875,37.2329798,5.15498344,39.2141469}}',
	6508.06705043512, 0.6452840550306129, 2216, '{1004,897,315}');
INSERT INTO expected_feature VALUES
	(37, 'Income', NULL, -14525.5, 118350.5, NULL, 10.847052912862289, 0.6631732270662223, 0, 8),
	(37, 'Recency', NULL, -51.0, 149.0, NULL, 3.912023005428146, 1.0986122886681096, 0, 0),
	(37, 'NumWebPurchases', NULL, -4.0, 12.0, NULL, 1.6094379124341003, 0.8472978603872037, 0, 3),
	(37, 'MntFruits', NULL, -47.0, 81.0, NULL, 2.197224577336219, 2.4277482359480516, 0, 225);

INSERT INTO expected_fit VALUES (38, 'sample weights',
	'scaling robust, missing skip, feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}, sample_weight MntWines',
	'features => ''{"Income","Recency","NumWebPurchases","MntFruits"}'', scaling => ''robust'', missing => ''skip'', transform => ''none'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}'', sample_weight => ''MntWines''',
	'{{58939.845,48.6715767,5.94199237,9.06711009},{76453.5288,49.4377407,5.78743217,129.252861},{75894.7451,50.5452103,5.54069725,46.2972337}}',
	765201.2913231078, 0.6353149798260265, 2216, '{1560,452,204}');
INSERT INTO expected_feature VALUES
	(38, 'Income', NULL, NULL, NULL, NULL, 51381.5, 33219.0, 0, 0),
	(38, 'Recency', NULL, NULL, NULL, NULL, 49.0, 50.0, 0, 0),
	(38, 'NumWebPurchases', NULL, NULL, NULL, NULL, 4.0, 4.0, 0, 0),
	(38, 'MntFruits', NULL, NULL, NULL, NULL, 8.0, 31.0, 0, 0);

INSERT INTO expected_fit VALUES (39, 'sample weights',
	'transform log1p, outliers clip, distance cosine, sample_weight MntWines',
	'features => ''{"Income","Recency","NumWebPurchases","MntFruits"}'', scaling => ''standard'', missing => ''median'', transform => ''log1p'', outliers => ''clip'', distance => ''cosine'', sample_weight => ''MntWines''',
	'{{78472.5149,69.6584928,5.78804961,50.1968653},{56021.2198,56.5187906,5.71961331,-0.186098792},{70767.6761,9.64298065,5.60049525,26.0204588}}',
	240456.05269525314, 0.5756123767387705, 2240, '{958,790,492}');
INSERT INTO expected_feature VALUES
	(39, 'Income', 51381.5, -14525.5, 118350.5, NULL, 10.753148669681186, 0.4984096578074384, 24, 8),
	(39, 'Recency', 49.0, -51.0, 149.0, NULL, 3.6159649837578254, 0.9540977735688876, 0, 0),
	(39, 'NumWebPurchases', 4.0, -4.0, 12.0, NULL, 1.4761259307008208, 0.5584315741992381, 0, 4),
	(39, 'MntFruits', 8.0, -47.0, 81.0, NULL, 2.197161306699371, 1.5029659144432561, 0, 227);

INSERT INTO expected_fit VALUES (40, 'sample weights',
	'feature_options {Income: {weight: 2}, Recency: {weight: 0.5}}, distance cosine, sample_weight NumStorePurchases',
	'features => ''{"Income","Recency","NumWebPurchases","MntFruits"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', feature_options => ''{"Income": {"weight": 2}, "Recency": {"weight": 0.5}}'', distance => ''cosine'', sample_weight => ''NumStorePurchases''',
	'{{77701.0442,55.920176,4.83933881,70.0600522},{30426.1906,52.0820104,1.24804475,-9.60344391},{65376.4421,38.9214714,8.44971246,4.51108334}}',
	6997.343365267575, 0.652343770786804, 2240, '{1074,639,527}');
INSERT INTO expected_feature VALUES
	(40, 'Income', 51381.5, NULL, NULL, NULL, 52237.97544642857, 25032.36643728947, 24, 0),
	(40, 'Recency', 49.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(40, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 4.084821428571429, 2.778093829454848, 0, 0),
	(40, 'MntFruits', 8.0, NULL, NULL, NULL, 26.302232142857143, 39.76455477490109, 0, 0);

INSERT INTO expected_fit VALUES (41, 'sample weights',
	'missing skip, transform log1p, sample_weight NumStorePurchases',
	'features => ''{"Income","Recency","NumWebPurchases","MntFruits"}'', scaling => ''standard'', missing => ''skip'', transform => ''log1p'', sample_weight => ''NumStorePurchases''',
	'{{61261.0282,4.51719648,4.66187296,15.9406927},{67218.7734,51.0105343,5.35582579,38.1497364},{38425.4005,45.0738231,2.66385573,1.63820113}}',
	22223.407649257497, 0.4880682890157496, 2216, '{1071,890,255}');
INSERT INTO expected_feature VALUES
	(41, 'Income', NULL, NULL, NULL, NULL, 10.75382451657036, 0.5057296809362507, 0, 0),
	(41, 'Recency', NULL, NULL, NULL, NULL, 3.6131613603766883, 0.9556659798794287, 0, 0),
	(41, 'NumWebPurchases', NULL, NULL, NULL, NULL, 1.4788460982063023, 0.5601489708259773, 0, 0),
	(41, 'MntFruits', NULL, NULL, NULL, NULL, 2.243229806448763, 1.5694460985725494, 0, 0);

INSERT INTO expected_fit VALUES (42, 'sample weights',
	'scaling robust, outliers clip, sample_weight NumStorePurchases',
	'features => ''{"Income","Recency","NumWebPurchases","MntFruits"}'', scaling => ''robust'', missing => ''median'', transform => ''none'', outliers => ''clip'', sample_weight => ''NumStorePurchases''',
	'{{65964.4953,47.3941774,6.20992147,16.9674392},{71920.061,51.1440479,5.57176348,71.0401146},{38676.7454,49.4450128,2.38491049,6.24040921}}',
	11151.960709669418, 0.5547952076232586, 2240, '{1112,680,448}');
INSERT INTO expected_feature VALUES
	(42, 'Income', 51381.5, -14525.5, 118350.5, NULL, 51381.5, 32751.0, 24, 8),
	(42, 'Recency', 49.0, -51.0, 149.0, NULL, 49.0, 50.0, 0, 0),
	(42, 'NumWebPurchases', 4.0, -4.0, 12.0, NULL, 4.0, 4.0, 0, 4),
	(42, 'MntFruits', 8.0, -47.0, 81.0, NULL, 8.0, 32.0, 0, 227);

INSERT INTO expected_fit VALUES (43, 'categories and dates',
	'defaults',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''standard'', missing => ''median'', transform => ''none''',
	'{{59330.9094,22.9980916,0.486641221,0.238549618,0.179389313,0.0877862595,0.00763358779,0.408396947,0.230916031,0.194656489,0.116412214,0.0438931298,0.00381679389,0.00190839695,0,16076.8073},{48719.1983,72.9965812,0.490598291,0.234188034,0.176068376,0.0820512821,0.0170940171,0.381196581,0.276923077,0.230769231,0.0837606838,0.0273504274,0,0,0,16064.3436},{45247.5128,23.5703839,0.49725777,0.199268739,0.148080439,0.104204753,0.0511882998,0.391224863,0.268738574,0.204753199,0.0950639854,0.0347349177,0.00182815356,0,0.00365630713,15730.4132},{55946.1438,72.5308219,0.535958904,0.196917808,0.157534247,0.0890410959,0.0205479452,0.364726027,0.256849315,0.224315068,0.119863014,0.0325342466,0,0.00171232877,0,15721.8356}}',
	6461.165031022105, 0.3429597331468801, 2240, '{585,584,547,524}');
INSERT INTO expected_feature VALUES
	(43, 'Income', 51381.5, NULL, NULL, NULL, 52237.97544642857, 25032.36643728947, 24, 0),
	(43, 'Recency', 49.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(43, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=Alone', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=Absurd', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Marital_Status=YOLO', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(43, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 15896.417857142857, 202.0773906798571, 0, 0);

INSERT INTO expected_fit VALUES (44, 'categories and dates',
	'scaling robust, missing category, outliers clip, max_categories 5, min_frequency 0.02',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''robust'', missing => ''category'', transform => ''none'', outliers => ''clip'', max_categories => 5, min_frequency => 0.02',
	'{{51002.5906,49.50625,0.525,0.204166667,0.15625,0.0770833333,0.0375,0,0,1,0,0,0,15897.7833},{52483.0838,47.1167513,0,0.458544839,0.319796954,0.184433164,0.0372250423,0.72927242,0,0,0.191201354,0.0710659898,0.00846023689,15899.8816},{51764.7971,49.803056,1,0,0,0,0,0.735144312,0,0,0.202037351,0.0594227504,0.00339558574,15894.0323},{52066.9336,50.1068966,0.493103448,0.201724138,0.182758621,0.0982758621,0.024137931,0,1,0,0,0,0,15894.181}}',
	4003.8225542561163, 0.2766450613061512, 2240, '{591,589,580,480}');
INSERT INTO expected_feature VALUES
	(44, 'Income', 51381.5, -14525.5, 118350.5, NULL, 51381.5, 32751.0, 24, 8),
	(44, 'Recency', 49.0, -51.0, 149.0, NULL, 49.0, 50.0, 0, 0),
	(44, 'Education=Graduation', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Education=PhD', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Education=Master', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Education=2n Cycle', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Education=Basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Marital_Status=Married', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Marital_Status=Together', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Marital_Status=Single', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Marital_Status=Divorced', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Marital_Status=Widow', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Marital_Status=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(44, 'Dt_Customer', 15894.5, 15198.625, 16591.625, NULL, 15894.5, 348.25, 0, 0);

INSERT INTO expected_fit VALUES (45, 'categories and dates',
	'missing category, min_frequency 30',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''standard'', missing => ''category'', transform => ''none'', min_frequency => 30',
	'{{59330.9094,22.9980916,0.486641221,0.238549618,0.179389313,0.0877862595,0.00763358779,0.408396947,0.230916031,0.194656489,0.116412214,0.0438931298,0.00572519084,16076.8073},{48719.1983,72.9965812,0.490598291,0.234188034,0.176068376,0.0820512821,0.0170940171,0.381196581,0.276923077,0.230769231,0.0837606838,0.0273504274,0,16064.3436},{45247.5128,23.5703839,0.49725777,0.199268739,0.148080439,0.104204753,0.0511882998,0.391224863,0.268738574,0.204753199,0.0950639854,0.0347349177,0.00548446069,15730.4132},{55946.1438,72.5308219,0.535958904,0.196917808,0.157534247,0.0890410959,0.0205479452,0.364726027,0.256849315,0.224315068,0.119863014,0.0325342466,0.00171232877,15721.8356}}',
	6461.150084820059, 0.34296029853898735, 2240, '{585,584,547,524}');
INSERT INTO expected_feature VALUES
	(45, 'Income', 51381.5, NULL, NULL, NULL, 52237.97544642857, 25032.36643728947, 24, 0),
	(45, 'Recency', 49.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(45, 'Education=Graduation', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Education=PhD', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Education=Master', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Education=2n Cycle', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Education=Basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Marital_Status=Married', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Marital_Status=Together', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Marital_Status=Single', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Marital_Status=Divorced', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Marital_Status=Widow', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Marital_Status=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(45, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 15896.417857142857, 202.0773906798571, 0, 0);

INSERT INTO expected_fit VALUES (46, 'categories and dates',
	'scaling robust, outliers clip, max_categories 5, min_frequency 30',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''robust'', missing => ''median'', transform => ''none'', outliers => ''clip'', max_categories => 5, min_frequency => 30',
	'{{51002.5906,49.50625,0.525,0.204166667,0.15625,0.0770833333,0.0375,0,0,1,0,0,0,15897.7833},{52483.0838,47.1167513,0,0.458544839,0.319796954,0.184433164,0.0372250423,0.72927242,0,0,0.191201354,0.0710659898,0.00846023689,15899.8816},{51764.7971,49.803056,1,0,0,0,0,0.735144312,0,0,0.202037351,0.0594227504,0.00339558574,15894.0323},{52066.9336,50.1068966,0.493103448,0.201724138,0.182758621,0.0982758621,0.024137931,0,1,0,0,0,0,15894.181}}',
	4003.8225542561163, 0.2766450613061512, 2240, '{591,589,580,480}');
INSERT INTO expected_feature VALUES
	(46, 'Income', 51381.5, -14525.5, 118350.5, NULL, 51381.5, 32751.0, 24, 8),
	(46, 'Recency', 49.0, -51.0, 149.0, NULL, 49.0, 50.0, 0, 0),
	(46, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Marital_Status=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(46, 'Dt_Customer', 15894.5, 15198.625, 16591.625, NULL, 15894.5, 348.25, 0, 0);

INSERT INTO expected_fit VALUES (47, 'categories and dates',
	'scaling robust, outliers clip',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''robust'', missing => ''median'', transform => ''none'', outliers => ''clip''',
	'{{51002.5906,49.50625,0.525,0.204166667,0.15625,0.0770833333,0.0375,0,0,1,0,0,0,0,0,15897.7833},{52483.0838,47.1167513,0,0.458544839,0.319796954,0.184433164,0.0372250423,0.72927242,0,0,0.191201354,0.0710659898,0.00338409475,0.00169204738,0.00338409475,15899.8816},{51764.7971,49.803056,1,0,0,0,0,0.735144312,0,0,0.202037351,0.0594227504,0.00169779287,0.00169779287,0,15894.0323},{52066.9336,50.1068966,0.493103448,0.201724138,0.182758621,0.0982758621,0.024137931,0,1,0,0,0,0,0,0,15894.181}}',
	4003.853022599892, 0.2766414236578302, 2240, '{591,589,580,480}');
INSERT INTO expected_feature VALUES
	(47, 'Income', 51381.5, -14525.5, 118350.5, NULL, 51381.5, 32751.0, 24, 8),
	(47, 'Recency', 49.0, -51.0, 149.0, NULL, 49.0, 50.0, 0, 0),
	(47, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=Alone', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=Absurd', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Marital_Status=YOLO', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(47, 'Dt_Customer', 15894.5, 15198.625, 16591.625, NULL, 15894.5, 348.25, 0, 0);

INSERT INTO expected_fit VALUES (48, 'categories and dates',
	'max_categories 5, min_frequency 0.02',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', max_categories => 5, min_frequency => 0.02',
	'{{59330.9094,22.9980916,0.486641221,0.238549618,0.179389313,0.0877862595,0.00763358779,0.408396947,0.230916031,0.194656489,0.116412214,0.0438931298,0.00572519084,16076.8073},{48719.1983,72.9965812,0.490598291,0.234188034,0.176068376,0.0820512821,0.0170940171,0.381196581,0.276923077,0.230769231,0.0837606838,0.0273504274,0,16064.3436},{45247.5128,23.5703839,0.49725777,0.199268739,0.148080439,0.104204753,0.0511882998,0.391224863,0.268738574,0.204753199,0.0950639854,0.0347349177,0.00548446069,15730.4132},{55946.1438,72.5308219,0.535958904,0.196917808,0.157534247,0.0890410959,0.0205479452,0.364726027,0.256849315,0.224315068,0.119863014,0.0325342466,0.00171232877,15721.8356}}',
	6461.150084820059, 0.34296029853898735, 2240, '{585,584,547,524}');
INSERT INTO expected_feature VALUES
	(48, 'Income', 51381.5, NULL, NULL, NULL, 52237.97544642857, 25032.36643728947, 24, 0),
	(48, 'Recency', 49.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(48, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Marital_Status=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(48, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 15896.417857142857, 202.0773906798571, 0, 0);

INSERT INTO expected_fit VALUES (49, 'categories and dates',
	'scaling robust, missing category, max_categories 5',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''robust'', missing => ''category'', transform => ''none'', max_categories => 5',
	'{{31590.3269,52.2938462,0.836923077,0.00153846154,0,0.0784615385,0.0830769231,0.413846154,0.249230769,0.227692308,0.0815384615,0.0261538462,0.00153846154,15868.1569},{71236.3786,48.4006791,0.989813243,0.00679117148,0.00169779287,0.00169779287,0,0.36672326,0.263157895,0.213921902,0.120543294,0.0339558574,0.00169779287,15903.5671},{55340.1279,48.3409563,0,1,0,0,0,0.392931393,0.239085239,0.203742204,0.108108108,0.0498960499,0.00623700624,15910.7796},{53658.7,46.6423077,0,0,0.709615385,0.290384615,0,0.365384615,0.284615385,0.207692308,0.107692308,0.0307692308,0.00384615385,15910.3615}}',
	4378.911909567163, 0.2612912188028458, 2240, '{650,589,520,481}');
INSERT INTO expected_feature VALUES
	(49, 'Income', 51381.5, NULL, NULL, NULL, 51381.5, 32751.0, 24, 0),
	(49, 'Recency', 49.0, NULL, NULL, NULL, 49.0, 50.0, 0, 0),
	(49, 'Education=Graduation', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Education=PhD', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Education=Master', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Education=2n Cycle', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Education=Basic', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Marital_Status=Married', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Marital_Status=Together', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Marital_Status=Single', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Marital_Status=Divorced', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Marital_Status=Widow', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Marital_Status=(other)', NULL, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(49, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 15894.5, 348.25, 0, 0);

INSERT INTO expected_fit VALUES (50, 'categories and dates',
	'outliers clip, min_frequency 0.02',
	'features => ''{"Income","Recency","Education","Marital_Status","Dt_Customer"}'', scaling => ''standard'', missing => ''median'', transform => ''none'', outliers => ''clip'', min_frequency => 0.02',
	'{{41738.5647,24.7176259,0.519784173,0.192446043,0.136690647,0.100719424,0.0503597122,0.404676259,0.258992806,0.197841727,0.100719424,0.0341726619,0.0035971223,15733.4766},{60973.3027,27.7225225,0.475675676,0.263063063,0.174774775,0.0828828829,0.0036036036,0.405405405,0.245045045,0.201801802,0.100900901,0.0414414414,0.00540540541,16091.6108},{70433.2218,69.9254545,0.505454545,0.249090909,0.178181818,0.0672727273,0,0.369090909,0.245454545,0.225454545,0.116363636,0.04,0.00363636364,15790.4091},{35236.5043,73.2590674,0.511226252,0.165803109,0.170984456,0.110535406,0.0414507772,0.364421416,0.284974093,0.231433506,0.0967184801,0.0224525043,0,15966.4836}}',
	6308.015222927605, 0.3585327094287266, 2240, '{579,556,555,550}');
INSERT INTO expected_feature VALUES
	(50, 'Income', 51381.5, -14525.5, 118350.5, NULL, 51869.21116071429, 20941.951773626384, 24, 8),
	(50, 'Recency', 49.0, -51.0, 149.0, NULL, 49.109375, 28.955987253479385, 0, 0),
	(50, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Marital_Status=(other)', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(50, 'Dt_Customer', 15894.5, 15198.625, 16591.625, NULL, 15896.417857142857, 202.0773906798571, 0, 0);

INSERT INTO expected_fit VALUES (51, 'every column',
	'feature_options {Income: {clip: [0.01, 0.99]}, MntWines: {transform: yeo-johnson}}',
	'features => ''{"Year_Birth","Kidhome","Teenhome","Education","Marital_Status","Dt_Customer","Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth","AcceptedCmp1","AcceptedCmp2","AcceptedCmp3","AcceptedCmp4","AcceptedCmp5","Complain","Response"}'', scaling => ''standard'', feature_options => ''{"Income": {"clip": [0.01, 0.99]}, "MntWines": {"transform": "yeo-johnson"}}''',
	'{{1967.9607,0.0458515284,0.240174672,0.56768559,0.194323144,0.135371179,0.100436681,0.00218340611,0.360262009,0.246724891,0.244541485,0.100436681,0.0458515284,0,0.00218340611,0,15889.5044,72176.5993,49.4563319,428.209581,71.5327511,430.063319,104.921397,70.9039301,78.5152838,1.50873362,5.25327511,5.76419214,8.43449782,2.93449782,0.111353712,1.21430643e-16,0.0611353712,0.0283842795,-4.4408921e-16,0.00655021834,0.170305677},{1972.05252,0.820803296,0.418125644,0.481977343,0.187435633,0.16168898,0.115345005,0.0535530381,0.386199794,0.253347065,0.238928939,0.0957775489,0.0236869207,0.00205973223,0,0,15929.7518,33775.3198,49.1544799,20.3642305,4.6838311,20.9093718,6.67662204,4.76519053,14.807415,1.98661174,1.98352214,0.491246138,3.07826982,6.51287333,8.60422844e-16,0.00205973223,0.0772399588,0.00308959835,-8.18789481e-16,0.0133882595,0.0906282183},{1964.41615,0.263975155,0.928571429,0.486024845,0.26863354,0.192546584,0.051242236,0.00155279503,0.395962733,0.27484472,0.163043478,0.122670807,0.0388198758,0.00155279503,0,0.00310559006,15851.7997,56663.4377,48.6987578,355.690709,18.8059006,121.743789,25.5807453,19.2934783,54.6257764,3.75,6.0621118,2.8447205,7.36490683,5.81521739,0.0310559006,0.0108695652,0.0559006211,0.135093168,0.00465838509,0.00621118012,0.108695652},{1969.17365,0.0419161677,0.119760479,0.51497006,0.251497006,0.161676647,0.0718562874,0,0.413173653,0.263473054,0.185628743,0.0838323353,0.0479041916,0,0.00598802395,0,15893.6228,81509.6892,49.4790419,806.772741,56.8622754,468.820359,78.1197605,66.4371257,78.3952096,1.03592814,5.47305389,6.07185629,8.23353293,2.97005988,0.437125749,0.125748503,0.143712575,0.383233533,0.958083832,0.00598802395,0.586826347}}',
	38495.1143845468, 0.3231478631318504, 2240, '{971,644,458,167}');
INSERT INTO expected_feature VALUES
	(51, 'Year_Birth', 1970.0, NULL, NULL, NULL, 1968.8058035714287, 11.981394142764563, 0, 0),
	(51, 'Kidhome', 0.0, NULL, NULL, NULL, 0.44419642857142855, 0.5382779061720435, 0, 0),
	(51, 'Teenhome', 0.0, NULL, NULL, NULL, 0.50625, 0.5444166684889171, 0, 0),
	(51, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=Alone', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=Absurd', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Marital_Status=YOLO', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(51, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 15896.417857142857, 202.0773906798571, 0, 0),
	(51, 'Income', 51381.5, 7579.200000000001, 94458.79999999999, NULL, 51766.111607142855, 20612.745497259548, 24, 46),
	(51, 'Recency', 49.0, NULL, NULL, NULL, 49.109375, 28.955987253479385, 0, 0),
	(51, 'MntWines', 173.5, NULL, NULL, 0.1891071102136261, 8.221724904969406, 4.1710604748065006, 0, 0),
	(51, 'MntFruits', 8.0, NULL, NULL, NULL, 26.302232142857143, 39.76455477490109, 0, 0),
	(51, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 166.95, 225.6649839917571, 0, 0),
	(51, 'MntFishProducts', 12.0, NULL, NULL, NULL, 37.52544642857143, 54.616784073023496, 0, 0),
	(51, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 27.06294642857143, 41.2712830622489, 0, 0),
	(51, 'MntGoldProds', 24.0, NULL, NULL, NULL, 44.021875, 52.15579309748087, 0, 0),
	(51, 'NumDealsPurchases', 2.0, NULL, NULL, NULL, 2.325, 1.93180614969515, 0, 0),
	(51, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 4.084821428571429, 2.778093829454848, 0, 0),
	(51, 'NumCatalogPurchases', 2.0, NULL, NULL, NULL, 2.6620535714285714, 2.9224481048774043, 0, 0),
	(51, 'NumStorePurchases', 5.0, NULL, NULL, NULL, 5.790178571428571, 3.250232404367103, 0, 0),
	(51, 'NumWebVisitsMonth', 6.0, NULL, NULL, NULL, 5.316517857142857, 2.4261032872479706, 0, 0),
	(51, 'AcceptedCmp1', 0.0, NULL, NULL, NULL, 0.06428571428571428, 0.24526121019127706, 0, 0),
	(51, 'AcceptedCmp2', 0.0, NULL, NULL, NULL, 0.013392857142857142, 0.1149499391927119, 0, 0),
	(51, 'AcceptedCmp3', 0.0, NULL, NULL, NULL, 0.07276785714285715, 0.25975506945908466, 0, 0),
	(51, 'AcceptedCmp4', 0.0, NULL, NULL, NULL, 0.07455357142857143, 0.2626696336004912, 0, 0),
	(51, 'AcceptedCmp5', 0.0, NULL, NULL, NULL, 0.07276785714285715, 0.25975506945908466, 0, 0),
	(51, 'Complain', 0.0, NULL, NULL, NULL, 0.009375, 0.09636964965693297, 0, 0),
	(51, 'Response', 0.0, NULL, NULL, NULL, 0.14910714285714285, 0.3561940521767909, 0, 0);

INSERT INTO expected_fit VALUES (52, 'every column',
	'scaling minmax, feature_options {Income: {clip: [0.01, 0.99]}, MntWines: {transform: yeo-johnson}}',
	'features => ''{"Year_Birth","Kidhome","Teenhome","Education","Marital_Status","Dt_Customer","Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth","AcceptedCmp1","AcceptedCmp2","AcceptedCmp3","AcceptedCmp4","AcceptedCmp5","Complain","Response"}'', scaling => ''minmax'', feature_options => ''{"Income": {"clip": [0.01, 0.99]}, "MntWines": {"transform": "yeo-johnson"}}''',
	'{{1969.27334,0.43803056,0.521222411,1,0,0,0,0,0.735144312,0,0,0.202037351,0.0594227504,0.00169779287,0.00169779287,0,15894.0323,51742.8183,49.803056,133.551386,30.3514431,170.797963,41.2512733,32.5365025,50.475382,2.33616299,4.11714771,2.68760611,5.87096774,5.33955857,0.0764006791,0.0101867572,0.0730050934,0.0713073005,0.0713073005,0.0118845501,0.117147708},{1971.48958,0.464583333,0.40625,0.525,0.204166667,0.15625,0.0770833333,0.0375,0,0,1,0,0,0,0,0,15897.7833,50932.1085,49.50625,127.843912,26.8354167,182.108333,38.2166667,27.2625,43.7291667,2.13125,3.87291667,2.6,5.63958333,5.28333333,0.0645833333,0.0104166667,0.0791666667,0.06875,0.0645833333,0.0125,0.220833333},{1967.74655,0.45,0.529310345,0.493103448,0.201724138,0.182758621,0.0982758621,0.024137931,0,1,0,0,0,0,0,0,15894.181,51870.6171,50.1068966,145.360191,25.35,168.103448,38.9913793,26.1224138,42.9948276,2.32413793,4.08103448,2.67586207,5.7362069,5.26034483,0.0551724138,0.0206896552,0.0637931034,0.074137931,0.075862069,0.00862068966,0.103448276},{1967.19966,0.428087986,0.549915398,0,0.458544839,0.319796954,0.184433164,0.0372250423,0.72927242,0,0,0.191201354,0.0710659898,0.00338409475,0.00169204738,0.00338409475,15899.8816,52364.1286,47.1167513,158.526737,22.7681895,149.671743,31.8121827,22.3688663,38.8358714,2.47208122,4.2284264,2.67343486,5.88494078,5.37563452,0.0609137056,0.0118443316,0.076142132,0.0829103215,0.0778341794,0.00507614213,0.16751269}}',
	4107.983973709, 0.2725654529126911, 2240, '{591,589,580,480}');
INSERT INTO expected_feature VALUES
	(52, 'Year_Birth', 1970.0, NULL, NULL, NULL, 1893.0, 103.0, 0, 0),
	(52, 'Kidhome', 0.0, NULL, NULL, NULL, 0.0, 2.0, 0, 0),
	(52, 'Teenhome', 0.0, NULL, NULL, NULL, 0.0, 2.0, 0, 0),
	(52, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=Alone', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=Absurd', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Marital_Status=YOLO', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 15551.0, 699.0, 0, 0),
	(52, 'Income', 51381.5, 7579.200000000001, 94458.79999999999, NULL, 7579.200000000001, 86879.59999999999, 24, 46),
	(52, 'Recency', 49.0, NULL, NULL, NULL, 0.0, 99.0, 0, 0),
	(52, 'MntWines', 173.5, NULL, NULL, 0.1891071102136261, 0.0, 15.778104567884995, 0, 0),
	(52, 'MntFruits', 8.0, NULL, NULL, NULL, 0.0, 199.0, 0, 0),
	(52, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 0.0, 1725.0, 0, 0),
	(52, 'MntFishProducts', 12.0, NULL, NULL, NULL, 0.0, 259.0, 0, 0),
	(52, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 0.0, 263.0, 0, 0),
	(52, 'MntGoldProds', 24.0, NULL, NULL, NULL, 0.0, 362.0, 0, 0),
	(52, 'NumDealsPurchases', 2.0, NULL, NULL, NULL, 0.0, 15.0, 0, 0),
	(52, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 0.0, 27.0, 0, 0),
	(52, 'NumCatalogPurchases', 2.0, NULL, NULL, NULL, 0.0, 28.0, 0, 0),
	(52, 'NumStorePurchases', 5.0, NULL, NULL, NULL, 0.0, 13.0, 0, 0),
	(52, 'NumWebVisitsMonth', 6.0, NULL, NULL, NULL, 0.0, 20.0, 0, 0),
	(52, 'AcceptedCmp1', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'AcceptedCmp2', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'AcceptedCmp3', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'AcceptedCmp4', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'AcceptedCmp5', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Complain', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(52, 'Response', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (53, 'every column',
	'scaling robust, feature_options {Income: {clip: [0.01, 0.99]}, MntWines: {transform: yeo-johnson}}',
	'features => ''{"Year_Birth","Kidhome","Teenhome","Education","Marital_Status","Dt_Customer","Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth","AcceptedCmp1","AcceptedCmp2","AcceptedCmp3","AcceptedCmp4","AcceptedCmp5","Complain","Response"}'', scaling => ''robust'', feature_options => ''{"Income": {"clip": [0.01, 0.99]}, "MntWines": {"transform": "yeo-johnson"}}''',
	'{{1971.43221,0.773700306,0.439347604,0.485219164,0.188583078,0.164118247,0.109072375,0.0530071356,0.393476045,0.252803262,0.230377166,0.0978593272,0.0234454638,0.00203873598,0,0,15940.1386,34715.1311,49.2731906,21.3935091,4.52191641,20.4648318,6.34658512,4.69520897,13.4199796,1.83690112,1.96738022,0.489296636,3.16615698,6.33944954,0.00101936799,0.00203873598,0.0652395515,0.0122324159,0.00101936799,0.0122324159,0.0815494393},{1964.96344,0.352833638,0.915904936,0.457038391,0.29250457,0.199268739,0.0511882998,0,0.374771481,0.283363803,0.164533821,0.12797075,0.0438756856,0.00182815356,0,0.00365630713,15834.7459,54639.8004,47.9104205,352.830085,14.274223,108.978062,18.9579525,13.6234004,56.2998172,4.16453382,6.13528336,2.68921389,7.01279707,6.27605119,0.0365630713,0.0219378428,0.0877513711,0.142595978,0.0237659963,0.00548446069,0.149908592},{1969.46183,0.0534351145,0.278625954,0.65648855,0.106870229,0.0992366412,0.133587786,0.00381679389,0.374045802,0.232824427,0.213740458,0.114503817,0.0610687023,0,0.00381679389,0,15868.1489,74100.816,49.7480916,461.676002,101.763359,426.706107,125.164122,111.889313,96.5954198,1.64122137,5.71374046,5.53816794,8.30152672,3.13740458,0.194656489,0.00763358779,0.0839694656,0.072519084,0.20610687,0.00381679389,0.240458015},{1967.36889,0.0644444444,0.286666667,0.508888889,0.251111111,0.164444444,0.0733333333,0.00222222222,0.388888889,0.257777778,0.24,0.08,0.0311111111,0,0.00222222222,0,15892.5311,72440.3596,49.8377778,505.376053,44.4688889,405.52,77.04,42.7733333,65.2,1.55111111,5.26,5.69111111,8.56222222,3.18888889,0.16,0.0311111111,0.0644444444,0.128888889,0.211111111,0.0111111111,0.242222222}}',
	18097.724669268482, 0.41597809326183033, 2240, '{981,547,450,262}');
INSERT INTO expected_feature VALUES
	(53, 'Year_Birth', 1970.0, NULL, NULL, NULL, 1970.0, 18.0, 0, 0),
	(53, 'Kidhome', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Teenhome', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=Alone', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=Absurd', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Marital_Status=YOLO', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 15894.5, 348.25, 0, 0),
	(53, 'Income', 51381.5, 7579.200000000001, 94458.79999999999, NULL, 51381.5, 32751.0, 24, 46),
	(53, 'Recency', 49.0, NULL, NULL, NULL, 49.0, 50.0, 0, 0),
	(53, 'MntWines', 173.5, NULL, NULL, 0.1891071102136261, 8.747602566438136, 7.460064264038185, 0, 0),
	(53, 'MntFruits', 8.0, NULL, NULL, NULL, 8.0, 32.0, 0, 0),
	(53, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 67.0, 216.0, 0, 0),
	(53, 'MntFishProducts', 12.0, NULL, NULL, NULL, 12.0, 47.0, 0, 0),
	(53, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 8.0, 32.0, 0, 0),
	(53, 'MntGoldProds', 24.0, NULL, NULL, NULL, 24.0, 47.0, 0, 0),
	(53, 'NumDealsPurchases', 2.0, NULL, NULL, NULL, 2.0, 2.0, 0, 0),
	(53, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 4.0, 4.0, 0, 0),
	(53, 'NumCatalogPurchases', 2.0, NULL, NULL, NULL, 2.0, 4.0, 0, 0),
	(53, 'NumStorePurchases', 5.0, NULL, NULL, NULL, 5.0, 5.0, 0, 0),
	(53, 'NumWebVisitsMonth', 6.0, NULL, NULL, NULL, 6.0, 4.0, 0, 0),
	(53, 'AcceptedCmp1', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'AcceptedCmp2', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'AcceptedCmp3', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'AcceptedCmp4', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'AcceptedCmp5', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Complain', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(53, 'Response', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

INSERT INTO expected_fit VALUES (54, 'every column',
	'scaling maxabs, feature_options {Income: {clip: [0.01, 0.99]}, MntWines: {transform: yeo-johnson}}',
	'features => ''{"Year_Birth","Kidhome","Teenhome","Education","Marital_Status","Dt_Customer","Income","Recency","MntWines","MntFruits","MntMeatProducts","MntFishProducts","MntSweetProducts","MntGoldProds","NumDealsPurchases","NumWebPurchases","NumCatalogPurchases","NumStorePurchases","NumWebVisitsMonth","AcceptedCmp1","AcceptedCmp2","AcceptedCmp3","AcceptedCmp4","AcceptedCmp5","Complain","Response"}'', scaling => ''maxabs'', feature_options => ''{"Income": {"clip": [0.01, 0.99]}, "MntWines": {"transform": "yeo-johnson"}}''',
	'{{1967.19966,0.428087986,0.549915398,0,0.458544839,0.319796954,0.184433164,0.0372250423,0.72927242,0,0,0.191201354,0.0710659898,0.00338409475,0.00169204738,0.00338409475,15899.8816,52364.1286,47.1167513,158.526737,22.7681895,149.671743,31.8121827,22.3688663,38.8358714,2.47208122,4.2284264,2.67343486,5.88494078,5.37563452,0.0609137056,0.0118443316,0.076142132,0.0829103215,0.0778341794,0.00507614213,0.16751269},{1967.74655,0.45,0.529310345,0.493103448,0.201724138,0.182758621,0.0982758621,0.024137931,0,1,0,0,0,0,0,0,15894.181,51870.6171,50.1068966,145.360191,25.35,168.103448,38.9913793,26.1224138,42.9948276,2.32413793,4.08103448,2.67586207,5.7362069,5.26034483,0.0551724138,0.0206896552,0.0637931034,0.074137931,0.075862069,0.00862068966,0.103448276},{1971.48958,0.464583333,0.40625,0.525,0.204166667,0.15625,0.0770833333,0.0375,0,0,1,0,0,0,0,0,15897.7833,50932.1085,49.50625,127.843912,26.8354167,182.108333,38.2166667,27.2625,43.7291667,2.13125,3.87291667,2.6,5.63958333,5.28333333,0.0645833333,0.0104166667,0.0791666667,0.06875,0.0645833333,0.0125,0.220833333},{1969.27334,0.43803056,0.521222411,1,0,0,0,0,0.735144312,0,0,0.202037351,0.0594227504,0.00169779287,0.00169779287,0,15894.0323,51742.8183,49.803056,133.551386,30.3514431,170.797963,41.2512733,32.5365025,50.475382,2.33616299,4.11714771,2.68760611,5.87096774,5.33955857,0.0764006791,0.0101867572,0.0730050934,0.0713073005,0.0713073005,0.0118845501,0.117147708}}',
	3872.050038880289, 0.28437243300596204, 2240, '{591,589,580,480}');
INSERT INTO expected_feature VALUES
	(54, 'Year_Birth', 1970.0, NULL, NULL, NULL, 0.0, 1996.0, 0, 0),
	(54, 'Kidhome', 0.0, NULL, NULL, NULL, 0.0, 2.0, 0, 0),
	(54, 'Teenhome', 0.0, NULL, NULL, NULL, 0.0, 2.0, 0, 0),
	(54, 'Education=Graduation', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Education=PhD', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Education=Master', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Education=2n Cycle', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Education=Basic', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=Married', 1.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=Together', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=Single', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=Divorced', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=Widow', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=Alone', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=Absurd', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Marital_Status=YOLO', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Dt_Customer', 15894.5, NULL, NULL, NULL, 0.0, 16250.0, 0, 0),
	(54, 'Income', 51381.5, 7579.200000000001, 94458.79999999999, NULL, 0.0, 94458.79999999999, 24, 46),
	(54, 'Recency', 49.0, NULL, NULL, NULL, 0.0, 99.0, 0, 0),
	(54, 'MntWines', 173.5, NULL, NULL, 0.1891071102136261, 0.0, 15.778104567884995, 0, 0),
	(54, 'MntFruits', 8.0, NULL, NULL, NULL, 0.0, 199.0, 0, 0),
	(54, 'MntMeatProducts', 67.0, NULL, NULL, NULL, 0.0, 1725.0, 0, 0),
	(54, 'MntFishProducts', 12.0, NULL, NULL, NULL, 0.0, 259.0, 0, 0),
	(54, 'MntSweetProducts', 8.0, NULL, NULL, NULL, 0.0, 263.0, 0, 0),
	(54, 'MntGoldProds', 24.0, NULL, NULL, NULL, 0.0, 362.0, 0, 0),
	(54, 'NumDealsPurchases', 2.0, NULL, NULL, NULL, 0.0, 15.0, 0, 0),
	(54, 'NumWebPurchases', 4.0, NULL, NULL, NULL, 0.0, 27.0, 0, 0),
	(54, 'NumCatalogPurchases', 2.0, NULL, NULL, NULL, 0.0, 28.0, 0, 0),
	(54, 'NumStorePurchases', 5.0, NULL, NULL, NULL, 0.0, 13.0, 0, 0),
	(54, 'NumWebVisitsMonth', 6.0, NULL, NULL, NULL, 0.0, 20.0, 0, 0),
	(54, 'AcceptedCmp1', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'AcceptedCmp2', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'AcceptedCmp3', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'AcceptedCmp4', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'AcceptedCmp5', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Complain', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0),
	(54, 'Response', 0.0, NULL, NULL, NULL, 0.0, 1.0, 0, 0);

