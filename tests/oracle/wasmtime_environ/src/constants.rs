//! Numbers that compiled code and the host agree on, besides offsets.

use wasmtime_environ::component::{
    PREPARE_ASYNC_NO_RESULT, PREPARE_ASYNC_WITH_RESULT, START_FLAG_ASYNC_CALLEE, UnsafeIntrinsic,
    VMCOMPONENT_MAGIC,
};
use wasmtime_environ::{
    CONTROL_EFFECT_RESUME_DISCRIMINANT, CONTROL_EFFECT_RETURN_DISCRIMINANT,
    CONTROL_EFFECT_SUSPEND_DISCRIMINANT, CONTROL_EFFECT_SWITCH_DISCRIMINANT, FUNCREF_INIT_BIT,
    I31_DISCRIMINANT, STACK_CHAIN_ABSENT_DISCRIMINANT, STACK_CHAIN_CONTINUATION_DISCRIMINANT,
    STACK_CHAIN_INITIAL_STACK_DISCRIMINANT, STACK_STATE_FRESH_DISCRIMINANT,
    STACK_STATE_PARENT_DISCRIMINANT, STACK_STATE_RETURNED_DISCRIMINANT,
    STACK_STATE_RUNNING_DISCRIMINANT, STACK_STATE_SUSPENDED_DISCRIMINANT,
    VM_ARRAY_CALL_HOST_FUNC_MAGIC, VMCONTEXT_MAGIC, VMGcKind, drc,
};

/// `NAME=value` for a constant, `Type::Variant=value` for an enum's.
pub fn describe() -> String {
    let numbers = vec![
        ("VMCONTEXT_MAGIC", u64::from(VMCONTEXT_MAGIC)),
        ("VMCOMPONENT_MAGIC", VMCOMPONENT_MAGIC.into()),
        (
            "VM_ARRAY_CALL_HOST_FUNC_MAGIC",
            VM_ARRAY_CALL_HOST_FUNC_MAGIC.into(),
        ),
        ("FUNCREF_INIT_BIT", FUNCREF_INIT_BIT as u64),
        ("PREPARE_ASYNC_NO_RESULT", PREPARE_ASYNC_NO_RESULT.into()),
        (
            "PREPARE_ASYNC_WITH_RESULT",
            PREPARE_ASYNC_WITH_RESULT.into(),
        ),
        ("START_FLAG_ASYNC_CALLEE", START_FLAG_ASYNC_CALLEE as u64),
        ("I31_DISCRIMINANT", I31_DISCRIMINANT.into()),
        ("VM_GC_KIND_MASK", VMGcKind::MASK.into()),
        ("DRC_HEADER_MARK_BIT", drc::HEADER_MARK_BIT.into()),
        (
            "DRC_HEADER_IN_OVER_APPROX_LIST_BIT",
            drc::HEADER_IN_OVER_APPROX_LIST_BIT.into(),
        ),
        (
            "CONTROL_EFFECT_RETURN_DISCRIMINANT",
            CONTROL_EFFECT_RETURN_DISCRIMINANT.into(),
        ),
        (
            "CONTROL_EFFECT_RESUME_DISCRIMINANT",
            CONTROL_EFFECT_RESUME_DISCRIMINANT.into(),
        ),
        (
            "CONTROL_EFFECT_SUSPEND_DISCRIMINANT",
            CONTROL_EFFECT_SUSPEND_DISCRIMINANT.into(),
        ),
        (
            "CONTROL_EFFECT_SWITCH_DISCRIMINANT",
            CONTROL_EFFECT_SWITCH_DISCRIMINANT.into(),
        ),
        (
            "VMStackChain::Absent",
            STACK_CHAIN_ABSENT_DISCRIMINANT as u64,
        ),
        (
            "VMStackChain::InitialStack",
            STACK_CHAIN_INITIAL_STACK_DISCRIMINANT as u64,
        ),
        (
            "VMStackChain::Continuation",
            STACK_CHAIN_CONTINUATION_DISCRIMINANT as u64,
        ),
        ("VMStackState::Fresh", STACK_STATE_FRESH_DISCRIMINANT.into()),
        (
            "VMStackState::Running",
            STACK_STATE_RUNNING_DISCRIMINANT.into(),
        ),
        (
            "VMStackState::Parent",
            STACK_STATE_PARENT_DISCRIMINANT.into(),
        ),
        (
            "VMStackState::Suspended",
            STACK_STATE_SUSPENDED_DISCRIMINANT.into(),
        ),
        (
            "VMStackState::Returned",
            STACK_STATE_RETURNED_DISCRIMINANT.into(),
        ),
        ("VMGcKind::ExternRef", VMGcKind::ExternRef.as_u32().into()),
        ("VMGcKind::AnyRef", VMGcKind::AnyRef.as_u32().into()),
        ("VMGcKind::EqRef", VMGcKind::EqRef.as_u32().into()),
        ("VMGcKind::ArrayRef", VMGcKind::ArrayRef.as_u32().into()),
        ("VMGcKind::StructRef", VMGcKind::StructRef.as_u32().into()),
        ("VMGcKind::ExnRef", VMGcKind::ExnRef.as_u32().into()),
    ];
    let numbers = numbers
        .into_iter()
        .chain(later())
        .map(|(name, number)| format!("{name}={number}"));
    let intrinsics = (0..UnsafeIntrinsic::len())
        .map(|i| format!("UnsafeIntrinsic::{:?}={i}", UnsafeIntrinsic::from_u32(i)));
    numbers.chain(intrinsics).collect::<Vec<_>>().join(" ")
}

/// The constants that only some releases have.
fn later() -> Vec<(&'static str, u64)> {
    vec![
        #[cfg(not(since_47))]
        (
            "FLAG_MAY_LEAVE",
            wasmtime_environ::component::FLAG_MAY_LEAVE as u64,
        ),
        #[cfg(since_45)]
        (
            "NUM_COMPONENT_CONTEXT_SLOTS",
            wasmtime_environ::NUM_COMPONENT_CONTEXT_SLOTS as u64,
        ),
        #[cfg(since_45)]
        (
            "COPYING_HEADER_COPIED_BIT",
            wasmtime_environ::copying::HEADER_COPIED_BIT.into(),
        ),
        #[cfg(since_47)]
        (
            "VM_LAZY_THREAD_FORCED",
            wasmtime_environ::VM_LAZY_THREAD_FORCED,
        ),
        #[cfg(since_48)]
        (
            "VMStackState::Trapped",
            wasmtime_environ::STACK_STATE_TRAPPED_DISCRIMINANT.into(),
        ),
        #[cfg(since_48)]
        (
            "CONTROL_EFFECT_TRAP_DISCRIMINANT",
            wasmtime_environ::CONTROL_EFFECT_TRAP_DISCRIMINANT.into(),
        ),
        #[cfg(since_48)]
        (
            "CONTROL_EFFECT_RESUME_THROW_DISCRIMINANT",
            wasmtime_environ::CONTROL_EFFECT_RESUME_THROW_DISCRIMINANT.into(),
        ),
        #[cfg(since_50)]
        (
            "START_FLAG_ASYNC_CALLER",
            wasmtime_environ::component::START_FLAG_ASYNC_CALLER as u64,
        ),
        #[cfg(since_50)]
        (
            "CONTINUATION_PAYLOAD_GC_REF",
            wasmtime_environ::CONTINUATION_PAYLOAD_GC_REF.into(),
        ),
    ]
}
