/* The figures' floor: what C written by hand for one query, on arrays of the narrowest types, needs for it.
     reference q1q6 LINEITEM.TBL THREADS REPEATS     TPC-H Q1 and Q6
     reference classifier ROWS THREADS REPEATS       a linear 4→4 model with an argmax, counted by class
   It prints "NAME MILLISECONDS CHECK", the best of the repeats; NAME_rested: with 10 ms of rest before each. Build: cc -O3 -march=native -pthread. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 64, REST = 10000 };

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void *get(size_t bytes) {
  void *p = aligned_alloc(64, (bytes + 4095) & ~(size_t)4095);
  if (!p) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  memset(p, 0, bytes);
  return p;
}

/* A query runs over a range of rows and adds to its result, an array of sums. */
typedef void query(size_t from, size_t to, uint64_t *sums);
enum { SUMS = 64 };

static struct job {
  query *run;
  size_t from, to;
  uint64_t sums[SUMS];
  pthread_t thread;
} jobs[MAX_THREADS] __attribute__((aligned(64)));

static void *job_main(void *arg) {
  struct job *j = arg;
  j->run(j->from, j->to, j->sums);
  return NULL;
}

/* measure runs a query in parallel, repeatedly, and keeps the best time. With a rest before each run, of microseconds, other
 * work has the caches in between, as it has between the queries of a server's clients. */
static double measure(query *q, size_t rows, int threads, int repeats, unsigned rest, uint64_t *sums) {
  double best = 1e300;
  for (int r = 0; r < repeats; r++) {
    if (rest) usleep(rest);
    double start = now_ms();
    for (int i = 0; i < threads; i++) {
      jobs[i] = (struct job){.run = q, .from = rows * i / threads, .to = rows * (i + 1) / threads};
      if (i > 0 && pthread_create(&jobs[i].thread, NULL, job_main, &jobs[i]) != 0) exit(1);
    }
    job_main(&jobs[0]);
    memset(sums, 0, SUMS * sizeof *sums);
    for (int i = 0; i < threads; i++) {
      if (i > 0) pthread_join(jobs[i].thread, NULL);
      for (int k = 0; k < SUMS; k++) sums[k] += jobs[i].sums[k];
    }
    double took = now_ms() - start;
    if (took < best) best = took;
  }
  return best;
}

/* lineitem, in the narrowest types: cents, hundredths, whole quantities, days since 1992. */
static uint32_t *price;
static uint16_t *shipped;
static uint8_t *quantity, *discount, *tax, *group;

static uint64_t decimal(const char *s, int digits) { /* the value times 10^digits */
  uint64_t v = 0;
  int after = -1;
  for (; *s != '|' && *s != '\n'; s++) {
    if (*s == '.') after = 0;
    else if (after < digits) {
      v = v * 10 + (uint64_t)(*s - '0');
      if (after >= 0) after++;
    }
  }
  for (after = after < 0 ? 0 : after; after < digits; after++) v *= 10;
  return v;
}

static int days(const char *s) { /* since 1992-01-01 */
  int y = atoi(s), m = atoi(s + 5), d = atoi(s + 8);
  static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  int leaps = (y - 1989) / 4;
  return (y - 1992) * 365 + leaps + before[m - 1] + (m > 2 && y % 4 == 0) + d - 1;
}

static size_t load(const char *path) {
  int fd = open(path, O_RDONLY);
  struct stat st;
  if (fd < 0 || fstat(fd, &st) != 0) {
    perror(path);
    exit(1);
  }
  const char *text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0), *end = text + st.st_size;
  if (text == MAP_FAILED) {
    perror(path);
    exit(1);
  }
  size_t rows = 0;
  for (const char *p = text; p < end; p++) rows += *p == '\n';
  price = get(rows * 4 + 64), shipped = get(rows * 2 + 64), quantity = get(rows + 64), discount = get(rows + 64);
  tax = get(rows + 64), group = get(rows + 64);
  const char *p = text;
  for (size_t i = 0; i < rows; i++) {
    const char *field[16];
    for (int f = 0; f < 16; f++) {
      field[f] = p;
      while (*p != '|' && *p != '\n') p++;
      if (f == 15)
        while (*p != '\n') p++;
      p++;
    }
    quantity[i] = (uint8_t)decimal(field[4], 0);
    price[i] = (uint32_t)decimal(field[5], 2);
    discount[i] = (uint8_t)decimal(field[6], 2);
    tax[i] = (uint8_t)decimal(field[7], 2);
    group[i] = (uint8_t)((*field[8] == 'A' ? 0 : *field[8] == 'N' ? 2 : 4) + (*field[9] == 'O'));
    shipped[i] = (uint16_t)days(field[10]);
  }
  return rows;
}

static void q6(size_t from, size_t to, uint64_t *sums) {
  const uint16_t low = (uint16_t)days("1994-01-01"), high = (uint16_t)days("1995-01-01");
  enum { BLOCK = 1024 };
  uint64_t sum = 0;
  for (size_t b = from; b < to; b += BLOCK) {
    size_t stop = b + BLOCK < to ? b + BLOCK : to;
    for (size_t i = b; i < stop; i++) {
      uint32_t keep = (uint32_t)((uint16_t)(shipped[i] - low) < (uint16_t)(high - low)) &
                      (uint32_t)((uint8_t)(discount[i] - 5) <= 2) & (uint32_t)(quantity[i] < 24);
      sum += (uint64_t)price[i] * (discount[i] & (0u - keep));
    }
  }
  sums[0] += sum;
}

/* One row of Q1 into its group's sums. */
enum { GROUPS = 6, PER_GROUP = 6 };
static void q1_row(size_t i, uint16_t last, uint64_t *sums) {
  if (shipped[i] > last) return;
  uint64_t *g = sums + group[i] * PER_GROUP, discounted = (uint64_t)price[i] * (100u - discount[i]);
  g[0] += quantity[i];
  g[1] += price[i];
  g[2] += discounted;
  g[3] += discounted * (100u + tax[i]);
  g[4] += discount[i];
  g[5]++;
}

static void q1_rows(size_t from, size_t to, uint64_t *sums) {
  const uint16_t last = (uint16_t)(days("1998-12-01") - 90);
  for (size_t i = from; i < to; i++) q1_row(i, last, sums);
}

#ifdef __AVX512BW__
#include <immintrin.h>

/* Sixteen rows at a time: each of the four groups that there are adds under its mask. Quantity, discount and the number of rows
 * share a lane of 32 bits (13, 10 and 9 of them), which holds the sums of 64 rows; prices have lanes of their own. */
static void q1(size_t from, size_t to, uint64_t *sums) {
  enum { BLOCK = 64 * 16, USED = 4 };
  static const int used[USED] = {0, 2, 3, 4};
  const __m256i last = _mm256_set1_epi16((short)(days("1998-12-01") - 90));
  const __m512i hundred = _mm512_set1_epi32(100), one = _mm512_set1_epi32(1 << 23);
  size_t b = from;
  for (; b + BLOCK <= to; b += BLOCK) {
    __m512i packed[USED], base[USED], discounted[USED], charge[USED], zero = _mm512_setzero_si512();
    for (int k = 0; k < USED; k++) packed[k] = base[k] = discounted[k] = charge[k] = zero;
    for (size_t i = b; i < b + BLOCK; i += 16) {
      __mmask16 in_time = _mm256_cmple_epu16_mask(_mm256_loadu_si256((const void *)(shipped + i)), last);
      __m128i g = _mm_loadu_si128((const void *)(group + i));
      __m512i p = _mm512_loadu_si512(price + i), q = _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)(quantity + i)));
      __m512i d = _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)(discount + i)));
      __m512i t = _mm512_add_epi32(hundred, _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)(tax + i))));
      __m512i small = _mm512_add_epi32(_mm512_add_epi32(q, _mm512_slli_epi32(d, 13)), one);
      __m512i x = _mm512_mullo_epi32(p, _mm512_sub_epi32(hundred, d));
      __m512i even = _mm512_mul_epu32(x, t), odd = _mm512_mul_epu32(_mm512_srli_epi64(x, 32), _mm512_srli_epi64(t, 32));
      __m512i x_even = _mm512_and_si512(x, _mm512_set1_epi64(0xffffffff)), x_odd = _mm512_srli_epi64(x, 32);
      for (int k = 0; k < USED; k++) {
        __mmask16 m = in_time & _mm_cmpeq_epi8_mask(g, _mm_set1_epi8((char)used[k]));
        __mmask8 me = (__mmask8)_pext_u32(m, 0x5555), mo = (__mmask8)_pext_u32(m, 0xaaaa);
        packed[k] = _mm512_mask_add_epi32(packed[k], m, packed[k], small);
        base[k] = _mm512_mask_add_epi32(base[k], m, base[k], p);
        discounted[k] = _mm512_mask_add_epi64(discounted[k], me, discounted[k], x_even);
        discounted[k] = _mm512_mask_add_epi64(discounted[k], mo, discounted[k], x_odd);
        charge[k] = _mm512_mask_add_epi64(charge[k], me, charge[k], even);
        charge[k] = _mm512_mask_add_epi64(charge[k], mo, charge[k], odd);
      }
    }
    for (int k = 0; k < USED; k++) {
      uint64_t *s = sums + used[k] * PER_GROUP;
      uint32_t lane[16], whole[16];
      _mm512_storeu_si512(lane, packed[k]), _mm512_storeu_si512(whole, base[k]);
      for (int l = 0; l < 16; l++) {
        s[0] += lane[l] & 8191, s[4] += lane[l] >> 13 & 1023, s[5] += lane[l] >> 23;
        s[1] += whole[l];
      }
      s[2] += (uint64_t)_mm512_reduce_add_epi64(discounted[k]);
      s[3] += (uint64_t)_mm512_reduce_add_epi64(charge[k]);
    }
  }
  q1_rows(b, to, sums);
}
#else
static void q1(size_t from, size_t to, uint64_t *sums) { q1_rows(from, to, sums); }
#endif

/* The classifier's columns. */
static float *c[4];
static int32_t *real_class;
static const float weight[4][4] = {{.5f, -1, .25f, .75f}, {1, .5f, -.5f, -1}, {-.75f, .25f, 1, .5f}, {.25f, -.5f, .5f, -1}};
static const float bias[4] = {.1f, .2f, -.3f, .05f};

typedef float floats __attribute__((vector_size(64), aligned(4)));
typedef int32_t ints __attribute__((vector_size(64), aligned(4)));
enum { LANES = 16 };

static floats select_floats(ints mask, floats yes, floats no) { return (floats)(((ints)yes & mask) | ((ints)no & ~mask)); }
static ints select_ints(ints mask, ints yes, ints no) { return (yes & mask) | (no & ~mask); }

static void classify(size_t from, size_t to, uint64_t *sums) {
  ints count[16] = {{0}};
  size_t i = from;
  for (; i + LANES <= to; i += LANES) {
    floats x[4], top;
    for (int j = 0; j < 4; j++) x[j] = *(const floats *)(c[j] + i);
    ints best = {0};
    for (int k = 0; k < 4; k++) {
      floats score = x[0] * weight[0][k] + x[1] * weight[1][k] + x[2] * weight[2][k] + x[3] * weight[3][k] + bias[k];
      if (k == 0) {
        top = score;
        continue;
      }
      ints higher = score > top;
      best = select_ints(higher, best * 0 + k, best);
      top = select_floats(higher, score, top);
    }
    ints pair = *(const ints *)(real_class + i) * 4 + best;
    for (int v = 0; v < 16; v++) count[v] -= pair == v;
  }
  for (int v = 0; v < 16; v++)
    for (int l = 0; l < LANES; l++) sums[v] += (uint32_t)count[v][l];
  for (; i < to; i++) { /* what is left of the range */
    int best = 0;
    float top = 0;
    for (int k = 0; k < 4; k++) {
      float score = bias[k];
      for (int j = 0; j < 4; j++) score += c[j][i] * weight[j][k];
      if (k == 0 || score > top) top = score, best = k;
    }
    sums[real_class[i] * 4 + best]++;
  }
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: reference q1q6 FILE THREADS REPEATS | reference classifier ROWS THREADS REPEATS\n");
    return 2;
  }
  int threads = atoi(argv[3]), repeats = atoi(argv[4]);
  uint64_t sums[SUMS];
  if (threads < 1 || threads > MAX_THREADS) return 2;
  if (strcmp(argv[1], "q1q6") == 0) {
    size_t rows = load(argv[2]);
    static const struct { const char *name; query *run; int check; } queries[] = {{"q1", q1, 3}, {"q6", q6, 0}};
    for (int i = 0; i < 2; i++) {
      double ms = measure(queries[i].run, rows, threads, repeats, 0, sums);
      printf("%s %.3f %llu\n", queries[i].name, ms, (unsigned long long)sums[queries[i].check]);
      ms = measure(queries[i].run, rows, threads, repeats, REST, sums);
      printf("%s_rested %.3f %llu\n", queries[i].name, ms, (unsigned long long)sums[queries[i].check]);
    }
    return 0;
  }
  size_t rows = strtoull(argv[2], NULL, 10);
  static const uint64_t factor[4] = {7919, 104729, 1299709, 15485863};
  for (int k = 0; k < 4; k++) {
    c[k] = get(rows * sizeof(float));
    for (size_t i = 0; i < rows; i++) c[k][i] = (float)((double)((i + 1) * factor[k] % 1000003) / 100000.0);
  }
  real_class = get(rows * sizeof *real_class);
  for (size_t i = 0; i < rows; i++) real_class[i] = (int32_t)((i + 1) % 4);
  double ms = measure(classify, rows, threads, repeats, 0, sums);
  printf("classifier %.3f %llu\n", ms, (unsigned long long)sums[0]);
  return 0;
}
