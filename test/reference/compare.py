#!/usr/bin/python3
"""Reference figures for comparing segmentations: the adjusted Rand index and normalised mutual information by scikit-learn.

    test/reference/compare.py > test/reference/compare.sql

prints cases: how labels are made of a row's number, and the two figures. labels() is what test/pgtap/compare.sql does.
"""

from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

# rows, labels of a, labels of b, of ten rows so many whose b follows a
CASES = [(1, 1, 1, 0), (2, 1, 1, 0), (2, 2, 1, 10), (50, 1, 50, 0), (50, 50, 1, 0), (50, 50, 50, 10), (60, 3, 3, 10), (60, 3, 3, 0),
         (97, 4, 3, 5), (500, 2, 7, 0), (500, 5, 5, 8), (1000, 12, 4, 10), (1000, 10, 10, 1), (2000, 40, 25, 6), (5000, 100, 100, 3)]


def labels(i, ka, kb, follows):
    x = (i * 7919 + 13) % 10007
    a = (x if ka < 50 else i) % ka
    return a - 1, (a * 3 if x // 7 % 10 < follows else x // 11) % kb * 5


def main():
    print("-- Written by compare.py; judged by test/pgtap/compare.sql.\n")
    print("CREATE TABLE expected_agreement (n integer, ka integer, kb integer, follows integer, rand float8, information float8);")
    print("INSERT INTO expected_agreement VALUES")
    lines = []
    for n, ka, kb, follows in CASES:
        a, b = zip(*(labels(i, ka, kb, follows) for i in range(1, n + 1)))
        lines.append(f"\t({n}, {ka}, {kb}, {follows}, {adjusted_rand_score(a, b):.12g}, {normalized_mutual_info_score(a, b):.12g})")
    print(",\n".join(lines) + ";")


if __name__ == "__main__":
    main()
