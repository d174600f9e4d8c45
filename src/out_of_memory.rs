//! End of the program when the system has no more memory: a sentence and exit code 4, in place of an abort and a core file with personal data.
//!
//! The memory of rows is requested in a way that may fail (`crates/kernel/src/shuffle/streams.rs`), and rows then go to the disk. Other memory is many small
//! pieces in all parts of the program. If one is refused, the allocator ends the process. Results that were being written stay unpublished, and the
//! next run removes them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs::File;
use std::io::{Cursor, Write as _};
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd as _;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::Exit;

/// Allocator of the system that ends the process when there is no memory.
#[derive(Debug)]
pub struct ExitingAllocator;

// SAFETY: every call goes unchanged to the system's allocator, which has the same contract, and its pointer is returned unchanged. Null is never
// returned, because the process ends first. The contract allows that.
unsafe impl GlobalAlloc for ExitingAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller promises a valid layout.
        exit_if_null(unsafe { System.alloc(layout) }, layout.size())
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        exit_if_null(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the memory came from the system's allocator with this layout, as all memory of this allocator does.
        unsafe { System.dealloc(memory, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above, and the caller promises a valid size.
        exit_if_null(unsafe { System.realloc(memory, layout, size) }, size)
    }
}

#[inline]
/// The memory, unless it was refused.
fn exit_if_null(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() {
        end(size);
    }
    memory
}

/// Prints that there is no memory, and ends the process. Uses no heap memory and no locks, does not unwind, and skips the work of a regular end.
#[cold]
fn end(size: usize) -> ! {
    static IS_REPORTED: AtomicBool = AtomicBool::new(false);
    if IS_REPORTED.swap(true, Ordering::Relaxed) {
        // Another thread ends the process at this moment.
        loop {
            std::hint::spin_loop();
        }
    }
    const STANDARD_ERROR: i32 = 2;
    let mut sentence = Cursor::new([0_u8; 512]);
    // The sentence is shorter than the buffer (tested below); a longer one would be cut off.
    let _ = writeln!(sentence, "sverka: {}", Sentence { size });
    let length = sentence.position() as usize;
    // SAFETY: this program never closes the descriptor, and the file, which would close it, is not dropped.
    let mut out = ManuallyDrop::new(unsafe { File::from_raw_fd(STANDARD_ERROR) });
    // Without standard error, there is no other place for the sentence.
    let _ = out.write_all(&sentence.get_ref()[..length]);
    // SAFETY: the call ends the process, so no code of the process runs after it.
    unsafe { libc::_exit(i32::from(Exit::Resource.code())) }
}

/// Sentence to the user. Needs no heap memory.
struct Sentence {
    size: usize,
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            to,
            "out of memory: the system has no {} bytes more for this process; nothing that was not ready is published. Give it more memory (the \
             machine, the container, ulimit -v), or let rows go to the disk earlier with a smaller --memory-limit, or work with fewer --threads",
            self.size
        )
    }
}

/// Bytes of the first thread's stack that are reserved at the start.
const STACK_BYTES: usize = 512 << 10;

/// Reserves memory for the stack of the calling thread. A stack grows with its use. If the system then has no memory page for it, a signal ends the
/// process without a sentence.
pub fn reserve_stack() {
    // Without room, touching the stack would end with a signal.
    if memmap2::MmapMut::map_anon(2 * STACK_BYTES).is_err() {
        end(STACK_BYTES);
    }
    touch_stack();
}

#[inline(never)]
fn touch_stack() {
    let mut stack = [0_u8; STACK_BYTES];
    const PAGE_BYTES: usize = 4096;
    for page in stack.iter_mut().step_by(PAGE_BYTES) {
        *std::hint::black_box(page) = 1;
    }
    std::hint::black_box(&stack);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_has_room() {
        let sentence = Sentence { size: usize::MAX }.to_string();
        assert!(sentence.len() + "sverka: \n".len() <= 512, "{} bytes", sentence.len());
    }
}
