//! Thresholds on quality figures: warnings, stops, thresholds that cannot be judged, and wrong thresholds.

use serde_json::Value;

use super::Ended;
use super::project::{Project, visible_runs};

/// Adds a `[[thresholds.quality]]` to the job.
fn add(project: &Project, keys: &str) {
    let job = std::fs::read_to_string(project.path("job.toml")).expect("job");
    project.write("job.toml", format!("{job}\n[[thresholds.quality]]\n{keys}\n"));
}

/// A project with a threshold.
fn project_with(keys: &str) -> Project {
    let project = Project::new();
    add(&project, keys);
    project
}

fn manifest(project: &Project, file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(project.path(file)).expect("a manifest")).expect("JSON")
}

fn count(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

/// The lines of the summary about passed thresholds.
fn passed(ended: &Ended) -> Vec<&str> {
    ended.stdout.lines().filter_map(|line| line.strip_prefix("  warn  ")).collect()
}

/// Number of rows without SNILS, from the figures of one table.
fn without_snils(figures: &Value) -> u64 {
    count(&figures["accepted"]) + count(&figures["duplicates"]) - count(&figures["fields"]["snils"])
}

#[test]
fn each_measure_passes_its_own_count_and_no_more() {
    let plain = Project::new();
    plain.run(&[]).exits_with(0);
    let quality = &manifest(&plain, "out/current/manifest.json")["quality"];
    let (name, tables) = quality["sources"].as_object().expect("sources").iter().next_back().expect("a source");
    let source = &tables["register"];
    let both = |figure: &dyn Fn(&Value) -> u64| figure(&quality["run"]["register"]) + figure(&quality["run"]["attachments"]);
    let lost = |figures: &Value, rule: &str| figures["conflicts_lost"].get(rule).map_or(0, count);
    for (keys, what, expected) in [
        ("measure = \"quarantined\"".to_owned(), "quarantined".to_owned(), both(&|figures| count(&figures["quarantined"]))),
        ("measure = \"duplicates\"".to_owned(), "duplicates".to_owned(), both(&|figures| count(&figures["duplicates"]))),
        (
            "measure = \"finding\"\nitem = \"SNILS_INVALID\"".to_owned(),
            "finding SNILS_INVALID".to_owned(),
            both(&|figures| count(&figures["findings"]["SNILS_INVALID"])),
        ),
        ("measure = \"missing\"\nitem = \"snils\"".to_owned(), "missing snils".to_owned(), both(&without_snils)),
        (
            format!("measure = \"missing\"\nitem = \"snils\"\nof = \"source\"\nname = \"{name}\""),
            format!("missing snils of source {name}"),
            without_snils(source),
        ),
        (
            "measure = \"conflicts_lost\"\nitem = \"SAME_DAY\"\nof = \"insurer\"\nname = \"98001\"".to_owned(),
            "conflicts_lost SAME_DAY of insurer 98001".to_owned(),
            lost(&quality["insurers"]["98001"], "SAME_DAY"),
        ),
        (
            "measure = \"finding\"\nof = \"clinic\"\nname = \"980101\"".to_owned(),
            "finding of clinic 980101".to_owned(),
            quality["clinics"]["980101"]["findings"].as_object().expect("findings").values().map(count).sum(),
        ),
    ] {
        assert!(expected > 0, "{what}: the samples show nothing of it");
        let kept = project_with(&format!("{keys}\nmost = {expected}")).run(&[]).exits_with(0);
        assert_eq!(passed(&kept), <[&str; 0]>::default());
        let broken = project_with(&format!("{keys}\nmost = {}", expected - 1)).run(&[]).exits_with(1);
        assert_eq!(passed(&broken), [format!("{what}: {expected} is more than the job's threshold of {}", expected - 1)]);
    }
}

#[test]
fn shares_are_of_the_rows_of_each_source() {
    let project = project_with("measure = \"quarantined\"\nof = \"source\"\nmost = \"12%\"");
    let ended = project.run(&[]).exits_with(1);
    let quality = &manifest(&project, "out/current/manifest.json")["quality"];
    let sources = quality["sources"].as_object().expect("sources");
    let sum = |tables: &Value, of: &str| tables.as_object().expect("tables").values().map(|table| count(&table[of])).sum::<u64>();
    let is_worse = |tables: &Value| sum(tables, "quarantined") * 100 > sum(tables, "rows") * 12;
    let expected: Vec<&String> = sources.iter().filter(|(_, tables)| is_worse(tables)).map(|(name, _)| name).collect();
    assert!(!expected.is_empty() && expected.len() < sources.len());
    let lines = passed(&ended);
    assert_eq!(lines.len(), expected.len());
    for (line, name) in lines.iter().zip(expected) {
        assert!(line.starts_with(&format!("quarantined of source {name}: ")) && line.contains("threshold of 12% of "), "{line}");
    }
}

#[test]
fn a_stop_publishes_nothing_keeps_the_current_run_and_leaves_an_account() {
    let project = Project::new();
    project.run(&[]).exits_with(0);
    let before = visible_runs(&project.path("out"));
    add(&project, "measure = \"finding\"\nitem = \"ENP_SHARED\"\nmost = 0\nthen = \"stop\"");
    for quiet in [&[][..], &["--quiet"]] {
        let ended = project.run(quiet).exits_with(6);
        assert_eq!(visible_runs(&project.path("out")), before);
        assert!(ended.stderr.contains("stop  finding ENP_SHARED: "), "{}", ended.stderr);
        assert!(ended.stderr.contains("nothing was published"), "{}", ended.stderr);
    }
    let accounts: Vec<_> = std::fs::read_dir(project.path("out/stopped")).expect("a folder").collect();
    let [Ok(account)] = &accounts[..] else { panic!("{accounts:?}") };
    let account = manifest(&project, &format!("out/stopped/{}", account.file_name().to_str().expect("UTF-8")));
    assert!(count(&account["quality"]["run"]["register"]["findings"]["ENP_SHARED"]) > 0);
    assert_eq!(account["outputs"], serde_json::json!([]));
}

#[test]
fn a_stop_that_is_not_reached_publishes() {
    let project = project_with("measure = \"quarantined\"\nmost = \"100%\"\nthen = \"stop\"");
    project.run(&[]).exits_with(0);
    assert_eq!(visible_runs(&project.path("out")).0.len(), 1);
    assert!(!project.path("out/stopped").exists());
}

/// Runs the samples, then runs them with `times` more bad rows and a threshold. Returns the end of the second run.
fn run_grown(keys: &str, times: usize) -> (Project, Ended) {
    let project = Project::new();
    project.run(&[]).exits_with(0);
    project.replace("job.toml", "[rules.insurer]", "[rules.sources]\nmostly_refused = \"note\"\n\n[rules.insurer]");
    add(&project, keys);
    let name = "registers/fund_archive.csv";
    let text = std::fs::read_to_string(project.path(name)).expect("a register");
    let bad = "not a row\n".repeat(times);
    project.write(name, format!("{}\n{bad}", text.trim_end()));
    let ended = project.run(&[]);
    (project, ended)
}

#[test]
fn growth_is_compared_with_the_run_that_was_current() {
    let plain = Project::new();
    plain.run(&[]).exits_with(0);
    let quality = manifest(&plain, "out/current/manifest.json")["quality"].clone();
    let before = count(&quality["run"]["register"]["quarantined"]) + count(&quality["run"]["attachments"]["quarantined"]);
    let doubled = "measure = \"quarantined\"\ngrowth = \"200%\"";
    let (_, ended) = run_grown(doubled, before as usize);
    assert!(passed(&ended.exits_with(0)).is_empty());
    let (project, ended) = run_grown(doubled, before as usize + 1);
    let ended = ended.exits_with(1);
    let lines = passed(&ended);
    assert!(
        lines[0].starts_with(&format!(
            "quarantined: {} is more than the job's threshold of 200% of the {before} in run ",
            2 * before + 1
        )),
        "{lines:?}"
    );
    // A recognised run is still compared with the run before it, not with itself.
    let again = project.run(&[]).exits_with(1);
    assert!(again.stdout.contains("nothing was computed"));
    assert_eq!(passed(&again), lines);
    project.run(&["--force"]).exits_with(1);
}

#[test]
fn growth_from_nothing_counts_from_at_least_on() {
    let threshold =
        "measure = \"finding\"\nitem = \"ROW_SHAPE\"\nof = \"source\"\nname = \"registers/fund_archive.csv\"\ngrowth = \"200%\"";
    for (at_least, times, code) in [(None, 9, 0), (None, 10, 1), (Some(3), 2, 0), (Some(3), 3, 1)] {
        let at_least = at_least.map_or_else(String::new, |least| format!("\nat_least = {least}"));
        let (_, ended) = run_grown(&format!("{threshold}{at_least}"), times);
        assert_eq!(ended.code, code, "{times} {at_least}: {}{}", ended.stdout, ended.stderr);
    }
}

#[test]
fn growth_may_stop_a_run_and_the_former_stays_current() {
    let (project, ended) = run_grown("measure = \"quarantined\"\ngrowth = \"100%\"\nthen = \"stop\"", 20);
    let ended = ended.exits_with(6);
    assert!(ended.stderr.contains("100% of the "), "{}", ended.stderr);
    let (runs, current) = visible_runs(&project.path("out"));
    assert_eq!((runs.len(), current.is_some()), (1, true));
}

#[test]
fn without_a_former_run_growth_is_reported_as_unjudged() {
    let ended = project_with("measure = \"finding\"\ngrowth = \"100%\"\nat_least = 0\nthen = \"stop\"").run(&[]).exits_with(0);
    assert!(ended.stdout.contains("\nUnjudged growth of finding to 100%: there is no former run"), "{}", ended.stdout);
}

#[test]
fn wrong_thresholds_are_refused_with_their_line_and_the_possible_values() {
    for (keys, wrong, part) in [
        ("measure = \"findings\"\nmost = 1", "measure = \"findings\"", "`measure` is `findings`; possible are \"quarantined\""),
        ("measure = \"finding\"\nitem = \"ENP_SHARD\"\nmost = 1", "item =", "`item` is `ENP_SHARD`; possible are ROW_SHAPE"),
        ("measure = \"finding\"\nitem = \"SAME_DAY\"\nmost = 1", "item =", "`item` is `SAME_DAY`"),
        ("measure = \"missing\"\nmost = 1", "measure = \"missing\"", "`missing` needs the field"),
        ("measure = \"missing\"\nitem = \"inn\"\nmost = 1", "item =", "`item` is `inn`; possible are record_id"),
        ("measure = \"quarantined\"\nitem = \"snils\"\nmost = 1", "item =", "`quarantined` has no `item`"),
        ("measure = \"quarantined\"", "measure = \"quarantined\"", "the threshold has no limit"),
        ("measure = \"quarantined\"\nmost = \"many\"", "most =", "`most` is `many`; expected a number"),
        ("measure = \"quarantined\"\ngrowth = \"double\"", "growth =", "`growth` is `double`; expected a share"),
        ("measure = \"quarantined\"\nmost = 1\nof = \"region\"", "of = \"region\"", "`of` is `region`; possible are \"run\""),
        ("measure = \"quarantined\"\nmost = 1\nname = \"98001\"", "name =", "`of` is \"run\""),
        ("measure = \"quarantined\"\nmost = 1\nof = \"insurer\"\nname = \"98\"", "name =", "`name` is `98`; possible are 98001"),
        ("measure = \"quarantined\"\nmost = 1\nof = \"source\"\nname = \"x\"", "name =", "`name` is `x`; possible are "),
        ("measure = \"quarantined\"\nmost = 1\nthen = \"fail\"", "then =", "`then` is `fail`; possible are \"note\""),
    ] {
        let project = project_with(keys);
        let stderr = project.run(&[]).exits_with(2).stderr;
        let place = format!("job.toml:{}: ", project.line("job.toml", wrong));
        assert!(stderr.contains(&place) && stderr.contains(part), "{keys}\n{stderr}");
        assert!(!project.path("out").exists(), "something was published");
    }
}
