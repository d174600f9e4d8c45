//! The documents under `tests/corpus/xml`. Each has its expectation beside it; a document without one fails.

use std::path::Path;

use super::{lines, shape};

/// The environment variable that writes new expectations, to be reviewed before they are kept.
const BLESS: &str = "SVERKA_BLESS";

#[test]
fn every_document_of_the_corpus_gives_what_is_expected() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join("tests/corpus/xml");
    let shape = shape(&[
        "@SMOCOD",
        "N_REC",
        "PERSON/FAM",
        "PERSON/IM",
        "*PERSON/DOST",
        "INSURANCE/POLIS/NPOLIS",
        "DOC/DOCNUM|DOC_LIST/DOC/DOCNUM",
    ]);
    let mut documents = 0;
    for entry in std::fs::read_dir(&folder).expect("the corpus") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "xml") {
            continue;
        }
        documents += 1;
        let document = std::fs::read(&path).expect("a document");
        let found = lines(&document[..], &shape).iter().map(|line| format!("{line}\n")).collect::<String>();
        let expectation = path.with_extension("txt");
        if std::env::var_os(BLESS).is_some() {
            std::fs::write(&expectation, &found).expect("an expectation");
        }
        let expected = std::fs::read_to_string(&expectation).unwrap_or_else(|_| panic!("{} has no expectation", path.display()));
        assert_eq!(found, expected, "{}", path.display());
        assert_eq!(
            lines(super::Slow { rest: &document, at_a_time: 1 }, &shape).len(),
            found.lines().count(),
            "{}",
            path.display()
        );
    }
    assert!(documents > 10, "the corpus is there");
}
