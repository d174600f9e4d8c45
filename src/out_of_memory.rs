//! What the program does when the system has no more memory: a sentence and exit code 4, in place of an abort and a core with people in it.
//!
//! Memory that rows take is asked for with an error in return (`exchange/streams.rs`), and goes to the disk then. Everything else is many small pieces,
//! anywhere; for those the allocator itself ends the process. Results that were being written stay unpublished, and the next run removes them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs::File;
use std::io::{Cursor, Write as _};
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd as _;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::Exit;

/// The system's allocator; the process ends when that has no memory.
#[derive(Debug)]
pub struct ExitingAllocator;

// SAFETY: every call is handed to the system's allocator as it came, whose contract is the same; a pointer is returned as it is. Null is never
// returned, which the contract allows: the process ends before.
unsafe impl GlobalAlloc for ExitingAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise about the layout is the one that is asked for.
        there_is(unsafe { System.alloc(layout) }, layout.size())
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        there_is(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the memory came from the system's allocator with this layout, since nothing else is given out here.
        unsafe { System.dealloc(memory, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above, and the caller's promise about the size is the one that is asked for.
        there_is(unsafe { System.realloc(memory, layout, size) }, size)
    }
}

#[inline]
fn there_is(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() {
        end(size);
    }
    memory
}

/// Says that there is no memory, and ends the process: without memory of its own, locks, unwinding or anything that is done at a regular end.
#[cold]
fn end(size: usize) -> ! {
    static IS_TOLD: AtomicBool = AtomicBool::new(false);
    if IS_TOLD.swap(true, Ordering::Relaxed) {
        // Another thread ends the process at this moment.
        loop {
            std::hint::spin_loop();
        }
    }
    const STANDARD_ERROR: i32 = 2;
    let mut sentence = Cursor::new([0_u8; 512]);
    // It is shorter than its room; what would not fit is cut off.
    let _ = writeln!(sentence, "sverka: {}", Sentence { size });
    let length = sentence.position() as usize;
    // SAFETY: the descriptor is never closed by this program, and not by this file either, which is not dropped.
    let mut out = ManuallyDrop::new(unsafe { File::from_raw_fd(STANDARD_ERROR) });
    // Nobody is left to tell when standard error is closed, too.
    let _ = out.write_all(&sentence.get_ref()[..length]);
    // SAFETY: ends the process at once; nothing of it runs any more.
    unsafe { libc::_exit(i32::from(Exit::Resource.code())) }
}

/// What the user is told; has no memory of its own.
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

/// Bytes of the first thread's stack that are taken at the start.
const STACK_BYTES: usize = 512 << 10;

/// Takes memory for the stack of the thread that calls it, which grows with its use otherwise: when the system has no page for it any more, that ends
/// the process with a signal, and nobody can say why.
pub fn take_stack() {
    // What follows would end with a signal if there is no room.
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
