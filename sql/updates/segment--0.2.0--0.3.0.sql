\echo Use "ALTER EXTENSION segment UPDATE" to load this file. \quit
