//! The BLAKE3 of a source, made of the hashes of its pieces: the thread that reads a piece hashes it while it is in the cache.
//!
//! BLAKE3 is a binary tree over leaves of 1 KiB. A piece of 2^n leaves is a whole subtree, so the result is the plain BLAKE3 of the content, whatever
//! the size of pieces and the order in which they are hashed:
//!
//! ```text
//!                 root
//!            ┌─────┴──────┐
//!         parent       piece 4        left of a node: the largest power of two of pieces that leaves some for the right
//!       ┌────┴────┐
//!    parent    parent
//!   ┌──┴──┐   ┌──┴──┐
//! piece 0 1 piece 2 3
//! ```

use blake3::hazmat::{ChainingValue, HasherExt as _, Mode, merge_subtrees_non_root, merge_subtrees_root};
use rayon::prelude::*;

/// The hash of one piece.
#[derive(Clone, Copy, Debug)]
pub struct PieceHash(ChainingValue);

/// Bytes of the smallest piece, which is a leaf of the tree.
const LEAF_BYTES: usize = 1024;

/// Whether a content can be cut into pieces of this size: a power of two, and at least a leaf.
#[must_use]
pub fn is_piece_size(bytes: usize) -> bool {
    bytes.is_power_of_two() && bytes >= LEAF_BYTES
}

/// The hash of the piece that begins at `offset`, a multiple of the size of pieces.
#[must_use]
pub fn hash_piece(piece: &[u8], offset: usize) -> PieceHash {
    PieceHash(blake3::Hasher::new().set_input_offset(offset as u64).update(piece).finalize_non_root())
}

/// The hash of a content in hexadecimal, from the hashes of its pieces in their order. A content of at most one piece is hashed here.
#[must_use]
pub fn combine(content: &[u8], pieces: &[PieceHash]) -> String {
    let hash = match pieces {
        [] | [_] => blake3::hash(content),
        _ => {
            let (left, right) = pieces.split_at(left_pieces(pieces.len()));
            merge_subtrees_root(&subtree(left), &subtree(right), Mode::Hash)
        }
    };
    hash.to_hex().to_string()
}

/// The hash of a content in hexadecimal, by all threads. `advance` gets the number of bytes of each piece that is done.
#[must_use]
pub fn hash_content(content: &[u8], advance: &(dyn Fn(u64) + Sync)) -> String {
    const PIECE_BYTES: usize = 1 << 20;
    let piece = |(index, piece): (usize, &[u8])| {
        let hash = hash_piece(piece, index * PIECE_BYTES);
        advance(piece.len() as u64);
        hash
    };
    let pieces: Vec<PieceHash> = content.par_chunks(PIECE_BYTES).enumerate().map(piece).collect();
    combine(content, &pieces)
}

/// Number of pieces left of a node: the largest power of two that leaves some for the right.
fn left_pieces(pieces: usize) -> usize {
    1 << (pieces - 1).ilog2()
}

fn subtree(pieces: &[PieceHash]) -> ChainingValue {
    match pieces {
        [only] => only.0,
        _ => {
            let (left, right) = pieces.split_at(left_pieces(pieces.len()));
            merge_subtrees_non_root(&subtree(left), &subtree(right), Mode::Hash)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_the_hash_of_the_whole() {
        let content: Vec<u8> = (0..40_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for length in [0, 1, 1023, 1024, 1025, 2048, 4096, 4097, 12_288, 30_000, 40_000] {
            let content = &content[..length];
            let expected = blake3::hash(content).to_hex().to_string();
            for size in [1024, 2048, 8192, 65_536] {
                let pieces: Vec<PieceHash> =
                    content.chunks(size).enumerate().map(|(index, piece)| hash_piece(piece, index * size)).collect();
                assert_eq!(combine(content, &pieces), expected, "{length} bytes in pieces of {size}");
            }
            assert_eq!(hash_content(content, &|_| ()), expected);
        }
    }

    #[test]
    fn pieces_are_powers_of_two() {
        assert!(is_piece_size(1024) && is_piece_size(4 << 20));
        assert!(!is_piece_size(512) && !is_piece_size(3000));
    }
}
