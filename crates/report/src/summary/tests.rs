//! Tests of the summary as text and as JSON.

use super::*;
use crate::outliers::Rate;

fn named(name: &str, count: u64) -> NamedCount {
    NamedCount { name: name.into(), count }
}

fn event(then: &'static str, sentence: impl Into<String>) -> SummaryEvent {
    SummaryEvent { then, sentence: sentence.into() }
}

fn note(number: usize) -> SummaryEvent {
    event("note", format!("{number}.csv: it is of 2026-10-15, and most others are of 2026-10-31; ask the sender"))
}

fn summary() -> RunSummary {
    let decision = |subject: &str, rule: &str, outcome: &str, count| DecisionCount {
        subject: subject.into(),
        rule: rule.into(),
        outcome: outcome.into(),
        count,
    };
    RunSummary {
        run_id: "2026-11-01-5b0c7f21".into(),
        as_of: "2026-11-01".into(),
        started_at: "2026-11-02T03:00:00Z".into(),
        ended_at: "2026-11-02T03:00:06.5Z".into(),
        output: "out/runs/2026-11-01-5b0c7f21".into(),
        recognised: false,
        sources: 210,
        before: Some(RunBefore { run_id: "2026-10-31-0c1d2e3f".into(), sources: 212 }),
        rows: 12_345_678,
        accepted: 12_300_000,
        duplicates: 40_000,
        quarantined: 5_678,
        quarantined_by_code: vec![named("DATE_INVALID", 5_000), named("ENP_CHECK_DIGIT", 679)],
        findings_by_code: vec![named("SNILS_INVALID", 1_234)],
        encodings_detected: vec![named("utf-8", 1), named("windows-1251", 1_200)],
        persons: 5_000_000,
        insured: 4_900_000,
        unattached: 31_000,
        must_choose: 0,
        must_choose_overdue: 0,
        decisions: vec![
            decision("insurer", "CHANGE_AT_WILL", "superseded", 20_000),
            decision("insurer", "CHANGE_LIMIT", "refused", 310),
            decision("clinic", "APPLICATION_OUTRANKS_RESIDENCE", "deferred", 7),
        ],
        heads: 4_869_000,
        funded_heads: 4_868_990,
        amount: "1234567890.12".into(),
        difference: "-345.6".into(),
        unpaid_attachments: 0,
        cares: vec![CareMoney {
            care: "ambulatory".into(),
            amount: "1234567890.12".into(),
            by_coefficients: "-44444444.1".into(),
            by_correction: "44444098.50".into(),
            by_rounding: "0.00".into(),
        }],
        wall: Duration::from_millis(6_500),
        peak_memory_bytes: Some(1_503_238_553),
        outliers: Vec::new(),
        thresholds_unjudged: Vec::new(),
        events: vec![event("warn", "quarantined rows: 0.046 % of 12,345,678, the job allows 0.01 %")],
        overrides_stale: vec![named("ended", 2), named("not_found", 1)],
        overrides_review_due: 3,
    }
}

const WIDE: DisplayOptions = DisplayOptions { width: 140, ..DisplayOptions::UNLIMITED };
/// Usual size of a terminal.
const SCREEN: DisplayOptions = DisplayOptions { width: 80, height: Some(24), ..DisplayOptions::UNLIMITED };

const GOLDEN: &str = "\
To be looked at
  warn  quarantined rows: 0.046 % of 12,345,678, the job allows 0.01 %

Sources                     210    Persons                            5,000,000
  in the run before         212      insured on 2026-11-01            4,900,000
Rows in              12,345,678      insured without a clinic            31,000
  accepted           12,300,000    Heads                              4,869,000
  duplicate              40,000      funded                           4,868,990
  quarantined             5,678    Money, roubles              1,234,567,890.12
Warnings                  1,234      by coefficients              -44,444,444.1
Insurer conflicts        20,310      by the correction            44,444,098.50
Clinic conflicts              7      by rounding of the norms              0.00

quarantined  DATE_INVALID                              5,000  not a calendar date of the layout's format
quarantined  ENP_CHECK_DIGIT                             679  the ENP's check digit is wrong
warning      SNILS_INVALID                             1,234  the SNILS is not 11 digits with a right control number; treated as absent
insurer      superseded CHANGE_AT_WILL                20,000  changed at will
insurer      refused CHANGE_LIMIT                        310  the right to change was used up
clinic       deferred APPLICATION_OUTRANKS_RESIDENCE       7  an attachment by application is not displaced by one by residence

Took     6.5 s, 1,899,335 rows per second, peak memory 1.40 GiB
Run      2026-11-01-5b0c7f21
Results  out/runs/2026-11-01-5b0c7f21
Before   2026-10-31-0c1d2e3f, which this run was held against
Detected utf-8 in 1 source, windows-1251 in 1,200 sources, by their bytes
Stale    decisions: 2 ended, 1 not_found, 3 due for review (table overrides)
";

#[test]
fn the_summary_of_a_whole_run() {
    assert_eq!(summary().render(DisplayOptions { width: 150, ..DisplayOptions::UNLIMITED }), GOLDEN);
}

#[test]
fn a_narrow_terminal_loses_all_meanings_but_no_number() {
    let narrow = summary().render(DisplayOptions { width: 90, ..DisplayOptions::UNLIMITED });
    for code in ["DATE_INVALID                              5,000", "deferred APPLICATION_OUTRANKS_RESIDENCE       7"] {
        assert!(narrow.contains(&format!("{code}\n")), "{narrow}");
    }
    assert!(!narrow.contains("the ENP's check digit is wrong"), "{narrow}");
}

#[test]
fn totals_stand_below_each_other_where_they_have_no_room() {
    let narrow = summary().render(DisplayOptions { width: 60, ..DisplayOptions::UNLIMITED });
    assert!(narrow.contains("\nClinic conflicts              7\nPersons                            5,000,000\n"), "{narrow}");
}

#[test]
fn meanings_are_wrapped_where_they_start() {
    let text = summary().render(DisplayOptions { width: 110, ..DisplayOptions::UNLIMITED });
    let found = text.lines().skip_while(|line| !line.contains("SNILS_INVALID")).take(2).collect::<Vec<_>>();
    let [first, second] = found[..] else { panic!("{text}") };
    let column = first.find("the SNILS").expect("a meaning");
    assert!(second.starts_with(&" ".repeat(column)) && second.ends_with("treated as absent"), "{text}");
}

#[test]
fn counts_fit_every_width_that_has_room_for_the_numbers() {
    for width in [62, 80, 96, 97, 98, 110, 120] {
        let text = summary().render(DisplayOptions { width, ..DisplayOptions::UNLIMITED });
        let counted = text.split("\n\n").skip(1).take(2).flat_map(str::lines);
        for line in counted {
            assert!(line.chars().count() <= width, "{text}");
        }
    }
}

#[test]
fn a_screen_shows_the_totals_whole_and_the_commonest_codes() {
    let full = summary();
    for height in 20..40 {
        let text = full.render(DisplayOptions { height: Some(height), ..SCREEN });
        let whole = full.render(DisplayOptions { width: 80, ..DisplayOptions::UNLIMITED });
        // Everything but the codes is shown on any screen.
        let least = whole.lines().count() - 5;
        assert!(text.lines().count() <= height.max(least), "{height}: {text}");
        for shown in ["  quarantined             5,678", "Results  out/runs", "Money, roubles"] {
            assert!(text.contains(shown), "{text}");
        }
    }
    let shown = full.render(SCREEN);
    assert!(shown.contains("ENP_CHECK_DIGIT") && shown.contains("CHANGE_AT_WILL"), "{shown}");
    assert!(!shown.contains("SNILS_INVALID") && !shown.contains("APPLICATION_OUTRANKS_RESIDENCE"), "{shown}");
    assert!(shown.contains("and 3 codes: summary.txt among the results") && shown.lines().count() == 24, "{shown}");
}

#[test]
fn a_screen_keeps_all_severe_events_and_few_notes() {
    let mut events = vec![event("stop", "s".repeat(20)), event("warn", "w".repeat(20))];
    events.extend((0..5).map(note));
    let text = RunSummary { events, ..summary() }.render(DisplayOptions { height: Some(34), ..SCREEN });
    let events = text.split("\n\n").next().expect("events");
    assert!(
        events.contains("1.csv") && !events.contains("2.csv") && events.ends_with("and 3 more: summary.txt among the results"),
        "{events}"
    );
    assert!(
        events.contains("sss") && events.contains("www") && events.lines().all(|line| line.chars().count() <= 80),
        "{events}"
    );
}

#[test]
fn a_low_screen_names_the_notes_and_keeps_the_totals() {
    let out = |source: &str| Outlier {
        source: source.into(),
        what: "quarantined".into(),
        here: Rate { count: 30, rows: 90 },
        elsewhere: Rate { count: 1, rows: 900 },
    };
    let low = RunSummary {
        events: (0..4).map(note).collect(),
        outliers: vec![out("a.csv"), out("b.csv")],
        before: None,
        encodings_detected: Vec::new(),
        overrides_stale: Vec::new(),
        overrides_review_due: 0,
        ..summary()
    };
    // The prompt and two next steps need the lines below.
    let text = low.render(DisplayOptions { height: Some(20), ..SCREEN });
    assert!(text.lines().count() <= 20, "{text}");
    assert!(text.starts_with("To be looked at\n  4 notes: summary.txt among the results\n"), "{text}");
    assert!(text.contains("Money, roubles") && text.contains("Results  out/runs") && !text.contains("stand out"), "{text}");
    let high = low.render(DisplayOptions { height: Some(40), ..SCREEN });
    assert!(high.contains("0.csv: it is of") && high.contains("  b.csv: quarantined"), "{high}");
}

#[test]
fn the_top_of_a_screen_is_never_pushed_off_it() {
    let path = "/srv/".to_owned() + &"reconciliation/".repeat(5) + "out/runs/2026-11-01-5b0c7f21";
    let sentence = |number: usize| format!("registers/{number}.csv: {} of the sender", "half of the rows ".repeat(8));
    let crowded = RunSummary {
        output: path.into(),
        events: (0..12).map(|number| event("warn", sentence(number))).collect(),
        thresholds_unjudged: vec![sentence(99)],
        ..summary()
    };
    let rows = |text: &str| text.lines().map(|line| line.chars().count().div_ceil(80).max(1)).sum::<usize>();
    for height in [24, 30, 40] {
        let text = crowded.render(DisplayOptions { height: Some(height), ..SCREEN });
        let least = rows(&crowded.render(DisplayOptions { height: Some(1), ..SCREEN }));
        assert!(rows(&text) <= height.max(least), "{height}: {text}");
        assert!(text.starts_with("To be looked at\n  warn  registers/0.csv"), "{text}");
        assert!(text.contains("more: summary.txt among the results"), "{text}");
    }
    let high = crowded.render(DisplayOptions { height: Some(120), ..SCREEN });
    assert!(high.contains("registers/11.csv") && high.contains("DATE_INVALID"), "{high}");
}

#[test]
fn a_code_with_room_for_its_line_is_never_one_more() {
    let few = RunSummary {
        quarantined_by_code: vec![named("DATE_INVALID", 1)],
        findings_by_code: Vec::new(),
        decisions: vec![DecisionCount {
            subject: "insurer".into(),
            rule: "CHANGE_AT_WILL".into(),
            outcome: "superseded".into(),
            count: 900,
        }],
        ..summary()
    };
    for height in 18..40 {
        let text = few.render(DisplayOptions { width: 130, height: Some(height), ..DisplayOptions::UNLIMITED });
        assert!(!text.contains("and 1 code"), "{height}: {text}");
        // Codes of quarantined rows are left out last.
        assert!(text.contains("DATE_INVALID") || !text.contains("CHANGE_AT_WILL"), "{height}: {text}");
    }
}

#[test]
fn colours_change_no_text() {
    let mut plain = summary().render(DisplayOptions { colour: true, width: 150, ..DisplayOptions::UNLIMITED });
    for style in ["\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"] {
        plain = plain.replace(style, "");
    }
    assert_eq!(plain, GOLDEN);
}

#[test]
fn a_recognised_run_says_first_that_nothing_was_computed_and_boasts_no_rate() {
    let text = RunSummary { recognised: true, ..summary() }.render(WIDE);
    assert!(text.starts_with("Already published: ") && text.contains("nothing was computed"), "{text}");
    assert!(!text.contains("rows per second"), "{text}");
}

#[test]
fn the_folder_is_not_shown_beside_the_results() {
    let text = summary().render(DisplayOptions { shows_folder: false, ..WIDE });
    assert!(!text.contains("Results") && !text.contains("out/runs"), "{text}");
}

#[test]
fn programs_get_every_figure() {
    let json: serde_json::Value = serde_json::from_slice(&summary().to_json()).expect("JSON");
    assert_eq!(json["quarantined_by_code"]["ENP_CHECK_DIGIT"], 679);
    assert_eq!((&json["run_before"], &json["sources_before"]), (&"2026-10-31-0c1d2e3f".into(), &212.into()));
    assert_eq!(json["events"][0]["then"], "warn");
    assert_eq!(json["decisions"][1]["records"], 310);
    assert_eq!((&json["amount"], &json["ended_at"]), (&"1234567890.12".into(), &"2026-11-02T03:00:06.5Z".into()));
    assert!(!String::from_utf8(summary().to_json()).expect("UTF-8").contains("out/runs"));
}
