//! Records to persons and persons to stays, on a region of 100,000 people.

mod region;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use region::Tables;
use sverka::identifier::Date;
use sverka::identity::{AnyRecord, Persons, resolve};
use sverka::job::Job;
use sverka::timeline::{ClinicClaims, InsurerClaims, PROFILES, Stays, Sweep};

fn persons(criterion: &mut Criterion) {
    let job = region::job(100_000);
    let tables = Tables::read(&job);
    let persons = resolve(tables.records(), &|_| {});
    let mut group = criterion.benchmark_group("persons");
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(persons.count()));
    group.bench_function("records to persons, all threads", |bencher| {
        bencher.iter_with_large_drop(|| resolve(tables.records(), &|_| {}));
    });
    group.bench_function("persons to stays, one thread", |bencher| {
        let mut work = Work::default();
        bencher.iter(|| work.all(&job, &tables, &persons));
    });
    group.finish();
}

/// The buffers that persons share, as in a run.
#[derive(Default)]
struct Work {
    sweep: Sweep,
    insurer_claims: InsurerClaims,
    clinic_claims: ClinicClaims,
    insurance: Stays,
    attachment: Stays,
}

impl Work {
    /// Takes all persons through their timelines; how many stays, decisions and findings that gives.
    fn all(&mut self, job: &Job, tables: &Tables, persons: &Persons) -> usize {
        persons.blocks.iter().flat_map(|block| block.iter()).map(|(_, records)| self.person(job, tables, records)).sum()
    }

    fn person(&mut self, job: &Job, tables: &Tables, of_person: &[u32]) -> usize {
        let records = tables.records();
        let source_date = |source: usize| job.sources[source].source_date.unwrap_or(Date::EARLIEST);
        let registers = || {
            of_person.iter().filter_map(|&index| match records.get(index) {
                AnyRecord::Register(row, record) => Some((index, record, source_date(records.register.position(row).0))),
                AnyRecord::Attachment(..) => None,
            })
        };
        let (mut decisions, mut findings) = (Vec::new(), Vec::new());
        let death = registers().map(|(_, record, _)| record.death_date).min().unwrap_or(Date::NEVER);
        let succession = job.insurers.succession();
        self.insurer_claims.collect(registers(), death, succession, &mut findings);
        let rules = &job.rules.insurer;
        self.insurer_claims.sweep(&mut self.sweep, succession, rules, &mut self.insurance, &mut decisions, &mut findings);
        let mut stays = self.insurance.as_slice().len();
        for profile in PROFILES {
            let attachments = || {
                of_person.iter().filter_map(|&index| match records.get(index) {
                    AnyRecord::Attachment(row, record) if record.profile == profile => {
                        Some((index, record, source_date(records.attachments.position(row).0)))
                    }
                    _ => None,
                })
            };
            if attachments().next().is_none() {
                continue;
            }
            self.clinic_claims.collect(attachments(), death, &self.insurance, &job.clinics, &mut findings);
            let rules = &job.rules.clinic;
            self.clinic_claims.sweep(&mut self.sweep, &job.clinics, rules, &mut self.attachment, &mut decisions, &mut findings);
            stays += self.attachment.as_slice().len();
        }
        stays + decisions.len() + findings.len()
    }
}

criterion_group! {
    name = benches;
    config = region::criterion();
    targets = persons
}
criterion_main!(benches);
