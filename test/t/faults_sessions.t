#!/usr/bin/perl
#
# Jobs within whatever a session does: savepoints, blocks that catch errors, cursors, prepared statements, and
# transactions that are prepared for two-phase commit.

use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Server;
use Session;
use Test::More;

my $server = Server->new(config => "max_prepared_transactions = 5\n");
$server->query(q{
	CREATE EXTENSION segment;
	CREATE TABLE shop AS
	SELECT i AS id, i % 4 * 500 + hashint4(i) % 200 AS x, hashint4(i + 7) % 1000 AS y FROM generate_series(1, 4000) AS i;
	ALTER TABLE shop ADD PRIMARY KEY (id);
	CREATE VIEW broken AS SELECT id, x, 1 / (id - 3000) AS y FROM shop;
	CREATE FUNCTION relations() RETURNS bigint LANGUAGE sql AS
		$$SELECT count(*) FROM pg_class WHERE relkind <> 'c' AND relnamespace = 'public'::regnamespace AND relname ~ '_(assignment|profile|members)$|^segment_fresh'$$;
	CREATE PROCEDURE forget() LANGUAGE plpgsql AS 'BEGIN PERFORM segment_drop(model) FROM segment_models; END'});
my $fit = q{SELECT k, rows_used, inertia FROM segment_kmeans('shop', 4)};
my $nothing = q{SELECT (SELECT count(*) FROM segment_models), relations()};
my $rows = 'SELECT count(*), sum(hashtext(m::text)) FROM shop_members m';

my $s = Session->new;
$s->ask('SET client_min_messages = warning');

# Savepoints and blocks

my $figures = $s->ask("BEGIN; SAVEPOINT a; $fit; ROLLBACK TO a");
like($figures, qr/^4\|4000\|/, 'a fit in a savepoint');
is($s->ask($nothing), '0|0', 'goes with it');
is($s->ask($fit), $figures, 'the next one in the transaction has the same figures');
my $members = $s->ask($rows);
is($s->ask(q{SAVEPOINT b; UPDATE shop SET x = x + 100 WHERE id % 2 = 0; SELECT run FROM segment_refresh('shop'); ROLLBACK TO b}), 2,
	'a refresh in a savepoint');
is($s->ask($rows), $members, 'goes with it');
is($s->ask(q{SELECT run FROM segment_runs}), 1, 'with its run');
is($s->ask(q{SAVEPOINT c; CALL forget(); ROLLBACK TO c; RELEASE c; COMMIT; SELECT run FROM segment_runs}), 1,
	'a drop that is rolled back');
is($s->ask(q{CALL forget(); DO $$
	DECLARE
		caught integer := 0;
		done   integer := 0;
	BEGIN
		FOR i IN 1 .. 12 LOOP
			BEGIN
				PERFORM segment_kmeans(CASE WHEN i % 2 = 0 THEN 'broken' ELSE 'shop' END::regclass, 3, key => '{id}', model => 'm' || i % 4);
				done := done + 1;
				IF i % 3 = 0 THEN
					RAISE no_data_found;
				END IF;
				PERFORM segment_refresh('m' || i % 4);
			EXCEPTION WHEN division_by_zero OR no_data_found OR duplicate_object THEN
				caught := caught + 1;
			END;
		END LOOP;
		RAISE WARNING '% done, % caught', done, caught;
	END $$}), 'WARNING:  3 done, 10 caught', 'a loop that catches errors');
is($s->ask(q{SELECT string_agg(model || run, ' ' ORDER BY model, run) FROM segment_runs; SELECT relations()}), "m11 m12 m31 m32\n6",
	'has the models of the blocks that went well');
is($s->ask(q{SELECT name FROM pg_backend_memory_contexts WHERE name LIKE 'segment%'}), '', 'and no memory left');
$s->ask('CALL forget()');

# Cursors

is($s->ask("BEGIN; DECLARE c CURSOR FOR $fit; CLOSE c; COMMIT; $nothing"), '0|0', 'a cursor that nobody fetches from makes no model');
is($s->ask("BEGIN; DECLARE c CURSOR FOR $fit; FETCH c; FETCH c; CLOSE c; COMMIT"), $figures, 'one that is fetched from does, once');
is($s->ask('SELECT run FROM segment_runs; CALL forget()'), '1', 'one run');
is($s->ask("BEGIN; DECLARE c CURSOR FOR $fit; SAVEPOINT a; FETCH c; ROLLBACK TO a; FETCH c; COMMIT"), $figures,
	'a cursor that is fetched from in a savepoint, which is rolled back');
is($s->ask($nothing), '0|0', 'makes no model');
is($s->ask("BEGIN; DECLARE c CURSOR WITH HOLD FOR $fit; COMMIT; FETCH c; CLOSE c"), $figures, 'a cursor that outlives its transaction');
my $all = $s->ask($rows);
$s->ask('BEGIN; DECLARE c CURSOR FOR SELECT hashtext(m::text) FROM shop_members m; CREATE TEMPORARY TABLE fetched(h integer)');
my @hashes = split /\n/, $s->ask('FETCH 100 FROM c');
is($server->query(q{UPDATE shop SET y = 1000 - y WHERE id % 2 = 0}, q{SELECT run FROM segment_refresh('shop')}), 2,
	'a refresh while a cursor is open over the members');
push @hashes, split /\n/, $s->ask('FETCH ALL FROM c');
my $sum = 0;
$sum += $_ for @hashes;
is(@hashes . "|$sum", $all, 'the cursor goes on with what it began with');
isnt($s->ask("COMMIT; $rows"), $all, 'the next reader sees the new rows');

# Prepared statements

$s->ask(q{CALL forget(); SELECT segment_kmeans('shop', 3, model => 'p'); PREPARE fit AS SELECT k, cardinality(features) FROM segment_kmeans('shop', 3, model => 'p', replace => true);
	PREPARE refresh AS SELECT k, cardinality(features) FROM segment_refresh('p');
	PREPARE rows AS SELECT count(*), sum(segment) > 0 FROM p_members;
	PREPARE score AS SELECT sum(segment) FROM (SELECT (segment_score('p', v)).segment FROM shop v) x});
is($s->ask('EXECUTE fit; EXECUTE rows; EXECUTE refresh; EXECUTE rows'), "3|2\n4000|t\n3|2\n4000|t", 'prepared statements')
  for 1 .. 7;
$server->query('ALTER TABLE shop ADD COLUMN z float8 NOT NULL DEFAULT 0; UPDATE shop SET z = hashint4(id + 77) % 1000');
is($s->ask('EXECUTE refresh; EXECUTE fit; EXECUTE rows'), "3|2\n3|3\n4000|t", 'after a column has come');
is($s->ask('EXECUTE score'), $s->ask(q{SELECT sum(segment) FROM p_assignment}), 'scores by the new model');
$server->query(q{ALTER TABLE shop DROP COLUMN y CASCADE; SELECT segment_kmeans('shop', 2, model => 'p', replace => true)});
is($s->ask('EXECUTE fit; EXECUTE rows; EXECUTE score'), "3|2\n4000|t\n" . $s->ask(q{SELECT sum(segment) FROM p_assignment}),
	'and after one has gone');
$s->ask('CALL forget()');

# Two-phase commit

$figures = $s->ask("BEGIN; $fit; PREPARE TRANSACTION 'fit'");
like($figures, qr/^4\|4000\|/, 'a fit is prepared');
is($s->ask($nothing), '0|0', 'and not seen');
like($s->ask("SET lock_timeout = '50ms'; $fit"), qr/lock timeout/, 'another one of the name waits for it');
$server->stop('immediate');
$server->start;
$s = Session->new;
is($s->ask("SET client_min_messages = warning; COMMIT PREPARED 'fit'; SELECT k, rows_used, inertia FROM segment_runs"), $figures,
	'it outlives the server and is committed');
$s->ask('UPDATE shop SET x = x + 100 WHERE id % 2 = 0');
$members = $s->ask($rows);
is($s->ask(q{BEGIN; SELECT run FROM segment_refresh('shop'); PREPARE TRANSACTION 'refresh'}), 2,
	'a refresh is prepared');
is($s->ask($rows), $members, 'readers see the rows of before');
like($s->ask(q{SET lock_timeout = '50ms'; SELECT segment_refresh('shop')}), qr/lock timeout/, 'another one waits for it');
is($s->ask(q{ROLLBACK PREPARED 'refresh'; SELECT run FROM segment_runs}), 1, 'it is rolled back');
is($s->ask($rows), $members, 'and has changed nothing');
is($s->ask(q{BEGIN; SELECT run FROM segment_refresh('shop'); PREPARE TRANSACTION 'refresh'; COMMIT PREPARED 'refresh'; SELECT max(run) FROM segment_runs}),
	"2\n2", 'or committed');
isnt($s->ask($rows), $members, 'with its rows');
is($s->ask(q{BEGIN; CALL forget(); PREPARE TRANSACTION 'drop'; COMMIT PREPARED 'drop'; } . $nothing), '0|0', 'a drop as well');
like($s->ask(q{CREATE TEMPORARY TABLE passing AS TABLE shop; BEGIN; SELECT k FROM segment_kmeans('passing', 2, key => '{id}'); PREPARE TRANSACTION 'no'}),
	qr/^2\nERROR:  cannot PREPARE a transaction that has operated on temporary objects$/, 'a temporary model cannot be prepared');
is($s->ask($nothing), '0|0', 'and is gone');
is($server->crashes, '', 'nothing crashed');
# What a refresh finds to differ may be more than memory holds: it goes into a file, which is closed.
{
	my $spilling = Session->new;
	is($spilling->ask(q{SET client_min_messages = warning; SET work_mem = '64kB'; SET max_parallel_workers_per_gather = 0;
		CREATE TABLE spilling AS SELECT i AS id, i % 2 * 100 + i % 7 AS x FROM generate_series(1, 20000) i;
		SELECT FROM segment_kmeans('spilling', 2, key => '{id}'); UPDATE spilling SET x = 100 - x + id % 90;
		SELECT rows_used FROM segment_refresh('spilling')}), '20000', 'no file is left open by a refresh');
	$spilling->ask(q{SELECT FROM segment_drop('spilling'); DROP TABLE spilling});
}

done_testing();
