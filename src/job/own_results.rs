//! Patterns of sources that would match outputs of the job: a second run would read the results of the first.

use std::path::{Component, Path, PathBuf};

use super::find::{FilePattern, Reach};
use sverka_model::Date;
use sverka_publish::{Manifest, OutputTable, SummaryFiles};
use sverka_report::packets::{SPFINFAP_FILE, pd_tarif_file};

/// Whether a pattern would match results in the output folder of the job. The results need not exist.
pub(super) fn would_match_results(pattern: &FilePattern, output: &Path, as_of: Date) -> bool {
    let (folder, output) = (absolute(pattern.folder()), absolute(output));
    let run = format!("{as_of}-0123456789abcdef");
    let tables = OutputTable::ALL
        .iter()
        .map(|table| table.file_name())
        .chain([Manifest::FILE_NAME, SummaryFiles::TEXT, SummaryFiles::JSON, SPFINFAP_FILE].map(str::to_owned))
        .chain([pd_tarif_file(as_of)]);
    let run_files = tables.flat_map(|file| [output.join("current").join(&file), output.join("runs").join(&run).join(&file)]);
    let marks = [format!("stopped/{run}.json"), format!("pinned/{run}.json"), format!("closed/{}.json", &run[..7])];
    let files = run_files.chain(marks.map(|mark| output.join(mark)));
    // Answers have arbitrary folders and names, taken from the requests.
    let answers = output.join("answers").join(&run);
    let would_match = |path: &Path, reach| path.strip_prefix(&folder).is_ok_and(|below| pattern.would_match(below, reach));
    folder.starts_with(output.join("answers"))
        || would_match(&answers, Reach::AnythingBelow)
        || files.into_iter().any(|file| would_match(&file, Reach::ThisFile))
}

/// Absolute path without `..`, and without links in the folders that exist.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut known = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                known.pop();
            }
            Component::CurDir => {}
            part => known.push(part),
        }
        if let Ok(canonical) = known.canonicalize() {
            known = canonical;
        }
    }
    known
}
