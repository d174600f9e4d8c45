//! Baseline measuring.
mod region;
use std::hint::black_box;
use sverka::check::ReadPlan;
use sverka::check::{AttachmentRecord, RegisterRecord};
use sverka::intake::{self, ChunkReader, Field, Lexicon, plan_chunks};

#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work()
}

fn split(plan: &ReadPlan<'_>) -> (usize, usize) {
    let (mut bytes, mut rows) = (0, 0);
    for source in &plan.sources {
        let mut reader = ChunkReader::new(source.file, source.layout, &source.header);
        for chunk in plan_chunks(source.file, source.layout, source.header.data_from, plan.chunk_bytes) {
            reader.rows(&chunk, |_, fields| {
                rows += 1;
                let Ok(fields) = fields else { return };
                bytes += [Field::Enp, Field::Surname, Field::BirthDate, Field::Patronymic]
                    .map(|field| fields.get(field).len())
                    .iter()
                    .sum::<usize>();
            });
        }
    }
    (bytes, rows)
}

fn check<R: sverka::check::CheckedRow>(
    job: &sverka::job::Job,
    plan: &ReadPlan<'_>,
    checker: &mut sverka::check::RowChecker<'_>,
    records: &mut [R],
    prints: &mut [u64],
) {
    for source in &plan.sources {
        let mut reader = ChunkReader::new(source.file, source.layout, &source.header);
        let mut n = 0;
        for chunk in plan_chunks(source.file, source.layout, source.header.data_from, plan.chunk_bytes) {
            reader.rows(&chunk, |_, fields| {
                let Ok(fields) = fields else { return };
                if let Some((record, print)) = checker.check::<R>(source.layout, fields) {
                    records[n % 4096] = record;
                    prints[n % 4096] = print;
                    n += 1;
                }
            });
        }
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let kernel = args[1].as_str();
    let persons: u64 = args[2].parse().unwrap();
    let job = region::job(persons);
    let files = region::surveyed(&job);
    let table = if kernel.ends_with('a') { intake::Table::Attachments } else { intake::Table::Register };
    let plan = region::read_plan(&job, &files, table);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (_, rows) = split(&plan);
    let started = std::time::Instant::now();
    match kernel {
        "split" => measured(&mut || {
            black_box(split(&plan));
        }),
        "r" => pool.install(|| {
            measured(&mut || {
                black_box(region::read_rows::<RegisterRecord>(&job, &plan, &Lexicon::default()).records.len());
            })
        }),
        "a" => pool.install(|| {
            measured(&mut || {
                black_box(region::read_rows::<AttachmentRecord>(&job, &plan, &Lexicon::default()).records.len());
            })
        }),
        "cr" | "ca" => {
            let lexicon = Lexicon::default();
            let context = sverka::check::CheckContext {
                as_of: job.as_of,
                insurers: &job.insurers,
                clinics: &job.clinics,
                rules: &job.rules,
            };
            let mut checker = sverka::check::RowChecker::new(context, &lexicon);
            let mut prints = vec![0; 4096];
            let mut r: Vec<RegisterRecord> = bytemuck::allocation::zeroed_vec(4096);
            let mut a: Vec<AttachmentRecord> = bytemuck::allocation::zeroed_vec(4096);
            for _ in 0..2 {
                let started = std::time::Instant::now();
                if kernel == "cr" {
                    measured(&mut || check(&job, &plan, &mut checker, &mut r, &mut prints));
                } else {
                    measured(&mut || check(&job, &plan, &mut checker, &mut a, &mut prints));
                }
                println!("{kernel} {rows} rows {:.1} ns/row", started.elapsed().as_nanos() as f64 / rows as f64);
            }
        }
        _ => panic!(),
    }
    println!("{kernel} {rows} rows {:.1} ns/row", started.elapsed().as_nanos() as f64 / rows as f64);
}
