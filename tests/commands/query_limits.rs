//! `sverka query` and hostile statements: they are refused, they end, and no error shows personal data.

use std::fs::{self, File};
use std::os::unix::fs::FileTypeExt as _;
use std::process::Command;

use super::project::Project;
use super::query::with_sql::{published, query, stderr_of, stdout_of};
use super::{PROGRAM, ended, sverka};

#[test]
fn statements_that_are_no_question_are_refused() {
    let output = published();
    let statements = [
        "DELETE FROM insurance_stays",
        "drop table insurance_stays",
        "CREATE TABLE t AS SELECT 1",
        "/* a question */ DROP TABLE insurance_stays",
        "\n-- a question\nDROP TABLE insurance_stays",
        "; DROP TABLE insurance_stays",
        "EXPLAIN DROP TABLE insurance_stays",
        "EXPLAIN ANALYZE DELETE FROM insurance_stays",
        "TRUNCATE TABLE insurance_stays",
        "INSERT INTO insurance_stays SELECT * FROM insurance_stays",
        "UPDATE insurance_stays SET insurer = ''",
        "ALTER TABLE insurance_stays RENAME TO t",
        "COPY insurance_stays TO 'x.csv'",
        "MERGE INTO insurance_stays USING funding_clinic ON TRUE WHEN MATCHED THEN DELETE",
        "SELECT * INTO t FROM insurance_stays",
        "WITH a AS (SELECT 1) DELETE FROM insurance_stays",
        "SELECT 1; DROP TABLE insurance_stays",
    ];
    for sql in statements {
        let message = stderr_of(output.path(), &[sql], 2);
        assert!(message.contains("a published run never changes"), "{sql}: {message}");
    }
    for (sql, part) in [("", "is empty"), (";;", "is empty"), ("SELECT 1; SELECT 2", "one at a time")] {
        let message = stderr_of(output.path(), &[sql], 2);
        assert!(message.contains(part), "{sql}: {message}");
    }
}

#[test]
fn a_statement_reads_the_tables_of_the_run_and_nothing_else() {
    let output = published();
    let file = output.path().join("other.csv");
    fs::write(&file, "a,b\n1,x\n2,y\n").expect("a file");
    let file = file.to_str().expect("UTF-8");
    for function in ["read_csv", "READ_CSV", "read_json", "read_parquet", "read_ipc", "read_ndjson", "scan_parquet", "glob"] {
        for sql in [
            format!("SELECT * FROM {function}('{file}')"),
            format!("SELECT * FROM insurance_stays AS a, {function}('http://127.0.0.1:9/x') AS b"),
            format!("WITH c AS (SELECT * FROM {function}('{file}')) SELECT * FROM c"),
            format!("SELECT (SELECT COUNT(*) FROM {function}('{file}')) FROM insurance_stays"),
            format!("EXPLAIN SELECT * FROM {function}('{file}')"),
            format!("SELECT * FROM funding_clinic UNION ALL (SELECT * FROM {function}('{file}'))"),
        ] {
            let message = stderr_of(output.path(), &[&sql], 2);
            assert!(message.contains("--allow-files"), "{sql}: {message}");
        }
    }
    for name in
        [format!("'{file}'"), format!("\"{file}\""), "\"s3://bucket/x.parquet\"".to_owned(), "`http://x/y.csv`".to_owned()]
    {
        let message = stderr_of(output.path(), &[&format!("SELECT * FROM {name}")], 2);
        assert!(message.contains("--allow-files"), "{name}: {message}");
    }
}

#[test]
fn files_are_read_where_they_are_allowed_and_addresses_never() {
    let output = published();
    let path = |name: &str| output.path().join(name).to_str().expect("UTF-8").to_owned();
    fs::write(path("other.csv"), "a,b\n1,x\n2,y\n").expect("a file");
    fs::write(path("other.json"), "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2, \"b\": \"y\"}\n").expect("a file");
    stdout_of(output.path(), &["SELECT 1 AS a, 'x' AS b", "--to", &path("other.parquet")]);
    let allowed = |sql: &str| query(output.path(), &[sql, "--allow-files"]);
    let asked = |function: &str, name: &str| format!("SELECT t.b FROM {function}('{}') AS t WHERE t.a = 1", path(name));
    for (function, name) in [("read_csv", "other.csv"), ("read_json", "other.json"), ("read_parquet", "other.parquet")] {
        assert_eq!(allowed(&asked(function, name)).exits_with(0).stdout, "b\nx\n", "{function}");
    }
    let joined = format!("SELECT COUNT(*) AS n FROM insurance_stays AS s CROSS JOIN read_csv('{}') AS t", path("other.csv"));
    assert_eq!(allowed(&joined).exits_with(0).stdout, "n\n240\n");
    for address in ["http://127.0.0.1:9/x.csv", "s3://bucket/x.csv", "file:///etc/passwd"] {
        let message = allowed(&format!("SELECT * FROM read_csv('{address}')")).exits_with(2).stderr;
        assert!(message.contains("never an address"), "{message}");
    }
    for (name, part) in [("nothere.csv", "No such file"), ("runs", "not a regular file")] {
        let message = allowed(&format!("SELECT * FROM read_csv('{}')", path(name))).exits_with(2).stderr;
        assert!(message.contains("cannot read the file") && message.contains(part), "{message}");
    }
    let message = allowed(&format!("SELECT * FROM read_parquet('{}')", path("other.csv"))).exits_with(2).stderr;
    assert!(message.contains("other.csv") && message.contains("no Parquet file"), "{message}");
}

#[test]
fn a_failure_of_the_engine_is_the_fault_of_the_statement() {
    let output = published();
    let statements = [
        "SELECT GREATEST()",
        "SELECT COLUMNS('(') FROM insurance_stays",
        "SELECT CAST(1 AS DECIMAL(0,0))",
        "SELECT CAST(1 AS DECIMAL(38,50))",
        "SELECT 'a'::DECIMAL(99,99)",
        "SELECT DATE '2026-01-01' + INTERVAL '99999999 years'",
    ];
    for sql in statements {
        let ended = query(output.path(), &[sql]);
        // Another version of the engine may answer some of these.
        assert!([0, 2].contains(&ended.code), "{sql}: {} {}", ended.code, ended.stderr);
        assert!(!ended.stderr.contains("mistake in sverka") && !ended.stderr.contains("panicked"), "{sql}: {}", ended.stderr);
    }
}

#[test]
fn a_statement_of_any_size_ends_soon() {
    let output = published();
    let chain = |term: &str, operator: &str, times: usize| vec![term; times].join(operator);
    let parts: String =
        (1..40).map(|i| format!(", a{i} AS (SELECT * FROM a{} UNION ALL SELECT * FROM a{})", i - 1, i - 1)).collect();
    let too_large = [
        format!("SELECT {}", chain("1", "+", 5000)),
        format!("SELECT {}", chain("1", "||", 9000)),
        format!("SELECT * FROM insurance_stays WHERE {}", chain("person_id=0", " OR ", 3000)),
        format!("SELECT * FROM insurance_stays WHERE {}", chain("insurer LIKE '1'", " AND ", 2000)),
        chain("SELECT * FROM funding_clinic", " UNION ALL ", 500),
        chain("SELECT * FROM funding_clinic", " EXCEPT ", 200),
        format!("SELECT 1{}", "::INT".repeat(3000)),
        format!("SELECT 1 FROM {}", chain("insurance_stays", " CROSS JOIN ", 100)),
        format!("SELECT 1 FROM {}", chain("insurance_stays", ", ", 100)),
        format!("WITH a0 AS (SELECT * FROM funding_clinic){parts} SELECT COUNT(*) FROM a39"),
        format!("SELECT '{}'", "a".repeat(1 << 20)),
    ];
    for sql in too_large {
        // From a file, because some statements are longer than an argument may be.
        let file = output.path().join("statement.sql");
        fs::write(&file, &sql).expect("written");
        let mut command = Command::new(PROGRAM);
        command.args(["query", "--output", output.path().to_str().expect("UTF-8"), "-"]);
        let ended = ended(command.stdin(File::open(&file).expect("open")));
        let shown: String = sql.chars().take(80).collect();
        assert_eq!(ended.code, 2, "{shown}: {}", ended.stderr);
        assert!(ended.stderr.contains("at most") || ended.stderr.contains("1 MiB"), "{shown}: {}", ended.stderr);
    }
    let list = (0..4000).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT COUNT(*) AS n FROM insurance_stays WHERE person_id IN ({list})");
    assert_eq!(stdout_of(output.path(), &[&sql]), "n\n120\n");
}

#[test]
fn a_statement_that_outgrows_its_memory_exits_with_4() {
    let output = published();
    let sql = "SELECT COUNT(DISTINCT a.person_id + b.person_id * c.person_id * d.person_id) FROM insurance_stays AS a \
        CROSS JOIN insurance_stays AS b CROSS JOIN insurance_stays AS c CROSS JOIN insurance_stays AS d";
    let file = output.path().join("answer.csv");
    let ended = query(output.path(), &[sql, "--memory-limit", "300MiB", "--to", file.to_str().expect("UTF-8")]).exits_with(4);
    assert!(ended.stderr.contains("more memory than the limit of 300.0 MiB"), "{}", ended.stderr);
    assert_eq!(fs::read_dir(output.path()).expect("a folder").count(), 2, "nothing is left of the answer");
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_ends_a_statement_at_once() {
    let output = published();
    // Nobody reads the pipe, so the statement never ends by itself.
    let pipe = output.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    let folder = output.path().to_str().expect("UTF-8");
    let mut running = Command::new(PROGRAM)
        .args(["query", "--output", folder, "SHOW TABLES", "--format", "csv", "--to", pipe.to_str().expect("UTF-8")])
        .spawn()
        .expect("the program starts");
    let threads = format!("/proc/{}/task", running.id());
    let is_watched = || {
        let names = fs::read_dir(&threads).into_iter().flatten().flatten().map(|thread| thread.path().join("comm"));
        names.filter_map(|name| fs::read_to_string(name).ok()).any(|name| name.trim() == "memory")
    };
    while !is_watched() {
        assert!(running.try_wait().expect("its state").is_none(), "it ended before it was watched");
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &running.id().to_string()]).status().expect("kill starts").success());
    assert_eq!(running.wait().expect("ended").code(), Some(130));
    assert!(fs::symlink_metadata(&pipe).expect("the pipe").file_type().is_fifo());
}

#[test]
fn no_error_shows_values_of_people() {
    const SECRETS: [&str; 6] = ["Луговская", "Берта", "9853110874901461", "98000102254", "1988-06-25", "Наумовна"];
    let project = Project::new();
    project.run(&[]).exits_with(0);
    let statements = [
        "SELECT CAST(surname AS INTEGER) FROM persons",
        "SELECT surname::DOUBLE FROM persons WHERE enp = '9853110874901461'",
        "SELECT CAST(enp AS DATE) FROM persons",
        "SELECT CAST(given_name AS TIMESTAMP) FROM persons",
        "SELECT CAST(surname AS BOOLEAN) FROM persons",
        "SELECT CAST(snils AS TINYINT) FROM persons",
        "SELECT CAST(surname AS DECIMAL(9,2)) FROM persons",
        "SELECT CAST(birth_date AS TINYINT) FROM persons",
        "SELECT STRPTIME(surname, '%Y-%m-%d') FROM persons",
        "SELECT DATE(surname) FROM persons",
        "SELECT (SELECT surname FROM persons) FROM persons",
        "SELECT * FROM persons WHERE CAST(patronymic AS INTEGER) = 1",
        "SELECT SUM(CAST(surname AS INTEGER)) FROM persons GROUP BY sex",
        "SELECT surname FROM persons ORDER BY CAST(surname AS INTEGER)",
        "SELECT surname + 1 FROM persons",
        "SELECT REGEXP_LIKE('a', surname || '(') FROM persons",
        "SELECT * FROM persons AS a JOIN persons AS b ON CAST(a.surname AS INTEGER) = b.person_id",
        "SELECT CAST(raw AS INTEGER) FROM quarantine",
        "SELECT \"9853110874901461\" FROM persons",
        "SELECT no_column FROM persons WHERE enp = '9853110874901461'",
        "SELECT * FROM persons WHERE enp = '9853110874901461' FROM",
        "SELECT '9853110874901461",
        "SELECT 9853110874901461 9853110874901461",
    ];
    let mut refused = 0;
    for sql in statements {
        let ended = sverka(&["query", "--job", &project.argument("job.toml"), sql]);
        assert!([0, 2].contains(&ended.code), "{sql}: {} {}", ended.code, ended.stderr);
        refused += ended.code / 2;
        for secret in SECRETS {
            assert!(!ended.stderr.contains(secret), "{sql}: {}", ended.stderr);
        }
    }
    assert!(refused > 15, "most of these statements are wrong: {refused}");
    let message = sverka(&["query", "--job", &project.argument("job.toml"), statements[0]]).exits_with(2).stderr;
    assert!(message.contains("values of column `surname` cannot be converted from"), "{message}");
}
