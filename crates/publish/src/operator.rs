//! Name of the user who runs the program, for lock files, pins and closed months.

use std::fs;

/// Name of the user of this process by `/etc/passwd`; `user N` when the file does not have the number.
#[must_use]
pub fn user_name() -> String {
    let number = rustix::process::geteuid().as_raw();
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    name_of(number, &passwd).unwrap_or_else(|| format!("user {number}"))
}

/// Name of the user with a number, from lines `name:password:number:…`.
fn name_of(number: u32, passwd: &str) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, user) = (fields.next()?, fields.nth(1)?);
        (user.parse() == Ok(number) && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_a_name_or_a_number() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\noms:x:1001:1001::/srv/oms:/bin/sh\nodd\n";
        assert_eq!(name_of(1001, passwd).as_deref(), Some("oms"));
        assert_eq!(name_of(1002, passwd), None);
        assert!(!user_name().is_empty());
    }
}
