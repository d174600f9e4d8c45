//! `sverka layout`.

use super::project::Project;
use super::sverka;

#[test]
fn layouts_are_listed_and_shown_unchanged() {
    let list = sverka(&["layout", "list"]).exits_with(0).stdout;
    for name in sverka_intake::Layout::built_in_names() {
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name}: {list}");
        let shown = sverka(&["layout", "show", name]).exits_with(0).stdout;
        assert_eq!(Some(shown.as_str()), sverka_intake::Layout::built_in_text(name));
    }
    let refused = sverka(&["layout", "show", "mo2"]).exits_with(2).stderr;
    assert!(refused.contains("`mo2` (is mo meant?)") && refused.contains("mo_numbered"), "{refused}");
}

#[test]
fn a_sample_is_shown_in_canonical_fields_with_its_misfits() {
    let project = Project::new();
    let row = "\"Р\";\"П\";;\"9856510894000011\";\"ЗАРЕЧНОВА\";\"АННА\";;\"19840305\";;;;;;;\"980101\";\"7\";;\"20240115\";;;\"0\";\"1\";;\r\n";
    project.write("MO2.csv", format!("{row}a;b\r\n{}", row.replace("20240115", "15.01.2024")));
    let out = sverka(&["layout", "check", "mo", &project.argument("MO2.csv"), "--rows", "1"]).exits_with(1).stdout;
    let has = |words: [&str; 2]| out.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(has(["policy_kind", "3"]) && has(["action", "new"]) && has(["surname", "ЗАРЕЧНОВА"]), "{out}");
    assert_eq!(out.matches("ЗАРЕЧНОВА").count(), 1, "one row is shown");
    assert!(
        has(["2 fields instead of 24", "rows 2"]) && has(["attached_from: no date", "rows 3"]) && has(["method: `7`", "rows 1"]),
        "{out}"
    );
    project.write("MO2.csv", row.replace(";\"7\";", ";\"2\";"));
    let out = sverka(&["layout", "check", "mo", &project.argument("MO2.csv")]).exits_with(0).stdout;
    assert!(out.contains("everything fits"), "{out}");
}

#[test]
fn wrong_layouts_and_files_have_exit_codes_of_their_own() {
    let project = Project::new();
    project.write("own.toml", "name = \"own\"\ntable = \"register\"\nheader = false\ndates = \"YYYYMMDD\"\n");
    project.write("a.csv", "1;2\n");
    let sample = project.argument("a.csv");
    let stderr = sverka(&["layout", "check", &project.argument("own.toml"), &sample]).exits_with(2).stderr;
    assert!(stderr.contains("own.toml:1") && stderr.contains("required fields"), "{stderr}");
    let stderr = sverka(&["layout", "check", "register", &sample]).exits_with(3).stderr;
    assert!(stderr.contains("a.csv") && stderr.contains("none of the 2 columns"), "{stderr}");
    sverka(&["layout", "check", "register", &project.argument("none.csv")]).exits_with(8);
}
