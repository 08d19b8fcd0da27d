//! Says which release of Wasmtime this is built with: `since_43`, `since_44` and so on are set.

const FIRST: u32 = 42;
const LAST: u32 = 50;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // This package has the version of the Wasmtime that it depends on.
    let series: u32 = env!("CARGO_PKG_VERSION_MAJOR")
        .parse()
        .expect("a version such as 42.0.2");
    assert!((FIRST..=LAST).contains(&series), "no program for {series}");
    for since in FIRST + 1..=LAST {
        println!("cargo::rustc-check-cfg=cfg(since_{since})");
        if since <= series {
            println!("cargo::rustc-cfg=since_{since}");
        }
    }
}
