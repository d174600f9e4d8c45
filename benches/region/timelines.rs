//! Persons to stays with the functions of the library, as the engine makes them.

use sverka::job::Job;
use sverka_kernel::identity::{AnyRecord, Linked, Records};
use sverka_kernel::shuffle::Partition;
use sverka_kernel::timeline::{ClinicClaims, DatedRecord, InsurerClaims, KnownInsurance, Stays, Sweep};
use sverka_model::{Date, Profile};

use super::Rows;

/// Buffers that persons share, as in a run.
#[derive(Default)]
pub struct Timelines {
    sweep: Sweep,
    insurer_claims: InsurerClaims,
    clinic_claims: ClinicClaims,
    insurance: Stays,
    attachment: Stays,
}

impl Timelines {
    /// Makes the timelines of all persons. Returns the number of stays, decisions and findings.
    pub fn all(&mut self, job: &Job, rows: &Rows, linked: &[Linked]) -> usize {
        let (mut partition, mut outcome) = (Partition::default(), 0);
        for (index, linked) in linked.iter().enumerate() {
            partition.load(&rows.shuffle, index).expect("rows in memory");
            let records = Records { partition: &partition, interned: &rows.interned };
            outcome += linked
                .persons
                .iter()
                .map(|(_, records_of_person)| self.person(job, rows, records, records_of_person))
                .sum::<usize>();
        }
        outcome
    }

    fn person(&mut self, job: &Job, rows: &Rows, records: Records<'_>, records_of_person: &[u32]) -> usize {
        let source_date = |index| job.sources[rows.row_ids.source(records.row_id(index))].source_date.unwrap_or(Date::EARLIEST);
        let registers = || {
            records_of_person.iter().filter_map(|&index| match records.get(index) {
                AnyRecord::Register(record) => Some(DatedRecord { index, record, source_date: source_date(index) }),
                AnyRecord::Attachment(_) => None,
            })
        };
        let (mut decisions, mut findings) = (Vec::new(), Vec::new());
        let death = registers().map(|dated| dated.record.death_date).min().unwrap_or(Date::NEVER);
        let succession = job.insurers.succession();
        self.insurer_claims.collect(registers(), death, succession, &mut findings);
        let rules = &job.rules.insurer;
        self.insurer_claims.sweep(&mut self.sweep, succession, rules, &mut self.insurance, &mut decisions, &mut findings);
        let mut stays = self.insurance.as_slice().len();
        for profile in Profile::ALL {
            let attachments = || {
                records_of_person.iter().filter_map(|&index| match records.get(index) {
                    AnyRecord::Attachment(record) if record.profile == profile => {
                        Some(DatedRecord { index, record, source_date: source_date(index) })
                    }
                    _ => None,
                })
            };
            if attachments().next().is_none() {
                continue;
            }
            let insurance = KnownInsurance { stays: &self.insurance, from_first_choice: false };
            self.clinic_claims.collect(attachments(), death, insurance, &job.clinics, &mut findings);
            let rules = &job.rules.clinic;
            self.clinic_claims.sweep(&mut self.sweep, &job.clinics, rules, &mut self.attachment, &mut decisions, &mut findings);
            stays += self.attachment.as_slice().len();
        }
        stays + decisions.len() + findings.len()
    }
}
