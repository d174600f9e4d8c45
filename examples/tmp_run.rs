use sverka::{engine::*, job::*};
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let chunk = std::env::args().nth(2).and_then(|s| s.parse().ok()).unwrap_or(RunOptions::CHUNK_BYTES);
    let job = Job::load(std::path::Path::new(&path), &Overrides::default()).unwrap_or_else(|e| {
        eprintln!("{e}");
        std::process::exit(2)
    });
    let stop = std::sync::atomic::AtomicBool::new(false);
    let o = RunOptions { force: true, chunk_bytes: chunk, started_at: "now".into(), progress: &Silent, interrupted: &stop };
    match run(&job, &o) {
        Ok(r) => println!(
            "{} {:?}\n{:#?} {:#?} {:?}",
            r.dir.display(),
            r.wall,
            r.manifest.totals,
            r.manifest.stages,
            r.manifest.peak_memory_bytes
        ),
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(3)
        }
    }
}
