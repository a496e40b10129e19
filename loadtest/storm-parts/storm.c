/* Preloaded into a server under test: a wall clock that jumps, and a disk that is slow.
 *
 * STORM_CONTROL names a file of two native 64-bit numbers, which whoever tests writes at any time:
 * by how many nanoseconds the wall clock is ahead, and for how many microseconds each write and
 * sync waits. The monotonic clock is left alone, as it is when an operator sets the time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *control;

__attribute__((constructor)) static void open_control(void) {
  const char *path = getenv("STORM_CONTROL");
  if (!path) return;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  void *at = mmap(0, 16, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (at != MAP_FAILED) control = at;
}

static void delay(void) {
  int64_t micros = control ? control[1] : 0;
  if (micros <= 0) return;
  struct timespec t = {micros / 1000000, (micros % 1000000) * 1000};
  nanosleep(&t, 0);
}

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

int clock_gettime(clockid_t clock, struct timespec *t) {
  REAL(int, clock_gettime, clockid_t, struct timespec *);
  int failed = real(clock, t);
  if (!failed && control && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t ahead = control[0];
    t->tv_sec += ahead / 1000000000;
    t->tv_nsec += ahead % 1000000000;
    if (t->tv_nsec >= 1000000000) { t->tv_sec++; t->tv_nsec -= 1000000000; }
    if (t->tv_nsec < 0) { t->tv_sec--; t->tv_nsec += 1000000000; }
  }
  return failed;
}

int gettimeofday(struct timeval *t, void *zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
  t->tv_sec = now.tv_sec;
  t->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *t) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (t) *t = now.tv_sec;
  return now.tv_sec;
}

int fsync(int fd) {
  REAL(int, fsync, int);
  delay();
  return real(fd);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  delay();
  return real(fd);
}

int msync(void *at, size_t length, int flags) {
  REAL(int, msync, void *, size_t, int);
  delay();
  return real(at, length, flags);
}
