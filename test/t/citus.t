#!/usr/bin/perl
#
# A table of Citus and its like on one node: the same models, assignments and predictions.
#
# SEGMENT_CITUS_URL names a database of a coordinator that has nodes, as a superuser: "host=... port=... dbname=... user=...".
# The extension has to be installed on all of them.  The test works in a schema of its own, which it drops.

use strict;
use warnings;
use Test::More;

my $url = $ENV{SEGMENT_CITUS_URL};
plan skip_all => 'SEGMENT_CITUS_URL does not name a coordinator of Citus' if !$url;

my $schema = 'segment_citus_test';
my $setup = "SET client_min_messages = error; SET search_path = $schema, public;";

sub query
{
	my ($sql) = @_;
	open my $psql, '-|', 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $url, '-c', $setup, '-c', $sql
	  or BAIL_OUT("cannot run psql: $!");
	my $result = do { local $/; <$psql> } // '';
	close $psql or return "failed: $sql";
	chomp $result;
	return $result;
}

sub same
{
	my ($one, $other, $what) = @_;
	my $expected = query($other);
	my $found = query($one);
	unlike($expected, qr/\A(failed.*)?\z/, "$what: there is something");
	ok($found eq $expected, $what) or diag(substr($found, 0, 300), "\n\n", substr($expected, 0, 300));
}

# The same of two models or relations, by their names.
sub alike
{
	my ($sql, $what, @names) = @_;
	my ($far, $near) = map { my $text = $sql; my $name = $_; $text =~ s/NAME/$name/g; $text } @names;
	same($far, $near, $what);
}

query("DROP SCHEMA IF EXISTS $schema CASCADE; CREATE EXTENSION IF NOT EXISTS segment; CREATE SCHEMA $schema");
isnt(query('SELECT count(*) FROM pg_dist_node WHERE isactive'), '0', 'there are nodes');
my $columns = join ', ', map { "(hashint4(i * 16 + $_) % 1000 / 250.0 + 3 * (i % 5 = $_)::integer)::float8 AS c$_" } 1 .. 5;
query("CREATE TABLE near AS SELECT i AS id, $columns, chr(65 + i % 3) AS kind, CASE WHEN i % 9 > 0 THEN i % 50 END AS age FROM generate_series(1, 8000) AS i;
	ALTER TABLE near ADD PRIMARY KEY (id);
	CREATE TABLE far (LIKE near INCLUDING ALL); SELECT create_distributed_table('far', 'id', shard_count => 8); INSERT INTO far SELECT * FROM near;
	CREATE TABLE everywhere (LIKE near INCLUDING ALL); SELECT create_reference_table('everywhere'); INSERT INTO everywhere SELECT * FROM near");

for my $table (qw(far everywhere))
{
	alike('SELECT * FROM segment_describe(\'NAME\') ORDER BY 1', "$table: describe", $table, 'near');
	alike('SELECT * FROM segment_elbow(\'NAME\', 2, 4) ORDER BY 1', "$table: elbow", $table, 'near');
}
query("SELECT segment_kmeans('$_', 5)") for qw(far everywhere near);
for my $table (qw(far everywhere))
{
	alike('SELECT * FROM segment_centroids(\'NAME\')', "$table: centroids", $table, 'near');
	alike('SELECT * FROM NAME_profile', "$table: profile", $table, 'near');
	alike('SELECT * FROM NAME_assignment ORDER BY id', "$table: assignment", $table, 'near');
	alike('SELECT * FROM NAME_members ORDER BY id', "$table: members", $table, 'near');
	alike('SELECT * FROM segment_silhouette(\'NAME\', 1000)', "$table: silhouette", $table, 'near');
	alike('SELECT * FROM segment_map(\'NAME\', 50)', "$table: map", $table, 'near');
	alike('SELECT * FROM segment_drift(\'NAME\')', "$table: drift", $table, 'near');
}
is(query(q{SELECT colocationid = (SELECT colocationid FROM pg_dist_partition WHERE logicalrelid = 'far'::regclass)
	FROM pg_dist_partition WHERE logicalrelid = 'far_assignment'::regclass}), 't', 'the assignment lies beside its source');
same(q{SELECT id, segment_predict((SELECT compiled FROM segment_compiled WHERE model = 'far' AND schema = 'segment_citus_test'), f) FROM far f ORDER BY 1},
	q{SELECT id, segment_predict('near', f) FROM near f ORDER BY 1}, 'predictions on the nodes');
like(query(q{EXPLAIN (VERBOSE, COSTS OFF) SELECT id, segment_predict((SELECT compiled FROM segment_compiled WHERE model = 'far' AND schema = 'segment_citus_test'), f) FROM far f}),
	qr/Task Count: 8.*Query: SELECT .*segment_predict\(/s, 'are made there');

query("INSERT INTO $_ SELECT id + 8000, c1 + 0.1, c2, c3, c4, c5, kind, age FROM near WHERE id <= 900") for qw(far everywhere near);
query("DELETE FROM $_ WHERE id % 100 = 7") for qw(far everywhere near);
query("SELECT segment_refresh('$_')") for qw(far everywhere near);
for my $table (qw(far everywhere))
{
	alike('SELECT * FROM segment_centroids(\'NAME\')', "$table: centroids of a refresh", $table, 'near');
	alike('SELECT id, segment FROM NAME_assignment ORDER BY id', "$table: assignment of a refresh", $table, 'near');
}
query("SELECT segment_kmeans('$_', 3, model => '${_}_seen', assignment => 'view')") for qw(far near);
alike('SELECT * FROM NAME_seen_assignment ORDER BY id', 'an assignment view', 'far', 'near');
query("CREATE VIEW ${_}_view AS SELECT id, c1, c2 FROM $_ WHERE c1 > 1; SELECT segment_kmeans('${_}_view', 3, key => '{id}')") for qw(far near);
alike('SELECT * FROM NAME_view_assignment ORDER BY id', 'a view', 'far', 'near');
query("SELECT segment_kmeans('$_', 5, replace => true, features => '{c1,c2,c3}')") for qw(far near);
alike('SELECT * FROM NAME_assignment ORDER BY id', 'a model in the place of another', 'far', 'near');
for my $kind ('none', 'table')
{
	query("SELECT segment_kmeans('$_', 4, model => '${_}_bare', assignment => '$kind', replace => true)") for qw(far near);
}
alike('SELECT * FROM NAME_bare_assignment ORDER BY id', 'an assignment where there was none', 'far', 'near');
is(query(q{SELECT conname FROM pg_constraint WHERE conrelid = 'far_bare_assignment'::regclass AND contype = 'p'}), 'far_bare_assignment_pkey', 'and its key');
query("SELECT segment_drop('${_}_bare', keep_output => true)") for qw(far near);
alike('SELECT * FROM NAME_bare_members ORDER BY id', 'what a dropped model leaves', 'far', 'near');

# more rows than a small segment.work_mem holds
$columns = join ', ', map { "(hashint4(i * 128 + $_) % 1000 / 500.0 + 3 * (i % 4 = $_ % 4)::integer)::float8" } 1 .. 100;
query("CREATE TABLE many_near AS SELECT i AS id, ARRAY[$columns]::float8[] AS v FROM generate_series(1, 36000) AS i;
	ALTER TABLE many_near ADD PRIMARY KEY (id);
	CREATE TABLE many_far (LIKE many_near INCLUDING ALL); SELECT create_distributed_table('many_far', 'id', shard_count => 8); INSERT INTO many_far SELECT * FROM many_near");
$setup .= " SET segment.work_mem = '1MB';";
query("SELECT segment_kmeans('many_$_', 2, features => '{v}', n_init => 1)") for qw(near far);
alike('SELECT * FROM segment_centroids(\'many_NAME\')', 'many rows that come here: centroids', 'far', 'near');
isnt(query('SELECT segment_share_key()'), '0', 'the nodes have a key in common');
query("SELECT segment_kmeans('many_far', 2, features => '{v}', n_init => 1, replace => true)");
alike('SELECT * FROM segment_centroids(\'many_NAME\')', 'many rows that stay there: centroids', 'far', 'near');
alike('SELECT * FROM many_NAME_profile', 'profile', 'far', 'near');
alike('SELECT * FROM many_NAME_assignment ORDER BY id', 'assignment', 'far', 'near');

# somebody who is no superuser: what runs on the nodes runs as him
my $role = 'segment_citus_dan';
query("DROP ROLE IF EXISTS $role; CREATE ROLE $role LOGIN; GRANT USAGE, CREATE ON SCHEMA $schema TO $role; GRANT SELECT ON near TO $role");
is(query("SET ROLE $role; CREATE TABLE his (LIKE near INCLUDING ALL); DO \$\$BEGIN PERFORM create_distributed_table('his', 'id', shard_count => 4); END\$\$;
	INSERT INTO his SELECT * FROM near; SELECT run FROM segment_kmeans('his', 3, features => '{c1,c2}'); SELECT run FROM segment_refresh('his')"),
	"1\n2", 'a role of its own fits and refreshes');

query("DROP SCHEMA $schema CASCADE; DROP ROLE $role");
done_testing();
