//! Files that chance has changed: never a panic, and never other rows than the directory says.
//!
//! A longer run: `PROPTEST_CASES=100000 cargo test --release --no-default-features --lib parquet_rows::tests::mutated`.

use proptest::prelude::*;

use super::corpus::corpus;
use super::*;

fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            &b"\0"[..],
            b"\xFF",
            b"\xFF\xFF\xFF\xFF\x0F",
            b"\x80\x80\x80\x80\x08",
            b"\x7F",
            b"\x15",
            b"\x19"
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    (any::<prop::sample::Index>(), 0_usize..4, piece)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_files_end(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..4),
        keeps_length in any::<bool>(),
    ) {
        let files = corpus();
        let mut bytes = files[file.index(files.len())].1.clone();
        for (place, removed, piece) in changes {
            let from = place.index(bytes.len());
            let to = bytes.len().min(from + if keeps_length { piece.len() } else { removed });
            bytes.splice(from..to, piece);
        }
        told(&bytes);
    }
}
