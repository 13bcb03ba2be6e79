/* kernels.h: every kernel that programs call by name. It includes fl.h only and compiles under tcc.
 *
 * The lane primitives come from prims.def (see PRIMITIVES.md). Kernels that write a mask leave the bits at and above n of its
 * last word zero. `const u64 *m` is the selection: NULL stands for all rows below n.
 */
#ifndef FL_KERNELS_H
#define FL_KERNELS_H
#include "fl.h"

#define FLK_m u64
#define FLK_u8 u8
#define FLK_u16 u16
#define FLK_u32 u32
#define FLK_i32 i32
#define FLK_i64 i64
#define FLK_f32 f32
#define FLK_f64 f64
#define FLK_ENTRY_m u8
#define FLK_ENTRY_u8 u8
#define FLK_ENTRY_i32 i32
#define FLK_ENTRY_i64 i64
#define FLK_ENTRY_f32 f32
#define FLK_ENTRY_f64 f64
#define P1(op, R, A) void flk_##op(FLK_##R *d, const A *a, u32 bc, u32 n);
#define PLIBM(op, R, A) void flk_##op(R *d, const A *a, u32 bc, u32 n);
#define P2(op, R, A, B) void flk_##op(FLK_##R *d, const A *a, const B *b, u32 bc, u32 n);
#define P3(op, R, A, B, C) void flk_##op(FLK_##R *d, const A *a, const B *b, const C *c, u32 bc, u32 n);
#define PSEL(T) void flk_sel_##T(T *d, const u64 *m, const T *a, const T *b, u32 bc, u32 n);
#define PM2(op) void flk_##op##_m(u64 *d, const u64 *a, const u64 *b, u32 n);
#define PMK(T) void flk_mk_##T(T *d, const u64 *m, u32 n);
#define PLUT(op, R, C) void flk_##op(FLK_##R *d, const FLK_ENTRY_##R *table, const C *a, u32 n);
#define PLUTN(op, R, C) void flk_##op(FLK_##R *d, const FLK_ENTRY_##R *table, u32 limit, const C *a, u32 n);
#define PRED(op, H, A, T) H flk_##op(const T *v, const u64 *m, u32 n);
#include "prims.def"
#undef P1
#undef PLIBM
#undef P2
#undef P3
#undef PSEL
#undef PM2
#undef PMK
#undef PLUT
#undef PLUTN
#undef PRED

/* ---- masks and selection (kernels_select.c) ---- */
void flk_not_m(u64 *d, const u64 *a, u32 n);
void flk_ones_m(u64 *d, u32 n);                       /* bits below n set, the rest of the last word clear */
u32 flk_count(const u64 *m, u32 n);                   /* selected rows */
u32 flk_indices(u16 *d, const u64 *m, u32 n);         /* positions of set bits, ascending; how many (d: n rounded up to 16) */
void flk_gather_1(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_2(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_4(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_8(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_16(void *d, const void *a, const u16 *idx, u32 n);
void flk_gather_m(u64 *d, const u64 *a, const u16 *idx, u32 n); /* a NULL: all ones */
void flk_sel_16(void *d, const u64 *m, const void *a, const void *b, u32 bc, u32 n); /* fl_str, fl_i128, fl_interval */

/* ---- hashes (kernels_hash.c): u64 lanes; equal SQL values hash alike whatever their width ---- */
void flk_hash_m(u64 *d, const u64 *a, u32 bc, u32 n);
void flk_hash_u8(u64 *d, const u8 *a, u32 bc, u32 n);
void flk_hash_u16(u64 *d, const u16 *a, u32 bc, u32 n);
void flk_hash_u32(u64 *d, const u32 *a, u32 bc, u32 n);
void flk_hash_i32(u64 *d, const i32 *a, u32 bc, u32 n);
void flk_hash_i64(u64 *d, const i64 *a, u32 bc, u32 n);
void flk_hash_f32(u64 *d, const f32 *a, u32 bc, u32 n);
void flk_hash_f64(u64 *d, const f64 *a, u32 bc, u32 n);
void flk_hash_i128(u64 *d, const fl_i128 *a, u32 bc, u32 n); /* one that fits 64 bits as hash_i64 */
void flk_hash_str(u64 *d, const fl_str *a, const u64 *m, u32 bc, u32 n); /* reads only selected rows */
void flk_hash_num(u64 *d, const fl_str *a, const u64 *m, u32 bc, u32 n); /* equal numerics alike, whatever their dscale */
void flk_hash_interval(u64 *d, const fl_interval *a, u32 bc, u32 n);
void flk_hashmix(u64 *d, const u64 *a, const u64 *b, u32 n);
void flk_hashnull(u64 *d, const u64 *valid, u32 n); /* lanes whose bit is clear get one fixed hash */
u64 flk_hash_bytes(const u8 *p, u64 n);
#endif
