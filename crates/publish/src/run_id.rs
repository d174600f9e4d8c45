//! Run id: the as-of date and a hash of everything that decides the tables. Runs with the same id have the same results (SEM-194).

use super::Engine;

/// Identity of an input: everything about it that decides the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputIdentity<'i> {
    /// Role of the input.
    pub role: &'i str,
    /// Name in the job.
    pub name: &'i str,
    /// Layout, for sources.
    pub layout: Option<&'i str>,
    /// Date, ISO, for sources.
    pub source_date: Option<String>,
    /// BLAKE3 of the content, hexadecimal.
    pub blake3: &'i str,
}

impl<'i> InputIdentity<'i> {
    /// Identity of the last day whose sources are known, ISO.
    #[must_use]
    pub fn of_known_by(day: &'i str) -> Self {
        Self { role: "known_by", name: day, layout: None, source_date: None, blake3: "" }
    }
}

/// Number of hexadecimal digits of the hash in an id.
const DIGITS: usize = 16;

/// Id of the run of a program over these inputs, in their order, as of a day.
#[must_use]
pub fn run_id<'i>(engine: &Engine, as_of: &str, inputs: impl IntoIterator<Item = InputIdentity<'i>>) -> String {
    let mut hasher = blake3::Hasher::new();
    // Each text is preceded by its length, so no two lists of texts hash the same bytes.
    let mut add = |texts: &[&str]| {
        for text in texts {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    };
    add(&["engine", &engine.version, &engine.build, "as of", as_of]);
    for InputIdentity { role, name, layout, source_date, blake3 } in inputs {
        add(&[role, name, layout.unwrap_or_default(), source_date.as_deref().unwrap_or_default(), blake3]);
    }
    format!("{as_of}-{}", &hasher.finalize().to_hex()[..DIGITS])
}

/// BLAKE3 of names and sizes of sources, hexadecimal. It shows without reading them whether a run may be over the same sources.
#[must_use]
pub fn sources_key<'s>(sources: impl IntoIterator<Item = (&'s str, u64)>) -> String {
    let mut sources: Vec<(&str, u64)> = sources.into_iter().collect();
    sources.sort_unstable();
    sources.dedup();
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in sources {
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(&bytes.to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(build: &str) -> Engine {
        Engine { name: "sverka".to_owned(), version: "0.1.0".to_owned(), build: build.to_owned() }
    }

    fn source<'i>(name: &'i str, layout: &'i str, blake3: &'i str) -> InputIdentity<'i> {
        InputIdentity { role: "register", name, layout: Some(layout), source_date: None, blake3 }
    }

    #[test]
    fn everything_that_decides_results_changes_the_id() {
        let id = |build: &str, as_of: &str, input: InputIdentity<'_>| run_id(&engine(build), as_of, [input]);
        let base = id("b1", "2026-11-01", source("a", "l", "00"));
        assert_eq!(base, id("b1", "2026-11-01", source("a", "l", "00")));
        assert!(base.starts_with("2026-11-01-") && base.len() == "2026-11-01-".len() + DIGITS, "{base}");
        let dated = InputIdentity { source_date: Some("2026-10-31".to_owned()), ..source("a", "l", "00") };
        for other in [
            id("b2", "2026-11-01", source("a", "l", "00")),
            id("b1", "2026-11-02", source("a", "l", "00")),
            id("b1", "2026-11-01", source("b", "l", "00")),
            id("b1", "2026-11-01", source("a", "m", "00")),
            id("b1", "2026-11-01", source("al", "", "00")),
            id("b1", "2026-11-01", source("a", "l", "01")),
            id("b1", "2026-11-01", dated),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn the_order_of_sources_does_not_show_in_their_key() {
        assert_eq!(sources_key([("a", 1), ("b", 2)]), sources_key([("b", 2), ("a", 1), ("a", 1)]));
        assert_ne!(sources_key([("a", 1), ("b", 2)]), sources_key([("a", 1), ("b", 3)]));
        assert_ne!(sources_key([("a", 1), ("b", 2)]), sources_key([("a", 1)]));
    }
}
