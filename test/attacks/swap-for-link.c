/* Exchanges two names again and again, as fast as it can: what was a directory a moment ago is a link now. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RENAME_EXCHANGE (1 << 1)

static int exchange(const char *one, const char *other) {
  return syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  unsigned seed = 1;
  pid_t parent = getppid();
  /* Ends with its parent. */
  while (getppid() == parent) {
    if (exchange(argv[1], argv[2]) != 0) return perror("renameat2"), 1;
    seed = seed * 1103515245 + 12345;
    /* The link stands for a moment only, now shorter and now longer, so that the other side gets far enough to be caught. */
    if ((seed >> 16) % 4 == 0) usleep((seed >> 18) % 200);
    else for (volatile unsigned wait = (seed >> 18) % 60000; wait > 0; wait--);
    if (exchange(argv[1], argv[2]) != 0) return perror("renameat2"), 1;
    usleep((seed >> 8) % 300);
  }
  return 0;
}
