/**
 * Gives libuv more threads than its four, for the whole process, so never for a library's caller: each sync of a tree
 * merge holds one while the device writes, and those that wait together share a commit of the file system's journal.
 * It must come before the first of them starts. What the caller's environment says stays.
 */
export function syncTogether(): void {
  process.env.UV_THREADPOOL_SIZE ??= '16'
}
