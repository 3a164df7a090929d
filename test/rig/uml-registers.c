/*
 * User-mode Linux 6.1 keeps 2696 bytes of vector registers. A CPU with AMX has over 11000, and then the host's kernel
 * refuses a shorter set (EFAULT), so that the guest dies at its first program. Preloaded into linux.uml, this reads and
 * writes the whole set and shows UML the part that it has room for. The rest is never in use: a program must ask the
 * kernel for AMX first, and UML knows no such call.
 */
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char whole[1 << 16];

long ptrace(enum __ptrace_request request, ...) {
  va_list rest;
  va_start(rest, request);
  pid_t pid = va_arg(rest, pid_t);
  void *at = va_arg(rest, void *);
  void *data = va_arg(rest, void *);
  va_end(rest);

  int reads = request == PTRACE_GETREGSET, writes = request == PTRACE_SETREGSET;
  if ((long)at != NT_X86_XSTATE || !(reads || writes)) {
    /* the C library's own: a PEEK gives the word as its result */
    long word = 0;
    int peeks = request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER;
    long result = syscall(SYS_ptrace, request, pid, at, peeks ? &word : data);
    return peeks && result >= 0 ? word : result;
  }

  struct iovec *part = data;
  struct iovec all = {.iov_base = whole, .iov_len = sizeof whole};
  if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, at, &all) < 0) return -1;
  if (part->iov_len > all.iov_len) part->iov_len = all.iov_len;
  if (reads) {
    memcpy(part->iov_base, whole, part->iov_len);
    return 0;
  }
  memcpy(whole, part->iov_base, part->iov_len);
  return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, at, &all);
}
