//! `sverka run --check-only`: what a run would do, with nothing written.

use super::{Failure, print};
use crate::engine::RunPreview;
use crate::job::Job;
use sverka_text::{binary_size, counted};

/// Prints the preview of a run.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn report(job: &Job, preview: &RunPreview) -> Result<(), Failure> {
    print(&text(job, preview))
}

fn text(job: &Job, preview: &RunPreview) -> String {
    let RunPreview { run_id, sources, bytes, row_bytes, workers, memory_limit, .. } = preview;
    let state = if preview.is_published {
        "is published already: a run would compute nothing, unless its tables were changed"
    } else {
        "is not published yet: a run would compute it"
    };
    let rows = match &preview.spill_folder {
        None => format!("about {} of rows stay in memory", binary_size(*row_bytes)),
        Some(folder) => format!("rows that do not fit go to {}", folder.display()),
    };
    format!(
        "Run {run_id} {state}\n\
         As of    {}\n\
         Sources  {}, {}: opened and hashed{}\n\
         Memory   {} at most, {}; {rows}\n\
         Results  {}\n\
         Nothing was written\n",
        job.as_of,
        counted(*sources, "source", "sources"),
        binary_size(*bytes),
        left_out(preview),
        binary_size(*memory_limit),
        counted(*workers, "thread", "threads"),
        preview.dir.display(),
    )
}

/// Numbers of the sources that are left out, and a line for each sentence about them.
fn left_out(preview: &RunPreview) -> String {
    let counts = preview.left_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect::<Vec<_>>().join(", ");
    let counts = if counts.is_empty() { counts } else { format!("; left out: {counts}") };
    counts + &preview.notes.iter().map(|note| format!("\n         {note}")).collect::<String>()
}
