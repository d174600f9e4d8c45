//! `sverka verify --all`.

use std::fs;

use super::History;

#[test]
fn a_folder_in_order_verifies() {
    let history = History::new();
    let runs = history.add_nights(2);
    history.close("2026-10", &runs[1]);
    let told = history.sverka(&["verify", "--all"]).exits_with(0).stdout;
    assert!(told.contains("3 runs, 1 closed month"), "{told}");
    history.sverka(&["verify", "--all", "--run", &runs[0]]).exits_with(2);
}

#[test]
fn every_kind_of_damage_is_named() {
    let history = History::new();
    let runs = history.add_nights(4);
    history.close("2026-08", &runs[0]);
    history.close("2026-09", &runs[1]);
    fs::remove_dir_all(history.dir(&runs[0])).expect("removed");
    let closed = fs::read_to_string(history.project.path("out/closed/2026-09.json")).expect("a closed month");
    let hash = closed.split("\"blake3\": \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a hash");
    history.project.write("out/closed/2026-09.json", closed.replacen(hash, &"0".repeat(64), 1));
    fs::remove_file(history.dir(&runs[2]).join("findings.parquet")).expect("removed");
    fs::write(history.dir(&runs[3]).join("manifest.json"), "{").expect("written");
    let current = history.project.path("out/current");
    fs::remove_file(&current).expect("removed");
    std::os::unix::fs::symlink("runs/2026-11-01-00", &current).expect("a link");
    let told = history.sverka(&["verify", "--all"]).exits_with(1).stdout;
    for damage in [
        "closed/2026-08.json names run",
        "closed/2026-09.json was paid by other tables",
        &format!("runs/{}/findings.parquet is missing", runs[2]),
        &format!("runs/{}: cannot read", runs[3]),
        "current leads to run 2026-11-01-00",
    ] {
        assert!(told.contains(damage), "{damage}: {told}");
    }
    assert_eq!(told.lines().count(), 7, "{told}");
}
