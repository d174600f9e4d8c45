//! Mapped bytes of a file that may be shortened meanwhile: missing bytes read as zeros and are remembered, instead of ending the process.
//!
//! The system answers an access behind the end of a mapped file, and one that the disk cannot serve, with the signal SIGBUS:
//!
//! ```text
//! file     |#########|            shortened to here while it is read
//! mapping  |#########|.....*....| access at *: SIGBUS, the handler runs on the thread that reads
//!          |#########|.....00000| the pages from * to the end are now zeros; the range is marked; the access is tried again
//! ```
//!
//! The reader goes on with zeros until [`Mapping::has_failed`] is asked. Bytes of a marked file are of no use.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use memmap2::{Advice, Mmap, UncheckedAdvice};

/// Bytes of a page of memory, the least that the system maps. Systems with larger pages map whole multiples of it.
const PAGE_BYTES: usize = 4096;

/// A mapped file.
#[derive(Debug)]
pub(super) struct Mapping {
    map: Mmap,
    range: &'static MappedRange,
}

/// The range of a mapping, for the handler. It is never freed, because the handler may look at it at any time, but used again for later mappings.
#[derive(Debug)]
struct MappedRange {
    /// First byte; 0 while nothing is mapped.
    from: AtomicUsize,
    /// First byte behind the last page.
    to: AtomicUsize,
    /// Whether bytes of the range could not be read.
    failed: AtomicBool,
    /// The range that was made before this one.
    before: Option<&'static MappedRange>,
}

/// The range that was made last.
static LAST: AtomicPtr<MappedRange> = AtomicPtr::new(std::ptr::null_mut());
/// Ranges without a mapping.
static FREE: Mutex<Vec<&'static MappedRange>> = Mutex::new(Vec::new());
/// Number of mapped files.
static MAPPED: AtomicUsize = AtomicUsize::new(0);
/// Number of mapped files with a mark. It is 0 most of the time, so that a check costs nothing.
static FAILED: AtomicUsize = AtomicUsize::new(0);

/// Most files that are mapped: a process may have 65,530 mappings by default (`vm.max_map_count`).
const MOST_MAPPED: usize = 48_000;

/// Whether one more file may be mapped.
pub(super) fn is_room() -> bool {
    MAPPED.load(Ordering::Relaxed) < MOST_MAPPED
}

/// Whether any mapped file has a mark.
pub(super) fn any_failed() -> bool {
    FAILED.load(Ordering::Relaxed) > 0
}

impl Mapping {
    /// Maps a file that is not empty.
    pub fn new(file: &File) -> io::Result<Self> {
        handle_missing_pages();
        // SAFETY: the mapping is read-only. Sources are snapshots by contract; one that somebody shortens all the same is caught by the
        // handler, and one that is changed is found out when its state is compared, before anything of it is published.
        let map = unsafe { Mmap::map(file) }?;
        let range = MappedRange::take(map.as_ptr() as usize, map.len());
        MAPPED.fetch_add(1, Ordering::Relaxed);
        Ok(Self { map, range })
    }

    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Whether a part of the file could not be read and was zeros.
    pub fn has_failed(&self) -> bool {
        self.range.failed.load(Ordering::Acquire)
    }

    /// Tells the system that a part will be read soon.
    pub fn expect(&self, from: usize, to: usize) {
        let _ = self.map.advise_range(Advice::WillNeed, from, to - from);
    }

    /// Maps a part at once.
    pub fn populate(&self, from: usize, to: usize) {
        // A system that cannot map them at once maps pages when they are read.
        #[cfg(target_os = "linux")]
        let _ = self.map.advise_range(Advice::PopulateRead, from, to - from);
    }

    /// Gives whole pages of a part back to the system.
    pub fn release(&self, from: usize, to: usize) {
        let (from, to) = (from.div_ceil(PAGE_BYTES) * PAGE_BYTES, to / PAGE_BYTES * PAGE_BYTES);
        if from < to {
            // SAFETY: the mapping is private to this struct, backed by a file and read-only: dropped pages are read from the file again on
            // the next access, with the same content, or by the handler as zeros.
            let _ = unsafe { self.map.unchecked_advise_range(UncheckedAdvice::DontNeed, from, to - from) };
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // First the range is given back, then the pages go: the handler must not know pages that are gone.
        self.range.give_back();
        MAPPED.fetch_sub(1, Ordering::Relaxed);
    }
}

impl MappedRange {
    /// A range for a new mapping.
    fn take(from: usize, bytes: usize) -> &'static Self {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let to = from + bytes.next_multiple_of(PAGE_BYTES);
        if let Some(range) = free.pop() {
            range.failed.store(false, Ordering::Relaxed);
            range.to.store(to, Ordering::Relaxed);
            range.from.store(from, Ordering::Release);
            return range;
        }
        // SAFETY: the pointer is null or comes from `Box::leak` below. The lock is held, so nobody else adds a range meanwhile.
        let before = unsafe { LAST.load(Ordering::Acquire).as_ref() };
        let (from, to) = (AtomicUsize::new(from), AtomicUsize::new(to));
        let range = Box::leak(Box::new(Self { from, to, failed: AtomicBool::new(false), before }));
        LAST.store(range, Ordering::Release);
        range
    }

    fn give_back(&'static self) {
        self.from.store(0, Ordering::Release);
        self.to.store(0, Ordering::Release);
        if self.failed.load(Ordering::Acquire) {
            FAILED.fetch_sub(1, Ordering::Relaxed);
        }
        FREE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }

    /// Whether an address is in the range.
    fn contains(&self, address: usize) -> bool {
        let (from, to) = (self.from.load(Ordering::Acquire), self.to.load(Ordering::Acquire));
        from != 0 && (from..to).contains(&address)
    }
}

/// The former handler of the signal.
static FORMER: OnceLock<libc::sigaction> = OnceLock::new();

/// Sets up the handler, once.
fn handle_missing_pages() {
    static SET_UP: Once = Once::new();
    SET_UP.call_once(|| {
        // SAFETY: `on_missing_page` has the signature that SA_SIGINFO asks for and calls only what may be called in a handler. Both structs
        // are plain data for which zeros are valid, and live through the call.
        let former = unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = on_missing_page as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&raw mut action.sa_mask);
            let mut former: libc::sigaction = std::mem::zeroed();
            (libc::sigaction(libc::SIGBUS, &raw const action, &raw mut former) == 0).then_some(former)
        };
        if let Some(former) = former {
            let _ = FORMER.set(former);
        }
    });
}

/// Replaces pages of a mapped source that cannot be read by zeros. Any other page is left to the former handler of the
/// signal.
///
/// The handler takes no lock and allocates nothing: it uses atomics, two system calls, and ranges that are never freed.
extern "C" fn on_missing_page(_signal: libc::c_int, info: *mut libc::siginfo_t, _context: *mut libc::c_void) {
    // SAFETY: with SA_SIGINFO the system hands over a valid `siginfo_t`, and SIGBUS has an address in it.
    let address = unsafe { (*info).si_addr() } as usize;
    // SAFETY: null or a leaked range.
    let mut next = unsafe { LAST.load(Ordering::Acquire).as_ref() };
    while let Some(range) = next {
        if range.contains(address) && range.fill_with_zeros(address) {
            return;
        }
        next = range.before;
    }
    // SAFETY: `sigaction` may be called in a handler. The access is tried again on return, and the former handler gets the signal then.
    unsafe {
        match FORMER.get() {
            Some(former) => libc::sigaction(libc::SIGBUS, former, std::ptr::null_mut()),
            None => libc::signal(libc::SIGBUS, libc::SIG_DFL) as libc::c_int,
        };
    }
}

impl MappedRange {
    /// Replaces the page of an address and all pages behind it by zeros. Returns whether that was possible.
    fn fill_with_zeros(&self, address: usize) -> bool {
        let page = address / PAGE_BYTES * PAGE_BYTES;
        let to = self.to.load(Ordering::Acquire);
        // SAFETY: the pages lie in a mapping of ours that is read-only and stays in place: the thread that runs this handler is in the middle
        // of reading it, so it is borrowed and not dropped. Nobody writes there. `MAP_FIXED` exchanges exactly these pages.
        let mapped = unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
            libc::mmap(page as *mut libc::c_void, to - page, libc::PROT_READ, flags, -1, 0)
        };
        let done = mapped != libc::MAP_FAILED;
        if done && !self.failed.swap(true, Ordering::AcqRel) {
            FAILED.fetch_add(1, Ordering::Relaxed);
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_that_is_shortened_reads_as_zeros_and_is_marked() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&[7; 3 * PAGE_BYTES]).expect("written");
        let (mapping, other) = (Mapping::new(&file).expect("mapped"), Mapping::new(&file).expect("mapped"));
        assert!(mapping.bytes().iter().all(|&byte| byte == 7) && !mapping.has_failed());
        file.set_len(PAGE_BYTES as u64 + 1).expect("shortened");
        let nonzero = mapping.bytes().iter().filter(|&&byte| byte != 0).count();
        assert_eq!(nonzero, PAGE_BYTES + 1, "what is there is read, the rest is zeros");
        assert!(mapping.has_failed() && !other.has_failed(), "only what was read is marked");
        drop(mapping);
        let again = Mapping::new(&file).expect("mapped");
        assert!(!again.has_failed(), "a range is used again without its mark");
    }
}
