/*
 * The words of a recipe, and which of its features have figures.
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

bool
recipe_number_figures(Recipe *recipe)
{
	int  nfigures = 0;
	int  nlengths = 0;
	bool known = true;

	for (int f = 0; f < recipe->nrules; f++)
		recipe->features[f].figure = -1;
	for (int f = 0; f < recipe->nfeatures; f++)
	{
		FeatureRecipe *feature = &recipe->features[f];

		if (feature->role == ROLE_LENGTH)
			continue;
		if (feature->role == ROLE_VALUE || f == 0 || feature[-1].role != ROLE_DIMENSION || feature[-1].vector != feature->vector)
		{
			nfigures++;
			nlengths += feature->role == ROLE_DIMENSION;
		}
		feature->figure = nfigures - 1;
	}
	for (int f = 0; f < recipe->nrules && known; f++)
	{
		FeatureRecipe *length = &recipe->features[f];

		if (length->role != ROLE_LENGTH)
			continue;
		for (int g = 0; g < recipe->nfeatures; g++)
			if (recipe->features[g].role == ROLE_DIMENSION && recipe->features[g].vector == length->column)
			{
				length->figure = recipe->features[g].figure;
				break;
			}
		for (int g = 0; g < f; g++)
			known &= recipe->features[g].role != ROLE_LENGTH || recipe->features[g].figure != length->figure;
		known &= length->figure >= 0;
		nlengths--;
	}
	recipe->nfigures = nfigures;
	return known && nlengths == 0;
}

int *
recipe_figures(const Recipe *recipe)
{
	int *figures = palloc(sizeof(int) * Max(recipe->nfigures, 1));

	for (int f = 0; f < recipe->nrules; f++)
		if (rule_has_figure(&recipe->features[f]))
			figures[recipe->features[f].figure] = f;
	return figures;
}

int
recipe_figure_end(const Recipe *recipe, int f)
{
	int figure = recipe->features[f].figure;

	while (f < recipe->nfeatures && recipe->features[f].figure == figure)
		f++;
	return f;
}
