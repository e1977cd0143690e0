#!/usr/bin/perl
#
# What others read a model with: psql, pandas, psycopg, JDBC, postgres_fdw, and the queries by which BI tools find
# relations, columns, comments and keys.  Each is the role bi, which may read the profile and the members and no more.
# It sees the figures that SQL sees, bit for bit, and the types and comments that doc/bi.md promises.
#
# The models are on a second server, which listens on 127.0.0.1 as well; the first one is the other side of
# postgres_fdw.

use strict;
use warnings;
use utf8;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep);

my $home = $ENV{PGHOST};
my $base = tempdir('/tmp/segment.clients.XXXXXX', CLEANUP => 1);
my $database = "segment_clients_$$";
my @as_server = $> == 0 ? qw(runuser -u postgres --) : ();
my $port = free_port();
my %owner = (PGHOST => '127.0.0.1', PGPORT => $port, PGDATABASE => 'shop', PGUSER => 'postgres');
my %bi = (%owner, PGUSER => 'bi');

# What the types of PostgreSQL are to the clients: classes of psycopg, dtypes of pandas, types of JDBC.
my %client_types = (
	'integer' => [qw(int int64 INTEGER)],
	'bigint' => [qw(int int64 BIGINT)],
	'real' => [qw(float float64 REAL)],
	'double precision' => [qw(float float64 DOUBLE)],
	'numeric' => [qw(Decimal float64 NUMERIC)],
	'boolean' => [qw(bool bool BIT)],
	'text' => [qw(str object VARCHAR)],
	'name' => [qw(str object VARCHAR)],
	'date' => [qw(date datetime64[ns] DATE)],
	'timestamp with time zone' => [ 'datetime', 'datetime64[ns, UTC]', 'TIMESTAMP' ],
	'interval' => [qw(timedelta timedelta64[ns] OTHER)],
	'text[]' => [qw(list object ARRAY)],
	'jsonb' => [qw(dict object OTHER)],
	'regclass' => [qw(str object OTHER)]);

$SIG{$_} = sub { exit 1 } for qw(HUP INT TERM);
binmode $_, ':encoding(UTF-8)' for map { Test::More->builder->$_ } qw(output failure_output todo_output);

start_server();
make_models();

my @relations = qw(customers_profile customers_members segment_profiles segment_models segment_runs);
my %expected = map { $_ => rows(\%bi, $_) } @relations;
is(scalar @{ $expected{segment_profiles} }, 3 * 8, 'bi sees the segments and features of the model that it may read');
is(scalar @{ $expected{customers_members} }, 300, 'and its rows');

psql_reads();
bi_tools_discover();
foreign_server_reads();

# A grant on the assignment adds its key to what clients find.
psql(\%owner, 'GRANT SELECT, REFERENCES ON customers_assignment TO bi');
push @relations, 'customers_assignment';
$expected{customers_assignment} = rows(\%bi, 'customers_assignment');
is(psql(\%bi, key_query()), "customers_assignment.id\n", 'information_schema: a key shows with the privilege REFERENCES');

clients_read('/usr/bin/python3', "$Bin/../clients/client.py");
clients_read('java', '-cp', '/usr/share/java/postgresql.jar', "$Bin/../clients/Client.java");
python_fits();
done_testing();

# ----------------------------------------------------------------
#		The clients
# ----------------------------------------------------------------

sub psql_reads
{
	like(psql(\%bi, '\d+ customers_profile'), qr/^share\|double precision\|.*\|Share of the segment in all rows/m, 'psql: \d+ shows comments');
	for my $relation (qw(customers_profile customers_members segment_profiles))
	{
		psql(\%bi, "\\copy (SELECT * FROM $relation) TO '$base/$relation.csv' (FORMAT csv, HEADER)");
		is(psql(\%owner,
				"CREATE TEMPORARY TABLE copied AS SELECT * FROM $relation LIMIT 0",
				"\\copy copied FROM '$base/$relation.csv' (FORMAT csv, HEADER)",
				"SELECT count(*) FROM copied",
				"SELECT count(*) FROM (TABLE copied EXCEPT SELECT * FROM $relation) AS different"),
			@{ $expected{$relation} } . "\n0\n", "psql: \\copy takes all figures of $relation to CSV");
	}
}

# Tools read the catalogs in one of two ways: Grafana and Metabase's keys by information_schema, Metabase's tables,
# ODBC and JDBC by pg_catalog.
sub bi_tools_discover
{
	is(psql(\%bi, q{
			SELECT quote_ident(table_name), table_type FROM information_schema.tables
			 WHERE table_schema = ANY (current_schemas(false)) AND table_name !~ '^segment_' ORDER BY 1}),
		"customers_members|VIEW\ncustomers_profile|VIEW\n", 'information_schema: relations');
	is(psql(\%bi, q{
			SELECT quote_ident(column_name), data_type FROM information_schema.columns
			 WHERE table_name = 'customers_members' AND table_schema = 'public' ORDER BY ordinal_position}),
		<<'END', 'information_schema: columns');
id|integer
plan|text
joined|date
income|numeric
visits|integer
spent|double precision
newsletter|boolean
last_seen|timestamp with time zone
segment|integer
label|text
distance|real
margin|real
END
	is(psql(\%bi, q{
			SELECT c.relname, d.description FROM pg_class c
			  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema|segment_internal)'
			  LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
			 WHERE c.relkind IN ('r', 'p', 'v', 'f', 'm') AND has_table_privilege(c.oid, 'SELECT') AND c.relname !~ '^segment_'
			 ORDER BY c.relname}),
		<<'END', 'pg_catalog: relations and their comments');
customers_members|The rows of public.customers as they are now, with the segment of each; rows that have none yet are not in it.
customers_profile|The segments of public.customers, a row a segment, with the figures of the latest fit in the units of its columns.
END
	is(psql(\%bi, q{
			SELECT column_name, col_description(format('%I.%I', table_schema, table_name)::regclass, ordinal_position)
			  FROM information_schema.columns WHERE table_name = 'customers_members' AND column_name IN ('id', 'income', 'label')
			 ORDER BY ordinal_position}),
		<<'END', 'both: columns and their comments');
id|Column "id" of public.customers.
income|Yearly income, in €: "100 %" of it.
label|Name of the segment, to be shown to people; segment_label() changes it.
END
	is(psql(\%bi, q{
			SELECT i.indrelid::regclass, a.attname FROM pg_index i
			  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
			  JOIN pg_class c ON c.oid = i.indrelid
			 WHERE i.indisprimary AND c.relname = 'customers_assignment'}),
		"customers_assignment|id\n", 'pg_catalog: the key of the assignment, with no right on it');
	is(psql(\%bi, key_query()), '', 'information_schema: no keys for those who may only read');
}

sub key_query
{
	return q{
		SELECT k.table_name || '.' || k.column_name FROM information_schema.table_constraints t
		  JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name, table_name)
		 WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_name LIKE 'customers%'};
}

# The first server reads the second as the role bi.
sub foreign_server_reads
{
	my %near = (PGDATABASE => $database);
	my $grouped = 'SELECT label, count(*), max(spent) FROM customers_members WHERE visits > 11 GROUP BY label ORDER BY label';
	my $joined = 'SELECT m.id, p.share FROM customers_members m JOIN customers_profile p USING (segment) WHERE p.spent_avg > 150 ORDER BY m.id';

	psql({}, "CREATE DATABASE $database");
	psql(\%near, qq{
		CREATE EXTENSION postgres_fdw;
		CREATE SERVER there FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '$port', dbname 'shop', use_remote_estimate 'true');
		CREATE USER MAPPING FOR CURRENT_USER SERVER there OPTIONS (user 'bi');
		IMPORT FOREIGN SCHEMA public LIMIT TO (customers_profile, customers_members, segment_profiles) FROM SERVER there INTO public;
		CREATE FOREIGN TABLE models (model text, schema text, source text, k integer, profile text, features text[], refreshed_at timestamptz)
			SERVER there OPTIONS (table_name 'segment_models')});
	is_deeply(rows(\%near, $_), $expected{$_}, "postgres_fdw: $_")
	  for qw(customers_profile customers_members segment_profiles);
	is(psql(\%near, 'TABLE models'),
		psql(\%bi, q{SELECT model, schema, 'public.' || source, k, 'public.' || profile, features, refreshed_at FROM segment_models}),
		'postgres_fdw: segment_models, with names of relations as text');
	for ([ $grouped, qr/SELECT label, count\(\*\), max\(spent\) FROM public\.customers_members WHERE \(\(visits > 11\)\) GROUP BY 1/ ],
		[ $joined, qr/FROM \(public\.customers_\w+ \w+ INNER JOIN public\.customers_\w+ \w+ ON .*spent_avg > 150/ ])
	{
		my ($query, $sent) = @$_;
		like(psql(\%near, "EXPLAIN (VERBOSE, COSTS off) $query"), qr/Remote SQL: .*$sent/, 'postgres_fdw: work is done there');
		is(psql(\%near, $query), psql(\%bi, $query), 'postgres_fdw: and its figures come here');
	}
	psql({}, "DROP DATABASE $database");
}

# Runs a program that reads all relations with one or more clients, and looks at what these show.
sub clients_read
{
	my @command = (@_, @bi{qw(PGHOST PGPORT PGDATABASE PGUSER)}, @relations);
	my %shown;

	open my $out, '-|', @command or die "cannot run @command: $!\n";
	binmode $out, ':encoding(UTF-8)';
	while (my $line = <$out>)
	{
		chomp $line;
		my ($client, $relation, $what, @fields) = split /\t/, $line, -1;
		push @{ $shown{$client}{$relation}{$what} }, join "\t", @fields;
	}
	close $out or die "@command fails\n";
	check_client($_, $shown{$_}) for sort keys %shown;
}

# What doc/bi.md says of fits from Python: nothing is left of one that is not committed; its examples commit.
sub python_fits
{
	open my $in, '<:encoding(UTF-8)', "$Bin/../../doc/bi.md" or die "cannot read doc/bi.md: $!\n";
	my @examples = do { local $/; <$in> } =~ /^```python\n(.*?)^```/msg;
	my $start = "import pandas, sqlalchemy\nengine = sqlalchemy.create_engine('postgresql+psycopg2://$owner{PGUSER}\@$owner{PGHOST}:$port/$owner{PGDATABASE}')\n";
	my $lost = q{run = pandas.read_sql("SELECT * FROM segment_kmeans('customers', 3, model => 'lost')", engine)} . "\n";

	is(scalar @examples, 2, 'Python: two examples');
	for my $example ($lost, @examples)
	{
		my ($model) = $example =~ /model => '(\w+)'/;
		open my $out, '-|', '/usr/bin/python3', '-c', "$start${example}print(run.k[0])" or die "cannot run python3: $!\n";
		is(do { local $/; <$out> }, "3\n", "Python: $model returns its run");
		close $out;
	}
	is(psql(\%owner, q{SELECT model FROM segment_models WHERE model ~ '(lost|committed)$' ORDER BY model}), "autocommitted\ncommitted\n",
		'Python: there are the models that were committed');
}

sub check_client
{
	my ($client, $shown) = @_;
	my ($n) = grep { (qw(psycopg pandas JDBC))[$_] eq $client } 0 .. 2;

	for my $relation (@relations)
	{
		my @columns = map { [ split /\t/, $_, -1 ] } @{ $shown->{$relation}{column} };
		is_deeply([ sort @{ $shown->{$relation}{row} } ], $expected{$relation}, "$client: figures of $relation");
		is_deeply({ map { @$_[ 0, 1 ] } @columns }, types($relation, $n), "$client: types of $relation");
		next if $client eq 'psycopg';
		is_deeply({ map { @$_[ 0, 2 ] } @columns }, comments($relation), "$client: comments of $relation");
		is($shown->{$relation}{key}[0], $relation eq 'customers_assignment' ? 'id' : '', "$client: key of $relation");
	}
	is($shown->{customers_profile}{table}[0],
		"VIEW\tThe segments of public.customers, a row a segment, with the figures of the latest fit in the units of its columns.",
		'JDBC: comment of a relation') if $client eq 'JDBC';
}

# The rows of a relation as the clients write them, sorted.
sub rows
{
	my ($environment, $relation) = @_;
	my $columns = psql($environment, qq{
		SELECT string_agg(format(CASE data_type
		           WHEN 'double precision' THEN 'encode(float8send(%1\$I), ''hex'')'
		           WHEN 'numeric' THEN 'encode(float8send(%1\$I::float8), ''hex'')'
		           WHEN 'real' THEN 'encode(float4send(%1\$I), ''hex'')'
		           WHEN 'boolean' THEN 'CASE %1\$I WHEN true THEN ''t'' WHEN false THEN ''f'' END'
		           WHEN 'ARRAY' THEN 'array_to_string(%1\$I, '','')'
		           WHEN 'timestamp with time zone' THEN '(extract(epoch FROM %1\$I) * 1000000)::bigint::text'
		           WHEN 'interval' THEN '(extract(epoch FROM %1\$I) * 1000000)::bigint::text'
		           ELSE '%1\$I::text' END, column_name), ', ' ORDER BY ordinal_position)
		  FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '$relation'});
	chomp $columns;
	return [ sort split /\n/, psql($environment, "SELECT array_to_string(ARRAY[$columns], E'\\t', '') FROM $relation") ];
}

sub comments
{
	my ($relation) = @_;
	return columns($relation, 'col_description(attrelid, attnum)');
}

sub types
{
	my ($relation, $client) = @_;
	my $types = columns($relation, 'format_type(atttypid, NULL)');
	$_ = $client_types{$_}[$client] for values %$types;
	# pandas has no boolean that can be missing
	$types->{newsletter} = 'object' if $relation eq 'customers_members' && $types->{newsletter} eq 'bool' && $client == 1;
	return $types;
}

# Something that the catalog knows about each column of a relation.
sub columns
{
	my ($relation, $what) = @_;
	return { map { split /\t/ } split /\n/, psql(\%owner, qq{
		SELECT attname || E'\\t' || $what FROM pg_attribute WHERE attrelid = '$relation'::regclass AND attnum > 0}) };
}

sub make_models
{
	psql({ %owner, PGDATABASE => 'postgres' }, 'CREATE DATABASE shop');
	psql(\%owner, q{
		CREATE EXTENSION segment;
		CREATE TABLE customers (id integer PRIMARY KEY, plan text, joined date, income numeric(10, 2), visits integer, spent double precision, newsletter boolean, last_seen timestamptz);
		INSERT INTO customers
		SELECT i, (ARRAY['Größe "M", 50 %', 'it''s 5'])[1 + i % 2], date '2020-01-01' + i, CASE WHEN i % 7 > 0 THEN 20000.25 + 9000 * (i % 3) + i END,
		       i % 3 * 10 + i % 4, (i % 3) * 100 + i / 7.0, CASE WHEN i % 5 > 0 THEN i % 2 = 0 END, timestamptz '2024-02-29 12:34:56.123456+01' - i * interval '1 hour'
		  FROM generate_series(1, 300) i;
		COMMENT ON COLUMN customers.income IS 'Yearly income, in €: "100 %" of it.';
		SET client_min_messages = warning;
		SELECT segment_kmeans('customers', 3, features => '{plan,joined,income,visits,spent,newsletter}', history => true);
		SELECT segment_live_view('customers');
		SELECT segment_kmeans('customers', 2, model => 'hidden', features => '{visits}');
		SELECT segment_label('customers', 2, 'Große "Käufer", 50 %');
		CREATE ROLE bi LOGIN;
		GRANT SELECT ON customers_profile, customers_members TO bi});
}

# ----------------------------------------------------------------
#		Servers
# ----------------------------------------------------------------

sub start_server
{
	system('chown', 'postgres', $base) if $> == 0;
	chmod 0755, $base;
	run("$home/bin/initdb", '-D', "$base/data", '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
	run("$home/bin/pg_ctl", '-D', "$base/data", '-s', '-w', '-l', "$base/log",
		'-o', "-c listen_addresses=127.0.0.1 -c unix_socket_directories=$base -c port=$port -c fsync=off", 'start');
}

END
{
	my $status = $?;
	$SIG{$_} = 'IGNORE' for qw(HUP INT TERM);
	stop_server();
	$? = $status;
}

# The first server may be gone, and its programs with it.  The server removes its file at the end; its process stays where
# nobody asks for what became of it, as in a container whose first process does not.
sub stop_server
{
	my $file = "$base/data/postmaster.pid";
	open my $in, '<', $file or return;
	chomp(my $pid = <$in> // return);
	kill 'QUIT', $pid;
	sleep 0.1 while -e $file && kill 0, $pid;
}

sub run
{
	my @command = @_;
	system(@as_server, 'sh', '-c', 'cd / && exec "$@" >/dev/null', 'sh', @command) == 0
	  or BAIL_OUT("cannot run @command");
}

sub free_port
{
	my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1)
	  or die "no free port: $!\n";
	return $socket->sockport;
}

# What psql prints of commands, in the environment given.
sub psql
{
	my ($environment, @commands) = @_;
	local @ENV{ keys %$environment } = values %$environment;
	open my $out, '-|', qw(psql -XAtq -v ON_ERROR_STOP=1), map { ('-c', $_) } @commands or die "cannot run psql: $!\n";
	binmode $out, ':encoding(UTF-8)';
	my $output = do { local $/; <$out> };
	close $out or die "psql fails\n";
	return $output // '';
}
