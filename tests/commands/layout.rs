//! `sverka layout`.

use super::project::Project;
use super::sverka;

#[test]
fn layouts_are_listed_and_shown_as_they_are() {
    let list = sverka(&["layout", "list"]).with(0).out;
    for name in sverka_intake::Layout::built_in_names() {
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name}: {list}");
        let shown = sverka(&["layout", "show", name]).with(0).out;
        assert_eq!(Some(shown.as_str()), sverka_intake::Layout::built_in_text(name));
    }
    let refused = sverka(&["layout", "show", "mo2"]).with(2).complaint;
    assert!(refused.contains("`mo2` (is mo meant?)") && refused.contains("mo_numbered"), "{refused}");
}

#[test]
fn a_sample_is_shown_in_canonical_fields_with_what_did_not_fit() {
    let project = Project::new();
    let row = "\"Р\";\"П\";;\"9856510894000011\";\"ЗАРЕЧНОВА\";\"АННА\";;\"19840305\";;;;;;;\"980101\";\"7\";;\"20240115\";;;\"0\";\"1\";;\r\n";
    project.write("MO2.csv", format!("{row}a;b\r\n{}", row.replace("20240115", "15.01.2024")));
    let out = sverka(&["layout", "check", "mo", &project.argument("MO2.csv"), "--rows", "1"]).with(1).out;
    let has = |words: [&str; 2]| out.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(has(["policy_kind", "3"]) && has(["action", "new"]) && has(["surname", "ЗАРЕЧНОВА"]), "{out}");
    assert_eq!(out.matches("ЗАРЕЧНОВА").count(), 1, "one row is shown");
    assert!(
        has(["2 fields instead of 24", "rows 2"]) && has(["attached_from: no date", "rows 3"]) && has(["method: `7`", "rows 1"]),
        "{out}"
    );
    project.write("MO2.csv", row.replace(";\"7\";", ";\"2\";"));
    let out = sverka(&["layout", "check", "mo", &project.argument("MO2.csv")]).with(0).out;
    assert!(out.contains("everything fits"), "{out}");
}

#[test]
fn wrong_layouts_and_files_have_exit_codes_of_their_own() {
    let project = Project::new();
    project.write("own.toml", "name = \"own\"\ntable = \"register\"\nheader = false\ndates = \"YYYYMMDD\"\n");
    project.write("a.csv", "1;2\n");
    let sample = project.argument("a.csv");
    let complaint = sverka(&["layout", "check", &project.argument("own.toml"), &sample]).with(2).complaint;
    assert!(complaint.contains("own.toml:1") && complaint.contains("required fields"), "{complaint}");
    let complaint = sverka(&["layout", "check", "register", &sample]).with(3).complaint;
    assert!(complaint.contains("a.csv") && complaint.contains("none of the 2 columns"), "{complaint}");
    sverka(&["layout", "check", "register", &project.argument("none.csv")]).with(8);
}
