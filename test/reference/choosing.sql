-- Written by choosing.py.

INSERT INTO expected_criteria VALUES (1, -0.213737, 0.037419, -859.920464);
INSERT INTO expected_criteria VALUES (2, -0.050539, 0.041403, -859.589387);
INSERT INTO expected_criteria VALUES (3, 2.165670, 0.043269, -200.333029);
INSERT INTO expected_criteria VALUES (4, 1.892795, 0.038751, -230.111417);
