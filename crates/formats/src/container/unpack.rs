//! Unpacking piece by piece: stored, deflate, gzip and zstd.
//!
//! The only limit here is the window of zstd, which must be set before a frame begins. [`super::MemberReader`] knows names and all other limits.

use flate2::{Crc, Decompress, FlushDecompress, Status};
use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer};

use super::kind::Kind;

/// The packing of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflate,
    Gzip,
    Zstd,
}

/// The reason why unpacking cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Packed bytes that end too early.
    Cut,
    /// Packed bytes that make no sense.
    Damaged,
    /// A checksum within the packed bytes that differs.
    Checksum,
    /// Other content behind the packed bytes.
    Trailing,
    /// A window that is larger than allowed.
    Window,
}

/// The outcome of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Packed bytes that are done with.
    pub(super) taken: usize,
    /// Bytes that were unpacked; none at the end only.
    pub(super) given: usize,
}

/// The state of unpacking one member.
pub(super) enum Unpacker {
    Stored,
    Deflate(Deflate),
    Gzip(Gzip),
    Zstd(Zstd),
}

impl Unpacker {
    pub(super) fn new(method: Method, window_bytes: u64) -> Result<Self, Fault> {
        Ok(match method {
            Method::Stored => Self::Stored,
            Method::Deflate => Self::Deflate(Deflate::new()),
            Method::Gzip => Self::Gzip(Gzip::new()),
            Method::Zstd => Self::Zstd(Zstd::new(window_bytes)?),
        })
    }

    /// Unpacks the next bytes into `to`, which is not empty. `packed` are all bytes that were not taken yet.
    pub(super) fn step(&mut self, packed: &[u8], to: &mut [u8]) -> Result<Step, Fault> {
        match self {
            Self::Stored => {
                let given = packed.len().min(to.len());
                to[..given].copy_from_slice(&packed[..given]);
                Ok(Step { taken: given, given })
            }
            Self::Deflate(deflate) => deflate.step(packed, to),
            Self::Gzip(gzip) => gzip.step(packed, to),
            Self::Zstd(zstd) => zstd.step(packed, to),
        }
    }
}

/// A deflate stream without anything around it. Bytes behind the stream are not looked at: in a ZIP archive, size and checksum prove the content.
pub(super) struct Deflate {
    state: Decompress,
    ended: bool,
    /// Whether the stream makes no sense behind the bytes that were given last.
    damaged: bool,
}

impl Deflate {
    fn new() -> Self {
        Self { state: Decompress::new(false), ended: false, damaged: false }
    }

    fn restart(&mut self) {
        self.state.reset(false);
        self.ended = false;
    }

    fn step(&mut self, packed: &[u8], to: &mut [u8]) -> Result<Step, Fault> {
        let mut taken = 0;
        while !self.ended && !self.damaged {
            let before = (self.state.total_in(), self.state.total_out());
            let status = self.state.decompress(&packed[taken..], to, FlushDecompress::None);
            let took = (self.state.total_in() - before.0) as usize;
            let given = (self.state.total_out() - before.1) as usize;
            taken += took;
            self.ended = matches!(status, Ok(Status::StreamEnd));
            self.damaged = status.is_err();
            if given > 0 {
                return Ok(Step { taken, given });
            }
            if took == 0 && !self.ended && !self.damaged {
                return Err(if taken == packed.len() { Fault::Cut } else { Fault::Damaged });
            }
        }
        if self.damaged { Err(Fault::Damaged) } else { Ok(Step { taken, given: 0 }) }
    }
}

/// Gzip members one behind the other (RFC 1952), as writers make them that append or work in parallel. Zeros at the end are skipped.
pub(super) struct Gzip {
    deflate: Deflate,
    checksum: Crc,
    within: bool,
}

/// CRC-32 and size modulo 2^32 behind the stream.
const GZIP_TRAILER_BYTES: usize = 8;

impl Gzip {
    fn new() -> Self {
        Self { deflate: Deflate::new(), checksum: Crc::new(), within: false }
    }

    fn step(&mut self, packed: &[u8], to: &mut [u8]) -> Result<Step, Fault> {
        let mut taken = 0;
        loop {
            let rest = &packed[taken..];
            if !self.within {
                if taken > 0 && is_filling(rest) || rest.is_empty() {
                    return Ok(Step { taken: packed.len(), given: 0 });
                }
                taken += gzip_header_bytes(rest)?;
                self.within = true;
                continue;
            }
            let step = self.deflate.step(rest, to)?;
            taken += step.taken;
            if step.given > 0 {
                self.checksum.update(&to[..step.given]);
                return Ok(Step { taken, given: step.given });
            }
            self.trailer(&packed[taken..])?;
            taken += GZIP_TRAILER_BYTES;
            self.within = false;
            self.deflate.restart();
            self.checksum.reset();
        }
    }

    fn trailer(&self, rest: &[u8]) -> Result<(), Fault> {
        let trailer: &[u8; GZIP_TRAILER_BYTES] = rest.first_chunk().ok_or(Fault::Cut)?;
        let expected = self.checksum.sum().to_le_bytes().into_iter().chain(self.checksum.amount().to_le_bytes());
        if expected.eq(trailer.iter().copied()) { Ok(()) } else { Err(Fault::Checksum) }
    }
}

/// Number of bytes of a gzip member's header. Its fields (a name, a time) are not used.
fn gzip_header_bytes(packed: &[u8]) -> Result<usize, Fault> {
    const CHECKSUM: u8 = 1 << 1;
    const EXTRA: u8 = 1 << 2;
    const NAME: u8 = 1 << 3;
    const COMMENT: u8 = 1 << 4;
    const RESERVED: u8 = 0xe0;
    if !Kind::GZIP_MAGIC.iter().zip(packed).all(|(magic, byte)| magic == byte) {
        return Err(Fault::Trailing);
    }
    let fixed: &[u8; 10] = packed.first_chunk().ok_or(Fault::Cut)?;
    let flags = fixed[3];
    if flags & RESERVED != 0 {
        return Err(Fault::Damaged);
    }
    let mut at = fixed.len();
    if flags & EXTRA != 0 {
        let length: &[u8; 2] = packed[at..].first_chunk().ok_or(Fault::Cut)?;
        at += 2 + usize::from(u16::from_le_bytes(*length));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let rest = packed.get(at..).ok_or(Fault::Cut)?;
            at += memchr::memchr(0, rest).ok_or(Fault::Cut)? + 1;
        }
    }
    if flags & CHECKSUM != 0 {
        at += 2;
    }
    if at <= packed.len() { Ok(at) } else { Err(Fault::Cut) }
}

/// Zstd frames one behind the other, with frames to be skipped between them (RFC 8878).
pub(super) struct Zstd {
    state: DCtx<'static>,
    within: bool,
}

impl Zstd {
    fn new(window_bytes: u64) -> Result<Self, Fault> {
        let mut state = DCtx::try_create().ok_or(Fault::Window)?;
        let window_log = window_bytes.max(1).ilog2().clamp(10, 31);
        state.set_parameter(DParameter::WindowLogMax(window_log)).map_err(|_| Fault::Window)?;
        Ok(Self { state, within: false })
    }

    fn step(&mut self, packed: &[u8], to: &mut [u8]) -> Result<Step, Fault> {
        let mut taken = 0;
        loop {
            let rest = &packed[taken..];
            if !self.within {
                if taken > 0 && is_filling(rest) || rest.is_empty() {
                    return Ok(Step { taken: packed.len(), given: 0 });
                }
                if Kind::of_head(rest) != Kind::Zstd {
                    return Err(if Kind::may_become_zstd(rest) { Fault::Cut } else { Fault::Trailing });
                }
            }
            let (mut from, mut out) = (InBuffer::around(rest), OutBuffer::around(&mut *to));
            let hint = self.state.decompress_stream(&mut out, &mut from).map_err(zstd_fault)?;
            let (took, given) = (from.pos(), out.pos());
            taken += took;
            self.within = hint != 0;
            if given > 0 {
                return Ok(Step { taken, given });
            }
            if took == 0 && self.within {
                return Err(Fault::Cut);
            }
        }
    }
}

/// The fault of a zstd error, which is the negated number of the error. These numbers are part of zstd's stable interface (`zstd_errors.h`).
fn zstd_fault(code: usize) -> Fault {
    const WINDOW_TOO_LARGE: usize = 16;
    const CHECKSUM_WRONG: usize = 22;
    match code.wrapping_neg() {
        WINDOW_TOO_LARGE => Fault::Window,
        CHECKSUM_WRONG => Fault::Checksum,
        _ => Fault::Damaged,
    }
}

/// Whether only zeros follow, as tapes and block devices leave them.
fn is_filling(rest: &[u8]) -> bool {
    rest.iter().all(|&byte| byte == 0)
}
