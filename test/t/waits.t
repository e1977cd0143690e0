#!/usr/bin/perl
#
# Who may create in the schema of a model does not stop its jobs by what he holds open there.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Session;
use Test::More;

my $owner = Session->new;
$owner->ask(q{SET client_min_messages = warning; SET lock_timeout = '20s';
	CREATE SCHEMA shop;
	CREATE TABLE shop.visits AS SELECT i AS id, i % 4 * 100 + i % 3 AS spend, i % 5 AS visits FROM generate_series(1, 100) i;
	SELECT segment_kmeans('shop.visits', 2, key => '{id}', model => m) FROM unnest('{visits,frozen}'::text[]) m});
my $profile = $owner->ask(q{SELECT 'shop.frozen_profile'::regclass::oid});

# names of relations that there are for the time of a job
my $other = Session->new;
$other->ask(qq{BEGIN; CREATE TABLE shop.segment_fresh(); CREATE TABLE shop.segment_freeze_$profile()});

is($owner->ask(q{SELECT run FROM segment_refresh('visits')}), '2', 'a model is refreshed');
is($owner->ask(q{SELECT run FROM segment_kmeans('shop.visits', 2, key => '{id}', features => '{spend}', replace => true)}), '3', 'and replaced');
is($owner->ask(q{SELECT segment_drop('frozen', keep_output => true)}), '', 'and dropped');

$other->ask('ROLLBACK');
$owner->ask(q{SELECT segment_drop('visits'); DROP SCHEMA shop CASCADE});
done_testing();
