//! Contracts of insurers with clinics for providing and paying for care (326-ФЗ, article 39), as a dated table.
//!
//! Persons and attachments are not known here.

use super::table::Table;
use super::{Clinics, Insurers, ReferenceError, ReferenceFault};
use sverka_model::{ClinicId, Date, InsurerId};

/// The pairs of insurer and clinic that have a contract on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contracts {
    /// Number of clinics, which is the number of bits of one insurer.
    clinics: usize,
    /// Bit matrix: a row for each insurer, in it a bit for each clinic. Both are read as their successors on the day.
    pairs: Vec<u64>,
}

impl Contracts {
    /// Reads the contracts in force on `day` from a CSV table with the columns insurer, clinic, from and optionally to, the first day without contract.
    /// The contract of a predecessor counts for its successor. `file` is the name of the table in errors.
    ///
    /// # Errors
    /// The first fault of the table, with its line, such as an unknown code.
    pub fn read(file: &str, bytes: &[u8], insurers: &Insurers, clinics: &Clinics, day: Date) -> Result<Self, ReferenceError> {
        let table = Table::read(file, bytes, &["insurer", "clinic", "from"], &["to"])?;
        let pairs = vec![0; (insurers.len() * clinics.len()).div_ceil(u64::BITS as usize)];
        let mut contracts = Self { clinics: clinics.len(), pairs };
        for row in table.rows() {
            let unknown = |code: &str, table| row.error(ReferenceFault::CodeUnknown { code: code.to_owned(), table });
            let (insurer, clinic) = (row.require("insurer")?, row.require("clinic")?);
            let insurer_index = insurers.find(insurer.as_bytes()).ok_or_else(|| unknown(insurer, "insurers"))?;
            let clinic_index = clinics.find(clinic.as_bytes()).ok_or_else(|| unknown(clinic, "clinics"))?;
            let (from, to) = (row.require_date("from")?, row.end("to")?.unwrap_or(Date::NEVER));
            if to <= from {
                return Err(row.error(ReferenceFault::Reversed { start: "from", end: "to" }));
            }
            if from <= day && day < to {
                let pair = (insurers.succession().read_on(insurer_index, day), clinics.succession().read_on(clinic_index, day));
                let (word, bit) = contracts.word_and_bit(pair.0.insurer(), pair.1.clinic());
                contracts.pairs[word] |= 1 << bit;
            }
        }
        Ok(contracts)
    }

    /// Whether an insurer and a clinic, both read as their successors on the day, have a contract.
    #[must_use]
    #[inline]
    pub fn has_contract(&self, insurer: InsurerId, clinic: ClinicId) -> bool {
        let (word, bit) = self.word_and_bit(insurer, clinic);
        self.pairs[word] >> bit & 1 == 1
    }

    /// Index in the bit matrix and bit of a pair.
    #[inline]
    fn word_and_bit(&self, insurer: InsurerId, clinic: ClinicId) -> (usize, usize) {
        let pair = usize::from(insurer) * self.clinics + usize::from(clinic);
        (pair / u64::BITS as usize, pair % u64::BITS as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSURERS: &str = "insurer;works_from;works_to;successor\n34001;2011-01-01;;\n34002;2011-01-01;2026-01-01;34001\n";
    const CLINICS: &str = "clinic;attachable;ages;works_from;works_to;successor\n\
        340001;1;all;2011-01-01;;\n340002;1;all;2011-01-01;2026-11-01;340001\n340003;1;all;2011-01-01;;\n";

    /// The pairs with a contract on a day, as `insurer-clinic` with the last digits of their codes.
    fn pairs(rows: &str, day: &str) -> Result<Vec<String>, String> {
        let insurers = Insurers::read("insurers", INSURERS.as_bytes()).expect("insurers");
        let clinics = Clinics::read("clinics", CLINICS.as_bytes(), &[]).expect("clinics");
        let table = format!("insurer;clinic;from;to\n{rows}");
        let day = day.parse().expect("a date");
        let contracts =
            Contracts::read("contracts.csv", table.as_bytes(), &insurers, &clinics, day).map_err(|e| e.to_string())?;
        let pairs = (0..2).flat_map(|insurer| (0..3).map(move |clinic| (insurer, clinic)));
        Ok(pairs
            .filter(|&(insurer, clinic)| contracts.has_contract(InsurerId::new(insurer), ClinicId::new(clinic)))
            .map(|(i, c)| format!("{}-{}", i + 1, c + 1))
            .collect())
    }

    #[test]
    fn a_contract_binds_from_its_first_day_to_the_day_before_its_end() {
        let rows = "34001;340003;2026-02-01;2026-03-01\n";
        for (day, expected) in [("2026-01-31", 0), ("2026-02-01", 1), ("2026-02-28", 1), ("2026-03-01", 0)] {
            assert_eq!(pairs(rows, day).expect("contracts").len(), expected, "{day}");
        }
        assert_eq!(pairs("34001;340003;2026-02-01;\n", "2090-01-01").expect("contracts"), ["1-3"]);
        assert!(pairs("", "2026-02-01").expect("a table without rows").is_empty());
    }

    #[test]
    fn codes_are_read_on_the_day() {
        let rows = "34002;340002;2020-01-01;\n34002;340003;2020-01-01;2021-01-01\n";
        assert_eq!(pairs(rows, "2020-05-01").expect("contracts"), ["2-2", "2-3"]);
        assert_eq!(pairs(rows, "2026-10-31").expect("contracts"), ["1-2"]);
        assert_eq!(pairs(rows, "2026-11-01").expect("contracts"), ["1-1"]);
    }

    #[test]
    fn each_fault_names_its_line() {
        for (rows, expected) in [
            ("34009;340001;2020-01-01;\n", "contracts.csv:2: code 34009 is not in the table of insurers"),
            (
                "34001;340001;2020-01-01;\n34001;349999;2020-01-01;\n",
                "contracts.csv:3: code 349999 is not in the table of clinics",
            ),
            ("34001;340001;;\n", "contracts.csv:2: `from` is empty"),
            ("34001;340001;2020-01-01;2020-01-01\n", "contracts.csv:2: `to` is not after `from`"),
        ] {
            let error = pairs(rows, "2026-01-01").expect_err(rows);
            assert!(error.starts_with(expected), "{error}");
        }
        assert_eq!(pairs("", "2026-01-01").expect("no contracts"), [""; 0]);
    }
}
