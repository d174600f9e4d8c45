//! The worked examples of `docs/money.md`: each is a file that runs on the sample region, and the page shows its text and its figures.

use std::path::{Path, PathBuf};

use sverka_publish::OutputTable;

use crate::published::{PublishedRun, TextRow, published};
use crate::samples;

/// Names of the examples, each a tariff in the folder of examples.
const EXAMPLES: [&str; 3] = ["one_norm", "groups", "stations"];

/// Columns of the table of clinics of the samples that are factors.
const FACTORS: [&str; 2] = ["level", "rural"];

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn page() -> String {
    std::fs::read_to_string(docs().join("money.md")).expect("the page")
}

fn tariff(example: &str) -> String {
    std::fs::read_to_string(docs().join("money").join(format!("{example}.toml"))).expect("a tariff")
}

/// The sample region with the tariff of an example.
fn run_of(example: &str) -> PublishedRun {
    let (dir, job) = samples::copy(str::to_owned);
    let reference = dir.path().join("reference");
    for entry in std::fs::read_dir(docs().join("money")).expect("examples") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), reference.join(entry.file_name())).expect("copied");
    }
    let tariff = tariff(example);
    let clinics = reference.join("clinics.csv");
    let without = FACTORS.iter().filter(|factor| !tariff.contains(&format!("\"{factor}\""))).count();
    let text = std::fs::read_to_string(&clinics).expect("clinics");
    let lines = text.lines().map(|line| line.rsplitn(without + 1, ';').last().expect("a line").to_owned() + "\n");
    std::fs::write(&clinics, lines.collect::<String>()).expect("clinics");
    std::fs::write(reference.join("tariff.toml"), tariff).expect("a tariff");
    published(&job)
}

/// Rows of the table of the page below the line that names an example.
fn rows_of_page(page: &str, example: &str) -> Vec<String> {
    let title = format!("Norms of [`{example}.toml`]");
    let below = page.lines().skip_while(|line| !line.starts_with(&title));
    let table = below.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    table.skip(2).map(str::to_owned).collect()
}

/// Rows of a run as the page shows them.
fn rows_of_run(run: &PublishedRun) -> Vec<String> {
    let amount = |norm: &TextRow<'_>| {
        let clinic = run.rows(OutputTable::FundingClinic);
        let mut of_norm = clinic.filter(|row| ["care", "clinic"].iter().all(|key| row.text(key) == norm.text(key)));
        of_norm.next().expect("the money of a norm").text("amount").to_owned()
    };
    let row = |norm: TextRow<'_>| {
        let shown = ["care", "clinic", "group"].map(|key| norm.text(key).to_owned());
        let figures = ["heads", "k", "factors", "correction"].map(|key| short(norm.text(key)));
        let cells = [shown.to_vec(), figures.to_vec(), vec![norm.text("norm").to_owned(), amount(&norm)]].concat();
        format!("| {} |", cells.join(" | ")).replace("|  |", "| |")
    };
    run.rows(OutputTable::Norms).map(row).collect()
}

/// A number with at most six decimals, the rest cut off, without zeros at the end.
fn short(number: &str) -> String {
    let Some((whole, decimals)) = number.split_once('.') else { return number.to_owned() };
    let shown = decimals[..decimals.len().min(6)].trim_end_matches('0');
    if shown.is_empty() { whole.to_owned() } else { format!("{whole}.{shown}") }
}

#[test]
fn the_page_shows_the_text_of_each_example() {
    let page = page();
    for example in EXAMPLES {
        assert!(page.contains(&format!("```toml\n{}```\n", tariff(example))), "{example}");
    }
}

#[test]
fn the_page_shows_the_tables_of_the_examples() {
    let page = page();
    for entry in std::fs::read_dir(docs().join("money")).expect("examples") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(path.extension().is_none_or(|ending| ending != "csv") || page.contains(&text), "{}", path.display());
    }
}

#[test]
fn the_page_shows_the_norms_of_each_example() {
    let page = page();
    for example in EXAMPLES {
        let run = rows_of_run(&run_of(example));
        assert_eq!(rows_of_page(&page, example), run, "{example}:\n{}", run.join("\n"));
    }
}
