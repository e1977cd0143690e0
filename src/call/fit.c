/*
 * segment_internal_fit(): one job from a query to figures.
 *
 *	collect   the query's feature columns are read into memory
 *	prepare   the recipe is fitted and replayed into the packed matrix
 *	cluster   k-means for each k asked for; the best by simplified silhouette
 *	profile   figures of the segments in original units
 *	write     each row is scored and written to the target table: from memory
 *			  where that has the keys too, else the query is read again under
 *			  the same snapshot; of a refresh only those rows that differ from
 *			  the assignment, with which the query is joined
 *	return    everything that the catalog keeps, as one row
 *
 * All memory is in one context of the job, deleted at the end; after an error
 * it goes with its parent.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "call/fit_job.h"
#include "call/previous.h"
#include "cluster/judge.h"
#include "cluster/means.h"
#include "cluster/rescore.h"
#include "model/target.h"
#include "prepare/recipe_fit.h"
#include "prepare/weights.h"
#include "process/progress.h"

/* ---- Prepare ---- */

/*
 * Leaves only so many features in the recipe, given by ascending positions.
 */
static void
keep_features(FitJob *job, const int *positions, int n)
{
	recipe_keep(&job->recipe, positions, n);
	recipe_finish(&job->recipe);
	progress_inertia_unit(job->recipe.unit * job->recipe.unit * job->recipe.weight_unit);
	job->intake.nfeatures = job->recipe.nfeatures;
	job->intake.weighted = recipe_is_weighted(&job->recipe);
	job->intake.input = pass_flatten(&(PassInput){.recipe = &job->recipe});
}

static void
pack(FitJob *job)
{
	job->rows = cluster_rows_create(&job->intake.all,
									job->intake.all.rows != NULL ? &job->intake.all : &job->intake.memory,
									&job->recipe, job->intake.sample_rows, job->k_max, intake_may_pack(&job->intake));
}

/*
 * Drops features that say the very same as an earlier one.
 */
static void
drop_repeated(FitJob *job)
{
	int *positions = palloc(sizeof(int) * job->recipe.nfeatures);
	int  n = 0;
	int  next = 0;

	for (int f = 0; f < job->recipe.nfeatures; f++)
	{
		bool repeats = next < job->nrepeated && job->repeated[next].second == job->kept[f];

		next += repeats;
		if (repeats && fabs(job->repeated[next - 1].r) >= SAME)
			continue;
		positions[n] = f;
		job->kept[n++] = job->kept[f];
	}
	if (n < job->recipe.nfeatures)
	{
		keep_features(job, positions, n);
		cluster_rows_free(job->rows);
		pack(job);
	}
	pfree(positions);
}

/* a group of fewer rows a segment is left out */
#define LEAST_GROUP_ROWS 2

/*
 * Fits the recipe, and drops features without spread and those that repeat
 * others.  False for a group of which no row is used, or no feature varies.
 */
static bool
prepare(FitJob *job)
{
	Recipe *recipe = &job->recipe;
	int     nkept = 0;
	bool    any_spread = false;

	progress_phase(PROGRESS_PREPARING, 0);
	recipe_fit(recipe, &job->intake.all, job->first_segment > 0 ? NULL : job->source);
	if (recipe->rows_used == 0)
		return false;
	weights_fit(recipe, &job->intake.all, job->weight_name);

	job->kept = palloc(sizeof(int) * Max(job->nfeatures, 1));
	for (int f = 0; f < job->nfeatures; f++)
	{
		any_spread |= recipe->features[f].scale != 0 && (recipe->features[f].role == ROLE_VALUE || recipe->features[f].max_abs > 0);
		if (recipe->features[f].scale != 0 || job->keep_constant)
			job->kept[nkept++] = f;
	}
	if (!any_spread && job->first_segment > 0)
		return false;
	if (!any_spread)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no feature of relation \"%s\" varies", job->source),
				 job->nfeatures == 1
					 ? errdetail("It has one value only in the rows used, or no spread once it is prepared.")
					 : errdetail("All %d features have one value only in the rows used, or no spread once they are prepared.",
								 job->nfeatures),
				 errhint("Name other columns in features, or prepare them in another way.")));
	keep_features(job, job->kept, nkept);
	intake_choose_rows(&job->intake, recipe_may_skip(recipe) ? recipe_filter : NULL, recipe);
	pack(job);
	job->repeated = redundant_pairs(recipe, job->rows->sample, &job->nrepeated);
	for (int i = 0; i < job->nrepeated; i++)
	{
		job->repeated[i].first = job->kept[job->repeated[i].first];
		job->repeated[i].second = job->kept[job->repeated[i].second];
	}
	if (job->drop_repeated)
		drop_repeated(job);

	/* of a sample the error says so */
	return job->first_segment == 0 ||
		   (recipe->rows_used >= LEAST_GROUP_ROWS * (int64) job->k_min &&
			(job->k_min <= job->rows->shape.ndistinct || job->rows->all != job->rows->memory));
}

/*
 * The given starting centroids in prepared coordinates of the features kept.
 */
static const double *
prepare_start(const FitJob *job)
{
	int     nfeatures = job->recipe.nfeatures;
	double *raw;
	double *prepared;

	if (job->start == NULL)
		return NULL;
	raw = palloc(sizeof(double) * nfeatures);
	prepared = palloc_extended(sizeof(double) * job->nstart * nfeatures, MCXT_ALLOC_HUGE);
	for (int c = 0; c < job->nstart; c++)
	{
		for (int f = 0; f < nfeatures; f++)
			raw[f] = job->start[(size_t) c * job->nfeatures + job->kept[f]];
		recipe_apply_values(&job->recipe, raw, prepared + (size_t) c * nfeatures);
	}
	previous_keep_near(prepared, (Size) job->nstart * nfeatures);
	pfree(raw);
	return prepared;
}

/* ---- Cluster ---- */

/* numbers of segments among which groups are looked for where those given are none */
#define OTHER_K 10

/* how far from the k given one that is better is looked for */
#define NEAR_K 3

/*
 * A clustering with a segment below min_share or above max_share is never chosen.
 */
static bool
is_usable(const FitJob *job, const Clustering *candidate)
{
	return candidate->smallest_share >= job->min_share && candidate->largest_share <= job->max_share;
}

/*
 * Does a beat b?  The simplified silhouette decides, then the smaller k.
 */
static bool
candidate_better(const FitJob *job, const Clustering *a, const Clustering *b)
{
	if (!is_usable(job, a))
		return false;
	if (b == NULL)
		return true;
	return !isnan(a->silhouette) && !(a->silhouette <= b->silhouette);
}

/*
 * Clusters one more k, and returns it.
 */
static Clustering *
fit_candidate(FitJob *job, int k, bool profile)
{
	LloydOptions options;
	Clustering  *candidate;

	job->options.k = k;
	options = job->options;
	if (job->warm != NULL && k == job->before->k)
		options.start = job->warm;
	else
	{
		options.warm = false;
		if (job->tree != NULL)
			options.start = bisect_leaves(job->tree, k);
	}
	if (k < job->k_min) /* to fall back on, of whatever size */
		options.least_share = options.most_share = 0;
	candidate = cluster_fit(job->rows, &options, profile);
	candidate->bic = structure_bic(candidate, &job->recipe);
	return job->candidates[job->ncandidates++] = candidate;
}

/*
 * Of the candidates that are as good as the best, the smallest; one cluster, if
 * there are no groups and nobody asked for three or more.  Where k was given,
 * there may yet be groups of another number.
 */
static void
weigh_candidates(FitJob *job, bool chosen)
{
	Matrix *sample = structure_sample(job->rows->sample);
	bool   *usable = palloc(sizeof(bool) * job->ncandidates);
	int     other;

	if (chosen && job->best->k > 1)
	{
		for (int i = 0; i < job->ncandidates; i++)
			usable[i] = is_usable(job, job->candidates[i]);
		job->best = structure_plausible(sample, &job->options, job->candidates, job->ncandidates, usable, job->best);
	}
	job->structure = structure_test(sample, &job->options, job->best->k);
	if (job->structure.tested && !job->structure.found)
	{
		if (chosen && job->k_min <= 2 && is_usable(job, job->candidates[0]))
			job->best = job->candidates[0];
		else
		{
			other = structure_best_k(sample, &job->options, OTHER_K);
			job->structure.found = other != job->best->k && structure_test(sample, &job->options, other).found;
		}
	}
	if (job->criteria)
		structure_gap(sample, &job->options, job->candidates, job->ncandidates);
}

/*
 * In a refresh: as many segments as there were.  False if their number was chosen, and
 * another is clearly better on the sample.
 */
static bool
refit_candidate(FitJob *job)
{
	int  k = job->refit_k;
	bool chosen = job->k_min < job->k_max;

	if (chosen && k > 1 && k >= job->rows->shape.ndistinct)
		return false;
	cluster_check_k(job->rows, k);
	if (job->bisecting && job->warm == NULL)
		job->tree = bisect(job->rows, &job->options, k);
	job->best = fit_candidate(job, k, true);
	if (job->looking && !job->best->unchanged)
		job->better = structure_better_k(structure_sample(job->rows->sample), &job->options, job->best,
										 chosen ? job->k_min : k - NEAR_K, chosen ? job->k_max : k + NEAR_K);
	return !chosen || job->better.k == 0;
}

/*
 * Each k asked for, and the best.  In a refresh the number of segments that there were stays
 * where it is as good as the best, and one does not take the place of several.
 */
static void
choose_candidate(FitJob *job, int k_max)
{
	bool chosen = job->k_min < job->k_max;

	job->ncandidates = 0;
	job->best = NULL;
	if (job->bisecting && job->options.start == NULL)
		job->tree = bisect(job->rows, &job->options, k_max);
	if ((chosen || job->criteria) && job->k_min > 1)
		fit_candidate(job, 1, false);
	for (int k = job->k_min; k <= k_max; k++)
	{
		Clustering *candidate = fit_candidate(job, k, !chosen);

		if (candidate_better(job, candidate, job->best))
			job->best = candidate;
	}
	if (job->best == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no k in %d..%d has segments whose shares are all from min_share %g to max_share %g",
						job->k_min, job->k_max, job->min_share, job->max_share),
				 errhint("Give k: its segments are made to have such shares.")));
	weigh_candidates(job, chosen);
	for (int i = 0; i < job->ncandidates; i++)
		if (job->candidates[i]->k == job->refit_k && (job->candidates[i]->plausible || job->best->k == 1))
			job->best = job->candidates[i];
}

/* of the largest pass, with the figures of rows that are left out */
static Size
state_size(const FitJob *job, int k)
{
	bool trimmed = job->model != NULL ? job->model->trimmed : job->options.trim > 0;

	return Max(judge_profile_size(Min(k, PG_INT32_MAX - 1) + trimmed, job->recipe.nfigures), means_size(&job->recipe, k));
}

/*
 * Where k is to be chosen, it stays below the number of distinct rows, and one
 * cluster is there to fall back on.
 */
static void
fit_candidates(FitJob *job)
{
	bool  chosen = job->k_min < job->k_max;
	int64 most = chosen ? Max(job->rows->shape.ndistinct - 1, job->k_min) : job->rows->shape.ndistinct;
	int   k_max = (int) Min((int64) job->k_max, most);

	cluster_check_k(job->rows, job->k_min);
	intake_check_state(state_size(job, k_max), k_max, job->recipe.nfeatures);
	job->candidates = palloc(sizeof(Clustering *) * (k_max - job->k_min + 3));
	job->options.start = prepare_start(job);
	previous_read(job);
	if (job->refit_k > 0 && refit_candidate(job))
		weigh_candidates(job, false);
	else
		choose_candidate(job, k_max);
	if (job->bisecting)
		job->nodes = bisect_nodes(job->tree != NULL ? job->tree->splits : job->splits, &job->recipe, job->best);
}

/*
 * Numbers by size, or those of the previous model, which are some of all those
 * that other groups have too.
 */
static void
number_segments(FitJob *job, ShareSet *set)
{
	fit_identify(job, set);
	if (job->first_segment > 0 && !(job->identity.continues != NULL && job->renumber))
		for (int c = 0; c < job->best->k; c++)
			job->best->numbers[c] += job->first_segment - 1;
}

/*
 * What says how good the candidates and the best of them are, beside the figures
 * that a clustering has.
 */
static void
judge_candidates(FitJob *job)
{
	Team         *team = job->intake.all.team;
	ShareSet     *set = job->intake.all.set;
	Matrix       *sample = job->rows->sample;
	LloydOptions *options = &job->options;

	/* the sample does not know of sizes and outliers */
	job->silhouette = (Silhouette){.all = get_float8_nan()};
	if (job->best->offsets == NULL && !job->best->trimmed)
		job->silhouette = silhouette_estimate(team, set, sample, options->spherical, job->best->k, job->best->centroids, job->best->rows);
	job->stability = palloc(sizeof(double) * job->ncandidates);
	for (int i = 0; i < job->ncandidates && job->resamples > 0; i++)
	{
		options->k = job->candidates[i]->k;
		job->stability[i] = stability_find(team, set, sample, options, job->candidates[i]->centroids, job->resamples).mean;
	}
}

/* ---- Score ---- */

/*
 * In place of all this: today's rows by the model as it is.  False for a group of
 * which no row is used.
 */
static bool
rescore(FitJob *job)
{
	const Model *model = job->model;
	Recipe      *recipe = &job->recipe;
	PassInput    input = {.recipe = recipe, .k = model->k, .centroids = model->centroids, .offsets = model->offsets, .trimmed = model->trimmed, .cut = model->cut};

	progress_phase(PROGRESS_PREPARING, 0);
	intake_check_state(state_size(job, model->k), model->k, recipe->nfeatures);
	recipe_recount(recipe, &job->intake.all, job->first_segment > 0 ? NULL : job->source);
	if (recipe->rows_used == 0)
		return false;
	weights_fit(recipe, &job->intake.all, job->weight_name);
	job->kept = palloc(sizeof(int) * recipe->nfeatures);
	for (int f = 0; f < recipe->nfeatures; f++)
	{
		job->kept[f] = f;
		if (recipe->distance == DISTANCE_EUCLIDEAN && recipe->features[f].max_abs > MOST_PREPARED)
			model_report_far();
	}
	job->best = cluster_score(&job->intake.all, &input, model->numbers);
	job->silhouette = (Silhouette){.all = get_float8_nan()};
	return true;
}

/* ---- The job ---- */

/*
 * From the rows read to a clustering; false for a group that is left out.
 */
static bool
cluster(FitJob *job, ShareSet *set)
{
	if (!prepare(job))
		return false;
	fit_candidates(job);
	judge_candidates(job);
	number_segments(job, set);
	cluster_rows_free(job->rows);
	job->rows = NULL;
	return true;
}

/*
 * Finds out what is not in the assignment as today's rows have it.
 */
static void
find_differences(FitJob *job, const Model *model)
{
	if (job->joined == NULL)
		return;
	if (job->differences != NULL)
		differences_end(job->differences);
	progress_phase(PROGRESS_WRITING, job->recipe.rows_used);
	job->differences = differences_find(job->joined, job->key_columns, model, job->evidence.old_numbers, job->evidence.nold);
	if (job->differences->nrows != job->recipe.rows_used)
		source_changed();
}

/*
 * The table for the differences: the statement that makes it says which it is.
 */
static Oid
make_target(const FitJob *job)
{
	bool  isnull = true;
	Datum relation = 0;

	SPI_connect();
	if (SPI_execute(job->make_target, false, 1) == SPI_OK_SELECT && SPI_processed == 1 &&
		SPI_gettypeid(SPI_tuptable->tupdesc, 1) == REGCLASSOID)
		relation = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	SPI_finish();
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the statement for a target returns none")));
	return DatumGetObjectId(relation);
}

/*
 * Writes what there is to write: all rows, scored with the model as it will be
 * read back by later scoring, or those that differ.
 */
static void
write_target(FitJob *job, const Model *model)
{
	if (job->differences != NULL)
	{
		if (job->differences->nkept > 0)
		{
			job->target = make_target(job);
			differences_write(job->differences, job->target, job->key_columns);
		}
		differences_end(job->differences);
		job->differences = NULL;
	}
	else if (OidIsValid(job->target) && job->scored.rows.size == 0)
	{
		progress_phase(PROGRESS_WRITING, job->recipe.rows_used);
		if (write_assignment(job->target, job->query, job->key_columns, model) != job->recipe.rows_used)
			source_changed();
	}
}

/*
 * Keys are kept beside the rows where all of these are to be written.
 */
static void
plan_keys(FitJob *job)
{
	if (!OidIsValid(job->target) || job->joined != NULL)
		return;
	job->intake.keys = target_key_layout(job->target, job->key_columns);
	job->intake.key_row_bytes = job->intake.keys.bytes + scored_row_bytes(job->intake.keys.bytes);
}

/*
 * Scores the rows in memory whose keys are there.
 */
static void
score(FitJob *job)
{
	const Clustering *best = job->best;
	PassInput         input = {.recipe = &job->recipe, .k = best->k, .centroids = best->centroids, .offsets = best->offsets, .trimmed = best->trimmed, .cut = best->cut};

	progress_phase(PROGRESS_WRITING, job->recipe.rows_used);
	job->scored = scored_make(&job->intake.all, &input, best->numbers);
}

/* values times clusters that are worth the start of workers, some ten milliseconds of work */
#define TEAM_WORK 3e7

static Team *
begin_team(const FitJob *job)
{
	double work = (double) job->intake.all.rows->nrows * job->nfeatures * (job->k_max + 8.0) *
				  (job->k_max - job->k_min + 1.0);

	if (work < TEAM_WORK)
		return team_begin(0);
	if (job->intake.scan.nworkers < intake_workers())
		ereport(NOTICE,
				(errmsg("segment.work_mem has room for the figures of %d segments of %d features in %d of %d processes",
						job->k_max, job->recipe.nfeatures, job->intake.scan.nworkers + 1, intake_workers() + 1),
				 errhint("Raise segment.work_mem for all of them to take part.")));
	return team_begin(job->intake.scan.nworkers);
}

/*
 * Which features the result has figures of: a vector is one, by its length.
 */
static void
number_figures(FitJob *job)
{
	job->figures = recipe_figures(&job->recipe);
	job->asked_of = palloc(sizeof(int) * Max(job->recipe.nfigures, 1));
	for (int f = 0; f < job->recipe.nfeatures; f++)
		job->asked_of[job->recipe.features[f].figure] = job->asked[job->kept[f]];
}

typedef struct FitCall
{
	FunctionCallInfo fcinfo;
	FitJob          *job; /* the result */
} FitCall;

/*
 * From the arguments to the profile.  What processes share is in set.
 */
static void
run_fit(ShareSet *set, void *argument)
{
	FitCall         *call = argument;
	FunctionCallInfo fcinfo = call->fcinfo;
	FitJob          *job = call->job = palloc0(sizeof(FitJob));
	RowSource       *all = &job->intake.all;
	RowSource       *memory;

	fit_read_arguments(fcinfo, job);
	job->intake.scan = (ScanSource){
		.query = job->query,
		.nkeys = job->key_columns,
		.columns = job->columns};
	job->intake.seed = job->options.seed;
	job->intake.k = job->k_max;
	job->intake.nfeatures = job->recipe.nfeatures;
	job->intake.weighted = recipe_is_weighted(&job->recipe);
	job->intake.pass = &range_pass;
	job->intake.input = pass_flatten(&(PassInput){.recipe = &job->recipe});
	job->intake.scan.nworkers = intake_plan(&job->intake, state_size(job, job->k_max),
											share_set_across_processes(set) ? intake_workers() : 0);
	plan_keys(job);
	intake_read(&job->intake, set);
	if (share_set_across_processes(set) && all->rows != NULL)
		all->team = begin_team(job);
	if (job->model != NULL ? rescore(job) : cluster(job, set))
	{
		number_figures(job);
		job->profile = profile_compute(all, job->best);
		for (int f = 0; f < job->recipe.nfeatures; f++)
			if (job->recipe.features[f].role == ROLE_VALUE)
				recipe_fill_median(&job->recipe, f, job->profile->population[job->recipe.features[f].figure].quantiles[PROFILE_MEDIAN]);
		/* rows that are only judged need not be in memory: these have no bins then */
		memory = job->model != NULL ? all : &job->intake.memory;
		if (memory->rows != NULL)
			job->bins = bins_fit(memory, job->intake.sample_rows, &job->recipe);
		if (all->rows != NULL && all->rows->key_bytes > 0)
			score(job);
	}
	if (all->team != NULL)
	{
		team_dismiss(all->team);
		share_set_clear_but(set, job->scored.rows);
		team_end(all->team);
	}
}

/*
 * Writes the rows that are scored.
 */
static void
finish_fit(ShareSet *set pg_attribute_unused(), void *argument)
{
	const FitJob *job = ((FitCall *) argument)->job;

	if (job->scored.rows.size > 0 &&
		scored_write(&job->scored, job->target, &job->intake.keys) != job->recipe.rows_used)
		source_changed();
}

PG_FUNCTION_INFO_V1(segment_internal_fit);
Datum
segment_internal_fit(PG_FUNCTION_ARGS)
{
	MemoryContext caller_context = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(caller_context, "segment fit",
												  ALLOCSET_DEFAULT_SIZES);
	FitCall       call = {.fcinfo = fcinfo};
	bytea        *compiled;
	Model        *model;
	HeapTuple     tuple;

	MemoryContextSwitchTo(context);
	progress_begin(fit_name(fcinfo));
	share_run(intake_workers() > 0, run_fit, finish_fit, &call);
	if (call.job->best == NULL)
	{
		MemoryContextSwitchTo(caller_context);
		MemoryContextDelete(context);
		PG_RETURN_NULL();
	}
	compiled = call.job->model != NULL ? unconstify(bytea *, call.job->previous)
									   : model_serialize(call.job->columns, &call.job->recipe, call.job->best);
	model = model_deserialize(compiled, NULL);
	find_differences(call.job, model);
	if (call.job->model == NULL && fit_identify_again(call.job))
	{
		compiled = model_serialize(call.job->columns, &call.job->recipe, call.job->best);
		model = model_deserialize(compiled, NULL);
		find_differences(call.job, model);
		call.job->evidence.known = call.job->differences->overlap;
	}
	write_target(call.job, model);
	tuple = fit_form_result(fcinfo, call.job, compiled, model);

	MemoryContextSwitchTo(caller_context);
	tuple = heap_copytuple(tuple);
	MemoryContextDelete(context);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
