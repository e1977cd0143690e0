/*
 * What the passes over rows are told, and running them.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "prepare/pass_input.h"

/* followed by the features, the centroids, the offsets and extra, each aligned */
typedef struct InputHeader
{
	Recipe recipe;
	int    k;
	Size   extra_size;
	bool   offsets;
	bool   trimmed;
	double cut;
} InputHeader;

static Size
features_size(const Recipe *recipe)
{
	return MAXALIGN(sizeof(FeatureRecipe) * recipe->nrules);
}

static Size
centroids_size(const Recipe *recipe, int k)
{
	return MAXALIGN(sizeof(double) * k * recipe->nfeatures);
}

static Size
offsets_size(bool offsets, int k)
{
	return offsets ? MAXALIGN(sizeof(double) * k) : 0;
}

FlatInput
pass_flatten(const PassInput *input)
{
	const Recipe *recipe = input->recipe;
	Size          size = MAXALIGN(sizeof(InputHeader)) + features_size(recipe) +
				centroids_size(recipe, input->k) + offsets_size(input->offsets != NULL, input->k) + MAXALIGN(input->extra_size);
	char *bytes = palloc_extended(size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO); /* what is shared is all set, gaps as well */
	char *to = bytes + MAXALIGN(sizeof(InputHeader));

	*(InputHeader *) bytes = (InputHeader){.recipe = *recipe,
										   .k = input->k,
										   .extra_size = input->extra_size,
										   .offsets = input->offsets != NULL,
										   .trimmed = input->trimmed,
										   .cut = input->cut};
	memcpy(to, recipe->features, sizeof(FeatureRecipe) * recipe->nrules);
	to += features_size(recipe);
	if (input->k > 0)
		memcpy(to, input->centroids, sizeof(double) * input->k * recipe->nfeatures);
	to += centroids_size(recipe, input->k);
	if (input->offsets != NULL)
		memcpy(to, input->offsets, sizeof(double) * input->k);
	to += offsets_size(input->offsets != NULL, input->k);
	if (input->extra_size > 0)
		memcpy(to, input->extra, input->extra_size);
	return (FlatInput){.bytes = bytes, .size = size};
}

/* The input and its recipe in one piece, for pfree(). */
typedef struct OpenInput
{
	PassInput input;
	Recipe    recipe;
} OpenInput;

const PassInput *
pass_open(const void *bytes)
{
	const InputHeader *header = bytes;
	OpenInput         *opened = palloc(sizeof(OpenInput));
	PassInput         *input = &opened->input;
	const char        *from = (const char *) bytes + MAXALIGN(sizeof(InputHeader));

	opened->recipe = header->recipe;
	opened->recipe.features = (FeatureRecipe *) from;
	from += features_size(&opened->recipe);
	input->recipe = &opened->recipe;
	input->k = header->k;
	input->centroids = header->k > 0 ? (const double *) from : NULL;
	from += centroids_size(&opened->recipe, header->k);
	input->offsets = header->offsets ? (const double *) from : NULL;
	from += offsets_size(header->offsets, header->k);
	input->trimmed = header->trimmed;
	input->cut = header->cut;
	input->extra_size = header->extra_size;
	input->extra = header->extra_size > 0 ? from : NULL;
	return input;
}

void *
pass_run(const RowSource *source, const Pass *pass, const PassInput *input, Share labels)
{
	FlatInput flat = pass_flatten(input);
	void     *state = source_pass(source, pass, flat, labels);

	pfree(unconstify(void *, flat.bytes));
	return state;
}
