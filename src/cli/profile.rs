//! Table of the time, rows, bytes and memory of the stages of a run.

use std::fmt::Write as _;
use std::time::Duration;

use crate::engine::StageProfile;
use sverka_text::{binary_size, with_thousands};

/// Table with a line for each stage and one for all stages.
pub(super) fn table(stages: &[StageProfile]) -> String {
    let mut text = format!(
        "\n{:<28} {:>9} {:>9} {:>14} {:>12} {:>12} {:>12}\n",
        "Stage", "wall, s", "cpu, s", "rows", "ns cpu/row", "bytes", "peak memory"
    );
    for stage in stages {
        line(&mut text, stage);
    }
    let cpu = stages.iter().map(|stage| stage.cpu).sum::<Option<Duration>>();
    let all = StageProfile {
        name: "all",
        wall: stages.iter().map(|stage| stage.wall).sum(),
        cpu,
        rows: 0,
        bytes: 0,
        peak_memory_bytes: stages.iter().filter_map(|stage| stage.peak_memory_bytes).max(),
    };
    line(&mut text, &all);
    text
}

/// Appends the line of a stage.
fn line(text: &mut String, stage: &StageProfile) {
    let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
    let or_empty = |cell: Option<String>| cell.unwrap_or_default();
    let per_row = stage.cpu.filter(|_| stage.rows > 0).map(|cpu| cpu.as_nanos() / u128::from(stage.rows));
    let _ = writeln!(
        text,
        "{:<28} {:>9} {:>9} {:>14} {:>12} {:>12} {:>12}",
        stage.name,
        seconds(stage.wall),
        or_empty(stage.cpu.map(seconds)),
        or_empty((stage.rows > 0).then(|| with_thousands(stage.rows))),
        or_empty(per_row.map(|nanoseconds| nanoseconds.to_string())),
        or_empty((stage.bytes > 0).then(|| binary_size(stage.bytes))),
        or_empty(stage.peak_memory_bytes.map(binary_size)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_stage_and_one_for_all() {
        let stage = |name, seconds, rows, peak: u64| StageProfile {
            name,
            wall: Duration::from_secs(seconds),
            cpu: Some(Duration::from_secs(2 * seconds)),
            rows,
            bytes: rows * 1024,
            peak_memory_bytes: Some(peak << 20),
        };
        let text = table(&[stage("read and check rows", 3, 1_000_000, 700), stage("make persons", 1, 0, 900)]);
        let lines: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1][4..], ["3.00", "6.00", "1,000,000", "6000", "976.6", "MiB", "700.0", "MiB"]);
        assert_eq!(lines[2], ["make", "persons", "1.00", "2.00", "900.0", "MiB"]);
        assert_eq!(lines[3], ["all", "4.00", "8.00", "900.0", "MiB"]);
    }
}
