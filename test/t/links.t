#!/usr/bin/perl
#
# Links within the documentation lead to files and headings that are there, and every page of doc/ can be reached from README.md
# and stands in the navigation of the site.  Links to other places are well formed; nobody's server is asked.
#
# An anchor has to be what both GitHub and mkdocs make of a heading, so that the same link serves on both.

use strict;
use warnings;
use File::Basename qw(dirname);
use File::Spec::Functions qw(canonpath);
use FindBin qw($Bin);
use Test::More;

chdir "$Bin/../.." or die "cannot change to the repository: $!\n";
my @pages = ('README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', glob 'doc/*.md');
my %text = map { $_ => prose($_) } @pages;
my %anchors = map { $_ => anchors($text{$_}) } @pages;
my %reached;

for my $page (@pages)
{
	my @wrong;
	for my $link (links($text{$page}))
	{
		my ($path, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
		if ($link =~ /^\w+:/)
		{
			push @wrong, $link if $link !~ m{^https://[\w.-]+\.\w+(?:/[^\s"<>]*)?$};
			next;
		}
		my $target = resolve($page, $path);
		$reached{$page}{$target} = 1;
		push @wrong, $link if !-f $target || defined $anchor && !$anchors{$target}{$anchor};
	}
	is(join(' ', @wrong), '', "$page: its links lead somewhere");
}
is(join(' ', grep { !reachable()->{$_} } @pages), '', 'a reader who begins with README.md finds every page');

open my $in, '<', 'mkdocs.yml' or die "cannot read mkdocs.yml: $!\n";
my %navigation = map { /: ((?:doc\/)?\S+\.md)$/ ? ($1 => 1) : () } <$in>;
is(join(' ', sort keys %navigation), join(' ', sort @pages), 'the navigation of the site has every page');
done_testing();

# A page without its code.
sub prose
{
	my ($page) = @_;
	open my $in, '<:encoding(UTF-8)', $page or die "cannot read $page: $!\n";
	my $text = do { local $/; <$in> };
	$text =~ s/^```.*?^```\s*$//gms;
	return $text;
}

sub links
{
	my ($text) = @_;
	$text =~ s/`[^`\n]*`/code/g;
	return ($text =~ /\]\(\s*([^()\s]+)[^()]*\)/g, $text =~ /<(?:img|a)\s[^>]*?(?:src|href)="([^"]+)"/g, $text =~ /<(https?:[^>\s]+)>/g);
}

# Those that both make alike: a heading that is there twice has another number in each.
sub anchors
{
	my ($text) = @_;
	my (%number, @both);
	for my $heading ($text =~ /^#{1,6}\s+(.*?)\s*$/gm)
	{
		my $plain = lc($heading =~ s/\[([^\]]*)\]\([^)]*\)/$1/gr);
		$plain =~ s/[^\w\s-]//g;
		my ($github, $mkdocs) = ($plain =~ s/\s/-/gr, $plain =~ s/^\s+|\s+$//gr =~ s/[-\s]+/-/gr);
		push @both, $github if $github eq $mkdocs && !$number{$github}++;
	}
	return { map { $_ => 1 } @both };
}

sub resolve
{
	my ($page, $path) = @_;
	return $page if $path eq '';
	my $file = canonpath(dirname($page) . "/$path");
	1 while $file =~ s{[^/]+/\.\./}{};
	return $file;
}

sub reachable
{
	my %seen;
	my @next = ('README.md');
	while (defined(my $page = shift @next))
	{
		push @next, keys %{ $reached{$page} } if !$seen{$page}++;
	}
	return \%seen;
}
