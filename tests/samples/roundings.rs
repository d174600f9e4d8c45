//! One rounding of the money sample changed at a time: it changes its own care, from its own column on, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use sverka_publish::OutputTable;

use super::copy;
use super::money::{money_folder, sample};
use crate::published::{PublishedRun, TextRow, published};

/// A changed setting: its text in the tariff, its new text, and what may change.
struct Change {
    setting: &'static str,
    from: &'static str,
    to: &'static str,
    care: &'static str,
    /// First column of the table of norms that changes; none where norms stay.
    first: Option<&'static str>,
}

const CHANGES: [Change; 11] = [
    Change {
        setting: "composition",
        from: "k          = { decimals = 4, mode = \"half_up\" }\nfactor ",
        to: "factor ",
        care: "ambulatory",
        first: Some("k"),
    },
    Change {
        setting: "factor",
        from: "factor     = { decimals = 4,",
        to: "factor     = { decimals = 1,",
        care: "ambulatory",
        first: Some("factors"),
    },
    Change {
        setting: "correction",
        from: "correction = { decimals = 4, mode = \"half_even\" }",
        to: "correction = { decimals = 2, mode = \"half_even\" }",
        care: "ambulatory",
        first: Some("correction"),
    },
    Change {
        setting: "amount by clinic",
        from: "amount_by  = \"band\"",
        to: "amount_by  = \"clinic\"",
        care: "ambulatory",
        first: Some("norm"),
    },
    Change {
        setting: "period of the norm",
        from: "norm_period = \"year_then_month\"",
        to: "norm_period = \"month\"",
        care: "ambulance",
        first: Some("norm_year"),
    },
    Change {
        setting: "norm of the year",
        from: "norm_period = \"year_then_month\"",
        to: "norm_period = \"year_then_month\", year_norm = { decimals = 0 }",
        care: "ambulance",
        first: Some("norm_year"),
    },
    Change {
        setting: "norm of the month",
        from: "norm_period = \"year_then_month\"",
        to: "norm_period = \"year_then_month\", month_norm = { decimals = 1 }",
        care: "ambulance",
        first: Some("norm"),
    },
    Change {
        setting: "base of the month",
        from: "month_base = \"exact\"",
        to: "month_base = \"rounded\"",
        care: "gynaecology",
        first: Some("base"),
    },
    Change {
        setting: "way of the norm of the month",
        from: "mode = \"up\" }",
        to: "mode = \"down\" }",
        care: "gynaecology",
        first: Some("norm"),
    },
    Change {
        setting: "amount",
        from: "month_base = \"exact\"",
        to: "amount = { decimals = 0 }, month_base = \"exact\"",
        care: "gynaecology",
        first: None,
    },
    Change {
        setting: "amount of a band",
        from: "rounding   = { amount_by = \"band\" }",
        to: "rounding   = { amount_by = \"band\", amount = { decimals = 0 } }",
        care: "dental",
        first: None,
    },
];

/// Tables with a column `care`.
const OF_CARES: [OutputTable; 5] = [
    OutputTable::Norms,
    OutputTable::NormFactors,
    OutputTable::FundingBands,
    OutputTable::FundingClinic,
    OutputTable::FundingInsurerClinic,
];

/// Tables of money that no rounding of a care touches.
const UNTOUCHED: [OutputTable; 4] =
    [OutputTable::Headcount, OutputTable::FundingPoints, OutputTable::FundingResults, OutputTable::FundingInsurer];

/// The money sample with a text of its tariff replaced.
fn run_with(from: &str, to: &str) -> PublishedRun {
    let (dir, _) = copy(str::to_owned);
    let money = dir.path().join("money");
    for folder in ["", "attachments", "reference"] {
        std::fs::create_dir(money.join(folder)).expect("a folder");
        copy_files(&money_folder().join(folder), &money.join(folder));
    }
    let tariff = money.join("reference/tariff.toml");
    let text = std::fs::read_to_string(&tariff).expect("a tariff");
    assert_eq!(text.matches(from).count(), 1, "{from}");
    std::fs::write(&tariff, text.replace(from, to)).expect("a tariff");
    published(&money.join("job.toml"))
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    }
}

fn rows_of(run: &PublishedRun, table: OutputTable, is_meant: impl Fn(&TextRow<'_>) -> bool) -> Vec<&[Option<String>]> {
    run.rows(table).filter(is_meant).map(|row| row.values()).collect()
}

/// Columns of the norms of a care that differ between two runs.
fn changed_norms(before: &PublishedRun, after: &PublishedRun, care: &str) -> BTreeSet<usize> {
    let norms = |run| rows_of(run, OutputTable::Norms, |row| row.text("care") == care);
    let (before, after) = (norms(before), norms(after));
    assert_eq!(before.len(), after.len());
    let columns = |(before, after): (&&[Option<String>], &&[Option<String>])| {
        (0..before.len()).filter(|&column| before[column] != after[column]).collect::<Vec<_>>()
    };
    before.iter().zip(&after).flat_map(columns).collect()
}

#[test]
fn a_rounding_changes_its_care_from_its_column_on_and_nothing_else() {
    let before = &sample().run;
    for Change { setting, from, to, care, first } in CHANGES {
        let after = &run_with(from, to);
        for table in OF_CARES {
            let others = |run| rows_of(run, table, |row| row.text("care") != care);
            assert!(others(before) == others(after), "{setting}: {} of other cares", table.name());
        }
        for table in UNTOUCHED {
            let all = |run| rows_of(run, table, |_| true);
            assert!(all(before) == all(after), "{setting}: {}", table.name());
        }
        let amounts = |run| rows_of(run, OutputTable::FundingInsurerClinic, |row| row.text("care") == care);
        assert!(first.is_some() || amounts(before) != amounts(after), "{setting} changes nothing");
        let changed =
            changed_norms(before, after, care).first().map(|&column| before.table(OutputTable::Norms).columns[column].as_str());
        assert_eq!(changed, first, "{setting}");
    }
}

#[test]
fn a_rounding_of_the_insurers_money_changes_that_alone() {
    let before = &sample().run;
    let after = &run_with("k = { decimals = 4, mode = \"half_up\" }", "norm = { decimals = 0 }");
    let all = |run, table| rows_of(run, table, |_| true);
    assert!(all(before, OutputTable::FundingInsurer) != all(after, OutputTable::FundingInsurer));
    for table in [OutputTable::Headcount, OutputTable::ToPay].into_iter().chain(OF_CARES) {
        assert!(all(before, table) == all(after, table), "{}", table.name());
    }
}
