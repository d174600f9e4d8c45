//! The memory limit of the control groups that a process is in, of both versions.
//!
//! `/proc/self/cgroup` names the group in each hierarchy, and `/proc/self/mountinfo` says where a hierarchy is mounted and which of its groups is
//! the root there:
//!
//! ```text
//! /proc/self/cgroup      4:memory:/docker/7c1f/job          version 1, the hierarchy of the memory controller
//!                        0::/docker/7c1f/job                version 2
//! /proc/self/mountinfo   … /docker/7c1f /sys/fs/cgroup/memory … - cgroup cgroup rw,memory
//!                          the root      the mount point
//! read                   /sys/fs/cgroup/memory/job, /sys/fs/cgroup/memory
//! ```
//!
//! A limit of a group above holds as well, so the smallest one counts. In a hybrid setup the memory controller is in one of the two hierarchies, and
//! the other one has no such files.

use std::path::{Path, PathBuf};

/// Files of a group of version 1 that hold a limit.
const VERSION_1: [&str; 1] = ["memory.limit_in_bytes"];
/// Files of a group of version 2: what ends a process, and what slows it down until it hardly moves.
const VERSION_2: [&str; 2] = ["memory.max", "memory.high"];

/// A hierarchy as it is mounted.
struct Mount {
    /// The group that is seen as the root.
    root: PathBuf,
    /// Where it is seen.
    point: PathBuf,
    is_version_2: bool,
}

/// The smallest limit of the process's groups, in bytes; `None` without a limit. `root` is the folder that holds `proc` and `sys`.
pub(super) fn limit(root: &Path) -> Option<u64> {
    let of_process = std::fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    let mounts = mounts(&std::fs::read_to_string(root.join("proc/self/mountinfo")).unwrap_or_default());
    let mut limits = Vec::new();
    for line in of_process.lines() {
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

/// Version 1 tells "no limit" as the largest number of pages.
const UNLIMITED: u64 = 1 << 62;

/// A group's folder and those above it, as far as they are seen.
fn groups_above(mount: &Mount, group: &Path) -> Vec<PathBuf> {
    // A group outside of what is mounted (of another namespace) is seen as the root at best.
    let below = group.strip_prefix(&mount.root).unwrap_or(Path::new(""));
    below.ancestors().map(|below| mount.point.join(below)).collect()
}

/// The hierarchies that may hold memory limits: those that are mounted; of a version that nobody tells where it usually is.
fn mounts(mountinfo: &str) -> Vec<Mount> {
    const USUAL: [(&str, bool); 3] =
        [("/sys/fs/cgroup/memory", false), ("/sys/fs/cgroup", true), ("/sys/fs/cgroup/unified", true)];
    let mut mounts: Vec<Mount> = mountinfo.lines().filter_map(mount).collect();
    let is_told = |version_2: bool| mounts.iter().any(|mount| mount.is_version_2 == version_2);
    let usual: Vec<Mount> = USUAL
        .into_iter()
        .filter(|&(_, is_version_2)| !is_told(is_version_2))
        .map(|(point, is_version_2)| Mount { root: "/".into(), point: point.into(), is_version_2 })
        .collect();
    mounts.extend(usual);
    mounts
}

/// The hierarchy of a line of `mountinfo`: number, parent, device, root, mount point, options, further ones, `-`, type, source, options of the file
/// system.
fn mount(line: &str) -> Option<Mount> {
    let (of_mount, of_system) = line.split_once(" - ")?;
    let mut of_mount = of_mount.split(' ').skip(3);
    let (root, point) = (of_mount.next()?, of_mount.next()?);
    let mut of_system = of_system.split(' ');
    let (kind, options) = (of_system.next()?, of_system.nth(1)?);
    let is_version_2 = kind == "cgroup2";
    let is_memory = kind == "cgroup" && options.split(',').any(|option| option == "memory");
    (is_version_2 || is_memory).then(|| Mount { root: unescaped(root), point: unescaped(point), is_version_2 })
}

/// A path of `mountinfo`, where blanks and the like are octal numbers behind a backslash.
fn unescaped(path: &str) -> PathBuf {
    const ESCAPES: [(&str, &str); 4] = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    ESCAPES.iter().fold(path.to_owned(), |path, (escape, character)| path.replace(escape, character)).into()
}

/// The number in a file; `None` for `max` and for a file that is not there.
fn number(file: &Path) -> Option<u64> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// The limit of a group of version 1 with those above it, seen or not.
fn hierarchical_limit(folder: &Path) -> Option<u64> {
    let statistics = std::fs::read_to_string(folder.join("memory.stat")).ok()?;
    statistics.lines().find_map(|line| line.strip_prefix("hierarchical_memory_limit "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    /// An imitation of `/proc` and `/sys`: the groups of a process, its mounts, and files of groups.
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
