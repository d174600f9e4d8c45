//! Differences that were found, each as the smallest region that shows it.
