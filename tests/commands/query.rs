//! `sverka query`.

#[cfg(not(feature = "query"))]
#[test]
fn without_the_feature_it_says_how_to_build_it() {
    let stderr = super::sverka(&["query", "SHOW TABLES"]).exits_with(2).stderr;
    assert!(stderr.contains("--features query"), "{stderr}");
}

#[cfg(feature = "query")]
pub(super) mod with_sql {
    use std::fs::{self, File};
    use std::os::unix::fs::FileTypeExt as _;
    use std::path::Path;
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, BinaryArray, Date32Array, Decimal128Array, DictionaryArray, Int64Array, ListArray, RecordBatch, StringArray,
    };
    use arrow::datatypes::Int32Type;
    use parquet::arrow::ArrowWriter;

    use crate::commands::{Ended, sverka};

    /// Days from 1970-01-01 to 2026-11-01.
    const NOVEMBER: i32 = 20_758;

    fn write_table(file: &Path, columns: Vec<(&str, ArrayRef)>) {
        let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, values)| (name, values, true)))
            .expect("columns of one length");
        let mut writer = ArrowWriter::try_new(File::create(file).expect("a file"), batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("rows");
        writer.close().expect("a footer");
    }

    /// A folder with two runs, `a` and `b`, of which `b` is current.
    pub(in crate::commands) fn published() -> tempfile::TempDir {
        let output = tempfile::tempdir().expect("a temporary folder");
        for (run, first_person) in [("a", 1), ("b", 101)] {
            let folder = output.path().join("runs").join(run);
            fs::create_dir_all(&folder).expect("a run");
            let persons = 120;
            write_table(
                &folder.join("insurance_stays.parquet"),
                vec![
                    ("person_id", Arc::new(Int64Array::from_iter_values((0..persons).map(|i| first_person + i)))),
                    ("insurer", Arc::new(StringArray::from_iter_values((0..persons).map(|i| format!("0{}", 34001 + i % 2))))),
                    ("from", Arc::new(Date32Array::from_iter_values((0..persons).map(|i| NOVEMBER + i as i32)))),
                    ("to", Arc::new(Date32Array::new_null(persons as usize))),
                    (
                        "lines",
                        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(
                            (0..persons).map(|i| Some(vec![Some(i as i32 + 2), Some(7)])),
                        )),
                    ),
                ],
            );
            write_table(
                &folder.join("funding_clinic.parquet"),
                vec![
                    ("clinic", Arc::new(StringArray::from(vec!["340001", "340002"]))),
                    (
                        "amount",
                        Arc::new(
                            Decimal128Array::from(vec![123_456_789_012_345_678, -5])
                                .with_precision_and_scale(18, 2)
                                .expect("scale"),
                        ),
                    ),
                    ("raw", Arc::new(BinaryArray::from(vec!["Тест;\n".as_bytes(), b"\xff;"]))),
                ],
            );
        }
        std::os::unix::fs::symlink("runs/b", output.path().join("current")).expect("a link");
        output
    }

    /// Runs `sverka query` on an output folder.
    pub(in crate::commands) fn query(output: &Path, rest: &[&str]) -> Ended {
        sverka(&[&["query", "--output", output.to_str().expect("UTF-8")], rest].concat())
    }

    /// Standard output of a query that succeeds.
    pub(in crate::commands) fn stdout_of(output: &Path, rest: &[&str]) -> String {
        query(output, rest).exits_with(0).stdout
    }

    /// Standard error of a query with this exit code.
    pub(in crate::commands) fn stderr_of(output: &Path, rest: &[&str], code: i32) -> String {
        query(output, rest).exits_with(code).stderr
    }

    #[test]
    fn the_tables_are_the_files_of_the_run() {
        let output = published();
        assert_eq!(stdout_of(output.path(), &["SHOW TABLES"]), "name\nfunding_clinic\ninsurance_stays\n");
    }

    #[test]
    fn the_current_run_answers_unless_another_is_named() {
        let output = published();
        let sql = "SELECT min(person_id) AS first FROM insurance_stays";
        assert_eq!(stdout_of(output.path(), &[sql]), "first\n101\n");
        assert_eq!(stdout_of(output.path(), &[sql, "--run", "a"]), "first\n1\n");
    }

    #[test]
    fn dates_lists_and_quoted_column_names_reach_the_csv() {
        let output = published();
        let sql = "SELECT \"from\", \"to\", lines, insurer FROM insurance_stays ORDER BY person_id LIMIT 1";
        assert_eq!(stdout_of(output.path(), &[sql]), "from,to,lines,insurer\n2026-11-01,,2|7,034001\n");
    }

    #[test]
    fn money_keeps_every_kopeck_in_every_format() {
        let output = published();
        let sql = "SELECT clinic, amount FROM funding_clinic ORDER BY clinic";
        assert_eq!(stdout_of(output.path(), &[sql]), "clinic,amount\n340001,1234567890123456.78\n340002,-0.05\n");
        let table = stdout_of(output.path(), &[sql, "--format", "table"]);
        assert!(
            table.contains("340001  1234567890123456.78\n") && table.contains("-0.05\n") && table.ends_with("2 rows\n"),
            "{table}"
        );
        let json = stdout_of(output.path(), &[sql, "--format", "json"]);
        assert!(json.contains("1234567890123456.78") && json.contains("-0.05"), "{json}");
    }

    #[test]
    fn json_is_one_array_of_objects() {
        let output = published();
        let sql = "SELECT person_id, \"from\", \"to\", lines FROM insurance_stays ORDER BY person_id LIMIT 2";
        let rows: serde_json::Value = serde_json::from_str(&stdout_of(output.path(), &[sql, "--format", "json"])).expect("JSON");
        assert_eq!(rows[0], serde_json::json!({"person_id": 101, "from": "2026-11-01", "to": null, "lines": [2, 7]}));
        assert_eq!(rows.as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn raw_bytes_are_shown_without_breaking_the_table() {
        let output = published();
        let table = stdout_of(output.path(), &["SELECT raw FROM funding_clinic ORDER BY clinic", "--format", "table"]);
        assert!(table.contains("\nТест;\\n\n") && table.contains('\u{fffd}'), "{table}");
    }

    #[test]
    fn a_table_stops_at_its_limit_and_shows_the_number_of_rows() {
        let output = published();
        let sql = "SELECT * FROM insurance_stays ORDER BY person_id";
        let lines = |rest: &[&str]| {
            let table = stdout_of(output.path(), &[&[sql, "--format", "table"], rest].concat());
            (table.lines().count(), table.lines().last().unwrap_or_default().to_owned())
        };
        assert_eq!(lines(&[]), (2 + 50 + 1, "50 of 120 rows; --limit 0 shows all".into()));
        assert_eq!(lines(&["--limit", "0"]), (2 + 120 + 1, "120 rows".into()));
        assert_eq!(lines(&["--limit", "120"]), (2 + 120 + 1, "120 rows".into()));
    }

    #[test]
    fn the_answer_goes_to_a_file_in_the_format_of_its_ending() {
        let output = published();
        let sql = "SELECT person_id, \"from\", lines FROM insurance_stays ORDER BY person_id";
        let file = output.path().join("answer.parquet");
        assert_eq!(stdout_of(output.path(), &[sql, "--to", file.to_str().expect("UTF-8")]), "");
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(File::open(&file).expect("a file"));
        assert_eq!(reader.expect("Parquet").metadata().file_metadata().num_rows(), 120);
        assert_eq!(fs::read_dir(output.path()).expect("a folder").count(), 3, "nothing is left beside the answer");
    }

    #[test]
    fn a_failed_query_leaves_the_old_file() {
        let output = published();
        let file = output.path().join("answer.csv");
        fs::write(&file, "old").expect("a file");
        stderr_of(output.path(), &["SELECT no_such_column FROM insurance_stays", "--to", file.to_str().expect("UTF-8")], 2);
        assert_eq!(fs::read_to_string(&file).expect("the old file"), "old");
        assert_eq!(fs::read_dir(output.path()).expect("a folder").count(), 3);
    }

    #[test]
    fn wrong_sql_exits_with_2_and_an_unknown_table_is_answered_with_the_known_ones() {
        let output = published();
        for (sql, is_about_tables) in [
            ("SELEC 1", true),
            ("SELECT * FROM persons", true),
            ("SELECT insurers FROM insurance_stays", false),
            ("SELECT from FROM insurance_stays", false),
        ] {
            let message = stderr_of(output.path(), &[sql], 2);
            assert_eq!(message.contains("funding_clinic, insurance_stays"), is_about_tables, "{message}");
            assert!(message.lines().count() <= 8, "{message}");
        }
        let message = stderr_of(output.path(), &["SELECT insurer FROM insurance_stays WHERE insurer = \"98001\""], 2);
        assert!(message.contains("single quotes"), "{message}");
        let message = stderr_of(output.path(), &[], 2);
        assert!(message.contains("--file") && message.contains("standard input"), "{message}");
    }

    #[test]
    fn cells_of_any_length_and_bytes_are_shown() {
        let output = published();
        for length in [65_535, 65_536, 65_537, 200_000] {
            let table = stdout_of(output.path(), &[&format!("SELECT LPAD('a', {length}) AS x, 1 AS y"), "--format", "table"]);
            assert!(table.contains('…') && table.ends_with("1 row\n"), "{length}");
        }
        let table = stdout_of(output.path(), &["SELECT '\u{1b}[31m\u{202e}\u{9b}' AS \"a\u{7}\"", "--format", "table"]);
        assert!(table.contains("\\u{1b}[31m\\u{202e}\\u{9b}") && table.contains("a\\u{7}"), "{table}");
        let csv = stdout_of(output.path(), &["SELECT '\u{1b}[31m' AS x"]);
        assert_eq!(csv, "x\n\u{1b}[31m\n", "a file gets what is there");
    }

    #[test]
    fn an_answer_goes_through_links_and_into_devices() {
        let output = published();
        let path = |name: &str| output.path().join(name).to_str().expect("UTF-8").to_owned();
        let sql = "SELECT COUNT(*) AS n FROM insurance_stays";
        std::os::unix::fs::symlink("target.csv", path("link.csv")).expect("a link");
        let note = query(output.path(), &[sql, "--to", &path("link.csv")]).exits_with(0).stderr;
        assert!(note.contains("link.csv` is a link") && note.contains("target.csv"), "{note}");
        assert_eq!(fs::read_to_string(path("target.csv")).expect("the target"), "n\n120\n");
        assert!(fs::symlink_metadata(path("link.csv")).expect("the link").is_symlink());
        assert_eq!(stdout_of(output.path(), &[sql, "--format", "csv", "--to", "/dev/stdout"]), "n\n120\n");
        stdout_of(output.path(), &[sql, "--format", "csv", "--to", "/dev/null"]);
        assert!(fs::metadata("/dev/null").expect("the device").file_type().is_char_device());
        for (to, part) in [(path("nowhere/a.csv"), "No such file"), (path("runs"), "directory")] {
            let message = stderr_of(output.path(), &[sql, "--format", "csv", "--to", &to], 2);
            assert!(message.contains(&to) && message.contains(part), "{message}");
        }
        let message =
            stderr_of(output.path(), &["SELECT lines, raw FROM insurance_stays", "--to", "/dev/full", "--format", "csv"], 2);
        assert!(!message.contains("standard output"), "{message}");
    }

    #[test]
    fn rows_that_a_statement_does_not_want_are_left_out_in_each_row_group() {
        let output = published();
        let file = output.path().join("runs/b/large.parquet");
        let rows = 1000;
        let number: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows));
        let text: ArrayRef =
            Arc::new((0..rows).map(|row| Some(["а", "б", "в"][row as usize % 3])).collect::<DictionaryArray<Int32Type>>());
        let batch = RecordBatch::try_from_iter([("number", number), ("text", text)]).expect("columns");
        let small = parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(64)).build();
        let mut writer =
            ArrowWriter::try_new(File::create(file).expect("a file"), batch.schema(), Some(small)).expect("a writer");
        writer.write(&batch).expect("rows");
        writer.close().expect("a footer");
        let cases = [
            ("SELECT COUNT(l.number) AS n FROM large AS l CROSS JOIN (SELECT SUM(number) AS s FROM large) AS t", "n\n1000\n"),
            (
                "SELECT COUNT(l.number) AS n FROM large AS l, (SELECT text, MAX(number) AS m FROM large GROUP BY text) AS t",
                "n\n3000\n",
            ),
            ("SELECT COUNT(*) AS n FROM large", "n\n1000\n"),
            ("SELECT COUNT(*) AS n FROM large WHERE number % 7 = 3", "n\n143\n"),
            ("SELECT number FROM large LIMIT 2 OFFSET 63", "number\n63\n64\n"),
            ("SELECT number FROM large WHERE text = 'б' AND number > 990", "number\n991\n994\n997\n"),
            (
                "SELECT text, COUNT(*) AS n FROM large WHERE number >= 500 GROUP BY text ORDER BY text",
                "text,n\nа,167\nб,166\nв,167\n",
            ),
            ("SELECT number FROM large WHERE number > 5 ORDER BY text DESC, number LIMIT 2", "number\n8\n11\n"),
            ("SELECT text FROM large WHERE number > 5 GROUP BY text ORDER BY text LIMIT 1", "text\nа\n"),
            ("SELECT COUNT(*) AS n FROM (SELECT * FROM large UNION ALL SELECT * FROM large)", "n\n2000\n"),
            (
                "SELECT SUM(a.number) AS s FROM large AS a JOIN large AS b ON a.number = b.number WHERE b.text = 'в'",
                "s\n166500\n",
            ),
            (
                "SELECT number, ROW_NUMBER() OVER (ORDER BY number) AS r FROM large ORDER BY number DESC LIMIT 1",
                "number,r\n999,1000\n",
            ),
            ("SELECT number FROM large WHERE number < 0", "number\n"),
        ];
        for (sql, expected) in cases {
            assert_eq!(stdout_of(output.path(), &[sql]), expected, "{sql}");
        }
    }

    #[test]
    fn a_table_is_described_as_a_table() {
        let output = published();
        let stdout = stdout_of(output.path(), &["DESCRIBE insurance_stays"]);
        let lines: Vec<&str> = stdout.lines().collect();
        assert_eq!((lines[0], lines.len()), ("column,type,empty,personal,meaning", 6), "{stdout}");
        assert!(lines[1].starts_with("person_id,i64,no,"), "{stdout}");
        // Columns without a description are listed with name and type.
        assert!(lines[5].starts_with("lines,list[i32],"), "{stdout}");
        assert_eq!(stdout_of(output.path(), &["SHOW COLUMNS FROM insurance_stays"]), stdout);
        let message = stderr_of(output.path(), &["DESCRIBE persons"], 2);
        assert!(message.contains("no table `persons`") && message.contains("insurance_stays"), "{message}");
    }

    #[test]
    fn a_statement_comes_from_a_file() {
        let output = published();
        let file = output.path().join("report.sql");
        let name = file.to_str().expect("UTF-8");
        fs::write(&file, "-- how many\nSELECT count(*) AS n\nFROM insurance_stays;\n").expect("written");
        assert_eq!(stdout_of(output.path(), &["--file", name]), "n\n120\n");
        fs::write(&file, " \n").expect("written");
        assert!(stderr_of(output.path(), &["--file", name], 2).contains("is empty"));
        assert!(stderr_of(output.path(), &["--file", "none.sql"], 2).contains("none.sql"));
        stderr_of(output.path(), &["SELECT 1", "--file", name], 2);
    }

    #[test]
    fn the_engine_says_nothing_beside_the_answer() {
        let output = published();
        let ended = query(output.path(), &["SELECT cast('2026-01-01' AS date) AS day"]).exits_with(0);
        assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("day\n2026-01-01\n", ""));
    }

    #[test]
    fn statements_that_the_engine_cannot_run_are_answered_with_another_way() {
        let output = published();
        let cases = [
            ("SELECT count(*) FROM insurance_stays WHERE person_id > (SELECT avg(person_id) FROM insurance_stays)", "CROSS JOIN"),
            (
                "SELECT 1 FROM insurance_stays s WHERE EXISTS (SELECT 1 FROM funding_clinic f WHERE f.clinic = s.insurer)",
                "IN (SELECT",
            ),
            ("SELECT rank() OVER (ORDER BY person_id) FROM insurance_stays", "row_number()"),
            ("SELECT insurer FROM insurance_stays GROUP BY ROLLUP(insurer)", "UNION ALL"),
            ("SELECT max(person_id), min(person_id) FROM insurance_stays", "with AS"),
            ("SELECT avg(person_id) OVER (ORDER BY person_id) FROM insurance_stays", "leave ORDER BY out"),
        ];
        for (sql, way) in cases {
            let message = stderr_of(output.path(), &[sql], 2);
            assert!(
                message.contains(way) && !message.contains("Span(") && !message.contains("double quotes"),
                "{sql}: {message}"
            );
        }
    }

    #[test]
    fn an_unknown_run_exits_with_2_and_lists_the_latest() {
        let output = published();
        let message = stderr_of(output.path(), &["SHOW TABLES", "--run", "c"], 2);
        assert!(message.contains("no run `c`") && (message.contains("b, a") || message.contains("a, b")), "{message}");
    }

    #[test]
    fn a_folder_without_runs_exits_with_3_and_says_what_to_do() {
        let empty = tempfile::tempdir().expect("a temporary folder");
        let message = stderr_of(empty.path(), &["SHOW TABLES"], 3);
        assert!(message.contains("no published run") && message.contains("sverka run"), "{message}");
    }

    #[test]
    fn a_broken_file_exits_with_3() {
        let output = published();
        fs::write(output.path().join("runs/b/broken.parquet"), b"no Parquet").expect("a file");
        let message = stderr_of(output.path(), &["SELECT * FROM broken"], 3);
        assert!(message.contains("broken"), "{message}");
    }
}
