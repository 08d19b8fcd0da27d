"""What each row of the tables of docs/from-c.md says, in C and in a schema."""

from __future__ import annotations

SAID: dict[str, tuple[str, str]] = {
    "`struct job { … };`": (
        "struct job { int32_t id; };",
        "job: {kind: struct, c_name: struct job, fields: {id: i32}}",
    ),
    "`typedef struct { … } Job;`": (
        "typedef struct { int32_t id; } Tool;",
        "Tool: {kind: struct, fields: {id: i32}}",
    ),
    "`struct job;`, and pointers to it": (
        "struct hidden; struct leads { struct hidden *to; };",
        'hidden: {kind: opaque, c_name: struct hidden}\n'
        'leads: {kind: struct, c_name: struct leads, fields: {to: "*mut hidden"}}',
    ),
    "a struct of which only the begin matters": (
        "struct begin { uint8_t kind; uint32_t size; void *more[9]; };",
        "begin: {kind: struct, c_name: struct begin, prefix: true, fields: {kind: u8, size: u32}}",
    ),
    "`union value { … };`": (
        "union value { uint32_t whole; uint16_t half; };",
        "value: {kind: union, c_name: union value, fields: {whole: u32, half: u16}}",
    ),
    "`struct { … } io;` inside of a record": (
        "struct run { uint8_t why; struct { uint16_t port; uint32_t count; } io; };",
        "run: {kind: struct, c_name: struct run, fields: {why: u8, io: {struct: {port: u16, count: u32}}}}",
    ),
    "`struct { … };`, `union { … };` without a name": (
        "struct either { uint8_t why; union { uint32_t place; struct { uint8_t a, b; }; }; };",
        "either: {kind: struct, c_name: struct either, fields: {why: u8, rest: {anonymous: true, "
        "union: {place: u32, pair: {anonymous: true, struct: {a: u8, b: u8}}}}}}",
    ),
    "a base as the first member, `PyObject ob_base;`": (
        "typedef struct { Tool ob_base; uint8_t more; } Derived;",
        "Derived: {kind: struct, fields: {ob_base: Tool, more: u8}}",
    ),
    "`enum state { … };`": (
        "enum state { STATE_IDLE, STATE_BUSY = 7, STATE_LAST };",
        "state: {kind: enum, tag: u32, c_name: enum state, variants: "
        "{Idle: {c_name: STATE_IDLE}, Busy: {value: 7, c_name: STATE_BUSY}}}",
    ),
    "`enum { … };`, `#define N 64`": (
        "enum { JOBS = 3 };\n#define JOBS_MAX 64",
        "constants: {JOBS: {type: u32, value: 3}, JOBS_MAX: {type: u32, value: 64}}",
    ),
    "`#define F_READY (1 << 3)`": (
        "#define F_READY (1 << 3)\nstruct flagged { uint32_t flags; };",
        "constants: {F_READY: {type: u32, value: 8, bit_of: flagged.flags}}\n"
        "flagged: {kind: struct, c_name: struct flagged, fields: {flags: u32}}",
    ),
    "a tag, and a union that it chooses from": (
        "struct chosen { uint32_t tag; uint32_t gap; union { uint64_t n; void *p; } u; };",
        "chosen: {kind: struct, c_name: struct chosen, fields: {tag: u32, gap: u32, "
        'u: {union: {n: u64, p: "*mut ()"}}}}',
    ),
    "`int8_t` … `uint64_t`, `__u32`": (
        "struct ints { int8_t a; uint64_t b; };",
        "ints: {kind: struct, c_name: struct ints, fields: {a: i8, b: u64}}",
    ),
    "`int`, `unsigned`, `long`, `size_t`": (
        "struct words { int a; unsigned b; long c; size_t d; };",
        "words: {kind: struct, c_name: struct words, fields: {a: c_int, b: c_uint, c: c_long, d: size_t}}",
    ),
    "`uint32_t a : 3, b : 5;`": (
        "struct fields { uint32_t a : 3, b : 5; };",
        "fields: {kind: struct, c_name: struct fields, fields: {a: {type: u32, bits: 3}, b: {type: u32, bits: 5}}}",
    ),
    "`_Bool on : 1;`, `enum state s : 3;`": (
        "struct narrow { bool b : 1; unsigned c : 3; enum state s : 4; };",
        "narrow: {kind: struct, c_name: struct narrow, fields: "
        "{b: {type: bool, bits: 1}, c: {type: c_uint, bits: 3}, s: {type: state, bits: 4}}}",
    ),
    "`char`, `unsigned char`": (
        "struct letters { char a; unsigned char b; };",
        "letters: {kind: struct, c_name: struct letters, fields: {a: c_char, b: u8}}",
    ),
    "`_Bool`, `float`, `double`": (
        "struct reals { bool a; float b; double c; };",
        "reals: {kind: struct, c_name: struct reals, fields: {a: bool, b: f32, c: f64}}",
    ),
    "`_Atomic(uint32_t)`, `atomic_bool`": (
        "struct atomics { ATOMIC(uint32_t) a; ATOMIC(bool) b; };",
        "atomics: {kind: struct, c_name: struct atomics, fields: {a: AtomicU32, b: AtomicBool}}",
    ),
    "`volatile uint32_t`": (
        "struct changing { volatile uint32_t a; };",
        "changing: {kind: struct, c_name: struct changing, fields: {a: {type: u32, volatile: true}}}",
    ),
    "`T *`, `const T *`, `void *`": (
        "struct pointers { Tool *a; const Tool *b; void *c; };",
        'pointers: {kind: struct, c_name: struct pointers, fields: {a: "*mut Tool", b: "*const Tool", c: "*mut ()"}}',
    ),
    "`T **`": (
        "struct twice { Tool **a; };",
        'twice: {kind: struct, c_name: struct twice, fields: {a: "*mut *mut Tool"}}',
    ),
    "`const char *`": (
        "struct text { const char *a; };",
        'text: {kind: struct, c_name: struct text, fields: {a: "*const c_char"}}',
    ),
    "`T x[4][2]`": (
        "struct rows { uint16_t a[4][2]; };",
        'rows: {kind: struct, c_name: struct rows, fields: {a: "[[u16; 2]; 4]"}}',
    ),
    "`T x[];`, `T x[0];` at the end": (
        "struct tail { uint32_t count; Tool jobs[]; };",
        'tail: {kind: struct, c_name: struct tail, fields: {count: u32, jobs: {type: "[Tool]", length: count}}}',
    ),
    "`T x[];` or `T x[0];` in a union, `__DECLARE_FLEX_ARRAY(T, x)`": (
        "struct ring { union { uint32_t head; Tool jobs[0]; }; };",
        "ring: {kind: struct, c_name: struct ring, fields: {all: {anonymous: true, "
        'union: {head: u32, jobs: "[Tool]"}}}}',
    ),
    "`T x[1];` that more follow": (
        "struct first { uint32_t count; Tool jobs[1]; };",
        'first: {kind: struct, c_name: struct first, fields: {count: u32, jobs: "[Tool; 1]"}}',
    ),
    "`void (*release)(struct job *)`": (
        "struct owned { void (*release)(struct job *); };",
        'owned: {kind: struct, c_name: struct owned, fields: {release: "Option<fn(it: *mut job)>"}}',
    ),
    "`int (*print)(const char *, ...)`": (
        "struct printer { int (*print)(const char *, ...); };",
        'printer: {kind: struct, c_name: struct printer, fields: {print: "*mut ()"}}',
    ),
    "a table of function pointers": (
        "struct calls { int (*start)(void); void (*stop)(int code); };",
        "calls:\n  kind: functions\n  c_name: struct calls\n  functions:\n"
        '    start: {signature: "() -> c_int", nullable: true}\n'
        '    stop: {signature: "(code: c_int)", nullable: true}',
    ),
    "a type of the system's, `pthread_mutex_t`": (
        "typedef struct { uint32_t words[4]; } lock_t; struct locked { lock_t lock; uint8_t last; };",
        "lock_t: {kind: foreign, c: lock_t, c_header: theirs.h, size: 16, "
        "align: 4}\n"
        "locked: {kind: struct, c_name: struct locked, fields: {lock: lock_t, last: u8}}",
    ),
    "`#ifdef` on what a build has": (
        "struct build { uint32_t a;\n#ifdef HAS_GC\nvoid *heap;\n#endif\n};",
        "features: {gc: false}\n"
        'build: {kind: struct, c_name: struct build, fields: {a: u32, heap: {type: "*mut ()", when: gc}}}',
    ),
    "a member under `#ifdef __s390x__`, `#ifdef _WIN32`, `#ifdef __LP64__`": (
        "struct some { uint32_t a;\n#ifdef __s390x__\nuint8_t key;\n#endif\n"
        "#ifdef __LP64__\nvoid *more;\n#endif\nuint8_t last; };",
        "some: {kind: struct, c_name: struct some, fields: {a: u32, key: {type: u8, on: {arch: s390x}}, "
        'more: {type: "*mut ()", on: {width: 64}}, last: u8}}',
    ),
    "members in another order by `#if __BYTE_ORDER__ == …`": (
        "struct order {\n#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__\nuint32_t low; uint16_t high;\n"
        "#else\nuint16_t high; uint32_t low;\n#endif\n};",
        "order: {kind: struct, c_name: struct order, fields: {low: {type: u32, on: {endian: little}}, "
        "high: {type: u16, on: {endian: little}}, "
        "high_be: {type: u16, c_name: high, on: {endian: big}}, "
        "low_be: {type: u32, c_name: low, on: {endian: big}}}}",
    ),
    "a type that `#ifdef __x86_64__` or the like is about": (
        "#ifdef __x86_64__\nstruct segment { uint64_t base; uint16_t limit; };\n#endif\n"
        "struct sregs { uint32_t a;\n#ifdef __x86_64__\nstruct segment cs;\n#endif\n};",
        "segment: {kind: struct, c_name: struct segment, fields: {base: u64, limit: u16}}\n"
        "sregs: {kind: struct, c_name: struct sregs, fields: {a: u32, cs: {type: segment, on: {arch: x86_64}}}}",
    ),
    "a name that Rust or Python keeps for itself": (
        "struct named { uint32_t type, from; };",
        "named: {kind: struct, c_name: struct named, fields: "
        "{type: {type: u32, rust_name: sort}, from: {type: u32, python_name: origin}}}",
    ),
    "a name that a schema can't have: `bpTime`, `foo__bar`, `last_`": (
        "struct odd__name { uint32_t bpTime, last_; };",
        "odd_name: {kind: struct, c_name: struct odd__name, fields: "
        "{bp_time: {type: u32, c_name: bpTime}, last: {type: u32, c_name: last_}}}",
    ),
    "`int x __attribute__((aligned(64)));`, `_Alignas(64)`": (
        "struct lined { uint8_t a; uint32_t b __attribute__((aligned(64))); };",
        "lined: {kind: struct, c_name: struct lined, fields: {a: u8, b: {type: u32, align: 64}}}",
    ),
    "`__attribute__((packed))`, `#pragma pack(4)`": (
        "struct __attribute__((packed)) tight { uint8_t a; uint32_t b; };\n"
        "#pragma pack(push, 4)\nstruct four { uint8_t a; uint64_t b; };\n#pragma pack(pop)",
        "tight: {kind: struct, c_name: struct tight, packed: true, fields: {a: u8, b: u32}}\n"
        "four: {kind: struct, c_name: struct four, packed: 4, fields: {a: u8, b: u64}}",
    ),
}  # fmt: skip
"""By the first cell of a row: a declaration of C, and the types, or constants and features, of a
schema."""

ELSEWHERE = {
    "`#if` on the version of the header": "schemas/cpython.vm.yaml",
    "a word of C++, `class`": "tests/owners/test_names.py",
}
"""Rows of which another schema or test is the proof."""


REFUSED: dict[str, tuple[str, str]] = {
    "`uint32_t : 3;`, `uint32_t : 0;`": (
        "it: {kind: struct, fields: {a: u32, b: {type: u32, bits: 0}}}",
        "VM276",
    ),
    "a bit-field of a union": (
        "it: {kind: union, fields: {a: u32, b: {type: u32, bits: 3}}}",
        "VM277",
    ),
    "`packed` and `aligned` on one record": (
        "it: {kind: struct, packed: true, align: 8, fields: {a: u32}}",
        "VM270",
    ),
    "`T x[0];` in a struct, before its end": (
        'it: {kind: struct, fields: {a: u32, b: "[u64; 0]", c: u32}}',
        "VM203",
    ),
    "a flexible array in what is packed, or behind bit-fields and anonymous members": (
        'it: {kind: struct, fields: {a: {type: u32, bits: 3}, b: "[u32]"}}',
        "VM277",
    ),
    "a record that ends in `T x[];`, in another record or an array": (
        'tail: {kind: struct, fields: {a: u32, b: "[u32]"}}\n'
        "it: {kind: struct, fields: {a: tail}}",
        "VM111",
    ),
    "an anonymous member of a packed record": (
        "it: {kind: struct, packed: true, fields: {a: u8, b: {anonymous: true, struct: {c: u32}}}}",
        "VM274",
    ),
    "`long double`, `_Complex`, `_Decimal64`": (
        "it: {kind: struct, fields: {a: f128}}",
        "VM104",
    ),
    "vectors, `__m128`": ("it: {kind: struct, fields: {a: f32x4}}", "VM104"),
}  # fmt: skip
"""Of the table of what can't be said, by the first cell: types of a schema that try it, and the
rule that refuses them."""

NOT_TRIED = (
    "`#define KVM_RUN _IO(…)`, `sizeof` in a macro",
    "macros with parameters, inline functions",
    "classes, references, inheritance of C++",
)
"""Those that nobody could write into a schema."""
