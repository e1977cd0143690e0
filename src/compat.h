/*
 * Every difference between the PostgreSQL versions that we build on, 15
 * to 18, stands here and nowhere else.
 */
#ifndef SEGMENT_COMPAT_H
#define SEGMENT_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "segment needs PostgreSQL 15 or later"
#endif

/* sizes of rows in memory and Datums of int8 and float8 are taken for 64 bits */
#if SIZEOF_SIZE_T < 8 || SIZEOF_DATUM < 8
#error "segment needs 64 bits: rows in memory may be more than 4 GB, and an int8 or float8 has to fit into a Datum"
#endif

/* random choices hash the bytes of values, and a state goes from process to process as its bytes */
#ifdef WORDS_BIGENDIAN
#error "segment needs a little-endian processor: on another the same rows would give other models"
#endif

/* variable-length macros left postgres.h in 16 */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* one function checks privileges on all kinds of objects from 16 on */
#if PG_VERSION_NUM < 160000
#define schema_aclcheck(schema, role, mode) pg_namespace_aclcheck(schema, role, mode)
#else
#define schema_aclcheck(schema, role, mode) object_aclcheck(NamespaceRelationId, schema, role, mode)
#endif

/* intervals became infinite in 17 */
#if PG_VERSION_NUM < 170000
#define INTERVAL_NOT_FINITE(interval) false
#define INTERVAL_IS_NOBEGIN(interval) false
#endif

/* what extensions wait for has names from 17 on */
#if PG_VERSION_NUM < 170000
#define wait_event_new(name) PG_WAIT_EXTENSION
#else
#define wait_event_new(name) WaitEventExtensionNew(name)
#endif

/* who runs a virtual transaction */
#if PG_VERSION_NUM >= 170000
#define vxid_process(vxid) ((vxid).procNumber == INVALID_PROC_NUMBER ? NULL : ProcNumberGetProc((vxid).procNumber))
#else
#define vxid_process(vxid) BackendIdGetProc((vxid).backendId)
#endif

/* noreturn became a prefix in 18 */
#if PG_VERSION_NUM < 180000
#define pg_noreturn _Noreturn
#endif

/* a module names itself and its version from 18 on */
#if PG_VERSION_NUM >= 180000
#define SEGMENT_MODULE_MAGIC \
	PG_MODULE_MAGIC_EXT(.name = "segment", .version = SEGMENT_VERSION)
#else
#define SEGMENT_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* 19 has no bits8, and other headers no longer bring these along */
#if PG_VERSION_NUM >= 190000
#include "access/htup_details.h"
#include "utils/tuplestore.h"
typedef uint8 bits8;
#endif

#endif /* SEGMENT_COMPAT_H */
