//! What Wasmtime's own translator counts in a WebAssembly module.

use crate::core::{COUNTS, counts_of};
use wasmtime_environ::wasmparser::{Parser, Validator, WasmFeatures};
use wasmtime_environ::{
    ModuleEnvironment, ModuleTranslation, ModuleTypesBuilder, StaticModuleIndex, Tunables,
    VMOffsets,
};

/// The last steps of Wasmtime's translation, which turn data and element segments into images, or
/// into work for a start-up function. Page and image sizes are those of its x86-64 Linux.
#[cfg(since_46)]
fn finish(
    translation: &mut ModuleTranslation,
    tunables: &Tunables,
    types: &mut ModuleTypesBuilder,
) {
    translation.finalize_memory_init(tunables, 4096, 16 << 20, types);
    translation.finalize_table_init(tunables, types);
}

/// Nothing that these steps decide is counted.
#[cfg(not(since_46))]
fn finish(_: &mut ModuleTranslation, _: &Tunables, _: &mut ModuleTypesBuilder) {}

/// The counts as `name=value`, then `func_refs=i,j,…`: the function indices in the order of
/// their func refs, `-` where no function escapes.
pub fn describe(wasm: &[u8]) -> Result<String, String> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut types = ModuleTypesBuilder::new(&validator);
    let tunables = Tunables::default_host();
    let mut translation = ModuleEnvironment::new(
        &tunables,
        &mut validator,
        &mut types,
        StaticModuleIndex::from_u32(0),
    )
    .translate(Parser::new(0), wasm)
    .map_err(|error| format!("Wasmtime does not accept the module: {error:#}"))?;
    finish(&mut translation, &tunables, &mut types);
    let module = translation.module;

    // Counts do not depend on the width that is asked for.
    let o = VMOffsets::new(8, &module);
    let mut escaping: Vec<(u32, u32)> = module
        .functions
        .iter()
        .filter(|(_, function)| function.is_escaping())
        .map(|(index, function)| (function.func_ref.as_u32(), index.as_u32()))
        .collect();
    escaping.sort_unstable();
    let order: Vec<String> = escaping
        .iter()
        .map(|(_, function)| function.to_string())
        .collect();

    let mut answer: Vec<String> = COUNTS
        .iter()
        .zip(counts_of(&o))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    answer.push(match order.as_slice() {
        [] => "func_refs=-".to_string(),
        _ => format!("func_refs={}", order.join(",")),
    });
    Ok(answer.join(" "))
}
