/*
 * The words of a recipe.
 */
#include "postgres.h"

#include "prepare/recipe.h"

static int
find_word(const char *word, const char *const *words, const char *what)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized value \"%s\" for \"%s\"", word, what)));
	return 0; /* keep the compiler quiet */
}

MissingRule
missing_rule(const char *word)
{
	static const char *const words[] = {"median", "mean", "zero", "skip", "error", "category", NULL};

	return (MissingRule) find_word(word, words, "missing");
}

OutlierRule
outlier_rule(const char *word)
{
	static const char *const words[] = {"keep", "clip", "skip", NULL};

	return (OutlierRule) find_word(word, words, "outliers");
}

FenceKind
fence_kind(const char *word)
{
	static const char *const words[] = {"iqr", "zscore", "quantiles", NULL};

	return (FenceKind) find_word(word, words, "fence");
}

Transform
transform_kind(const char *word)
{
	static const char *const words[] = {"none", "log1p", "yeo-johnson", NULL};

	return (Transform) find_word(word, words, "transform");
}

Scaling
scaling_kind(const char *word)
{
	static const char *const words[] = {"standard", "minmax", "robust", "maxabs", "none", NULL};

	return (Scaling) find_word(word, words, "scaling");
}

Distance
distance_kind(const char *word)
{
	static const char *const words[] = {"euclidean", "cosine", NULL};

	return (Distance) find_word(word, words, "distance");
}
