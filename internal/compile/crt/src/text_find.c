/* text_find.c: searching a string in a text, by comparing the needle's first and last byte at many places at once. */
#include "flv.h"
#include "text.h"

static const u8 *check(const u8 *at, const u8 *needle, u64 length) {
  return length <= 2 || __builtin_memcmp(at + 1, needle + 1, length - 2) == 0 ? at : NULL;
}

#ifdef FL_AVX512
typedef char bytes64 __attribute__((vector_size(64)));
/* A load under a mask reads nothing else: the text's end needs no care. */
static u64 equal(const u8 *p, bytes64 byte, u64 mask) {
  bytes64 v;
  __asm__ volatile("vmovdqu8 (%1), %0%{%2%}%{z%}" : "=v"(v) : "r"(p), "Yk"(mask) : "memory");
  return (u64)__builtin_ia32_ucmpb512_mask(v, byte, 0, mask);
}
const u8 *text_find(const u8 *p, u64 n, const u8 *needle, u64 length) {
  if (length > n) return NULL;
  bytes64 first = (char)needle[0] - (bytes64){}, last = (char)needle[length - 1] - (bytes64){};
  for (u64 places = n - length + 1; places; p += 64) {
    u64 mask = places >= 64 ? ~(u64)0 : ((u64)1 << places) - 1, found = equal(p, first, mask);
    if (found && length > 1) found &= equal(p + length - 1, last, found);
    for (; found; found &= found - 1) {
      const u8 *at = check(p + __builtin_ctzl(found), needle, length);
      if (at) return at;
    }
    places -= places >= 64 ? 64 : places;
  }
  return NULL;
}
#else
const u8 *text_find(const u8 *p, u64 n, const u8 *needle, u64 length) {
  if (length > n) return NULL;
  v_u8 first = fl_set_u8(needle[0]), last = fl_set_u8(needle[length - 1]);
  u64 places = n - length + 1;
  for (; places >= 16; places -= 16, p += 16) {
    u32 found = fl_bits_m(fl_and_m(fl_eq_u8(fl_load_u8(p), first), fl_eq_u8(fl_load_u8(p + length - 1), last)));
    for (; found; found &= found - 1) {
      const u8 *at = check(p + __builtin_ctz(found), needle, length);
      if (at) return at;
    }
  }
  for (; places; places--, p++)
    if (p[0] == needle[0] && p[length - 1] == needle[length - 1] && check(p, needle, length)) return p;
  return NULL;
}
#endif
