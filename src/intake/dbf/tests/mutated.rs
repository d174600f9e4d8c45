//! Tables that chance has changed: no panic, no hang, and the same outcome in any portions.
//!
//! A longer run: `PROPTEST_CASES=1000000 cargo test --release --no-default-features --lib dbf::tests::mutated`.

use proptest::prelude::*;

use super::corpus::corpus;
use super::{Slow, told};

fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let piece = prop_oneof![
        prop::sample::select(vec![&b"\x0D"[..], b"\x1A", b"*", b" ", b"\0", b"\xFF\xFF", b"\0\0\0\0", b"\xFF\xFF\xFF\xFF", b"x"])
            .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..5),
    ];
    (any::<prop::sample::Index>(), 0_usize..5, piece)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_tables_end(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..5),
        in_header in any::<bool>(),
        at_a_time in 1_usize..300,
    ) {
        let files = corpus();
        let mut bytes = files[file.index(files.len())].1.clone();
        for (place, removed, piece) in changes {
            let reach = if in_header { bytes.len().min(200) } else { bytes.len() };
            let from = place.index(reach.max(1)).min(bytes.len());
            let to = bytes.len().min(from + removed);
            bytes.splice(from..to, piece);
        }
        let whole = told(&bytes[..]);
        prop_assert_eq!(&told(Slow { rest: &bytes, at_a_time }), &whole);
        // Every row has its bytes in the table.
        prop_assert!(whole.len() <= bytes.len());
    }
}
