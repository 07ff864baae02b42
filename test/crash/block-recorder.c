/* A disk in a file that records what a file system does to it: every write with its bytes, every flush, and marks.
 * It is a FUSE file system with two files: `disk`, to put a loop device on, and `mark`, whose writes become marks in the
 * log. One thread serves all, so the order of the log is the order in which things were acknowledged.
 *
 * usage: block-recorder IMAGE LOG MOUNTPOINT
 * build: cc -O2 -o block-recorder block-recorder.c $(pkg-config --cflags --libs fuse3)
 * log:   records of u32 type (1 write, 2 flush, 3 mark), u32 length, u64 offset, then that many bytes; little endian
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE = 1, FLUSH = 2, MARK = 3 };

static int image;
static FILE *events;

static int is_disk(const char *path) { return strcmp(path, "/disk") == 0; }
static int is_mark(const char *path) { return strcmp(path, "/mark") == 0; }

static void record(uint32_t type, const void *bytes, uint32_t length, uint64_t offset) {
  fwrite(&type, sizeof type, 1, events);
  fwrite(&length, sizeof length, 1, events);
  fwrite(&offset, sizeof offset, 1, events);
  if (length > 0) fwrite(bytes, 1, length, events);
  /* A log with a hole would prove nothing. */
  if (fflush(events) != 0) {
    perror("block-recorder: log");
    exit(1);
  }
}

static int get_attributes(const char *path, struct stat *stats, struct fuse_file_info *info) {
  (void)info;
  memset(stats, 0, sizeof *stats);
  stats->st_nlink = 1;
  if (strcmp(path, "/") == 0) {
    stats->st_mode = S_IFDIR | 0755;
    return 0;
  }
  if (!is_disk(path) && !is_mark(path)) return -ENOENT;
  stats->st_mode = S_IFREG | 0600;
  struct stat real;
  if (is_disk(path) && fstat(image, &real) == 0) stats->st_size = real.st_size;
  return 0;
}

static int open_file(const char *path, struct fuse_file_info *info) {
  (void)path;
  /* The page cache would merge and put off writes. */
  info->direct_io = 1;
  return 0;
}

static int read_bytes(const char *path, char *bytes, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)info;
  if (!is_disk(path)) return 0;
  ssize_t done = pread(image, bytes, size, offset);
  return done < 0 ? -errno : done;
}

static int write_bytes(const char *path, const char *bytes, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)info;
  if (is_mark(path)) {
    record(MARK, bytes, size, offset);
    return size;
  }
  ssize_t done = pwrite(image, bytes, size, offset);
  if (done < 0) return -errno;
  record(WRITE, bytes, done, offset);
  return done;
}

static int flush(const char *path, int data_only, struct fuse_file_info *info) {
  (void)data_only;
  (void)info;
  if (is_disk(path)) record(FLUSH, NULL, 0, 0);
  return 0;
}

static int truncate_nothing(const char *path, off_t size, struct fuse_file_info *info) {
  (void)path;
  (void)size;
  (void)info;
  return 0;
}

/* Discarding and zeroing by range would not be in the log. The kernel writes zeros instead. */
static int no_ranges(const char *path, int mode, off_t offset, off_t length, struct fuse_file_info *info) {
  (void)path;
  (void)mode;
  (void)offset;
  (void)length;
  (void)info;
  return -EOPNOTSUPP;
}

static const struct fuse_operations operations = {
    .getattr = get_attributes,
    .open = open_file,
    .read = read_bytes,
    .write = write_bytes,
    .fsync = flush,
    .truncate = truncate_nothing,
    .fallocate = no_ranges,
};

int main(int count, char **words) {
  if (count != 4) {
    fprintf(stderr, "usage: block-recorder IMAGE LOG MOUNTPOINT\n");
    return 2;
  }
  image = open(words[1], O_RDWR);
  events = fopen(words[2], "wb");
  if (image < 0 || events == NULL) {
    perror("block-recorder");
    return 2;
  }
  char *arguments[] = {words[0], "-f", "-s", words[3], NULL};
  return fuse_main(4, arguments, &operations, NULL);
}
