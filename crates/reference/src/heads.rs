//! Branches of clinics: their people are counted and funded at the head (SEM-192, SEM-193).
//!
//! The purpose of counting is not known here. The column `head` has no dates: it describes the day on which a run
//! counts.

use sverka_model::{ClinicId, Date};

use super::{ReferenceError, ReferenceFault, ReferencePlace, Succession};

/// Heads of all branches, as indexes of clinics.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    file: String,
    /// Branches in the order of their codes.
    branches: Vec<Branch>,
}

/// Row of a table of clinics, as far as heads are concerned.
pub(super) struct HeadRow<'r> {
    /// Line or record of the file.
    pub(super) place: ReferencePlace,
    /// Code of the clinic.
    pub(super) code: &'r str,
    /// Code of the head, for a branch.
    pub(super) head: Option<&'r str>,
}

#[derive(Clone, Copy, Debug)]
struct Branch {
    clinic: ClinicId,
    head: ClinicId,
    place: ReferencePlace,
}

impl Heads {
    /// The heads of clinics in the order of their indexes; `find` gives the index of a code.
    ///
    /// # Errors
    /// A head that is not in the table, or is a branch itself, so that chains and circles are refused.
    pub(super) fn from_rows<'r>(
        file: &str,
        clinics: impl Iterator<Item = HeadRow<'r>>,
        find: impl Fn(&[u8]) -> Option<ClinicId>,
    ) -> Result<Self, ReferenceError> {
        let rows: Vec<_> = clinics.collect();
        let mut branches = Vec::new();
        for (clinic, &HeadRow { place, code, head }) in (0..).map(ClinicId::new).zip(&rows) {
            let Some(head) = head else { continue };
            let fail = |fault| Err(ReferenceError::new(file, place, fault));
            let Some(found) = find(head.as_bytes()) else {
                return fail(ReferenceFault::HeadUnknown { code: code.to_owned(), head: head.to_owned() });
            };
            if let Some(of) = rows[usize::from(found)].head {
                return fail(ReferenceFault::HeadIsBranch { code: code.to_owned(), head: head.to_owned(), of: of.to_owned() });
            }
            branches.push(Branch { clinic, head: found, place });
        }
        Ok(Self { file: file.to_owned(), branches })
    }

    /// The clinic at which the people of each clinic are counted on `day`, for `clinics` clinics: itself, or its head's
    /// successor on that day. `code` gives the code of an index.
    ///
    /// # Errors
    /// A head that another branch has taken over by that day: it would make a chain or a circle.
    pub(super) fn counted_on<'c>(
        &self,
        day: Date,
        clinics: u16,
        succession: &Succession,
        code: impl Fn(ClinicId) -> &'c str,
    ) -> Result<Vec<ClinicId>, ReferenceError> {
        let mut counted: Vec<ClinicId> = (0..clinics).map(ClinicId::new).collect();
        for &Branch { clinic, head, place } in &self.branches {
            let read = succession.read_on(head, day).clinic();
            if let Some(of) = self.branches.iter().find(|branch| branch.clinic == read) {
                let [code, head, successor, of] = [clinic, head, read, of.head].map(|index| code(index).into());
                return Err(ReferenceError::new(&self.file, place, ReferenceFault::HeadTakenOver { code, head, successor, of }));
            }
            counted[usize::from(clinic)] = read;
        }
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use crate::Clinics;
    use sverka_model::{ClinicId, Date};

    const HEADER: &str = "clinic;attachable;ages;works_from;works_to;successor;head\n";

    /// The codes at which the people of each clinic are counted on 2026-11-01, or the error.
    fn counted(rows: &str) -> String {
        let day: Date = "2026-11-01".parse().expect("a date");
        match Clinics::read("c.csv", format!("{HEADER}{rows}").as_bytes(), &[]).and_then(|clinics| clinics.counting_on(day)) {
            Ok(clinics) => {
                let code = |index: ClinicId| clinics.get(clinics.counted_at(index)).code.clone();
                (0..clinics.len() as u16).map(ClinicId::new).map(code).collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_branch_is_counted_at_its_head_and_others_at_themselves() {
        let rows = "990001;1;all;2010-01-01;;;990003\n990002;1;all;2010-01-01;;;\n990003;1;all;2010-01-01;;;\n";
        assert_eq!(counted(rows), "990003 990002 990003");
    }

    #[test]
    fn a_head_is_replaced_by_its_successor_from_the_day_of_succession_on() {
        for (day, counted_at) in [("2026-11-01", "990002"), ("2026-11-02", "990003")] {
            let rows =
                format!("990001;1;all;2010-01-01;;;990003\n990002;1;all;2010-01-01;;;\n990003;1;all;2010-01-01;{day};990002;\n");
            assert_eq!(counted(&rows), format!("{counted_at} 990002 990003"), "{day}");
        }
    }

    #[test]
    fn chains_circles_and_unknown_heads_are_refused_with_their_line() {
        let row = |code: &str, head: &str| format!("{code};1;all;2010-01-01;;;{head}\n");
        let chain = "name the clinic at which the people are counted, which has no head";
        for (rows, message) in [
            (
                row("990001", "990009"),
                "c.csv:2: head 990009 of 990001 is not in the table of clinics; add its row, or leave `head` empty".to_owned(),
            ),
            (
                row("990003", "") + &row("990002", "990003") + &row("990001", "990002"),
                format!("c.csv:4: head 990002 of 990001 is a branch of 990003 itself; {chain}"),
            ),
            (
                row("990002", "990001") + &row("990001", "990002"),
                format!("c.csv:3: head 990002 of 990001 is a branch of 990001 itself; {chain}"),
            ),
            (row("990001", "990001"), format!("c.csv:2: head 990001 of 990001 is a branch of 990001 itself; {chain}")),
        ] {
            assert_eq!(counted(&rows), message);
        }
    }

    #[test]
    fn a_head_taken_over_by_a_branch_is_refused_from_that_day_on() {
        let rows = |day: &str| {
            format!("990001;1;all;2010-01-01;;;990002\n990002;1;all;2010-01-01;{day};990001;\n990003;1;all;2010-01-01;;;990002\n")
        };
        assert_eq!(counted(&rows("2026-11-02")), "990002 990002 990002");
        assert!(
            counted(&rows("2026-11-01")).starts_with(
                "c.csv:2: head 990002 of 990001 has been taken over by 990001 by the as-of date, which is a branch of 990002;"
            ),
            "{}",
            counted(&rows("2026-11-01"))
        );
    }
}
