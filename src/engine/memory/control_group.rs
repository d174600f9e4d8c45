//! Memory limit of the control groups of this process, for both versions of control groups.
//!
//! `/proc/self/cgroup` names the group in each hierarchy. `/proc/self/mountinfo` has the mount point of each hierarchy, and the group at its root:
//!
//! ```text
//! /proc/self/cgroup      4:memory:/docker/7c1f/job          version 1, the hierarchy of the memory controller
//!                        0::/docker/7c1f/job                version 2
//! /proc/self/mountinfo   … /docker/7c1f /sys/fs/cgroup/memory … - cgroup cgroup rw,memory
//!                          the root      the mount point
//! read                   /sys/fs/cgroup/memory/job, /sys/fs/cgroup/memory
//! ```
//!
//! Limits of parent groups apply as well, so the smallest one counts. In a hybrid setup the memory controller belongs
//! to one of the two hierarchies, and the other one has no such files.

use std::path::{Path, PathBuf};

/// Files of a group of version 1 that hold a limit.
const VERSION_1: [&str; 1] = ["memory.limit_in_bytes"];
/// Files of a group of version 2 that hold a limit: `memory.max` ends a process, `memory.high` slows it down extremely.
const VERSION_2: [&str; 2] = ["memory.max", "memory.high"];

/// Mounted hierarchy.
struct Mount {
    /// Group at the root of the mount.
    root: PathBuf,
    /// Mount point.
    point: PathBuf,
    is_version_2: bool,
}

/// Smallest limit of the groups of this process, in bytes; `None` without a limit. `root` is the folder that holds `proc` and `sys`.
pub(super) fn limit(root: &Path) -> Option<u64> {
    let groups = std::fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    let mounts = mounts(&std::fs::read_to_string(root.join("proc/self/mountinfo")).unwrap_or_default());
    let mut limits = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(group)) = (parts.next(), parts.next()) else { continue };
        let is_version_2 = controllers.is_empty();
        if !is_version_2 && !controllers.split(',').any(|controller| controller == "memory") {
            continue;
        }
        let files: &[&str] = if is_version_2 { &VERSION_2 } else { &VERSION_1 };
        for mount in mounts.iter().filter(|mount| mount.is_version_2 == is_version_2) {
            for folder in groups_above(mount, Path::new(group)) {
                let folder = root.join(folder.strip_prefix("/").unwrap_or(&folder));
                limits.extend(files.iter().filter_map(|file| number(&folder.join(file))));
                limits.extend(hierarchical_limit(&folder).filter(|_| !is_version_2));
            }
        }
    }
    limits.into_iter().min().filter(|&limit| limit < UNLIMITED)
}

/// Least value that means "no limit": version 1 reports the largest number of pages.
const UNLIMITED: u64 = 1 << 62;

/// Folders of a group and its parents that are mounted.
fn groups_above(mount: &Mount, group: &Path) -> Vec<PathBuf> {
    // A group outside of the mount (of another namespace) is at best visible as its root.
    let below = group.strip_prefix(&mount.root).unwrap_or(Path::new(""));
    below.ancestors().map(|below| mount.point.join(below)).collect()
}

/// Hierarchies that may hold memory limits: the mounted ones, or the usual mount points of a version that is not listed.
fn mounts(mountinfo: &str) -> Vec<Mount> {
    const USUAL: [(&str, bool); 3] =
        [("/sys/fs/cgroup/memory", false), ("/sys/fs/cgroup", true), ("/sys/fs/cgroup/unified", true)];
    let mut mounts: Vec<Mount> = mountinfo.lines().filter_map(mount).collect();
    let is_listed = |version_2: bool| mounts.iter().any(|mount| mount.is_version_2 == version_2);
    let usual: Vec<Mount> = USUAL
        .into_iter()
        .filter(|&(_, is_version_2)| !is_listed(is_version_2))
        .map(|(point, is_version_2)| Mount { root: "/".into(), point: point.into(), is_version_2 })
        .collect();
    mounts.extend(usual);
    mounts
}

/// Hierarchy in a line of `mountinfo`: number, parent, device, root, mount point, options, more options, `-`, type, source, options of the file system.
fn mount(line: &str) -> Option<Mount> {
    let (mount_fields, system_fields) = line.split_once(" - ")?;
    let mut mount_fields = mount_fields.split(' ').skip(3);
    let (root, point) = (mount_fields.next()?, mount_fields.next()?);
    let mut system_fields = system_fields.split(' ');
    let (kind, options) = (system_fields.next()?, system_fields.nth(1)?);
    let is_version_2 = kind == "cgroup2";
    let is_memory = kind == "cgroup" && options.split(',').any(|option| option == "memory");
    (is_version_2 || is_memory).then(|| Mount { root: unescaped(root), point: unescaped(point), is_version_2 })
}

/// Path of `mountinfo` with its escapes resolved: blanks and the like are octal numbers after a backslash.
fn unescaped(path: &str) -> PathBuf {
    const ESCAPES: [(&str, &str); 4] = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    ESCAPES.iter().fold(path.to_owned(), |path, (escape, character)| path.replace(escape, character)).into()
}

/// Number in a file; `None` for `max` and for an absent file.
fn number(file: &Path) -> Option<u64> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// Limit of a group of version 1 and all its parents, mounted or not.
fn hierarchical_limit(folder: &Path) -> Option<u64> {
    let statistics = std::fs::read_to_string(folder.join("memory.stat")).ok()?;
    statistics.lines().find_map(|line| line.strip_prefix("hierarchical_memory_limit "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    /// Imitation of `/proc` and `/sys`: groups of a process, mounts, and files of groups.
    struct Imitation {
        what: &'static str,
        cgroup: &'static str,
        mountinfo: &'static str,
        files: &'static [(&'static str, &'static str)],
        limit: Option<u64>,
    }

    const NONE_OF_VERSION_1: &str = "9223372036854771712\n";

    const CASES: [Imitation; 10] = [
        Imitation {
            what: "a nested group of version 1 whose mounts nobody tells",
            cgroup: "9:name=systemd:/\n4:memory:/user/job\n3:cpuset:/\n",
            mountinfo: "",
            files: &[
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", NONE_OF_VERSION_1),
                ("sys/fs/cgroup/memory/user/job/memory.limit_in_bytes", "314572800\n"),
            ],
            limit: Some(300 * MIB),
        },
        Imitation {
            what: "hybrid: the memory controller is in version 1",
            cgroup: "4:cpu,memory:/job\n0::/\n",
            mountinfo: "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n35 31 0:32 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup \
                        cgroup rw,memory\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
            files: &[
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", NONE_OF_VERSION_1),
                ("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "314572800\n"),
                ("sys/fs/cgroup/unified/cgroup.procs", "1\n"),
            ],
            limit: Some(300 * MIB),
        },
        Imitation {
            what: "a container of version 1 without a namespace of groups: the mount's root is its group",
            cgroup: "4:memory:/docker/7c1f/job\n",
            mountinfo: "35 31 0:32 /docker/7c1f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
            files: &[
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", "209715200\n"),
                ("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "314572800\n"),
                ("sys/fs/cgroup/memory/docker/7c1f/job/memory.limit_in_bytes", "1\n"),
            ],
            limit: Some(200 * MIB),
        },
        Imitation {
            what: "a group above that is not seen, told by the statistics",
            cgroup: "4:memory:/\n",
            mountinfo: "35 31 0:32 /../.. /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
            files: &[
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", NONE_OF_VERSION_1),
                ("sys/fs/cgroup/memory/memory.stat", "cache 0\nhierarchical_memory_limit 209715200\n"),
            ],
            limit: Some(200 * MIB),
        },
        Imitation {
            what: "controllers mounted elsewhere, under a name with a blank",
            cgroup: "4:memory:/job\n",
            mountinfo: "35 31 0:32 / /run/my\\040groups rw - cgroup none rw,memory\n",
            files: &[("run/my groups/job/memory.limit_in_bytes", "209715200\n")],
            limit: Some(200 * MIB),
        },
        Imitation {
            what: "version 2, limited above",
            cgroup: "0::/system.slice/job.service\n",
            mountinfo: "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
            files: &[
                ("sys/fs/cgroup/system.slice/memory.max", "209715200\n"),
                ("sys/fs/cgroup/system.slice/job.service/memory.max", "max\n"),
                ("sys/fs/cgroup/system.slice/job.service/memory.high", "max\n"),
            ],
            limit: Some(200 * MIB),
        },
        Imitation {
            what: "version 2, slowed down before its limit",
            cgroup: "0::/job\n",
            mountinfo: "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            files: &[("sys/fs/cgroup/job/memory.max", "314572800\n"), ("sys/fs/cgroup/job/memory.high", "209715200\n")],
            limit: Some(200 * MIB),
        },
        Imitation {
            what: "a container of version 2 with a namespace of groups",
            cgroup: "0::/\n",
            mountinfo: "31 23 0:28 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n",
            files: &[("sys/fs/cgroup/memory.max", "209715200\n")],
            limit: Some(200 * MIB),
        },
        Imitation {
            what: "no limit",
            cgroup: "4:memory:/job\n0::/\n",
            mountinfo: "",
            files: &[
                ("sys/fs/cgroup/memory/job/memory.limit_in_bytes", NONE_OF_VERSION_1),
                ("sys/fs/cgroup/memory.max", "max\n"),
            ],
            limit: None,
        },
        Imitation { what: "no groups", cgroup: "", mountinfo: "", files: &[], limit: None },
    ];

    #[test]
    fn the_smallest_limit_of_all_groups_counts() {
        for Imitation { what, cgroup, mountinfo, files, limit: expected } in CASES {
            let root = tempfile::tempdir().expect("folder");
            let fixed = [("proc/self/cgroup", cgroup), ("proc/self/mountinfo", mountinfo)];
            for (path, content) in fixed.iter().chain(files) {
                let path = root.path().join(path);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
                std::fs::write(path, content).expect("written");
            }
            assert_eq!(limit(root.path()), expected, "{what}");
        }
    }
}
