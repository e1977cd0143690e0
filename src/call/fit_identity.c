/*
 * Which segments of the run before a fit's clusters are, and their numbers.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "call/arrays.h"
#include "call/fit_job.h"
#include "call/previous.h"
#include "model/overlap.h"
#include "prepare/weights.h"
#include "process/progress.h"
#include "rows/collect.h"

/* fields of segment_internal.old_segment */
enum
{
	OLD_SEGMENT,
	OLD_ROWS,
	OLD_DISTANCE,
	OLD_OWN
};

/* ---- Arguments ---- */

static double
read_share(HeapTupleHeader record, const char *field, double otherwise)
{
	bool   isnull;
	Datum  value = GetAttributeByName(record, field, &isnull);
	double share = isnull ? otherwise : DatumGetFloat8(value);

	identity_check_threshold(field, share);
	return share;
}

static int
compare_old(const void *a, const void *b)
{
	int32 x = ((const OldSegment *) a)->number;
	int32 y = ((const OldSegment *) b)->number;

	return (x > y) - (x < y);
}

void
fit_read_before(HeapTupleHeader record, FitJob *job)
{
	RecordReader rows = record_reader(record, "segments");
	bool         isnull;
	Datum        value;

	job->survival = read_share(record, "survival", DEFAULT_SURVIVAL);
	job->split = read_share(record, "split", DEFAULT_SPLIT);
	value = GetAttributeByName(record, "highest", &isnull);
	job->highest = isnull ? 0 : Max(DatumGetInt32(value), 0);
	value = GetAttributeByName(record, "known", &isnull);
	if (!isnull)
	{
		job->known = TextDatumGetCString(value);
		collect_check_query(job->known);
	}
	job->old = palloc_extended(sizeof(OldSegment) * Max(rows.n, 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < rows.n; i++)
	{
		OldSegment *old = &job->old[i];

		CHECK_FOR_INTERRUPTS();
		record_read(&rows, i);
		*old = (OldSegment){
			.number = DatumGetInt32(rows.fields[OLD_SEGMENT]),
			.rows = DatumGetInt64(rows.fields[OLD_ROWS]),
			.spread = DatumGetFloat8(rows.fields[OLD_DISTANCE]),
			.own = DatumGetFloat8(rows.fields[OLD_OWN])};
		if (old->number < 1 || old->number > PG_INT32_MAX / 2 || old->rows < 0 || old->rows > INT64CONST(1) << 48 ||
			!(old->spread >= 0) || !(old->own >= 0 && old->own <= 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("entry %d of \"segments\" is no segment of an earlier run", i + 1)));
	}
	job->nold = rows.n;
	qsort(job->old, job->nold, sizeof(OldSegment), compare_old);
	for (int i = 1; i < job->nold; i++)
		if (job->old[i - 1].number == job->old[i].number)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"segments\" has segment %d twice", job->old[i].number)));
}

Evidence
fit_evidence(const FitJob *job, int k, const int64 *rows)
{
	int32  *numbers = palloc(sizeof(int32) * Max(job->nold, 1));
	int64  *old_rows = palloc(sizeof(int64) * Max(job->nold, 1));
	double *own = palloc(sizeof(double) * Max(job->nold, 1));

	for (int i = 0; i < job->nold; i++)
	{
		numbers[i] = job->old[i].number;
		old_rows[i] = job->old[i].rows;
		own[i] = job->old[i].own;
	}
	return (Evidence){.nold = job->nold, .old_numbers = numbers, .old_rows = old_rows, .k = k, .rows = rows, .own = own};
}

/* ---- The model before ---- */

/*
 * Without its numbers and figures, what a model says itself.
 */
static void
take_old(FitJob *job, const Model *previous)
{
	if (job->old != NULL)
		return;
	job->nold = previous->k;
	job->old = palloc0(sizeof(OldSegment) * previous->k);
	for (int c = 0; c < previous->k; c++)
		job->old[c] = (OldSegment){.number = previous->numbers[c], .own = 1};
	qsort(job->old, job->nold, sizeof(OldSegment), compare_old);
}

/*
 * The old segment of each cluster of the previous model, or -1.
 */
static int32 *
find_places(const FitJob *job, const Model *previous)
{
	int32 *places = palloc(sizeof(int32) * previous->k);

	for (int c = 0; c < previous->k; c++)
	{
		OldSegment  wanted = {.number = previous->numbers[c]};
		OldSegment *found = bsearch(&wanted, job->old, job->nold, sizeof(OldSegment), compare_old);

		places[c] = found == NULL ? -1 : (int32) (found - job->old);
	}
	return places;
}

/*
 * The cluster that goes on from each old segment by its centroid; NULL where the old
 * model does not have all of today's features.
 */
static const int32 *
find_heirs(const FitJob *job, const int32 *places)
{
	int     k = job->before->k;
	double *spreads = palloc0(sizeof(double) * k);
	int32  *heirs = palloc(sizeof(int32) * Max(job->nold, 1));
	int32  *of_clusters;
	double *prepared;

	if (!previous_centroids(job, &prepared))
		return NULL;
	for (int c = 0; c < k; c++)
		if (places[c] >= 0)
			spreads[c] = job->old[places[c]].spread;
	of_clusters = identity_heirs(job->best, prepared, spreads, k);
	for (int i = 0; i < job->nold; i++)
		heirs[i] = -1;
	for (int c = 0; c < k; c++)
		if (places[c] >= 0)
			heirs[places[c]] = of_clusters[c];
	return heirs;
}

/* a row that is farther from a centroid than so many times what is usual there is not like those around it */
#define REACH 2.0

/*
 * The previous model over the raw values of today's query, all of whose features
 * are there; NULL where one is not.
 */
static const Recipe *
old_recipe(const FitJob *job, const Model *previous, const int *same)
{
	Recipe *recipe = palloc(sizeof(Recipe));
	bool   *found = palloc0(sizeof(bool) * previous->recipe.nfeatures);

	*recipe = previous->recipe;
	recipe->ncolumns = job->recipe.ncolumns;
	recipe->nrules = recipe->nfeatures; /* today's say which rows are skipped */
	recipe->features = palloc_extended(sizeof(FeatureRecipe) * recipe->nfeatures, MCXT_ALLOC_HUGE);
	memcpy(recipe->features, previous->recipe.features, sizeof(FeatureRecipe) * recipe->nfeatures);
	for (int f = 0; f < job->recipe.nfeatures; f++)
	{
		if (same[f] < 0)
			continue;
		found[same[f]] = true;
		recipe->features[same[f]].column = job->recipe.features[f].column;
		recipe->features[same[f]].category = job->recipe.features[f].category;
	}
	for (int g = 0; g < recipe->nfeatures; g++)
		if (!found[g])
			return NULL;
	return recipe;
}

/* ---- Counting ---- */

static PassInput
clusters_input(const FitJob *job)
{
	return (PassInput){
		.recipe = &job->recipe,
		.k = job->best->k,
		.centroids = job->best->centroids,
		.offsets = job->best->offsets,
		.trimmed = job->best->trimmed,
		.cut = job->best->cut};
}

/*
 * Rows that both runs have, by their keys: a query that has the old segment
 * behind the columns of today's.
 */
static const int64 *
count_known(const FitJob *job, ShareSet *set)
{
	SourceColumns columns = {.ncolumns = job->columns->ncolumns + 1};
	Recipe        recipe = job->recipe;
	PassInput     input = clusters_input(job);
	ScanSource    scan = {.query = job->known, .nkeys = job->key_columns, .columns = &columns};

	columns.columns = palloc0(sizeof(SourceColumn) * columns.ncolumns);
	memcpy(columns.columns, job->columns->columns, sizeof(SourceColumn) * job->columns->ncolumns);
	strlcpy(columns.columns[columns.ncolumns - 1].name, "old segment", NAMEDATALEN);
	columns.columns[columns.ncolumns - 1].width = 1;
	columns_set_offsets(&columns);
	recipe.ncolumns = columns.nraw;
	input.recipe = &recipe;
	scan.nworkers = job->intake.all.team == NULL ? job->intake.scan.nworkers : 0;
	return scan_run(set, &scan, &overlap_pass,
					overlap_flatten(&input, &(OverlapOld){.nold = job->nold, .numbers = job->evidence.old_numbers, .column = columns.nraw - 1}), NULL)
		.state;
}

/*
 * Today's rows by what the previous model says of them: those within reach, and
 * behind these all.
 */
static const int64 *
count_alike(const FitJob *job, const Model *previous, const Recipe *recipe, const int32 *places)
{
	PassInput input = clusters_input(job);
	PassInput model = {.recipe = recipe, .k = previous->k, .centroids = previous->centroids, .offsets = previous->offsets, .trimmed = previous->trimmed, .cut = previous->cut};
	double   *reaches = palloc(sizeof(double) * previous->k);

	for (int c = 0; c < previous->k; c++)
	{
		double spread = places[c] < 0 ? 0 : job->old[places[c]].spread;

		reaches[c] = spread > 0 ? REACH * spread : get_float8_infinity();
	}
	return source_pass(&job->intake.all, &overlap_pass,
					   overlap_flatten(&input, &(OverlapOld){.nold = job->nold, .numbers = job->evidence.old_numbers, .column = -1, .model = &model, .places = places, .reaches = reaches}),
					   (Share){0});
}

/* ---- Deciding ---- */

static void
decide(FitJob *job)
{
	job->identity = identity_decide(&job->evidence, job->survival, job->split);
	if (job->renumber)
		identity_number(job->best, job->ranks, &job->evidence, &job->identity, Max(Max(job->first_segment - 1, 0), job->highest));
}

/*
 * Finds the segments of the run before again, and carries their numbers over if
 * that is wanted; new ones count on from all that there have been.
 */
void
fit_identify(FitJob *job, ShareSet *set)
{
	const Model *previous = job->before;
	Evidence    *evidence = &job->evidence;
	int         *same = palloc(sizeof(int) * job->recipe.nfeatures);
	bool         countable;

	if (previous != NULL)
		take_old(job, previous);
	if (job->old == NULL)
		return;
	*evidence = fit_evidence(job, job->best->k, job->best->rows);
	countable = ((int64) job->nold + 1) * (job->best->k + 1) <= MOST_PAIRS;
	if (job->known != NULL && countable)
		evidence->known = count_known(job, set);
	if (previous != NULL)
	{
		int32        *places = find_places(job, previous);
		const Recipe *recipe = NULL;

		for (int f = 0; f < job->recipe.nfeatures; f++)
			same[f] = previous_feature(job, f, f > 0 ? same[f - 1] + 1 : 0);
		evidence->heirs = find_heirs(job, places);
		if (countable && !identity_is_known(evidence, job->survival))
			recipe = old_recipe(job, previous, same);
		if (recipe != NULL)
		{
			evidence->alike = count_alike(job, previous, recipe, places);
			evidence->nearest = evidence->alike + ((Size) job->nold + 1) * (job->best->k + 1);
		}
	}
	job->ranks = palloc(sizeof(int32) * job->best->k);
	memcpy(job->ranks, job->best->numbers, sizeof(int32) * job->best->k);
	decide(job);
}

/*
 * Decides once more, by the rows that the assignment of the run before has in
 * common with today's.  Were the numbers others before?
 */
bool
fit_identify_again(FitJob *job)
{
	int32 *before = palloc(sizeof(int32) * job->best->k);

	if (job->old == NULL || job->differences == NULL || job->differences->overlap == NULL)
		return false;
	memcpy(before, job->best->numbers, sizeof(int32) * job->best->k);
	job->evidence.known = job->differences->overlap;
	decide(job);
	return memcmp(before, job->best->numbers, sizeof(int32) * job->best->k) != 0;
}
